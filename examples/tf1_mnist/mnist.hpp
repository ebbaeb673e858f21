// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/ambit.hpp>

/// A network for handwritten digits as TensorFlow 1 had it, layer by layer, with the names that TensorFlow gave its
/// variables: conv2d/kernel, conv2d_1/kernel, dense/kernel, dense_1/kernel and their biases.
namespace tf1_mnist {

using namespace ambit;

/// Images [batch, 28, 28, 1] of numbers from 0 to 255 to scores [batch, 10], the largest of which is the digit.
struct network {
  int batch = 1;
  constexpr tensor operator()(graph& g) const {
    tensor pixels = placeholder(g, "pixels", {batch, 28, 28, 1});
    tensor x = pixels / 255 * 2 - 1;
    x = layers::conv2d(g, x, 32, 3, {.activation = activation::relu6});
    x = layers::conv2d(g, x, 64, 3, {.activation = activation::relu6});
    x = reduce_mean(x, {1, 2});
    x = layers::dense(g, x, 512, {.activation = activation::relu6});
    return layers::dense(g, x, 10);
  }
};

inline constexpr network mnist{};

}  // namespace tf1_mnist
