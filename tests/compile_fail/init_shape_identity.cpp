// SPDX-License-Identifier: BSL-1.0
// FIRST: initializer_cannot_fill_this_shape
// SHOWS: window
// SHOWS: (3, 3, 8)
// SHOWS: two axes
#include "compile_fail/verify.hpp"

inline constexpr auto model = [](graph& g) {
#ifndef ACCEPT
  return get_variable(g, "window", {3, 3, 8}, {.initializer = identity_initializer()});  // TRACE
#else
  return get_variable(g, "window", {9, 8}, {.initializer = identity_initializer()});
#endif
};
static_assert(sizeof(ambit::detail::verified<model>) != 0);
