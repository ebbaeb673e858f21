// SPDX-License-Identifier: BSL-1.0
// FIRST: variable_scope_needs_a_name
// FIRST: ambit: a variable scope needs a name; pass one, a scope object, or default_name{...} [NAME_REQUIRED]
#include "compile_fail/verify.hpp"

inline constexpr auto model = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 4});
#ifndef ACCEPT
  // [NAME_REQUIRED wrong]
  variable_scope layer{g, name()};  // TRACE
  return x + get_variable(g, "bias", {4});
  // [end]
#else
  // [NAME_REQUIRED right]
  variable_scope layer{g, default_name{"layer"}};
  return x + get_variable(g, "bias", {4});
  // [end]
#endif
};
static_assert(sizeof(ambit::detail::verified<model>) != 0);
