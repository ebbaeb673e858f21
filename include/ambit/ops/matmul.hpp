// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/ops/evaluation.hpp>
#include <ambit/ops/expression.hpp>

namespace ambit {

struct matmul_op {
  static constexpr op_type type{"MatMul"};
  static constexpr std::string_view default_name = "MatMul";
  static constexpr std::string_view operands[] = {"a", "b"};
  bool transpose_a = false;
  bool transpose_b = false;
  constexpr void attributes(auto& a) { a(transpose_a), a(transpose_b); }
  constexpr void infer(inference& i) const {
    if (!i.same_dtypes()) return;
    if (i.dtype(0) == dtype::boolean || i.dtype(0) == dtype::string) return i.refuse_dtype("a numeric dtype");
    shape const& a = i.shape(0);
    shape const& b = i.shape(1);
    bool const ranks = (!a.known() || a.rank() == 2) && (!b.known() || b.rank() == 2);
    int const inner_a = a[transpose_a ? 0 : 1];
    int const inner_b = b[transpose_b ? 1 : 0];
    if (!ranks || (inner_a >= 0 && inner_b >= 0 && inner_a != inner_b))
      return i.refuse_shape("matrices whose inner extents are equal");
    i.output({a[transpose_a ? 1 : 0], b[transpose_b ? 0 : 1]}, i.dtype(0));
  }
  static constexpr bool takes_epilogue = true;
  static constexpr int weights = 1;
  [[nodiscard]] constexpr bool batchwise(shape const&) const { return !transpose_a; }
  constexpr weight_role weight(int, shape const* inputs, shape const& output) const {
    return {.operand = 1,
            .transposed = transpose_b,
            .depth = inputs[1][transpose_b ? 1 : 0],
            .outputs = output[1],
            .rows = output[0]};
  }
  template <class T>
  void evaluate(auto kernels, evaluation const& e, auto facts, auto const& epilogue) const {
    shape const& a = e.input_shapes[0];
    kernels.template product<T>(facts, epilogue, e.input<T>(0), transpose_a ? 1 : a[1], transpose_a ? a[1] : 1, e,
                                (*e.output_shape)[0]);
  }
};

/// Products of equal leading extents, one by one.
struct batch_matmul_op {
  static constexpr op_type type{"BatchMatMulV2"};
  static constexpr std::string_view default_name = "MatMul";
  static constexpr std::string_view operands[] = {"a", "b"};
  static constexpr bool takes_epilogue = true;
  bool transpose_a = false;
  bool transpose_b = false;
  constexpr void attributes(auto& a) { a(transpose_a), a(transpose_b); }
  constexpr void infer(inference& i) const {
    if (!i.same_dtypes()) return;
    if (i.dtype(0) == dtype::boolean || i.dtype(0) == dtype::string) return i.refuse_dtype("a numeric dtype");
    shape const& a = i.shape(0);
    shape const& b = i.shape(1);
    if (!a.known() || !b.known()) return i.output(unknown_shape, i.dtype(0));
    int const inner_a = a[transpose_a ? -2 : -1], inner_b = b[transpose_b ? -1 : -2];
    bool fits = a.rank() == b.rank() && a.rank() >= 2 && (inner_a < 0 || inner_b < 0 || inner_a == inner_b);
    for (int k = 0; k + 2 < a.rank() && fits; ++k) fits = a[k] == b[k] || a[k] < 0 || b[k] < 0;
    if (!fits) return i.refuse_shape("matrices whose leading extents and inner extents are equal");
    shape out;
    for (int k = 0; k + 2 < a.rank(); ++k) out.push_back(a[k] < 0 ? b[k] : a[k]);
    out.push_back(a[transpose_a ? -1 : -2]);
    out.push_back(b[transpose_b ? -2 : -1]);
    i.output(out, i.dtype(0));
  }
  [[nodiscard]] constexpr bool batchwise(shape const&) const { return true; }
  /// One packed matrix of b; packets have at most 16 elements.
  constexpr std::int64_t scratch(shape const* inputs, shape const& output) const {
    std::int64_t const outputs = output[-1], depth = inputs[1][transpose_b ? -1 : -2];
    return (outputs + 16) * (depth + 16);
  }
  template <class T>
  void evaluate(auto kernels, evaluation const& e, auto facts, auto const& epilogue) const {
    kernels.template batch_product<T>(facts, epilogue, e, transpose_a, transpose_b);
  }
};

struct matmul_options {
  bool transpose_a = false;
  bool transpose_b = false;
};

/// The product of two matrices, [m, k] and [k, n] to [m, n]; either may be transposed first. Numeric dtypes.
/// OP_SHAPE where the inner extents differ.
template <class A, class B>
  requires operands<A, B>
constexpr auto matmul(A&& a, B&& b, name n = {}) {
  return apply(matmul_op{}, n, std::forward<A>(a), std::forward<B>(b));
}
template <class A, class B>
  requires operands<A, B>
constexpr auto matmul(A&& a, B&& b, matmul_options o, name n = {}) {
  return apply(matmul_op{o.transpose_a, o.transpose_b}, n, std::forward<A>(a), std::forward<B>(b));
}
/// Products of the last two axes, [.., m, k] and [.., k, n] to [.., m, n] (tf.matmul of more than two axes); the leading
/// extents must be equal. Either may be transposed first, its last two axes. OP_SHAPE where they do not fit.
template <class A, class B>
  requires operands<A, B>
constexpr auto batch_matmul(A&& a, B&& b, matmul_options o = {}, name n = {}) {
  return apply(batch_matmul_op{o.transpose_a, o.transpose_b}, n, std::forward<A>(a), std::forward<B>(b));
}

}  // namespace ambit
