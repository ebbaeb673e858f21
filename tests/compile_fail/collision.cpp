// SPDX-License-Identifier: BSL-1.0
// A collision in a whole compiled model: what a user sees.
// FIRST: variable_already_exists
// FIRST: [VAR_EXISTS]
// SHOWS: model/fc1/kernel
// EXPECT: refused
#include <ambit/ambit.hpp>

using namespace ambit;

constexpr tensor dense(graph& g, name scope, tensor x, int units) {
  variable_scope layer{g, scope};
  tensor kernel = get_variable(g, "kernel", {x.shape()[1], units}, {.initializer = glorot_uniform()});
  tensor bias = get_variable(g, "bias", {units});
  return matmul(x, kernel) + bias;
}

inline constexpr auto digits = [](graph& g) {
  tensor pixels = placeholder(g, "pixels", {1, 64});
  variable_scope model{g, "model"};
  tensor hidden = relu(dense(g, "fc1", pixels, 32));
#ifdef ACCEPT
  return softmax(dense(g, "fc2", hidden, 10), "probabilities");
#else
  return softmax(dense(g, "fc1", hidden, 10), "probabilities");  // TRACE
#endif
};

compiled<digits> net;
