// SPDX-License-Identifier: BSL-1.0
// FIRST: initial_value_shape_is_unknown
// FIRST: ambit: the initial value has no fully known shape; give one that has, or pass .validate_shape = false [INIT_SHAPE_UNKNOWN]
// SHOWS: w
#include "compile_fail/verify.hpp"

inline constexpr auto model = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 4});
#ifndef ACCEPT
  // [INIT_SHAPE_UNKNOWN wrong]
  return x * variable(g, zeros_initializer(), "w");  // TRACE
  // [end]
#else
  // [INIT_SHAPE_UNKNOWN right]
  return x * variable(g, literal{0.f, 0.f, 0.f, 0.f}, "w");
  // [end]
#endif
};
static_assert(sizeof(ambit::detail::verified<model>) != 0);
