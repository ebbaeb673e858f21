// SPDX-License-Identifier: BSL-1.0
// FIRST: variable_needs_an_initializer
// FIRST: ambit: there is no default initializer for this dtype; give one [NO_DEFAULT_INIT]
// SHOWS: phase
// SHOWS: complex64
#include "compile_fail/verify.hpp"

inline constexpr auto model = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 4});
#ifndef ACCEPT
  // [NO_DEFAULT_INIT wrong]
  get_variable(g, "phase", {4}, {.dtype = dtype::c64});  // TRACE
  return x + 1;
  // [end]
#else
  // [NO_DEFAULT_INIT right]
  get_variable(g, "phase", {4}, {.dtype = dtype::c64, .initializer = zeros_initializer()});
  return x + 1;
  // [end]
#endif
};
static_assert(sizeof(ambit::detail::verified<model>) != 0);
