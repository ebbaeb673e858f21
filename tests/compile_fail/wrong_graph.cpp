// SPDX-License-Identifier: BSL-1.0
// FIRST: tensor_of_another_graph
// FIRST: ambit: this tensor belongs to another graph; build both in one graph [WRONG_GRAPH]
// SHOWS: y:0
#include "compile_fail/verify.hpp"

inline constexpr auto model = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 4});
#ifndef ACCEPT
  // [WRONG_GRAPH wrong]
  graph other;
  tensor y = placeholder(other, "y", {2, 4});
  tensor z = x + y;  // TRACE
  return z;
  // [end]
#else
  // [WRONG_GRAPH right]
  tensor y = placeholder(g, "y", {2, 4});
  tensor z = x + y;
  return z;
  // [end]
#endif
};
static_assert(sizeof(ambit::detail::verified<model>) != 0);
