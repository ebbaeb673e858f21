// SPDX-License-Identifier: BSL-1.0
// FIRST: op_dtypes_do_not_fit
// FIRST: ambit: the operands of this op have dtypes that do not fit; the trace below leads to the line [OP_DTYPE]
// SHOWS: add
// SHOWS: operands of one dtype
#include "compile_fail/verify.hpp"

inline constexpr auto model = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 4});
#ifndef ACCEPT
  // [OP_DTYPE wrong]
  tensor count = get_variable(g, "count", {.initializer = 3});
  tensor y = x + count;  // TRACE
  return y;
  // [end]
#else
  // [OP_DTYPE right]
  tensor count = get_variable(g, "count", {.initializer = 3.f});
  tensor y = x + count;
  return y;
  // [end]
#endif
};
static_assert(sizeof(ambit::detail::verified<model>) != 0);
