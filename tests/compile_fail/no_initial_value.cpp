// SPDX-License-Identifier: BSL-1.0
// FIRST: variable_needs_a_value
// FIRST: ambit: a variable has no initial value; give one [NO_INITIAL_VALUE]
// SHOWS: w
#include "compile_fail/verify.hpp"

inline constexpr auto model = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 4});
#ifndef ACCEPT
  // [NO_INITIAL_VALUE wrong]
  return x * variable(g, {}, "w");  // TRACE
  // [end]
#else
  // [NO_INITIAL_VALUE right]
  return x * variable(g, 0.5f, "w");
  // [end]
#endif
};
static_assert(sizeof(ambit::detail::verified<model>) != 0);
