// SPDX-License-Identifier: BSL-1.0
// FIRST: parameter_is_out_of_range
// SHOWS: layer/kernel
// SHOWS: regularizer
// SHOWS: a scale that is not negative
#include "compile_fail/verify.hpp"

inline constexpr auto model = [](graph& g) {
#ifndef ACCEPT
  variable_scope layer{g, "layer", {.regularizer = l1(-0.5)}};
#else
  variable_scope layer{g, "layer", {.regularizer = l1(0.5)}};
#endif
  return get_variable(g, "kernel", {4, 2});  // TRACE
};
static_assert(sizeof(ambit::detail::verified<model>) != 0);
