// SPDX-License-Identifier: BSL-1.0
// FIRST: dtype_cannot_be_evaluated
// FIRST: ambit: evaluation knows float32, float64, int32, int64 and bool [DTYPE_NOT_EVALUABLE]
// SHOWS: x
#include "compile_fail/verify.hpp"

inline constexpr auto model = [](graph& g) {
#ifndef ACCEPT
  // [DTYPE_NOT_EVALUABLE wrong]
  tensor x = placeholder(g, "x", {2, 4}, dtype::f16);
  return relu(x);
  // [end]
#else
  // [DTYPE_NOT_EVALUABLE right]
  tensor x = placeholder(g, "x", {2, 4}, dtype::f32);
  return relu(x);
  // [end]
#endif
};
static_assert(sizeof(ambit::detail::verified<model>) != 0);
