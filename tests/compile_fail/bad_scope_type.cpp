// SPDX-License-Identifier: BSL-1.0
// FIRST: scope_object_is_empty
// FIRST: ambit: a variable scope is entered by a scope object that belongs to no graph; take one from an open scope: scope s = guard.scope(); [BAD_SCOPE_TYPE]
#include "compile_fail/verify.hpp"

inline constexpr auto model = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 4});
#ifndef ACCEPT
  // [BAD_SCOPE_TYPE wrong]
  scope fc;  // no scope yet
  variable_scope again{g, fc};  // TRACE
  return x + get_variable(g, "bias", {4});
  // [end]
#else
  // [BAD_SCOPE_TYPE right]
  scope fc;
  {
    variable_scope first{g, "fc"};
    fc = first.scope();
  }
  variable_scope again{g, fc};
  return x + get_variable(g, "bias", {4});
  // [end]
#endif
};
static_assert(sizeof(ambit::detail::verified<model>) != 0);
