// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/layers/activation.hpp>
#include <ambit/layers/layer.hpp>
#include <ambit/ops/array.hpp>
#include <ambit/ops/math.hpp>
#include <ambit/ops/matmul.hpp>

namespace ambit::layers {

struct dense_options {
  ambit::activation activation{};
  bool use_bias = true;
  initializer kernel_initializer{};  ///< where left open the scope's, else Glorot's
  initializer bias_initializer = zeros_initializer();
  regularizer kernel_regularizer{};
  regularizer bias_regularizer{};
  option trainable{};
  ambit::reuse reuse = ambit::reuse::inherit;
};

namespace detail {

/// x times a matrix along its last axis. More than two axes become rows around the product, as tf.tensordot has it.
template <class Tensor>
constexpr Tensor product(scope& s, Tensor x, Tensor matrix, bool transposed) {
  shape const from = x.shape();
  if (from.rank() <= 2) return s.record(matmul(x, matrix, {.transpose_b = transposed}));
  name_scope inside{s.owner(), "Tensordot"};
  Tensor const rows = s.record(reshape(x, {dyn, from[-1]}));
  Tensor const y = s.record(matmul(rows, matrix, {.transpose_b = transposed}));
  shape to = from;
  to.set(from.rank() - 1, matrix.shape()[transposed ? 0 : 1]);
  text const path = inside.path();
  return s.record(reshape(y, to, name(path)));
}

template <class Tensor>
constexpr Tensor dense(scope& s, Tensor x, int units, dense_options const& o, bool transposed) {
  int const inputs = x.shape()[-1];
  Tensor const kernel =
      transposed ? s.variable("weight", {units, inputs}, o.kernel_initializer, o.kernel_regularizer, o.trainable)
                 : s.variable("kernel", {inputs, units}, o.kernel_initializer, o.kernel_regularizer, o.trainable);
  Tensor bias;
  if (o.use_bias) bias = s.variable("bias", {units}, o.bias_initializer, o.bias_regularizer, o.trainable);
  Tensor y = product(s, x, kernel, transposed);
  if (o.use_bias) y = s.record(bias_add(y, bias));
  return o.activation(y);
}

}  // namespace detail

/// activation(x kernel + bias) along the last axis: [.., inputs] to [.., units] (tf.layers.dense, Keras Dense).
///
/// Variables: `kernel` [inputs, units], `bias` [units]. The default name of the scope is "dense".
/// OP_SHAPE for fewer than two axes, SHAPE_UNKNOWN where the last extent is not known.
template <class Tensor = tensor>
constexpr tensor dense(graph& g, name n, tensor x, int units, dense_options const& o = {}) {
  detail::scope s{g, n, "dense", x, o.reuse};
  return detail::dense<Tensor>(s, x, units, o, false);
}
template <class Tensor = tensor>
constexpr tensor dense(graph& g, tensor x, int units, dense_options const& o = {}, detail::call from = {}) {
  detail::scope s{g, from, "dense", x, o.reuse};
  return detail::dense<Tensor>(s, x, units, o, false);
}
/// The same as PyTorch stores it (torch.nn.Linear). Variables: `weight` [units, inputs], `bias` [units]; the
/// initializers of the options are theirs. The default name of the scope is "linear".
template <class Tensor = tensor>
constexpr tensor linear(graph& g, name n, tensor x, int units, dense_options const& o = {}) {
  detail::scope s{g, n, "linear", x, o.reuse};
  return detail::dense<Tensor>(s, x, units, o, true);
}
template <class Tensor = tensor>
constexpr tensor linear(graph& g, tensor x, int units, dense_options const& o = {}, detail::call from = {}) {
  detail::scope s{g, from, "linear", x, o.reuse};
  return detail::dense<Tensor>(s, x, units, o, true);
}

}  // namespace ambit::layers
