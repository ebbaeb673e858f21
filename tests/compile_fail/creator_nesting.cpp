// SPDX-License-Identifier: BSL-1.0
// FIRST: creator_scopes_are_not_nested
// FIRST: ambit: a variable_creator_scope was closed while another one was open inside it; close them in the reverse order, best by leaving blocks [CREATOR_NESTING]
#include "compile_fail/verify.hpp"

inline constexpr auto model = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 4});
#ifndef ACCEPT
  // [CREATOR_NESTING wrong]
  auto frozen = [](auto& next, creation_request r) { return r.trainable = false, next(r); };
  variable_creator_scope outer{g, frozen};
  variable_creator_scope inner{g, frozen};
  outer.close();  // TRACE
  return x + get_variable(g, "bias", {4});
  // [end]
#else
  // [CREATOR_NESTING right]
  auto frozen = [](auto& next, creation_request r) { return r.trainable = false, next(r); };
  variable_creator_scope outer{g, frozen};
  variable_creator_scope inner{g, frozen};
  inner.close();
  outer.close();
  return x + get_variable(g, "bias", {4});
  // [end]
#endif
};
static_assert(sizeof(ambit::detail::verified<model>) != 0);
