// SPDX-License-Identifier: BSL-1.0
// FIRST: scopes_are_not_nested
// FIRST: ambit: this scope was closed while another one was open inside it; close scopes in the reverse order, best by leaving blocks [IMPROPER_NESTING]
// SHOWS: outer
#include "compile_fail/verify.hpp"

inline constexpr auto model = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 4});
#ifndef ACCEPT
  // [IMPROPER_NESTING wrong]
  variable_scope outer{g, "outer"};
  variable_scope inner{g, "inner"};
  outer.close();  // TRACE
  return x + get_variable(g, "bias", {4});
  // [end]
#else
  // [IMPROPER_NESTING right]
  variable_scope outer{g, "outer"};
  variable_scope inner{g, "inner"};
  inner.close();
  outer.close();
  return x + get_variable(g, "bias", {4});
  // [end]
#endif
};
static_assert(sizeof(ambit::detail::verified<model>) != 0);
