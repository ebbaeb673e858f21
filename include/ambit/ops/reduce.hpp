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
  [[nodiscard]] constexpr bool batchwise(shape const& s) const {
    int const rank = keep ? s.rank() : s.rank() + over.size();
    return !over.empty() && !over.contains(0) && !over.contains(-rank);
  }
  constexpr void attributes(auto& a) { a(over), a(keep); }
  constexpr void infer(inference& i) const {
    if (i.dtype(0) == dtype::boolean || i.dtype(0) == dtype::string) return i.refuse_dtype("a numeric dtype");
    infer_shape(i);
  }
  constexpr void infer_shape(inference& i) const {
    shape const& s = i.shape(0);
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
struct floating_reduce_op : reduce_op {
  constexpr void infer(inference& i) const {
    if (!is_floating(i.dtype(0))) return i.refuse_dtype("a floating dtype");
    infer_shape(i);
  }
};
struct boolean_reduce_op : reduce_op {
  constexpr void infer(inference& i) const {
    if (i.dtype(0) != dtype::boolean) return i.refuse_dtype("booleans");
    infer_shape(i);
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
struct reduce_mean_op : detail::floating_reduce_op {
  static constexpr op_type type{"Mean"};
  static constexpr std::string_view default_name = "Mean";
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
struct reduce_min_op : detail::reduce_op {
  static constexpr op_type type{"Min"};
  static constexpr std::string_view default_name = "Min";
  template <class T>
  void evaluate(auto kernels, evaluation const& e) const {
    kernels.reduce_min(e.input<T>(0), e.input_shapes[0], over, e.out<T>());
  }
};
struct reduce_prod_op : detail::reduce_op {
  static constexpr op_type type{"Prod"};
  static constexpr std::string_view default_name = "Prod";
  template <class T>
  void evaluate(auto kernels, evaluation const& e) const {
    kernels.reduce_prod(e.input<T>(0), e.input_shapes[0], over, e.out<T>());
  }
};
struct reduce_l1_op : detail::reduce_op {
  static constexpr op_type type{"ReduceL1"};
  static constexpr std::string_view default_name = "ReduceL1";
  template <class T>
  void evaluate(auto kernels, evaluation const& e) const {
    kernels.reduce_l1(e.input<T>(0), e.input_shapes[0], over, e.out<T>());
  }
};
struct reduce_l2_op : detail::floating_reduce_op {
  static constexpr op_type type{"ReduceL2"};
  static constexpr std::string_view default_name = "ReduceL2";
  template <class T>
  void evaluate(auto kernels, evaluation const& e) const {
    kernels.reduce_l2(e.input<T>(0), e.input_shapes[0], over, e.out<T>());
  }
};
struct reduce_logsumexp_op : detail::floating_reduce_op {
  static constexpr op_type type{"ReduceLogSumExp"};
  static constexpr std::string_view default_name = "ReduceLogSumExp";
  template <class T>
  void evaluate(auto kernels, evaluation const& e) const {
    kernels.reduce_logsumexp(e.input<T>(0), e.input_shapes[0], over, e.out<T>());
  }
};
struct reduce_any_op : detail::boolean_reduce_op {
  static constexpr op_type type{"Any"};
  static constexpr std::string_view default_name = "Any";
  template <class T>
  void evaluate(auto kernels, evaluation const& e) const {
    kernels.reduce_any(e.input<T>(0), e.input_shapes[0], over, e.out<T>());
  }
};
struct reduce_all_op : detail::boolean_reduce_op {
  static constexpr op_type type{"All"};
  static constexpr std::string_view default_name = "All";
  template <class T>
  void evaluate(auto kernels, evaluation const& e) const {
    kernels.reduce_all(e.input<T>(0), e.input_shapes[0], over, e.out<T>());
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
  return apply(reduce_mean_op{{{over, keep == keepdims::yes}}}, n, std::forward<A>(a));
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
/// The minimum, numeric dtypes. An empty one is the highest value of the dtype.
template <detail::graph_operand A>
constexpr auto reduce_min(A&& a, axes over = {}, keepdims keep = keepdims::no, name n = {}) {
  return apply(reduce_min_op{{over, keep == keepdims::yes}}, n, std::forward<A>(a));
}
template <detail::graph_operand A>
constexpr auto reduce_min(A&& a, name n) {
  return apply(reduce_min_op{}, n, std::forward<A>(a));
}
/// The product, numeric dtypes; integers wrap around. An empty one is 1.
template <detail::graph_operand A>
constexpr auto reduce_prod(A&& a, axes over = {}, keepdims keep = keepdims::no, name n = {}) {
  return apply(reduce_prod_op{{over, keep == keepdims::yes}}, n, std::forward<A>(a));
}
template <detail::graph_operand A>
constexpr auto reduce_prod(A&& a, name n) {
  return apply(reduce_prod_op{}, n, std::forward<A>(a));
}
/// sum(|x|), numeric dtypes (ONNX ReduceL1).
template <detail::graph_operand A>
constexpr auto reduce_l1(A&& a, axes over = {}, keepdims keep = keepdims::no, name n = {}) {
  return apply(reduce_l1_op{{over, keep == keepdims::yes}}, n, std::forward<A>(a));
}
template <detail::graph_operand A>
constexpr auto reduce_l1(A&& a, name n) {
  return apply(reduce_l1_op{}, n, std::forward<A>(a));
}
/// sqrt(sum(x * x)), floating dtypes (ONNX ReduceL2; tf.norm).
template <detail::graph_operand A>
constexpr auto reduce_l2(A&& a, axes over = {}, keepdims keep = keepdims::no, name n = {}) {
  return apply(reduce_l2_op{{{over, keep == keepdims::yes}}}, n, std::forward<A>(a));
}
template <detail::graph_operand A>
constexpr auto reduce_l2(A&& a, name n) {
  return apply(reduce_l2_op{}, n, std::forward<A>(a));
}
/// log(sum(exp(x))), floating dtypes; the maximum is taken off first, so that nothing overflows. An empty one is -infinity.
template <detail::graph_operand A>
constexpr auto reduce_logsumexp(A&& a, axes over = {}, keepdims keep = keepdims::no, name n = {}) {
  return apply(reduce_logsumexp_op{{{over, keep == keepdims::yes}}}, n, std::forward<A>(a));
}
template <detail::graph_operand A>
constexpr auto reduce_logsumexp(A&& a, name n) {
  return apply(reduce_logsumexp_op{}, n, std::forward<A>(a));
}
/// Whether any element is true, or all are; booleans. Of no elements none is, and all are.
template <detail::graph_operand A>
constexpr auto reduce_any(A&& a, axes over = {}, keepdims keep = keepdims::no, name n = {}) {
  return apply(reduce_any_op{{{over, keep == keepdims::yes}}}, n, std::forward<A>(a));
}
template <detail::graph_operand A>
constexpr auto reduce_any(A&& a, name n) {
  return apply(reduce_any_op{}, n, std::forward<A>(a));
}
template <detail::graph_operand A>
constexpr auto reduce_all(A&& a, axes over = {}, keepdims keep = keepdims::no, name n = {}) {
  return apply(reduce_all_op{{{over, keep == keepdims::yes}}}, n, std::forward<A>(a));
}
template <detail::graph_operand A>
constexpr auto reduce_all(A&& a, name n) {
  return apply(reduce_all_op{}, n, std::forward<A>(a));
}

}  // namespace ambit
