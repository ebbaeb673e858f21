// SPDX-License-Identifier: BSL-1.0
// FIRST: variable_already_exists
// FIRST: ambit: a variable of this name already exists and its scope does not allow sharing; open the scope with reuse::yes or reuse::automatic, or give it another name [VAR_EXISTS]
// SHOWS: model/fc1/kernel
#include "compile_fail/verify.hpp"

constexpr tensor dense(graph& g, name scope, tensor x, int units) {
  variable_scope layer{g, scope};
  tensor kernel = get_variable(g, "kernel", {x.shape()[1], units});
  return matmul(x, kernel);
}

inline constexpr auto model = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 4});
#ifndef ACCEPT
  // [VAR_EXISTS wrong]
  variable_scope model{g, "model"};
  tensor hidden = relu(dense(g, "fc1", x, 4));
  return dense(g, "fc1", hidden, 3);  // TRACE
  // [end]
#else
  // [VAR_EXISTS right]
  variable_scope model{g, "model"};
  tensor hidden = relu(dense(g, "fc1", x, 4));
  return dense(g, "fc2", hidden, 3);
  // [end]
#endif
};
static_assert(sizeof(ambit::detail::verified<model>) != 0);
