// SPDX-License-Identifier: BSL-1.0
// FIRST: expression_was_recorded_already
// FIRST: ambit: this expression was recorded already; store it as a tensor: tensor t = ...; [EXPRESSION_EMPTY]
// SHOWS: Relu
#include "compile_fail/verify.hpp"

inline constexpr auto model = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 4});
#ifndef ACCEPT
  // [EXPRESSION_EMPTY wrong]
  auto half = relu(x);
  tensor y = std::move(half) + 1;
  tensor z = std::move(half) + y;  // TRACE
  return z;
  // [end]
#else
  // [EXPRESSION_EMPTY right]
  tensor half = relu(x);
  tensor y = half + 1;
  tensor z = half + y;
  return z;
  // [end]
#endif
};
static_assert(sizeof(ambit::detail::verified<model>) != 0);
