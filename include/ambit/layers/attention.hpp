// SPDX-License-Identifier: BSL-1.0
// Self-attention and the encoder block around it, with PyTorch's names.
#pragma once

#include <ambit/layers/dense.hpp>
#include <ambit/layers/normalization.hpp>
#include <ambit/ops/comparison.hpp>
#include <ambit/ops/matmul.hpp>
#include <ambit/ops/scan.hpp>
#include <ambit/ops/slicing.hpp>
#include <ambit/ops/source.hpp>
#include <ambit/ops/stacking.hpp>

#include <cstdint>
#include <limits>

namespace ambit::layers {

struct attention_options {
  bool causal = false;        ///< no position sees a later one
  tensor key_padding_mask{};  ///< bool, [batch, time], of a single sequence [time]: true where nobody may look
  bool use_bias = true;
  initializer kernel_initializer{};  ///< where left open the scope's, else Glorot's
  regularizer kernel_regularizer{};
  option trainable{};
  ambit::reuse reuse = ambit::reuse::inherit;
};

/// Where an encoder block normalizes.
enum class norm_place : std::uint8_t {
  after,   ///< of each sum: post-norm, as Vaswani et al. 2017 and PyTorch by default
  before,  ///< of what goes into attention and feed-forward: pre-norm, PyTorch's norm_first=True
};

struct encoder_options {
  ambit::activation activation = ambit::activation::relu;  ///< between the two products of the feed-forward
  bool causal = false;
  tensor key_padding_mask{};
  double epsilon = 1e-5;  ///< of both norms
  initializer kernel_initializer{};
  regularizer kernel_regularizer{};
  option trainable{};
  ambit::reuse reuse = ambit::reuse::inherit;
};

namespace detail {

inline constexpr double minus_infinity = -std::numeric_limits<double>::infinity();

constexpr double inverse_root(int n) {  // std::sqrt is not constexpr with clang
  if (n < 1) return 1;
  double root = n;
  for (int i = 0; i < 64; ++i) root = 0.5 * (root + n / root);
  return 1 / root;
}

/// Of [time, time], true where the key of a column comes after the query of a row. By ops on a single number, computed
/// once, when weights are set: a constant of that size would cost the compiler time * time steps.
template <class Tensor>
constexpr Tensor later_keys(scope& s, int time) {
  name_scope inside{s.owner(), "causal_mask"};
  Tensor const one = constant(s.owner(), literal{{1}, {1}});
  Tensor const position = s.record(cumsum(tile(one, {time})));
  Tensor const queries = s.record(reshape(position, {time, 1}));
  return s.record(less(queries, position));
}

/// The queries, keys or values of all heads, [batch, heads, time, width], of all three, [batch, 3, heads, time, width].
template <class Tensor>
constexpr Tensor of_heads(scope& s, Tensor all, int which) {
  shape const from = all.shape();
  Tensor const part = ambit::detail::part_of(all, 1, which, 1);
  return s.record(reshape(part, {from[0], from[2], from[3], from[4]}));
}

template <class Tensor>
constexpr Tensor self_attention(scope& s, Tensor x, int heads, attention_options const& o) {
  shape const from = x.shape();
  int const units = from[-1], time = from[-2], batch = from.rank() == 3 ? from[0] : 1;
  if (heads < 1 || (units >= 0 && units % heads != 0))
    return s.refuse(numbered("heads ", heads), "a number of heads that divides the last extent");
  if (from.rank() != 2 && from.rank() != 3) {
    text have{"an input "};
    have += to_text(from);
    return s.refuse(std::move(have), "an input [time, units] or [batch, time, units]");
  }
  int const width = units / heads;
  Tensor const in_weight = s.variable("in_proj_weight", {units < 0 ? dyn : 3 * units, units}, o.kernel_initializer,
                                      o.kernel_regularizer, o.trainable);
  Tensor in_bias;
  if (o.use_bias) in_bias = s.variable("in_proj_bias", {3 * units}, zeros_initializer(), {}, o.trainable);

  Tensor const rows = s.record(reshape(x, {dyn, units}));
  Tensor all = s.record(matmul(rows, in_weight, {.transpose_b = true}));
  if (o.use_bias) all = s.record(bias_add(all, in_bias));
  all = s.record(transpose(reshape(all, {batch, time, 3, heads, width}), {0, 2, 3, 1, 4}));
  Tensor const queries = of_heads(s, all, 0), keys = of_heads(s, all, 1), values = of_heads(s, all, 2);
  Tensor scores = s.record(batch_matmul(queries, keys, {.transpose_b = true}) * inverse_root(width));
  if (o.causal) scores = s.record(where(later_keys<Tensor>(s, time), minus_infinity, scores));
  if (o.key_padding_mask.graph() != nullptr)
    scores = s.record(where(reshape(Tensor(o.key_padding_mask), {batch, 1, 1, time}), minus_infinity, scores));
  Tensor const weights = s.record(softmax(scores));
  Tensor const seen = s.record(transpose(batch_matmul(weights, values), {0, 2, 1, 3}));
  Tensor const joined = s.record(reshape(seen, {dyn, units}));
  Tensor const y = layers::linear(s.owner(), s.called("out_proj"), joined, units,
                                  {.use_bias = o.use_bias,
                                   .kernel_initializer = o.kernel_initializer,
                                   .kernel_regularizer = o.kernel_regularizer,
                                   .trainable = o.trainable});
  return s.record(reshape(y, from));
}

template <class Tensor>
constexpr Tensor encoder_norm(scope& s, Tensor x, std::string_view called, encoder_options const& o) {
  return layers::layer_norm(s.owner(), s.called(called), x, norm_format::pytorch,
                            {.epsilon = o.epsilon, .trainable = o.trainable});
}
template <class Tensor>
constexpr Tensor encoder_attention(scope& s, Tensor x, int heads, encoder_options const& o) {
  scope inside{s.owner(), s.called("self_attn"), "self_attn", x, ambit::reuse::inherit};
  return self_attention(inside, x, heads,
                        {.causal = o.causal,
                         .key_padding_mask = o.key_padding_mask,
                         .kernel_initializer = o.kernel_initializer,
                         .kernel_regularizer = o.kernel_regularizer,
                         .trainable = o.trainable});
}
template <class Tensor>
constexpr Tensor encoder_feed_forward(scope& s, Tensor x, int units, encoder_options const& o) {
  dense_options inner{
      .kernel_initializer = o.kernel_initializer, .kernel_regularizer = o.kernel_regularizer, .trainable = o.trainable};
  dense_options const outer = inner;
  inner.activation = o.activation;
  shape const from = x.shape();
  Tensor const rows = s.record(reshape(x, {dyn, from[-1]}));  // of two axes, so that a product ends with its activation
  Tensor const hidden = layers::linear(s.owner(), s.called("linear1"), rows, units, inner);
  return s.record(reshape(layers::linear(s.owner(), s.called("linear2"), hidden, from[-1], outer), from));
}

template <class Tensor>
constexpr Tensor transformer_encoder_layer(scope& s, Tensor x, int heads, int feed_forward, norm_place place,
                                           encoder_options const& o) {
  if (place == norm_place::before) {
    Tensor const first = encoder_norm(s, x, "norm1", o);
    x = s.record(x + encoder_attention(s, first, heads, o));
    Tensor const second = encoder_norm(s, x, "norm2", o);
    return s.record(x + encoder_feed_forward(s, second, feed_forward, o));
  }
  Tensor const seen = encoder_attention(s, x, heads, o);
  x = encoder_norm(s, s.record(x + seen), "norm1", o);
  Tensor const forward = encoder_feed_forward(s, x, feed_forward, o);
  return encoder_norm(s, s.record(x + forward), "norm2", o);
}

}  // namespace detail

/// Scaled dot-product attention of a sequence on itself, in several heads of units / heads: [time, units] or
/// [batch, time, units] to the same shape (torch.nn.MultiheadAttention with batch_first=True; Vaswani et al. 2017).
///
/// Variables: `in_proj_weight` [3 units, units] with queries, keys and values, `in_proj_bias` [3 units],
/// `out_proj/weight` [units, units], `out_proj/bias` [units]. The default name of the scope is "multihead_attention". A
/// position that may see nothing is NaN, as in PyTorch. 8 time units^2 + 4 time^2 units operations for each sequence.
/// OP_ATTRIBUTE where the heads do not divide the units, and for other ranks.
template <class Tensor = tensor>
constexpr tensor multi_head_attention(graph& g, name n, tensor x, int heads, attention_options const& o = {}) {
  detail::scope s{g, n, "multihead_attention", x, o.reuse};
  return detail::self_attention<Tensor>(s, x, heads, o);
}
template <class Tensor = tensor>
constexpr tensor multi_head_attention(graph& g, tensor x, int heads, attention_options const& o = {},
                                      detail::call from = {}) {
  detail::scope s{g, from, "multihead_attention", x, o.reuse};
  return detail::self_attention<Tensor>(s, x, heads, o);
}
/// A block of a transformer's encoder: attention and a feed-forward of two products, each added to what went in, with
/// norms after or before (torch.nn.TransformerEncoderLayer with batch_first=True, in evaluation).
///
///   x = layers::transformer_encoder_layer(g, "layer", x, 4, 128, layers::norm_place::before);
///
/// Variables, in this scope: `self_attn/` those of `multi_head_attention`, `linear1/weight` [feed_forward, units],
/// `linear1/bias`, `linear2/weight` [units, feed_forward], `linear2/bias`, `norm1/weight`, `norm1/bias`,
/// `norm2/weight`, `norm2/bias`. The default name of the scope is "transformer_encoder_layer".
template <class Tensor = tensor>
constexpr tensor transformer_encoder_layer(graph& g, name n, tensor x, int heads, int feed_forward, norm_place place,
                                           encoder_options const& o = {}) {
  detail::scope s{g, n, "transformer_encoder_layer", x, o.reuse};
  return detail::transformer_encoder_layer<Tensor>(s, x, heads, feed_forward, place, o);
}
template <class Tensor = tensor>
constexpr tensor transformer_encoder_layer(graph& g, tensor x, int heads, int feed_forward, norm_place place,
                                           encoder_options const& o = {}, detail::call from = {}) {
  detail::scope s{g, from, "transformer_encoder_layer", x, o.reuse};
  return detail::transformer_encoder_layer<Tensor>(s, x, heads, feed_forward, place, o);
}

}  // namespace ambit::layers
