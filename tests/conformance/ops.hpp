// SPDX-License-Identifier: BSL-1.0
// The statements that make variables and ops.
#pragma once

#include "environment.hpp"

namespace conformance {

[[nodiscard]] ambit::tensor get_variable(environment& e, statement const& s);   // get, get_local
[[nodiscard]] ambit::tensor make_variable(environment& e, statement const& s);  // var
[[nodiscard]] ambit::tensor make_op(environment& e, statement const& s);        // op

}  // namespace conformance
