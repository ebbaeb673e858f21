// SPDX-License-Identifier: BSL-1.0
// Comparisons, whose results are booleans, logic, the choice between two tensors, and conversion of dtypes. Elementwise;
// all but casts broadcast. Within a group of ops the booleans are masks of lanes and never reach memory.
#pragma once

#include <ambit/ops/math.hpp>

namespace ambit {

namespace detail {
struct equality_op : binary_op {
  constexpr void infer(inference& i) const {
    if (i.same_dtypes()) i.elementwise(dtype::boolean);
  }
};
struct order_op : binary_op {
  constexpr void infer(inference& i) const {
    i.elementwise_numeric();
    if (!i.failed()) i.output(i.output_shape(), dtype::boolean);
  }
};
struct logical_op {
  static constexpr std::string_view operands[] = {"x", "y"};
  static constexpr bool elementwise = true;
  constexpr void infer(inference& i) const {
    if (i.dtype(0) != dtype::boolean) return i.refuse_dtype("boolean operands");
    i.elementwise();
  }
};
}  // namespace detail

struct equal_op : detail::equality_op {
  static constexpr op_type type{"Equal"};
  static constexpr std::string_view default_name = "Equal";
  auto lower(auto const& x, auto const& y) const { return as_lanes(x) == as_lanes(y); }
};
struct not_equal_op : detail::equality_op {
  static constexpr op_type type{"NotEqual"};
  static constexpr std::string_view default_name = "NotEqual";
  auto lower(auto const& x, auto const& y) const { return !(as_lanes(x) == as_lanes(y)); }
};
struct less_op : detail::order_op {
  static constexpr op_type type{"Less"};
  static constexpr std::string_view default_name = "Less";
  auto lower(auto const& x, auto const& y) const { return x < y; }
};
struct less_equal_op : detail::order_op {
  static constexpr op_type type{"LessEqual"};
  static constexpr std::string_view default_name = "LessEqual";
  auto lower(auto const& x, auto const& y) const { return x <= y; }
};
struct greater_op : detail::order_op {
  static constexpr op_type type{"Greater"};
  static constexpr std::string_view default_name = "Greater";
  auto lower(auto const& x, auto const& y) const { return x > y; }
};
struct greater_equal_op : detail::order_op {
  static constexpr op_type type{"GreaterEqual"};
  static constexpr std::string_view default_name = "GreaterEqual";
  auto lower(auto const& x, auto const& y) const { return x >= y; }
};
struct logical_and_op : detail::logical_op {
  static constexpr op_type type{"LogicalAnd"};
  static constexpr std::string_view default_name = "LogicalAnd";
  auto lower(auto const& x, auto const& y) const { return as_mask(x) && as_mask(y); }
};
struct logical_or_op : detail::logical_op {
  static constexpr op_type type{"LogicalOr"};
  static constexpr std::string_view default_name = "LogicalOr";
  auto lower(auto const& x, auto const& y) const { return as_mask(x) || as_mask(y); }
};
struct logical_xor_op : detail::logical_op {
  static constexpr op_type type{"LogicalXor"};
  static constexpr std::string_view default_name = "LogicalXor";
  auto lower(auto const& x, auto const& y) const { return as_mask(x) ^ as_mask(y); }
};
struct logical_not_op : detail::logical_op {
  static constexpr op_type type{"LogicalNot"};
  static constexpr std::string_view default_name = "LogicalNot";
  static constexpr std::string_view operands[] = {"x"};
  auto lower(auto const& x) const { return !as_mask(x); }
};
struct where_op {
  static constexpr op_type type{"Select"};
  static constexpr std::string_view default_name = "Select";
  static constexpr std::string_view operands[] = {"condition", "t", "e"};
  static constexpr bool elementwise = true;
  static constexpr int first_alike = 1;  // numbers take the dtype of the other choice, not the condition's
  constexpr void infer(inference& i) const {
    if (i.dtype(0) != dtype::boolean) return i.refuse_dtype("a boolean condition");
    if (i.dtype(1) != i.dtype(2)) return i.refuse_dtype("a condition, and two operands of one dtype");
    i.elementwise(i.dtype(1));
  }
  auto lower(auto const& condition, auto const& x, auto const& y) const { return select(condition, as_lanes(x), as_lanes(y)); }
};
struct cast_op : detail::unary_op {
  static constexpr op_type type{"Cast"};
  static constexpr std::string_view default_name = "Cast";
  dtype to = dtype::none;
  constexpr void attributes(auto& a) { a(to); }
  constexpr void infer(inference& i) const {
    auto const number = [](dtype d) { return d != dtype::none && d != dtype::string && !is_complex(d); };
    if (!number(to)) return i.refuse_attribute(text(to_string(to)), "a dtype of numbers or bool");
    if (!number(i.dtype(0))) return i.refuse_dtype("numbers or bool");
    i.elementwise(to);
  }
  template <class Out>
  auto lower(auto const& x) const {
    return x.template cast<Out>();
  }
};

/// Whether two elements are equal, or not. Operands of one dtype, any; the result is boolean. NaN equals nothing. There is
/// no operator ==, which says whether two tensors are the same value of the same graph.
template <class A, class B>
  requires operands<A, B>
constexpr auto equal(A&& a, B&& b, name n = {}) {
  return apply(equal_op{}, n, std::forward<A>(a), std::forward<B>(b));
}
template <class A, class B>
  requires operands<A, B>
constexpr auto not_equal(A&& a, B&& b, name n = {}) {
  return apply(not_equal_op{}, n, std::forward<A>(a), std::forward<B>(b));
}
/// The order of two elements. Operands of one numeric dtype; the result is boolean, false beside NaN.
template <class A, class B>
  requires operands<A, B>
constexpr auto less(A&& a, B&& b, name n = {}) {
  return apply(less_op{}, n, std::forward<A>(a), std::forward<B>(b));
}
template <class A, class B>
  requires operands<A, B>
constexpr auto less_equal(A&& a, B&& b, name n = {}) {
  return apply(less_equal_op{}, n, std::forward<A>(a), std::forward<B>(b));
}
template <class A, class B>
  requires operands<A, B>
constexpr auto greater(A&& a, B&& b, name n = {}) {
  return apply(greater_op{}, n, std::forward<A>(a), std::forward<B>(b));
}
template <class A, class B>
  requires operands<A, B>
constexpr auto greater_equal(A&& a, B&& b, name n = {}) {
  return apply(greater_equal_op{}, n, std::forward<A>(a), std::forward<B>(b));
}
// TensorFlow's operators have the functions' default names.
template <class A, class B>
  requires operands<A, B>
constexpr auto operator<(A&& a, B&& b) {
  return apply(less_op{}, {}, std::forward<A>(a), std::forward<B>(b));
}
template <class A, class B>
  requires operands<A, B>
constexpr auto operator<=(A&& a, B&& b) {
  return apply(less_equal_op{}, {}, std::forward<A>(a), std::forward<B>(b));
}
template <class A, class B>
  requires operands<A, B>
constexpr auto operator>(A&& a, B&& b) {
  return apply(greater_op{}, {}, std::forward<A>(a), std::forward<B>(b));
}
template <class A, class B>
  requires operands<A, B>
constexpr auto operator>=(A&& a, B&& b) {
  return apply(greater_equal_op{}, {}, std::forward<A>(a), std::forward<B>(b));
}

/// Logic on booleans; OP_DTYPE for anything else.
template <class A, class B>
  requires operands<A, B>
constexpr auto logical_and(A&& a, B&& b, name n = {}) {
  return apply(logical_and_op{}, n, std::forward<A>(a), std::forward<B>(b));
}
template <class A, class B>
  requires operands<A, B>
constexpr auto logical_or(A&& a, B&& b, name n = {}) {
  return apply(logical_or_op{}, n, std::forward<A>(a), std::forward<B>(b));
}
template <class A, class B>
  requires operands<A, B>
constexpr auto logical_xor(A&& a, B&& b, name n = {}) {
  return apply(logical_xor_op{}, n, std::forward<A>(a), std::forward<B>(b));
}
template <detail::graph_operand A>
constexpr auto logical_not(A&& a, name n = {}) {
  return apply(logical_not_op{}, n, std::forward<A>(a));
}

/// Elements of x where the condition is true, of y elsewhere (tf.where with three arguments). The condition is boolean,
/// x and y have one dtype, which is the result's; all three broadcast. A number beside a tensor takes its dtype.
template <detail::graph_operand Condition, operand A, operand B>
constexpr auto where(Condition&& condition, A&& x, B&& y, name n = {}) {
  return apply(where_op{}, n, std::forward<Condition>(condition), std::forward<A>(x), std::forward<B>(y));
}
/// The same values as another dtype, rounded as static_cast rounds: floating numbers toward zero where integers are asked
/// for, and to the nearest integer that there is beyond those; NaN becomes 0. To bool: whether it is not 0.
template <detail::graph_operand A>
constexpr auto cast(A&& a, dtype to, name n = {}) {
  return apply(cast_op{{}, to}, n, std::forward<A>(a));
}

}  // namespace ambit
