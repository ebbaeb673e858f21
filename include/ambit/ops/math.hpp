// SPDX-License-Identifier: BSL-1.0
// Elementwise arithmetic. All of it broadcasts as NumPy does; `lower` maps Eigen arrays of equal length.
#pragma once

#include <ambit/ops/expression.hpp>

namespace ambit {

namespace detail {
struct unary_op {
  static constexpr std::string_view operands[] = {"x"};
  static constexpr bool elementwise = true;
};
struct binary_op {
  static constexpr std::string_view operands[] = {"x", "y"};
  static constexpr bool elementwise = true;
};
}  // namespace detail

struct add_op : detail::binary_op {
  static constexpr op_type type{"Add"};
  static constexpr std::string_view default_name = "Add";
  constexpr void infer(inference& i) const { i.elementwise_numeric(); }
  auto lower(auto const& x, auto const& y) const { return x + y; }
};
/// tf.nn.bias_add: one row added to each.
struct bias_add_op : detail::binary_op {
  static constexpr op_type type{"BiasAdd"};
  static constexpr std::string_view default_name = "BiasAdd";
  static constexpr std::string_view operands[] = {"value", "bias"};
  constexpr void infer(inference& i) const {
    shape const& s = i.shape(0);
    shape const& bias = i.shape(1);
    if (s.known() && bias.known() && (s.rank() < 1 || bias.rank() != 1 || !compatible(shape{s[-1]}, bias)))
      return i.refuse_shape("a vector as long as the last axis of the value");
    i.elementwise_numeric();
  }
  auto lower(auto const& x, auto const& y) const { return x + y; }
};
struct subtract_op : detail::binary_op {
  static constexpr op_type type{"Sub"};
  static constexpr std::string_view default_name = "Sub";
  constexpr void infer(inference& i) const { i.elementwise_numeric(); }
  auto lower(auto const& x, auto const& y) const { return x - y; }
};
struct multiply_op : detail::binary_op {
  static constexpr op_type type{"Mul"};
  static constexpr std::string_view default_name = "Mul";
  constexpr void infer(inference& i) const { i.elementwise_numeric(); }
  auto lower(auto const& x, auto const& y) const { return x * y; }
};
struct divide_op : detail::binary_op {
  static constexpr op_type type{"RealDiv"};
  static constexpr std::string_view default_name = "truediv";
  constexpr void infer(inference& i) const { i.elementwise_floating(); }
  auto lower(auto const& x, auto const& y) const { return x / y; }
};
struct negative_op : detail::unary_op {
  static constexpr op_type type{"Neg"};
  static constexpr std::string_view default_name = "Neg";
  constexpr void infer(inference& i) const { i.elementwise_numeric(); }
  auto lower(auto const& x) const { return -x; }
};
struct exp_op : detail::unary_op {
  static constexpr op_type type{"Exp"};
  static constexpr std::string_view default_name = "Exp";
  constexpr void infer(inference& i) const { i.elementwise_floating(); }
  auto lower(auto const& x) const { return x.exp(); }
};
struct log_op : detail::unary_op {
  static constexpr op_type type{"Log"};
  static constexpr std::string_view default_name = "Log";
  constexpr void infer(inference& i) const { i.elementwise_floating(); }
  auto lower(auto const& x) const { return x.log(); }
};
struct square_op : detail::unary_op {
  static constexpr op_type type{"Square"};
  static constexpr std::string_view default_name = "Square";
  constexpr void infer(inference& i) const { i.elementwise_numeric(); }
  auto lower(auto const& x) const { return x.square(); }
};
struct sqrt_op : detail::unary_op {
  static constexpr op_type type{"Sqrt"};
  static constexpr std::string_view default_name = "Sqrt";
  constexpr void infer(inference& i) const { i.elementwise_floating(); }
  auto lower(auto const& x) const { return x.sqrt(); }
};

/// A vector added to each row of the last axis (tf.nn.bias_add). Numeric dtypes. OP_SHAPE where it is no vector as long as
/// that axis.
template <class A, class B>
  requires operands<A, B>
constexpr auto bias_add(A&& value, B&& bias, name n = {}) {
  return apply(bias_add_op{}, n, std::forward<A>(value), std::forward<B>(bias));
}
/// Sum, difference, product and quotient of two tensors, or of a tensor and a number, which becomes a constant of the
/// tensor's dtype. Numeric dtypes; `divide` floating ones.
template <class A, class B>
  requires operands<A, B>
constexpr auto add(A&& a, B&& b, name n = {}) {
  return apply(add_op{}, n, std::forward<A>(a), std::forward<B>(b));
}
template <class A, class B>
  requires operands<A, B>
constexpr auto subtract(A&& a, B&& b, name n = {}) {
  return apply(subtract_op{}, n, std::forward<A>(a), std::forward<B>(b));
}
template <class A, class B>
  requires operands<A, B>
constexpr auto multiply(A&& a, B&& b, name n = {}) {
  return apply(multiply_op{}, n, std::forward<A>(a), std::forward<B>(b));
}
template <class A, class B>
  requires operands<A, B>
constexpr auto divide(A&& a, B&& b, name n = {}) {
  return apply(divide_op{}, n, std::forward<A>(a), std::forward<B>(b));
}
template <detail::graph_operand A>
constexpr auto negative(A&& a, name n = {}) {
  return apply(negative_op{}, n, std::forward<A>(a));
}
template <detail::graph_operand A>
constexpr auto exp(A&& a, name n = {}) {
  return apply(exp_op{}, n, std::forward<A>(a));
}
/// The natural logarithm.
template <detail::graph_operand A>
constexpr auto log(A&& a, name n = {}) {
  return apply(log_op{}, n, std::forward<A>(a));
}
template <detail::graph_operand A>
constexpr auto square(A&& a, name n = {}) {
  return apply(square_op{}, n, std::forward<A>(a));
}
template <detail::graph_operand A>
constexpr auto sqrt(A&& a, name n = {}) {
  return apply(sqrt_op{}, n, std::forward<A>(a));
}

// The operators have TensorFlow's lower-case default names, which compete with the functions' (SPEC 4.3).
template <class A, class B>
  requires operands<A, B>
constexpr auto operator+(A&& a, B&& b) {
  return apply_as("add", add_op{}, {}, std::forward<A>(a), std::forward<B>(b));
}
template <class A, class B>
  requires operands<A, B>
constexpr auto operator-(A&& a, B&& b) {
  return apply_as("sub", subtract_op{}, {}, std::forward<A>(a), std::forward<B>(b));
}
template <class A, class B>
  requires operands<A, B>
constexpr auto operator*(A&& a, B&& b) {
  return apply_as("mul", multiply_op{}, {}, std::forward<A>(a), std::forward<B>(b));
}
template <class A, class B>
  requires operands<A, B>
constexpr auto operator/(A&& a, B&& b) {
  return apply_as("truediv", divide_op{}, {}, std::forward<A>(a), std::forward<B>(b));
}
template <detail::graph_operand A>
constexpr auto operator-(A&& a) {
  return apply(negative_op{}, {}, std::forward<A>(a));
}

}  // namespace ambit
