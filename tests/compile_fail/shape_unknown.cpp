// SPDX-License-Identifier: BSL-1.0
// FIRST: variable_shape_is_unknown
// FIRST: ambit: a variable is created without a fully known shape; give every extent [SHAPE_UNKNOWN]
// SHOWS: bias
// SHOWS: (?,)
#include "compile_fail/verify.hpp"

inline constexpr auto model = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 4});
#ifndef ACCEPT
  // [SHAPE_UNKNOWN wrong]
  return x + get_variable(g, "bias", {dyn});  // TRACE
  // [end]
#else
  // [SHAPE_UNKNOWN right]
  return x + get_variable(g, "bias", {x.shape()[1]});
  // [end]
#endif
};
static_assert(sizeof(ambit::detail::verified<model>) != 0);
