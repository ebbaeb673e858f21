// SPDX-License-Identifier: BSL-1.0
// FIRST: variable_does_not_exist
// FIRST: ambit: there is no variable of this name and its scope only shares (reuse::yes); create it first, or open the scope with reuse::automatic [VAR_MISSING]
// SHOWS: fc/w
#include "compile_fail/verify.hpp"

inline constexpr auto model = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 4});
#ifndef ACCEPT
  // [VAR_MISSING wrong]
  variable_scope fc{g, "fc", {.reuse = reuse::yes}};
  return x + get_variable(g, "w", {4});  // TRACE
  // [end]
#else
  // [VAR_MISSING right]
  variable_scope fc{g, "fc", {.reuse = reuse::automatic}};
  return x + get_variable(g, "w", {4});
  // [end]
#endif
};
static_assert(sizeof(ambit::detail::verified<model>) != 0);
