// SPDX-License-Identifier: BSL-1.0
// FIRST: tensor_is_not_a_variable
// FIRST: ambit: this tensor is not a variable and cannot be assigned to; pass what get_variable or variable returned [NOT_A_VARIABLE]
// SHOWS: x:0
// SHOWS: Assign
#include "compile_fail/verify.hpp"

inline constexpr auto model = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 4});
#ifndef ACCEPT
  // [NOT_A_VARIABLE wrong]
  return assign(x, x + 1);  // TRACE
  // [end]
#else
  // [NOT_A_VARIABLE right]
  tensor state = get_variable(g, "state", {2, 4}, {.trainable = false});
  return assign(state, x + 1);
  // [end]
#endif
};
static_assert(sizeof(ambit::detail::verified<model>) != 0);
