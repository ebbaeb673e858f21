// SPDX-License-Identifier: BSL-1.0
// FIRST: parameter_is_out_of_range
// SHOWS: bias
// SHOWS: constraint
// SHOWS: axes that the variable has
#include "compile_fail/verify.hpp"
#include <ambit/init/constraints.hpp>

inline constexpr auto model = [](graph& g) {
#ifndef ACCEPT
  return get_variable(g, "bias", {4}, {.constraint = max_norm(2, 1)});  // TRACE
#else
  return get_variable(g, "bias", {4}, {.constraint = max_norm(2, 0)});
#endif
};
static_assert(sizeof(ambit::detail::verified<model>) != 0);
