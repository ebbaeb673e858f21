// SPDX-License-Identifier: BSL-1.0
// FIRST: name_scope_needs_a_name
// FIRST: ambit: a name scope with values needs a name; pass one, or .default_name [NS_NAME_REQUIRED]
#include "compile_fail/verify.hpp"

inline constexpr auto model = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 4});
#ifndef ACCEPT
  // [NS_NAME_REQUIRED wrong]
  name_scope layer{g, name(), {.values = {x}}};  // TRACE
  return relu(x);
  // [end]
#else
  // [NS_NAME_REQUIRED right]
  name_scope layer{g, name(), {.default_name = "layer", .values = {x}}};
  return relu(x);
  // [end]
#endif
};
static_assert(sizeof(ambit::detail::verified<model>) != 0);
