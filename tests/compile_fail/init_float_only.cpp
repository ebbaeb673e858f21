// SPDX-License-Identifier: BSL-1.0
// FIRST: initializer_needs_a_floating_dtype
// FIRST: ambit: a random initializer needs a floating dtype; use zeros, ones or constant_initializer, or a floating dtype [INIT_FLOAT_ONLY]
// SHOWS: steps
// SHOWS: int32
#include "compile_fail/verify.hpp"

inline constexpr auto model = [](graph& g) {
#ifndef ACCEPT
  // [INIT_FLOAT_ONLY wrong]
  return get_variable(g, "steps", {4}, {.dtype = dtype::i32, .initializer = random_normal()});  // TRACE
  // [end]
#else
  // [INIT_FLOAT_ONLY right]
  return get_variable(g, "steps", {4}, {.dtype = dtype::i32, .initializer = zeros_initializer()});
  // [end]
#endif
};
static_assert(sizeof(ambit::detail::verified<model>) != 0);
