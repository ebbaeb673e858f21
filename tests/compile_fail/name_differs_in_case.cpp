// SPDX-License-Identifier: BSL-1.0
// FIRST: name_differs_only_in_case
// FIRST: ambit: this name differs from another only in case and the graph refuses to rename (naming::strict); give it another name [NAME_DIFFERS_IN_CASE]
// SHOWS: Y
// SHOWS: Y_1
// SHOWS: y
#include "compile_fail/verify.hpp"

inline constexpr auto model = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 4});
#ifndef ACCEPT
  // [NAME_DIFFERS_IN_CASE wrong]
  g.set_naming(naming::strict);
  tensor y = relu(x, "y");
  tensor z = tanh(y, "Y");  // TRACE
  return z;
  // [end]
#else
  // [NAME_DIFFERS_IN_CASE right]
  g.set_naming(naming::strict);
  tensor y = relu(x, "y");
  tensor z = tanh(y, "z");
  return z;
  // [end]
#endif
};
static_assert(sizeof(ambit::detail::verified<model>) != 0);
