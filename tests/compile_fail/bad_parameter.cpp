// SPDX-License-Identifier: BSL-1.0
// FIRST: parameter_is_out_of_range
// FIRST: ambit: an initializer, regularizer or constraint of this variable has a parameter that it cannot have [BAD_PARAMETER]
// SHOWS: kernel
// SHOWS: initializer
// SHOWS: a positive scale
#include "compile_fail/verify.hpp"

inline constexpr auto model = [](graph& g) {
#ifndef ACCEPT
  // [BAD_PARAMETER wrong]
  return get_variable(g, "kernel", {4, 2}, {.initializer = variance_scaling(-2)});  // TRACE
  // [end]
#else
  // [BAD_PARAMETER right]
  return get_variable(g, "kernel", {4, 2}, {.initializer = variance_scaling(2)});
  // [end]
#endif
};
static_assert(sizeof(ambit::detail::verified<model>) != 0);
