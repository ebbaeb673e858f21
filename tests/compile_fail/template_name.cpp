// SPDX-License-Identifier: BSL-1.0
// FIRST: template_needs_a_name
// FIRST: ambit: a template needs a name; pass one [TEMPLATE_NAME]
#include "compile_fail/verify.hpp"

inline constexpr auto model = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 4});
#ifndef ACCEPT
  // [TEMPLATE_NAME wrong]
  auto layer = make_template(g, name(), [&g](tensor a) -> tensor { return a * get_variable(g, "w", {4}); });
  return layer(x);
  // [end]
#else
  // [TEMPLATE_NAME right]
  auto layer = make_template(g, "layer", [&g](tensor a) -> tensor { return a * get_variable(g, "w", {4}); });
  return layer(x);
  // [end]
#endif
};
static_assert(sizeof(ambit::detail::verified<model>) != 0);
