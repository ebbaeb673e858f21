// SPDX-License-Identifier: BSL-1.0
// FIRST: variable_is_not_in_this_graph
// FIRST: ambit: the graph has no variable of this name; the path is the full one, from the root [VARIABLE_UNKNOWN]
// SHOWS: model/kernal
#include "compile_fail/verify.hpp"
#include <ambit/graph/registry.hpp>

inline constexpr auto model = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 4});
#ifndef ACCEPT
  // [VARIABLE_UNKNOWN wrong]
  {
    variable_scope fc{g, "model"};
    get_variable(g, "kernel", {4});
  }
  return x * existing_variable(g, "model/kernal");  // TRACE
  // [end]
#else
  // [VARIABLE_UNKNOWN right]
  {
    variable_scope fc{g, "model"};
    get_variable(g, "kernel", {4});
  }
  return x * existing_variable(g, "model/kernel");
  // [end]
#endif
};
static_assert(sizeof(ambit::detail::verified<model>) != 0);
