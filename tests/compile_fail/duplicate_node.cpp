// SPDX-License-Identifier: BSL-1.0
// FIRST: op_already_exists
// FIRST: ambit: the graph already has an op of this name, and a name that ends in '/' is used as it is; drop the '/', or give another name [DUPLICATE_NODE]
// SHOWS: y
#include "compile_fail/verify.hpp"

inline constexpr auto model = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 4});
#ifndef ACCEPT
  // [DUPLICATE_NODE wrong]
  tensor y = relu(x, "y");
  tensor z = tanh(y, "y/");  // TRACE
  return z;
  // [end]
#else
  // [DUPLICATE_NODE right]
  tensor y = relu(x, "y");
  tensor z = tanh(y, "y");  // becomes y_1
  return z;
  // [end]
#endif
};
static_assert(sizeof(ambit::detail::verified<model>) != 0);
