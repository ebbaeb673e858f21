// SPDX-License-Identifier: BSL-1.0
// FIRST: scope_does_not_exist
// FIRST: ambit: there is no scope of this path to enter again; the path is the full one, from the root [SCOPE_UNKNOWN]
// SHOWS: modle/fc
#include "compile_fail/verify.hpp"

inline constexpr auto model = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 4});
#ifndef ACCEPT
  // [SCOPE_UNKNOWN wrong]
  {
    variable_scope fc{g, "model/fc"};
    get_variable(g, "w", {4});
  }
  variable_scope again{g, absolute{"modle/fc"}, {.reuse = reuse::yes}};  // TRACE
  return x * get_variable(g, "w");
  // [end]
#else
  // [SCOPE_UNKNOWN right]
  {
    variable_scope fc{g, "model/fc"};
    get_variable(g, "w", {4});
  }
  variable_scope again{g, absolute{"model/fc"}, {.reuse = reuse::yes}};
  return x * get_variable(g, "w");
  // [end]
#endif
};
static_assert(sizeof(ambit::detail::verified<model>) != 0);
