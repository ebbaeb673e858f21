// SPDX-License-Identifier: BSL-1.0
// Convolutions with a kernel and a bias of their own. Data is [batch, time, channels] or [batch, rows, columns,
// channels].
#pragma once

#include <ambit/layers/activation.hpp>
#include <ambit/layers/layer.hpp>
#include <ambit/ops/conv.hpp>
#include <ambit/ops/math.hpp>

namespace ambit::layers {

/// Taps of a filter along rows and columns: `3`, or `{3, 5}`.
struct kernel_size {
  int rows;
  int columns;
  constexpr kernel_size(int both) : rows(both), columns(both) {}
  constexpr kernel_size(int r, int c) : rows(r), columns(c) {}
};

struct conv_layer_options {
  ambit::activation activation{};
  int stride = 1;
  int dilation = 1;
  ambit::padding padding = ambit::padding::valid;
  int groups = 1;  ///< not of depthwise and separable ones
  bool use_bias = true;
  initializer kernel_initializer{};  ///< where left open the scope's, else Glorot's
  initializer bias_initializer = zeros_initializer();
  regularizer kernel_regularizer{};
  regularizer bias_regularizer{};
  option trainable{};
  ambit::reuse reuse = ambit::reuse::inherit;
};

namespace detail {

constexpr ambit::conv_options op_options(conv_layer_options const& o) {
  return {.stride = o.stride, .dilation = o.dilation, .padding = o.padding, .groups = o.groups};
}
/// Inputs of one output: the channels, or those of its group. The op refuses what does not divide.
constexpr int inputs_of(tensor x, int groups) {
  int const channels = x.shape()[-1];
  return channels < 0 || groups < 1 ? channels : channels / groups;
}
constexpr tensor bias_of(scope& s, int outputs, conv_layer_options const& o) {
  if (!o.use_bias) return {};
  return s.variable("bias", {outputs}, o.bias_initializer, o.bias_regularizer, o.trainable);
}
template <class Tensor>
constexpr Tensor finished(scope const& s, Tensor y, Tensor bias, conv_layer_options const& o) {
  return o.activation(o.use_bias ? s.record(bias_add(y, bias)) : y);
}

template <class Tensor>
constexpr Tensor conv1d(scope& s, Tensor x, int filters, int size, conv_layer_options const& o) {
  Tensor const kernel = s.variable("kernel", {size, inputs_of(x, o.groups), filters}, o.kernel_initializer,
                                   o.kernel_regularizer, o.trainable);
  Tensor const bias = bias_of(s, filters, o);
  return finished(s, s.record(ambit::conv1d(x, kernel, op_options(o))), bias, o);
}
template <class Tensor>
constexpr Tensor conv2d(scope& s, Tensor x, int filters, kernel_size size, conv_layer_options const& o) {
  Tensor const kernel = s.variable("kernel", {size.rows, size.columns, inputs_of(x, o.groups), filters},
                                   o.kernel_initializer, o.kernel_regularizer, o.trainable);
  Tensor const bias = bias_of(s, filters, o);
  return finished(s, s.record(ambit::conv2d(x, kernel, op_options(o))), bias, o);
}
constexpr int outputs_of_depthwise(tensor x, int multiplier) {
  int const channels = x.shape()[-1];
  return channels < 0 ? dyn : channels * multiplier;
}
constexpr tensor depthwise_kernel(scope& s, tensor x, kernel_size size, int multiplier, conv_layer_options const& o) {
  return s.variable("depthwise_kernel", {size.rows, size.columns, x.shape()[-1], multiplier}, o.kernel_initializer,
                    o.kernel_regularizer, o.trainable);
}
template <class Tensor>
constexpr Tensor depthwise_conv2d(scope& s, Tensor x, kernel_size size, int multiplier, conv_layer_options const& o) {
  Tensor const kernel = depthwise_kernel(s, x, size, multiplier, o);
  Tensor const bias = bias_of(s, outputs_of_depthwise(x, multiplier), o);
  return finished(s, s.record(ambit::depthwise_conv2d(x, kernel, op_options(o))), bias, o);
}
template <class Tensor>
constexpr Tensor separable_conv2d(scope& s, Tensor x, int filters, kernel_size size, int multiplier,
                                  conv_layer_options const& o) {
  Tensor const kernel = depthwise_kernel(s, x, size, multiplier, o);
  Tensor const pointwise = s.variable("pointwise_kernel", {1, 1, outputs_of_depthwise(x, multiplier), filters},
                                      o.kernel_initializer, o.kernel_regularizer, o.trainable);
  Tensor const bias = bias_of(s, filters, o);
  name_scope inside{s.owner(), "separable_conv2d"};
  Tensor y = s.record(ambit::depthwise_conv2d(x, kernel, op_options(o)));
  text const path = inside.path();
  y = s.record(ambit::conv2d(y, pointwise, name(path)));
  inside.close();
  return finished(s, y, bias, o);
}

}  // namespace detail

/// activation(convolution along the time + bias): [batch, time, channels] to [batch, time', filters] (tf.layers.conv1d,
/// Keras Conv1D). `padding::causal` lets no output see the future.
///
/// Variables: `kernel` [size, channels / groups, filters], `bias` [filters]. The default name of the scope is "conv1d".
/// OP_SHAPE and OP_ATTRIBUTE as the op, SHAPE_UNKNOWN where the channels are not known.
template <class Tensor = tensor>
constexpr tensor conv1d(graph& g, name n, tensor x, int filters, int size, conv_layer_options const& o = {}) {
  detail::scope s{g, n, "conv1d", x, o.reuse};
  return detail::conv1d<Tensor>(s, x, filters, size, o);
}
template <class Tensor = tensor>
constexpr tensor conv1d(graph& g, tensor x, int filters, int size, conv_layer_options const& o = {},
                        detail::call from = {}) {
  detail::scope s{g, from, "conv1d", x, o.reuse};
  return detail::conv1d<Tensor>(s, x, filters, size, o);
}
/// The same along rows and columns: [batch, rows, columns, channels] to [batch, rows', columns', filters]
/// (tf.layers.conv2d, Keras Conv2D).
///
///   tensor y = layers::conv2d(g, "conv2d", image, 32, 3, {.activation = activation::relu, .padding = padding::same});
///
/// Variables: `kernel` [rows, columns, channels / groups, filters], `bias` [filters]. The default name is "conv2d".
template <class Tensor = tensor>
constexpr tensor conv2d(graph& g, name n, tensor x, int filters, kernel_size size, conv_layer_options const& o = {}) {
  detail::scope s{g, n, "conv2d", x, o.reuse};
  return detail::conv2d<Tensor>(s, x, filters, size, o);
}
template <class Tensor = tensor>
constexpr tensor conv2d(graph& g, tensor x, int filters, kernel_size size, conv_layer_options const& o = {},
                        detail::call from = {}) {
  detail::scope s{g, from, "conv2d", x, o.reuse};
  return detail::conv2d<Tensor>(s, x, filters, size, o);
}
/// Each channel by itself, `multiplier` results of each (Keras DepthwiseConv2D).
///
/// Variables: `depthwise_kernel` [rows, columns, channels, multiplier], `bias` [channels * multiplier]. The default
/// name is "depthwise_conv2d".
template <class Tensor = tensor>
constexpr tensor depthwise_conv2d(graph& g, name n, tensor x, kernel_size size, int multiplier = 1,
                                  conv_layer_options const& o = {}) {
  detail::scope s{g, n, "depthwise_conv2d", x, o.reuse};
  return detail::depthwise_conv2d<Tensor>(s, x, size, multiplier, o);
}
template <class Tensor = tensor>
constexpr tensor depthwise_conv2d(graph& g, tensor x, kernel_size size, int multiplier = 1,
                                  conv_layer_options const& o = {}, detail::call from = {}) {
  detail::scope s{g, from, "depthwise_conv2d", x, o.reuse};
  return detail::depthwise_conv2d<Tensor>(s, x, size, multiplier, o);
}
/// Each channel by itself, then a product with a matrix at each pixel (tf.layers.separable_conv2d, Keras
/// SeparableConv2D).
///
/// Variables: `depthwise_kernel` [rows, columns, channels, multiplier], `pointwise_kernel`
/// [1, 1, channels * multiplier, filters], `bias` [filters]. The default name is "separable_conv2d".
template <class Tensor = tensor>
constexpr tensor separable_conv2d(graph& g, name n, tensor x, int filters, kernel_size size, int multiplier = 1,
                                  conv_layer_options const& o = {}) {
  detail::scope s{g, n, "separable_conv2d", x, o.reuse};
  return detail::separable_conv2d<Tensor>(s, x, filters, size, multiplier, o);
}
template <class Tensor = tensor>
constexpr tensor separable_conv2d(graph& g, tensor x, int filters, kernel_size size, int multiplier = 1,
                                  conv_layer_options const& o = {}, detail::call from = {}) {
  detail::scope s{g, from, "separable_conv2d", x, o.reuse};
  return detail::separable_conv2d<Tensor>(s, x, filters, size, multiplier, o);
}

}  // namespace ambit::layers
