// SPDX-License-Identifier: BSL-1.0
// The two deep models whose compilation must need no flag.
#pragma once

#include <ambit/core.hpp>
#include <ambit/ops.hpp>

namespace deep {

using namespace ambit;

constexpr tensor dense(graph& g, name scope, tensor x, int units) {
  variable_scope layer{g, scope};
  tensor kernel = get_variable(g, "kernel", {x.shape()[1], units});
  tensor bias = get_variable(g, "bias", {units});
  return matmul(x, kernel) + bias;
}
struct layers {
  int count;
  constexpr tensor operator()(graph& g) const {
    tensor x = placeholder(g, "x", {1, 8});
    for (int i = 0; i < count; ++i) x = relu(dense(g, name{"layer_", i}, x, 8));
    return x;
  }
};
struct residual {
  int blocks;
  constexpr tensor operator()(graph& g) const {
    tensor x = placeholder(g, "x", {1, 8});
    for (int i = 0; i < blocks; ++i) {
      variable_scope block{g, name{"block_", i}};
      tensor h = relu(dense(g, "a", x, 16));
      x = relu(x + dense(g, "b", h, 8));
    }
    return x;
  }
};

}  // namespace deep
