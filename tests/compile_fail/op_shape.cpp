// SPDX-License-Identifier: BSL-1.0
// FIRST: op_shapes_do_not_fit
// FIRST: ambit: the operands of this op have shapes that do not fit; the trace below leads to the line [OP_SHAPE]
// SHOWS: MatMul
#include "compile_fail/verify.hpp"

inline constexpr auto model = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 4});
#ifndef ACCEPT
  // [OP_SHAPE wrong]
  tensor kernel = get_variable(g, "kernel", {5, 3});
  tensor y = matmul(x, kernel);  // TRACE
  return y;
  // [end]
#else
  // [OP_SHAPE right]
  tensor kernel = get_variable(g, "kernel", {4, 3});
  tensor y = matmul(x, kernel);
  return y;
  // [end]
#endif
};
static_assert(sizeof(ambit::detail::verified<model>) != 0);
