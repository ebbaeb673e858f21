// SPDX-License-Identifier: BSL-1.0
// FIRST: variable_has_shape_and_constant_value
// FIRST: ambit: a variable is given both a shape and a constant initial value, which has its own; drop the shape [CONST_INIT_WITH_SHAPE]
// SHOWS: bias
#include "compile_fail/verify.hpp"

inline constexpr auto model = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 4});
#ifndef ACCEPT
  // [CONST_INIT_WITH_SHAPE wrong]
  return x + get_variable(g, "bias", {4}, {.initializer = 1.f});  // TRACE
  // [end]
#else
  // [CONST_INIT_WITH_SHAPE right]
  return x + get_variable(g, "bias", {4}, {.initializer = constant_initializer(1)});
  // [end]
#endif
};
static_assert(sizeof(ambit::detail::verified<model>) != 0);
