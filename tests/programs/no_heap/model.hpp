// SPDX-License-Identifier: BSL-1.0
// A model with every op of the library, in sizes below and above where loops have their length in the type.
#pragma once

#include <ambit/ambit.hpp>

#include <boost/hana/for_each.hpp>

#include <array>

using namespace ambit;

inline constexpr auto model = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 40});
  variable_scope scope{g, "fc"};
  tensor kernel = get_variable(g, "kernel", {40, 70}, {.initializer = ones_initializer()});
  tensor bias = get_variable(g, "bias", {70});
  tensor mean = get_variable(g, "mean", {1, 70});
  tensor h = relu6(matmul(x, kernel) + bias);
  assign(mean, mean * 0.9 + reduce_mean(h, 0, keepdims::yes) * 0.1);
  tensor centred = relu(h - mean) / sqrt(reduce_mean(square(h), 1, keepdims::yes) + 1);
  tensor turned = reshape(transpose(centred), {-1, 7});
  tensor all = concat({turned, -exp(turned), log(square(turned) + 1)}, 1);
  tensor gram = matmul(all, all, {.transpose_a = true});
  return std::array<tensor, 4>{
      softmax(tanh(gram) * sigmoid(gram)),
      softmax(identity(gram) - 1, 0),
      reduce_max(gram, 0),
      l2_loss(reduce_sum(gram, 1)),
  };
};
