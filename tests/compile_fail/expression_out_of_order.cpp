// SPDX-License-Identifier: BSL-1.0
// FIRST: expression_is_out_of_order
// FIRST: ambit: ops were recorded after this expression was written, and one of its names was taken by then; store it at once: tensor t = ...; [EXPRESSION_OUT_OF_ORDER]
// SHOWS: Relu
// SHOWS: Relu_1
#include "compile_fail/verify.hpp"

inline constexpr auto model = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 4});
#ifndef ACCEPT
  // [EXPRESSION_OUT_OF_ORDER wrong]
  auto early = relu(x);
  tensor late = relu(x);  // takes the name Relu
  tensor y = std::move(early) + late;  // TRACE
  return y;
  // [end]
#else
  // [EXPRESSION_OUT_OF_ORDER right]
  tensor early = relu(x);
  tensor late = relu(x);
  tensor y = early + late;
  return y;
  // [end]
#endif
};
static_assert(sizeof(ambit::detail::verified<model>) != 0);
