// SPDX-License-Identifier: BSL-1.0
// FIRST: template_created_a_variable
// FIRST: ambit: a later call of this template created a trainable variable; create every variable in the first call, with get_variable [TEMPLATE_NEW_TRAINABLE]
// SHOWS: layer
// SHOWS: layer_1/w:0
#include "compile_fail/verify.hpp"

inline constexpr auto model = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 4});
#ifndef ACCEPT
  // [TEMPLATE_NEW_TRAINABLE wrong]
  auto layer = make_template(g, "layer", [&g](tensor a) -> tensor { return a * variable(g, 0.5f, "w"); });
  tensor y = layer(x);
  return layer(y);  // TRACE
  // [end]
#else
  // [TEMPLATE_NEW_TRAINABLE right]
  auto layer = make_template(g, "layer", [&g](tensor a) -> tensor { return a * get_variable(g, "w", {4}); });
  tensor y = layer(x);
  return layer(y);
  // [end]
#endif
};
static_assert(sizeof(ambit::detail::verified<model>) != 0);
