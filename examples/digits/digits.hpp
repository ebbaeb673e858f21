// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/ambit.hpp>

/// The model of the example: 64 pixels -> dense 32 -> relu -> dense 10 -> softmax.
namespace optical_digits {

using namespace ambit;

constexpr tensor dense(graph& g, name scope, tensor x, int units) {
  variable_scope layer{g, scope};  // open until the end of the block
  tensor kernel = get_variable(g, "kernel", {x.shape()[1], units}, {.initializer = glorot_uniform()});
  tensor bias = get_variable(g, "bias", {units});
  return matmul(x, kernel) + bias;
}

inline constexpr auto digits = [](graph& g) {
  tensor pixels = placeholder(g, "pixels", {1, 64});
  variable_scope model{g, "model"};
  tensor hidden = relu(dense(g, "fc1", pixels, 32));
  return softmax(dense(g, "fc2", hidden, 10), "probabilities");
};

}  // namespace optical_digits
