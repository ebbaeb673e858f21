// SPDX-License-Identifier: BSL-1.0
// FIRST: initial_value_has_another_dtype
// FIRST: ambit: the initial value has another dtype than the one asked for; drop the dtype, or give a value of it [INIT_DTYPE_CONFLICT]
// SHOWS: rate
// SHOWS: float32
// SHOWS: int32
#include "compile_fail/verify.hpp"

inline constexpr auto model = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 4});
#ifndef ACCEPT
  // [INIT_DTYPE_CONFLICT wrong]
  return x * get_variable(g, "rate", {.dtype = dtype::f32, .initializer = 1});  // TRACE
  // [end]
#else
  // [INIT_DTYPE_CONFLICT right]
  return x * get_variable(g, "rate", {.dtype = dtype::f32, .initializer = 1.f});
  // [end]
#endif
};
static_assert(sizeof(ambit::detail::verified<model>) != 0);
