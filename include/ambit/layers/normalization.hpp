// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/layers/layer.hpp>
#include <ambit/ops/normalization.hpp>

#include <cstdint>
#include <optional>

namespace ambit::layers {

/// Whose names and epsilon a normalization has.
enum class norm_format : std::uint8_t {
  tensorflow1,  ///< gamma, beta; epsilon 1e-3 of a batch (tf.layers), 1e-12 of a layer (tf.contrib.layers)
  keras,        ///< gamma, beta; epsilon 1e-3
  pytorch,      ///< weight, bias; epsilon 1e-5
};

struct norm_layer_options {
  bool center = true;               ///< adds beta
  bool scale = true;                ///< multiplies by gamma
  std::optional<double> epsilon{};  ///< the framework's where left open
  option trainable{};
  ambit::reuse reuse = ambit::reuse::inherit;
};

namespace detail {

struct norm_parameters {
  tensor gamma{};
  tensor beta{};
};
constexpr norm_parameters norm_variables(scope& s, int channels, norm_format f, norm_layer_options const& o) {
  bool const pytorch = f == norm_format::pytorch;
  norm_parameters p;
  if (o.scale)
    p.gamma = s.variable(s.called(pytorch ? "weight" : "gamma"), {channels}, ones_initializer(), {}, o.trainable);
  if (o.center)
    p.beta = s.variable(s.called(pytorch ? "bias" : "beta"), {channels}, zeros_initializer(), {}, o.trainable);
  return p;
}

template <class Tensor>
constexpr Tensor batch_normalization(scope& s, Tensor x, norm_format f, norm_layer_options const& o) {
  bool const pytorch = f == norm_format::pytorch;
  int const channels = x.shape()[-1];
  norm_parameters const p = norm_variables(s, channels, f, o);
  Tensor const mean =
      s.variable(s.called(pytorch ? "running_mean" : "moving_mean"), {channels}, zeros_initializer(), {}, false);
  Tensor const variance =
      s.variable(s.called(pytorch ? "running_var" : "moving_variance"), {channels}, ones_initializer(), {}, false);
  return batch_norm(x, mean, variance, p.beta, p.gamma, o.epsilon.value_or(pytorch ? 1e-5 : 1e-3),
                    s.called("batchnorm"));
}
template <class Tensor>
constexpr Tensor layer_norm(scope& s, Tensor x, norm_format f, norm_layer_options const& o) {
  double const epsilon = f == norm_format::pytorch ? 1e-5 : f == norm_format::keras ? 1e-3 : 1e-12;
  norm_parameters const p = norm_variables(s, x.shape()[-1], f, o);
  return s.record(ambit::layer_norm(x, {.gamma = p.gamma, .beta = p.beta, .epsilon = o.epsilon.value_or(epsilon)}));
}
constexpr std::string_view name_of_batch_norm(norm_format f) {
  return f == norm_format::pytorch ? "batch_norm" : "batch_normalization";
}
constexpr std::string_view name_of_layer_norm(norm_format f) {
  return f == norm_format::pytorch ? "layer_norm" : f == norm_format::keras ? "layer_normalization" : "LayerNorm";
}

}  // namespace detail

/// (x - mean) / sqrt(variance + epsilon) * gamma + beta for each channel of the last axis, by the moments that training
/// left behind (tf.layers.batch_normalization with training=False, Keras BatchNormalization, torch.nn.BatchNorm1d in
/// evaluation; in PyTorch's axis order the channels come second, here they are last).
///
/// Variables, of [channels]: `gamma`, `beta`, `moving_mean`, `moving_variance`, the last two not trainable; in
/// PyTorch's format `weight`, `bias`, `running_mean`, `running_var`. Default names: "batch_normalization", PyTorch's
/// "batch_norm". A run takes one product and one sum: the rest is computed when the weights are set.
template <class Tensor = tensor>
constexpr tensor batch_normalization(graph& g, name n, tensor x, norm_format f, norm_layer_options const& o = {}) {
  detail::scope s{g, n, detail::name_of_batch_norm(f), x, o.reuse};
  return detail::batch_normalization<Tensor>(s, x, f, o);
}
template <class Tensor = tensor>
constexpr tensor batch_normalization(graph& g, tensor x, norm_format f, norm_layer_options const& o = {},
                                     detail::call from = {}) {
  detail::scope s{g, from, detail::name_of_batch_norm(f), x, o.reuse};
  return detail::batch_normalization<Tensor>(s, x, f, o);
}
/// The same by the moments of x itself, of its last axis (Keras LayerNormalization, torch.nn.LayerNorm,
/// tf.contrib.layers.layer_norm with begin_norm_axis=-1).
///
/// Variables, of [channels]: `gamma` and `beta`, in PyTorch's format `weight` and `bias`. Default names: "LayerNorm",
/// "layer_normalization" and "layer_norm" in the order of the formats.
template <class Tensor = tensor>
constexpr tensor layer_norm(graph& g, name n, tensor x, norm_format f, norm_layer_options const& o = {}) {
  detail::scope s{g, n, detail::name_of_layer_norm(f), x, o.reuse};
  return detail::layer_norm<Tensor>(s, x, f, o);
}
template <class Tensor = tensor>
constexpr tensor layer_norm(graph& g, tensor x, norm_format f, norm_layer_options const& o = {},
                            detail::call from = {}) {
  detail::scope s{g, from, detail::name_of_layer_norm(f), x, o.reuse};
  return detail::layer_norm<Tensor>(s, x, f, o);
}

}  // namespace ambit::layers
