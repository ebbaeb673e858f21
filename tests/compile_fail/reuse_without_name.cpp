// SPDX-License-Identifier: BSL-1.0
// FIRST: reuse_needs_a_scope_name
// FIRST: ambit: reuse was asked for a scope that has only a default name, which is always new; name the scope, or drop the reuse [REUSE_WITHOUT_NAME]
// SHOWS: layer
#include "compile_fail/verify.hpp"

inline constexpr auto model = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 4});
#ifndef ACCEPT
  // [REUSE_WITHOUT_NAME wrong]
  variable_scope layer{g, default_name{"layer"}, {.reuse = reuse::automatic}};  // TRACE
  return x + get_variable(g, "bias", {4});
  // [end]
#else
  // [REUSE_WITHOUT_NAME right]
  variable_scope layer{g, "layer", {.reuse = reuse::automatic}};
  return x + get_variable(g, "bias", {4});
  // [end]
#endif
};
static_assert(sizeof(ambit::detail::verified<model>) != 0);
