// SPDX-License-Identifier: BSL-1.0
// Along one axis: where the largest and the smallest element is, and running sums.
#pragma once

#include <ambit/ops/evaluation.hpp>
#include <ambit/ops/expression.hpp>

#include <cstdint>

namespace ambit {

/// Whether each sum of `cumsum` leaves out its own element, and whether the sums begin at the end.
struct cumsum_options {
  bool exclusive = false;
  bool reverse = false;
};

namespace detail {
struct arg_op {
  static constexpr std::string_view operands[] = {"input"};
  int axis = 0;
  [[nodiscard]] constexpr bool batchwise(shape const& s) const { return axis != 0 && axis != -s.rank() - 1; }
  constexpr void attributes(auto& a) { a(axis); }
  constexpr void infer(inference& i) const {
    if (i.dtype(0) == dtype::boolean || i.dtype(0) == dtype::string) return i.refuse_dtype("a numeric dtype");
    shape const& s = i.shape(0);
    if (!s.known()) return i.output(unknown_shape, dtype::i64);
    int const along = i.axis(axis, s.rank());
    if (along < 0) return;
    if (s[along] == 0) return i.refuse_shape("at least one element along the axis");
    shape out;
    for (int k = 0; k < s.rank(); ++k)
      if (k != along) out.push_back(s[k]);
    i.output(out, dtype::i64);
  }
};
}  // namespace detail

struct argmax_op : detail::arg_op {
  static constexpr op_type type{"ArgMax"};
  static constexpr std::string_view default_name = "ArgMax";
  template <class T>
  void evaluate(auto kernels, evaluation const& e) const {
    kernels.argmax(e.input<T>(0), e.input_shapes[0], axis, e.out<std::int64_t>());
  }
};
struct argmin_op : detail::arg_op {
  static constexpr op_type type{"ArgMin"};
  static constexpr std::string_view default_name = "ArgMin";
  template <class T>
  void evaluate(auto kernels, evaluation const& e) const {
    kernels.argmin(e.input<T>(0), e.input_shapes[0], axis, e.out<std::int64_t>());
  }
};
struct cumsum_op {
  static constexpr op_type type{"Cumsum"};
  static constexpr std::string_view default_name = "Cumsum";
  static constexpr std::string_view operands[] = {"x"};
  int axis = 0;
  bool exclusive = false;
  bool reverse = false;
  [[nodiscard]] constexpr bool batchwise(shape const& s) const { return axis != 0 && axis != -s.rank(); }
  constexpr void attributes(auto& a) { a(axis), a(exclusive), a(reverse); }
  constexpr void infer(inference& i) const {
    if (i.dtype(0) == dtype::boolean || i.dtype(0) == dtype::string) return i.refuse_dtype("a numeric dtype");
    if (i.shape(0).known() && i.axis(axis, i.shape(0).rank()) < 0) return;
    i.output(i.shape(0), i.dtype(0));
  }
  template <class T>
  void evaluate(auto kernels, evaluation const& e) const {
    kernels.cumsum(e.input<T>(0), e.out<T>(), *e.output_shape, axis, exclusive, reverse);
  }
};

/// The index of the largest, or the smallest, element along an axis: the first one of equals; beside NaN any. Numeric
/// dtypes; the result is int64 and has one axis less. The axis must have an element: OP_SHAPE. The first axis is the
/// default, as TensorFlow's.
template <detail::graph_operand A>
constexpr auto argmax(A&& a, int axis = 0, name n = {}) {
  return apply(argmax_op{{axis}}, n, std::forward<A>(a));
}
template <detail::graph_operand A>
constexpr auto argmax(A&& a, name n) {
  return apply(argmax_op{}, n, std::forward<A>(a));
}
template <detail::graph_operand A>
constexpr auto argmin(A&& a, int axis = 0, name n = {}) {
  return apply(argmin_op{{axis}}, n, std::forward<A>(a));
}
template <detail::graph_operand A>
constexpr auto argmin(A&& a, name n) {
  return apply(argmin_op{}, n, std::forward<A>(a));
}
/// Running sums along an axis: element k is the sum of elements 0 to k, or to k - 1 where they are `exclusive`; of those
/// from k to the end in `reverse`. Numeric dtypes; integers wrap around.
template <detail::graph_operand A>
constexpr auto cumsum(A&& a, int axis = 0, cumsum_options o = {}, name n = {}) {
  return apply(cumsum_op{axis, o.exclusive, o.reverse}, n, std::forward<A>(a));
}
template <detail::graph_operand A>
constexpr auto cumsum(A&& a, name n) {
  return apply(cumsum_op{}, n, std::forward<A>(a));
}

}  // namespace ambit
