// SPDX-License-Identifier: BSL-1.0
// Activations and losses.
#pragma once

#include <ambit/ops/evaluation.hpp>
#include <ambit/ops/math.hpp>

namespace ambit {

struct relu_op : detail::unary_op {
  static constexpr op_type type{"Relu"};
  static constexpr std::string_view default_name = "Relu";
  static constexpr std::string_view operands[] = {"features"};
  constexpr void infer(inference& i) const { i.elementwise_numeric(); }
  auto lower(auto const& x) const { return x.max(typename std::remove_cvref_t<decltype(x)>::Scalar(0)); }
};
struct relu6_op : detail::unary_op {
  static constexpr op_type type{"Relu6"};
  static constexpr std::string_view default_name = "Relu6";
  static constexpr std::string_view operands[] = {"features"};
  constexpr void infer(inference& i) const { i.elementwise_numeric(); }
  auto lower(auto const& x) const {
    using scalar = typename std::remove_cvref_t<decltype(x)>::Scalar;
    return x.max(scalar(0)).min(scalar(6));
  }
};
struct tanh_op : detail::unary_op {
  static constexpr op_type type{"Tanh"};
  static constexpr std::string_view default_name = "Tanh";
  constexpr void infer(inference& i) const { i.elementwise_floating(); }
  auto lower(auto const& x) const { return x.tanh(); }
};
struct sigmoid_op : detail::unary_op {
  static constexpr op_type type{"Sigmoid"};
  static constexpr std::string_view default_name = "Sigmoid";
  constexpr void infer(inference& i) const { i.elementwise_floating(); }
  auto lower(auto const& x) const { return x.logistic(); }
};
namespace detail {
struct softmax_like {
  static constexpr std::string_view operands[] = {"logits"};
  int axis = -1;
  [[nodiscard]] constexpr bool batchwise(shape const& s) const { return axis != 0 && axis != -s.rank(); }
  constexpr void attributes(auto& a) { a(axis); }
  constexpr void infer(inference& i) const {
    if (!is_floating(i.dtype(0))) return i.refuse_dtype("a floating dtype");
    if (i.shape(0).rank() == 0) return i.refuse_shape("at least one axis");
    if (i.shape(0).known() && i.axis(axis, i.shape(0).rank()) < 0) return;
    i.output(i.shape(0), i.dtype(0));
  }
};
}  // namespace detail
struct softmax_op : detail::softmax_like {
  static constexpr op_type type{"Softmax"};
  static constexpr std::string_view default_name = "Softmax";
  template <class T>
  void evaluate(auto kernels, evaluation const& e, auto facts, auto const&) const {
    kernels.template softmax<T>(facts, e);
  }
};
struct log_softmax_op : detail::softmax_like {
  static constexpr op_type type{"LogSoftmax"};
  static constexpr std::string_view default_name = "LogSoftmax";
  template <class T>
  void evaluate(auto kernels, evaluation const& e, auto facts, auto const&) const {
    kernels.template log_softmax<T>(facts, e);
  }
};
struct l2_loss_op {
  static constexpr op_type type{"L2Loss"};
  static constexpr std::string_view default_name = "L2Loss";
  static constexpr std::string_view operands[] = {"t"};
  constexpr void infer(inference& i) const {
    if (!is_floating(i.dtype(0))) return i.refuse_dtype("a floating dtype");
    i.output({}, i.dtype(0));
  }
  template <class T>
  void evaluate(auto kernels, evaluation const& e) const {
    *e.out<T>() = kernels.sum_of_squares(e.input<T>(0), e.input_shapes[0].elements()) / T(2);
  }
};

/// max(x, 0).
template <detail::graph_operand A>
constexpr auto relu(A&& a, name n = {}) {
  return apply(relu_op{}, n, std::forward<A>(a));
}
/// min(max(x, 0), 6).
template <detail::graph_operand A>
constexpr auto relu6(A&& a, name n = {}) {
  return apply(relu6_op{}, n, std::forward<A>(a));
}
/// Eigen's rational form for float, within 3 units in the last place; never libm in a loop.
template <detail::graph_operand A>
constexpr auto tanh(A&& a, name n = {}) {
  return apply(tanh_op{}, n, std::forward<A>(a));
}
/// 1 / (1 + exp(-x)).
template <detail::graph_operand A>
constexpr auto sigmoid(A&& a, name n = {}) {
  return apply(sigmoid_op{}, n, std::forward<A>(a));
}
/// exp(x) / sum(exp(x)) along an axis, the last one by default; the maximum is taken off first, so that nothing
/// overflows.
template <detail::graph_operand A>
constexpr auto softmax(A&& a, name n = {}) {
  return apply(softmax_op{}, n, std::forward<A>(a));
}
template <detail::graph_operand A>
constexpr auto softmax(A&& a, int axis, name n = {}) {
  return apply(softmax_op{{axis}}, n, std::forward<A>(a));
}
/// log(softmax(x)) as x - max(x) - log(sum(exp(x - max(x)))), which keeps the digits of small probabilities.
template <detail::graph_operand A>
constexpr auto log_softmax(A&& a, name n = {}) {
  return apply(log_softmax_op{}, n, std::forward<A>(a));
}
template <detail::graph_operand A>
constexpr auto log_softmax(A&& a, int axis, name n = {}) {
  return apply(log_softmax_op{{axis}}, n, std::forward<A>(a));
}
/// sum(x * x) / 2, a scalar (tf.nn.l2_loss).
template <detail::graph_operand A>
constexpr auto l2_loss(A&& a, name n = {}) {
  return apply(l2_loss_op{}, n, std::forward<A>(a));
}

}  // namespace ambit
