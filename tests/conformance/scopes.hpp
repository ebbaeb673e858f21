// SPDX-License-Identifier: BSL-1.0
// The scopes of the case language: what their headers make and enter.
#pragma once

#include "environment.hpp"

namespace conformance {

/// The header of a block: name_scope, variable_scope, variable_op_scope, graph, creator_scope or with.
[[nodiscard]] entered enter_block(environment& e, statement const& header);

/// cm ID KIND TARGET: makes a context manager and enters nothing.
[[nodiscard]] std::shared_ptr<context_manager> make_manager(environment& e, statement const& s);

}  // namespace conformance
