// SPDX-License-Identifier: BSL-1.0
// FIRST: shape_is_not_known_in_the_compiler
// FIRST: ambit: a compiled model needs every extent of what it computes; give the placeholder a full shape [UNKNOWN_EXTENT]
// SHOWS: x
#include "compile_fail/verify.hpp"

inline constexpr auto model = [](graph& g) {
#ifndef ACCEPT
  // [UNKNOWN_EXTENT wrong]
  tensor x = placeholder(g, "x", {4, dyn});
  return x + get_variable(g, "bias", {4, 1});
  // [end]
#else
  // [UNKNOWN_EXTENT right]
  tensor x = placeholder(g, "x", {dyn, 4});
  return x + get_variable(g, "bias", {4});
  // [end]
#endif
};
static_assert(sizeof(ambit::detail::verified<model>) != 0);
