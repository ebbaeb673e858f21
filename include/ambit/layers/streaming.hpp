// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/layers/conv.hpp>
#include <ambit/ops/slicing.hpp>
#include <ambit/ops/streaming.hpp>

namespace ambit::layers {

struct streaming_conv_options {
  ambit::activation activation{};
  int dilation = 1;
  int groups = 1;
  bool use_bias = true;
  initializer kernel_initializer{};  ///< where left open the scope's, else Glorot's
  initializer bias_initializer = zeros_initializer();
  regularizer kernel_regularizer{};
  regularizer bias_regularizer{};
  option trainable{};
  ambit::reuse reuse = ambit::reuse::inherit;
};

namespace detail {

template <class Tensor>
constexpr Tensor piece(scope& s, Tensor x, Tensor kernel, name delay, name position, int dilation) {
  shape const f = kernel.shape();
  Tensor const ring = s.state(delay, {delay_frames(f[0], dilation), f[1]}, s.dtype());
  Tensor const at = s.state(position, {}, dtype::i32);
  return s.record(ambit::streaming_conv1d(x, ring, at, kernel, dilation));
}
// A group at a time, each with frames of its own.
template <class Tensor>
constexpr Tensor grouped_pieces(scope& s, Tensor x, Tensor kernel, int groups, int dilation) {
  shape const f = kernel.shape();
  shape const from = x.shape();
  int const axis = from.rank() - 1, outputs = f[2] / groups;
  list<Tensor> parts;
  for (int k = 0; k < groups; ++k) {
    Tensor const inputs = ambit::detail::part_of(x, axis, k * f[1], f[1]);
    Tensor const filter = ambit::detail::part_of(kernel, 2, k * outputs, outputs);
    parts.push_back(piece(s, inputs, filter, s.called("delay_", k), s.called("position_", k), dilation));
  }
  return s.record(apply(concat_op{axis}, {}, std::move(parts)));
}

template <class Tensor>
constexpr Tensor streaming_conv1d(scope& s, Tensor x, int filters, int size, streaming_conv_options const& o) {
  int const channels = x.shape()[-1];
  if (size < 1) return s.refuse(numbered("a filter of size ", size), "a size of at least 1");
  if (o.dilation < 1) return s.refuse(numbered("dilation ", o.dilation), "a dilation of at least 1");
  if (o.groups < 1 || (channels >= 0 && channels % o.groups != 0) || filters % o.groups != 0)
    return s.refuse(numbered("groups ", o.groups), "a number of groups that divides the channels and the filters");
  Tensor const kernel = s.variable("kernel", {size, inputs_of(x, o.groups), filters}, o.kernel_initializer,
                                   o.kernel_regularizer, o.trainable);
  Tensor bias;
  if (o.use_bias) bias = s.variable("bias", {filters}, o.bias_initializer, o.bias_regularizer, o.trainable);
  if (!kernel.valid()) return kernel;
  Tensor y = o.groups == 1 ? piece(s, x, kernel, s.called("delay"), s.called("position"), o.dilation)
                           : grouped_pieces(s, x, kernel, o.groups, o.dilation);
  if (o.use_bias) y = s.record(bias_add(y, bias));
  return o.activation(y);
}

}  // namespace detail

/// `conv1d` with `padding::causal` for a sequence that comes in pieces, [time, channels] or [1, time, channels], to
/// [.., time, filters]: it goes on where the last run left it, until `reset()`.
///
///   tensor y = layers::streaming_conv1d(g, "conv1d", x, 16, 3, {.activation = activation::tanh, .dilation = 4});
///
/// Variables: `kernel` and `bias` as those of `conv1d`, so that its files fit; and two that are not saved, `delay`
/// [delay_frames(size, dilation), channels] with the last frames and `position`, an int32; of several groups `delay_0`,
/// `position_0` and so on. The default name of the scope is "conv1d".
/// OP_SHAPE for another rank or a larger batch, OP_ATTRIBUTE for a size, dilation or number of groups that cannot be.
template <class Tensor = tensor>
constexpr tensor streaming_conv1d(graph& g, name n, tensor x, int filters, int size,
                                  streaming_conv_options const& o = {}) {
  detail::scope s{g, n, "conv1d", x, o.reuse};
  return detail::streaming_conv1d<Tensor>(s, x, filters, size, o);
}
template <class Tensor = tensor>
constexpr tensor streaming_conv1d(graph& g, tensor x, int filters, int size, streaming_conv_options const& o = {},
                                  detail::call from = {}) {
  detail::scope s{g, from, "conv1d", x, o.reuse};
  return detail::streaming_conv1d<Tensor>(s, x, filters, size, o);
}

}  // namespace ambit::layers
