// SPDX-License-Identifier: BSL-1.0
#include "reference_ops.hpp"

namespace reference {

function_table math_functions() { return {}; }

}  // namespace reference
