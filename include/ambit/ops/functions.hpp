// SPDX-License-Identifier: BSL-1.0
// Elementwise functions of numbers, beyond the arithmetic of math.hpp.
#pragma once

#include <ambit/ops/math.hpp>

namespace ambit {

struct abs_op : detail::unary_op {
  static constexpr op_type type{"Abs"};
  static constexpr std::string_view default_name = "Abs";
  constexpr void infer(inference& i) const { i.elementwise_numeric(); }
  auto lower(auto const& x) const { return x.abs(); }
};
struct sign_op : detail::unary_op {
  static constexpr op_type type{"Sign"};
  static constexpr std::string_view default_name = "Sign";
  constexpr void infer(inference& i) const { i.elementwise_numeric(); }
  auto lower(auto const& x) const { return x.sign(); }
};
struct floor_op : detail::unary_op {
  static constexpr op_type type{"Floor"};
  static constexpr std::string_view default_name = "Floor";
  constexpr void infer(inference& i) const { i.elementwise_floating(); }
  auto lower(auto const& x) const { return x.floor(); }
};
struct ceil_op : detail::unary_op {
  static constexpr op_type type{"Ceil"};
  static constexpr std::string_view default_name = "Ceil";
  constexpr void infer(inference& i) const { i.elementwise_floating(); }
  auto lower(auto const& x) const { return x.ceil(); }
};
struct round_op : detail::unary_op {
  static constexpr op_type type{"Round"};
  static constexpr std::string_view default_name = "Round";
  constexpr void infer(inference& i) const { i.elementwise_floating(); }
  auto lower(auto const& x) const { return x.rint(); }
};
struct reciprocal_op : detail::unary_op {
  static constexpr op_type type{"Reciprocal"};
  static constexpr std::string_view default_name = "Reciprocal";
  constexpr void infer(inference& i) const { i.elementwise_floating(); }
  auto lower(auto const& x) const { return x.inverse(); }
};
struct rsqrt_op : detail::unary_op {
  static constexpr op_type type{"Rsqrt"};
  static constexpr std::string_view default_name = "Rsqrt";
  constexpr void infer(inference& i) const { i.elementwise_floating(); }
  auto lower(auto const& x) const { return x.rsqrt(); }
};
struct log1p_op : detail::unary_op {
  static constexpr op_type type{"Log1p"};
  static constexpr std::string_view default_name = "Log1p";
  constexpr void infer(inference& i) const { i.elementwise_floating(); }
  auto lower(auto const& x) const { return x.log1p(); }
};
struct expm1_op : detail::unary_op {
  static constexpr op_type type{"Expm1"};
  static constexpr std::string_view default_name = "Expm1";
  constexpr void infer(inference& i) const { i.elementwise_floating(); }
  auto lower(auto const& x) const { return x.expm1(); }
};
struct erf_op : detail::unary_op {
  static constexpr op_type type{"Erf"};
  static constexpr std::string_view default_name = "Erf";
  constexpr void infer(inference& i) const { i.elementwise_floating(); }
  auto lower(auto const& x) const { return x.erf(); }
};
struct sin_op : detail::unary_op {
  static constexpr op_type type{"Sin"};
  static constexpr std::string_view default_name = "Sin";
  constexpr void infer(inference& i) const { i.elementwise_floating(); }
  auto lower(auto const& x) const { return x.sin(); }
};
struct cos_op : detail::unary_op {
  static constexpr op_type type{"Cos"};
  static constexpr std::string_view default_name = "Cos";
  constexpr void infer(inference& i) const { i.elementwise_floating(); }
  auto lower(auto const& x) const { return x.cos(); }
};
struct pow_op : detail::binary_op {
  static constexpr op_type type{"Pow"};
  static constexpr std::string_view default_name = "Pow";
  constexpr void infer(inference& i) const { i.elementwise_floating(); }
  auto lower(auto const& x, auto const& y) const { return x.pow(y); }
};
struct maximum_op : detail::binary_op {
  static constexpr op_type type{"Maximum"};
  static constexpr std::string_view default_name = "Maximum";
  constexpr void infer(inference& i) const { i.elementwise_numeric(); }
  auto lower(auto const& x, auto const& y) const { return x.max(y); }
};
struct minimum_op : detail::binary_op {
  static constexpr op_type type{"Minimum"};
  static constexpr std::string_view default_name = "Minimum";
  constexpr void infer(inference& i) const { i.elementwise_numeric(); }
  auto lower(auto const& x, auto const& y) const { return x.min(y); }
};
struct clip_op {
  static constexpr op_type type{"ClipByValue"};
  static constexpr std::string_view default_name = "clip_by_value";
  static constexpr std::string_view operands[] = {"t", "clip_value_min", "clip_value_max"};
  static constexpr bool elementwise = true;
  constexpr void infer(inference& i) const {
    i.elementwise_numeric();
    if (!i.failed() && !compatible(i.output_shape(), i.shape(0)))
      i.refuse_shape("bounds that broadcast to the shape of what is clipped");
  }
  auto lower(auto const& x, auto const& least, auto const& most) const { return x.min(most).max(least); }
};

/// |x|. Numeric dtypes; the least integer is its own.
template <detail::graph_operand A>
constexpr auto abs(A&& a, name n = {}) {
  return apply(abs_op{}, n, std::forward<A>(a));
}
/// -1, 0 or 1. Numeric dtypes; NaN stays NaN.
template <detail::graph_operand A>
constexpr auto sign(A&& a, name n = {}) {
  return apply(sign_op{}, n, std::forward<A>(a));
}
/// The largest integer that is not greater, as a floating number.
template <detail::graph_operand A>
constexpr auto floor(A&& a, name n = {}) {
  return apply(floor_op{}, n, std::forward<A>(a));
}
/// The smallest integer that is not less, as a floating number.
template <detail::graph_operand A>
constexpr auto ceil(A&& a, name n = {}) {
  return apply(ceil_op{}, n, std::forward<A>(a));
}
/// The nearest integer, halves to the even one, as a floating number.
template <detail::graph_operand A>
constexpr auto round(A&& a, name n = {}) {
  return apply(round_op{}, n, std::forward<A>(a));
}
/// 1 / x.
template <detail::graph_operand A>
constexpr auto reciprocal(A&& a, name n = {}) {
  return apply(reciprocal_op{}, n, std::forward<A>(a));
}
/// 1 / sqrt(x), by a square root and a division.
template <detail::graph_operand A>
constexpr auto rsqrt(A&& a, name n = {}) {
  return apply(rsqrt_op{}, n, std::forward<A>(a));
}
/// log(1 + x), exact where x is small.
template <detail::graph_operand A>
constexpr auto log1p(A&& a, name n = {}) {
  return apply(log1p_op{}, n, std::forward<A>(a));
}
/// exp(x) - 1, exact where x is small.
template <detail::graph_operand A>
constexpr auto expm1(A&& a, name n = {}) {
  return apply(expm1_op{}, n, std::forward<A>(a));
}
/// The error function. Within 1.2e-7 for float32, by a polynomial and an exponential.
template <detail::graph_operand A>
constexpr auto erf(A&& a, name n = {}) {
  return apply(erf_op{}, n, std::forward<A>(a));
}
template <detail::graph_operand A>
constexpr auto sin(A&& a, name n = {}) {
  return apply(sin_op{}, n, std::forward<A>(a));
}
template <detail::graph_operand A>
constexpr auto cos(A&& a, name n = {}) {
  return apply(cos_op{}, n, std::forward<A>(a));
}
/// x to the power of y. Floating dtypes; the standard library's, element by element: prefer `square` or `sqrt`.
template <class A, class B>
  requires operands<A, B>
constexpr auto pow(A&& a, B&& b, name n = {}) {
  return apply(pow_op{}, n, std::forward<A>(a), std::forward<B>(b));
}
/// The greater of two elements. Numeric dtypes.
template <class A, class B>
  requires operands<A, B>
constexpr auto maximum(A&& a, B&& b, name n = {}) {
  return apply(maximum_op{}, n, std::forward<A>(a), std::forward<B>(b));
}
/// The lesser of two elements. Numeric dtypes.
template <class A, class B>
  requires operands<A, B>
constexpr auto minimum(A&& a, B&& b, name n = {}) {
  return apply(minimum_op{}, n, std::forward<A>(a), std::forward<B>(b));
}
/// max(min(x, most), least) (tf.clip_by_value). Numeric dtypes; the bounds are numbers, or tensors that broadcast to the
/// shape of x: OP_SHAPE where they would make it larger.
template <detail::graph_operand A, operand Least, operand Most>
constexpr auto clip(A&& a, Least&& least, Most&& most, name n = {}) {
  return apply(clip_op{}, n, std::forward<A>(a), std::forward<Least>(least), std::forward<Most>(most));
}

}  // namespace ambit
