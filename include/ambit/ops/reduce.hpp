// SPDX-License-Identifier: BSL-1.0
// Reductions over axes.
#pragma once

#include <ambit/ops/evaluation.hpp>
#include <ambit/ops/expression.hpp>

namespace ambit {

/// Whether a reduced axis stays, with extent 1.
enum class keepdims { no, yes };

namespace detail {
struct reduce_op {
  static constexpr std::string_view operands[] = {"input"};
  axes over{};
  bool keep = false;
  constexpr void attributes(auto& a) { a(over), a(keep); }
  constexpr void infer(inference& i) const {
    shape const& s = i.shape(0);
    if (i.dtype(0) == dtype::boolean || i.dtype(0) == dtype::string) return i.refuse_dtype("a numeric dtype");
    if (!s.known()) return i.output(unknown_shape, i.dtype(0));
    axes reduced;
    for (int k = 0; k < over.size(); ++k) {
      int const axis = i.axis(over[k], s.rank());
      if (axis < 0) return;
      if (reduced.contains(axis)) return i.refuse_attribute("an axis given twice", "each axis once");
      reduced.push_back(axis);
    }
    shape out;
    for (int k = 0; k < s.rank(); ++k) {
      bool const gone = over.empty() || reduced.contains(k);
      if (!gone || keep) out.push_back(gone ? 1 : s[k]);
    }
    i.output(out, i.dtype(0));
  }
};
}  // namespace detail

struct reduce_sum_op : detail::reduce_op {
  static constexpr op_type type{"Sum"};
  static constexpr std::string_view default_name = "Sum";
  template <class T>
  void evaluate(auto kernels, evaluation const& e) const {
    kernels.reduce_sum(e.input<T>(0), e.input_shapes[0], over, e.out<T>());
  }
};
struct reduce_mean_op : detail::reduce_op {
  static constexpr op_type type{"Mean"};
  static constexpr std::string_view default_name = "Mean";
  constexpr void infer(inference& i) const {
    if (!is_floating(i.dtype(0))) return i.refuse_dtype("a floating dtype");
    detail::reduce_op::infer(i);
  }
  template <class T>
  void evaluate(auto kernels, evaluation const& e) const {
    kernels.reduce_mean(e.input<T>(0), e.input_shapes[0], over, e.out<T>(), e.output_shape->elements());
  }
};
struct reduce_max_op : detail::reduce_op {
  static constexpr op_type type{"Max"};
  static constexpr std::string_view default_name = "Max";
  template <class T>
  void evaluate(auto kernels, evaluation const& e) const {
    kernels.reduce_max(e.input<T>(0), e.input_shapes[0], over, e.out<T>());
  }
};

/// The sum, mean or maximum over the given axes, over all where none are given; negative axes count from the end.
/// OP_ATTRIBUTE where there is no such axis. An empty maximum is the lowest value of the dtype, an empty mean NaN.
template <detail::graph_operand A>
constexpr auto reduce_sum(A&& a, axes over = {}, keepdims keep = keepdims::no, name n = {}) {
  return apply(reduce_sum_op{{over, keep == keepdims::yes}}, n, std::forward<A>(a));
}
template <detail::graph_operand A>
constexpr auto reduce_sum(A&& a, name n) {
  return apply(reduce_sum_op{}, n, std::forward<A>(a));
}
template <detail::graph_operand A>
constexpr auto reduce_mean(A&& a, axes over = {}, keepdims keep = keepdims::no, name n = {}) {
  return apply(reduce_mean_op{{over, keep == keepdims::yes}}, n, std::forward<A>(a));
}
template <detail::graph_operand A>
constexpr auto reduce_mean(A&& a, name n) {
  return apply(reduce_mean_op{}, n, std::forward<A>(a));
}
template <detail::graph_operand A>
constexpr auto reduce_max(A&& a, axes over = {}, keepdims keep = keepdims::no, name n = {}) {
  return apply(reduce_max_op{{over, keep == keepdims::yes}}, n, std::forward<A>(a));
}
template <detail::graph_operand A>
constexpr auto reduce_max(A&& a, name n) {
  return apply(reduce_max_op{}, n, std::forward<A>(a));
}

}  // namespace ambit
