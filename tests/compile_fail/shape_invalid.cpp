// SPDX-License-Identifier: BSL-1.0
// FIRST: shape_is_not_valid
// FIRST: ambit: this shape has a negative extent or more than 8 axes; use extents of 0 or more, or dyn where the op allows it [SHAPE_INVALID]
// SHOWS: bias
// SHOWS: (?, 4)
#include "compile_fail/verify.hpp"

inline constexpr auto model = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 4});
#ifndef ACCEPT
  // [SHAPE_INVALID wrong]
  return x + get_variable(g, "bias", {-2, 4});  // TRACE
  // [end]
#else
  // [SHAPE_INVALID right]
  return x + get_variable(g, "bias", {2, 4});
  // [end]
#endif
};
static_assert(sizeof(ambit::detail::verified<model>) != 0);
