// SPDX-License-Identifier: BSL-1.0
// Normalization: by moments that are given, and by those of the tensor itself.
#pragma once

#include <ambit/ops/evaluation.hpp>
#include <ambit/ops/expression.hpp>
#include <ambit/ops/functions.hpp>
#include <ambit/ops/math.hpp>

namespace ambit {

namespace detail {

/// What norms by own moments share: a scale and an offset, operands behind x where there are any.
struct scaled_norm {
  static constexpr std::string_view operands[] = {"x", "gamma", "beta"};
  bool scaled = false;
  bool shifted = false;
  double epsilon = 1e-5;

  /// Refuses dtypes, an epsilon below zero, and operands of another shape than `wanted`.
  constexpr bool check(inference& i, shape const& wanted, std::string_view want) const {
    if (!i.same_dtypes()) return false;
    if (!is_floating(i.dtype(0))) {
      i.refuse_dtype("a floating dtype");
      return false;
    }
    if (!(epsilon >= 0)) {
      i.refuse_attribute("an epsilon below 0", "an epsilon of at least 0");
      return false;
    }
    for (int k = 1; k < i.operands(); ++k)
      if (!compatible(i.shape(k), wanted)) {
        i.refuse_shape(want);
        return false;
      }
    return true;
  }
  template <class T>
  T const* scale(evaluation const& e) const {
    return scaled ? e.input<T>(1) : nullptr;
  }
  template <class T>
  T const* offset(evaluation const& e) const {
    return shifted ? e.input<T>(scaled ? 2 : 1) : nullptr;
  }
};

/// The norm that options ask for, and the operands that they add.
template <class Op, class Options>
constexpr Op norm_with(Options const& o) {
  Op op;
  op.scaled = o.gamma.graph() != nullptr;
  op.shifted = o.beta.graph() != nullptr;
  op.epsilon = o.epsilon;
  return op;
}
template <class Options>
constexpr list<tensor> scale_and_offset(Options const& o) {
  list<tensor> out;
  if (o.gamma.graph() != nullptr) out.push_back(o.gamma);
  if (o.beta.graph() != nullptr) out.push_back(o.beta);
  return out;
}

}  // namespace detail

struct layer_norm_op : detail::scaled_norm {
  static constexpr op_type type{"LayerNorm"};
  static constexpr std::string_view default_name = "LayerNorm";
  axes over = -1;
  constexpr void attributes(auto& a) { a(over), a(scaled), a(shifted), a(epsilon); }
  constexpr void infer(inference& i) const {
    shape const& s = i.shape(0);
    if (s.known()) {
      bool trailing = over.valid() && over.size() > 0 && over.size() <= s.rank();
      shape normalized;
      for (int k = s.rank() - over.size(); trailing && k < s.rank(); ++k) {
        trailing = over.contains(k) || over.contains(k - s.rank());
        normalized.push_back(s[k]);
      }
      if (!trailing) {
        text have = to_text(over);
        have += " of ";
        have += to_text(s);
        return i.refuse_attribute(std::move(have), "the last axes of the tensor, at least one");
      }
      if (!check(i, normalized, "gamma and beta of the shape of the axes that are normalized")) return;
    } else if (!check(i, unknown_shape, {})) {
      return;
    }
    i.output(s, i.dtype(0));
  }
  [[nodiscard]] constexpr bool batchwise(shape const& s) const { return over.size() < s.rank(); }
  template <class T>
  void evaluate(auto kernels, evaluation const& e, auto facts, auto const&) const {
    kernels.template normalize_rows<T>(facts, e, scale<T>(e), offset<T>(e));
  }
  /// Elements of a row.
  [[nodiscard]] constexpr std::int64_t row(shape const& s) const {
    std::int64_t n = 1;
    for (int k = 1; k <= over.size(); ++k) n *= s[-k];
    return n;
  }
};

struct group_norm_op : detail::scaled_norm {
  static constexpr op_type type{"GroupNorm"};
  static constexpr std::string_view default_name = "GroupNorm";
  int groups = 1;
  bool per_channel = false;  // as many groups as channels
  constexpr void attributes(auto& a) { a(groups), a(per_channel), a(scaled), a(shifted), a(epsilon); }
  constexpr void infer(inference& i) const {
    shape const& s = i.shape(0);
    if (s.known() && s.rank() < 2) return i.refuse_shape("a batch, and channels as the last axis");
    if (groups < 1 || (s[-1] >= 0 && s[-1] % groups != 0)) {
      text have;
      have.append(groups);
      have += " groups of the channels of ";
      have += to_text(s);
      return i.refuse_attribute(std::move(have), "a number of groups that divides the channels");
    }
    shape channels = unknown_shape;
    if (s.known()) channels = shape{s[-1]};
    if (check(i, channels, "a gamma and a beta for each channel")) i.output(s, i.dtype(0));
  }
  [[nodiscard]] constexpr std::int64_t scratch(shape const*, shape const& output) const { return 3 * output[-1]; }
  [[nodiscard]] constexpr bool batchwise(shape const&) const { return true; }
  template <class T>
  void evaluate(auto kernels, evaluation const& e, auto facts, auto const&) const {
    kernels.template normalize_groups<T>(facts, e, scale<T>(e), offset<T>(e));
  }
};

/// What a norm by own moments takes beside the tensor. `gamma` scales and `beta` shifts the result; either may be
/// absent.
struct layer_norm_options {
  tensor gamma{};
  tensor beta{};
  axes over = -1;         ///< the last axes, in any order
  double epsilon = 1e-5;  ///< as PyTorch; tf.contrib.layers.layer_norm has 1e-12
};
struct group_norm_options {
  tensor gamma{};
  tensor beta{};
  double epsilon = 1e-5;  ///< as PyTorch; tf.contrib.layers.group_norm and instance_norm have 1e-6
};

/// (x - mean) / sqrt(variance + epsilon) * gamma + beta, mean and variance being those of the last axis, or of all of
/// the last axes that `over` names, for each index of the others. gamma and beta have the shape of these axes.
/// Floating dtypes.
///
///   tensor y = layer_norm(x, {.gamma = gamma, .beta = beta});
///
/// One op, "LayerNorm", where tf.contrib.layers.layer_norm records a dozen. OP_SHAPE where gamma or beta have another
/// shape, OP_ATTRIBUTE where the axes are not the last ones.
template <detail::graph_operand A>
constexpr auto layer_norm(A&& x, layer_norm_options const& o, name n = {}) {
  auto op = detail::norm_with<layer_norm_op>(o);
  op.over = o.over;
  return apply(op, n, std::forward<A>(x), detail::scale_and_offset(o));
}
template <detail::graph_operand A>
constexpr auto layer_norm(A&& x, name n = {}) {
  return layer_norm(std::forward<A>(x), layer_norm_options{}, n);
}
/// The same with the moments of each sample's groups of channels: x is [batch, ..., channels], and a group is so many
/// neighbouring channels at all positions. gamma and beta have an element a channel. Floating dtypes.
///
/// OP_SHAPE where gamma or beta have another shape or x has no batch, OP_ATTRIBUTE where `groups` does not divide the
/// channels.
template <detail::graph_operand A>
constexpr auto group_norm(A&& x, int groups, group_norm_options const& o, name n = {}) {
  auto op = detail::norm_with<group_norm_op>(o);
  op.groups = groups;
  return apply(op, n, std::forward<A>(x), detail::scale_and_offset(o));
}
template <detail::graph_operand A>
constexpr auto group_norm(A&& x, int groups, name n = {}) {
  return group_norm(std::forward<A>(x), groups, group_norm_options{}, n);
}
/// The same with one channel a group, called "InstanceNorm".
template <detail::graph_operand A>
constexpr auto instance_norm(A&& x, group_norm_options const& o, name n = {}) {
  auto op = detail::norm_with<group_norm_op>(o);
  op.per_channel = true;
  return apply_as("InstanceNorm", op, n, std::forward<A>(x), detail::scale_and_offset(o));
}
template <detail::graph_operand A>
constexpr auto instance_norm(A&& x, name n = {}) {
  return instance_norm(std::forward<A>(x), group_norm_options{}, n);
}

/// (x - mean) / sqrt(variance + epsilon) * scale + offset by moments that are given, such as those of the training data
/// (tf.nn.batch_normalization). `offset` (beta) and `scale` (gamma) may be absent: `{}`. Floating dtypes; all but x
/// broadcast to it, as vectors of its last axis do.
///
/// Records at once, below the name scope `batchnorm`, TensorFlow's ops: add, Rsqrt, mul, mul_1, mul_2, sub, add_1.
/// Where all but x are parameters, what does not depend on x is computed when these are set: a run takes a product and
/// a sum.
template <class Tensor = tensor>
constexpr tensor batch_norm(tensor x, tensor mean, tensor variance, tensor offset = {}, tensor scale = {},
                            double epsilon = 1e-3, name n = {}) {
  if (x.graph() == nullptr) {
    raise({errc::empty_tensor, "batchnorm", {}, {}, n.where(), {}});
    return {};
  }
  name_scope scope{*x.graph(), n, {.default_name = "batchnorm"}};
  Tensor inverse{rsqrt(Tensor(variance) + epsilon), nullptr, 0};
  if (scale.graph() != nullptr) inverse = Tensor(inverse * scale, nullptr, 0);
  if (offset.graph() != nullptr) return {x * inverse + (offset - mean * inverse), nullptr, 0};
  return {x * inverse + -Tensor(mean) * inverse, nullptr, 0};
}

}  // namespace ambit
