// SPDX-License-Identifier: BSL-1.0
// FIRST: name_is_taken
// FIRST: ambit: this name is taken and the graph refuses to rename (naming::strict); give it another name, or enter the scope by absolute path [NAME_TAKEN]
// SHOWS: tower
// SHOWS: tower_1
#include "compile_fail/verify.hpp"

inline constexpr auto model = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 4});
#ifndef ACCEPT
  // [NAME_TAKEN wrong]
  g.set_naming(naming::strict);
  {
    variable_scope tower{g, "tower"};
    get_variable(g, "w", {4});
  }
  variable_scope tower{g, "tower", {.reuse = reuse::yes}};  // TRACE
  return x * get_variable(g, "w");
  // [end]
#else
  // [NAME_TAKEN right]
  g.set_naming(naming::strict);
  {
    variable_scope tower{g, "tower"};
    get_variable(g, "w", {4});
  }
  variable_scope tower{g, absolute{"tower"}, {.reuse = reuse::yes}};
  return x * get_variable(g, "w");
  // [end]
#endif
};
static_assert(sizeof(ambit::detail::verified<model>) != 0);
