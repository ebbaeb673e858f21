// SPDX-License-Identifier: BSL-1.0
// FIRST: initializer_cannot_fill_this_shape
// FIRST: ambit: the initializer cannot fill a variable of this shape; orthogonal_initializer needs two axes or more, identity_initializer two [INIT_SHAPE]
// SHOWS: layer/bias
// SHOWS: (4,)
// SHOWS: two axes or more
#include "compile_fail/verify.hpp"

inline constexpr auto model = [](graph& g) {
  variable_scope layer{g, "layer", {.initializer = orthogonal_initializer()}};
#ifndef ACCEPT
  // [INIT_SHAPE wrong]
  return get_variable(g, "bias", {4});  // TRACE
  // [end]
#else
  // [INIT_SHAPE right]
  return get_variable(g, "bias", {4}, {.initializer = zeros_initializer()});
  // [end]
#endif
};
static_assert(sizeof(ambit::detail::verified<model>) != 0);
