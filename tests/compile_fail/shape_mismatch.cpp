// SPDX-License-Identifier: BSL-1.0
// FIRST: variable_has_another_shape
// FIRST: ambit: the variable exists with another shape; ask for the shape that it has, or give this one another name [SHAPE_MISMATCH]
// SHOWS: fc/w
// SHOWS: (4, 2)
// SHOWS: (2, 4)
#include "compile_fail/verify.hpp"

inline constexpr auto model = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 4});
#ifndef ACCEPT
  // [SHAPE_MISMATCH wrong]
  variable_scope fc{g, "fc", {.reuse = reuse::automatic}};
  tensor w = get_variable(g, "w", {2, 4});
  tensor v = get_variable(g, "w", {4, 2});  // TRACE
  return w * x + v;
  // [end]
#else
  // [SHAPE_MISMATCH right]
  variable_scope fc{g, "fc", {.reuse = reuse::automatic}};
  tensor w = get_variable(g, "w", {2, 4});
  tensor v = get_variable(g, "w", {2, 4});
  return w * x + v;
  // [end]
#endif
};
static_assert(sizeof(ambit::detail::verified<model>) != 0);
