// SPDX-License-Identifier: BSL-1.0
// Shapes and arrangement: no arithmetic.
#pragma once

#include <ambit/ops/evaluation.hpp>
#include <ambit/ops/expression.hpp>

namespace ambit {

struct reshape_op {
  static constexpr op_type type{"Reshape"};
  static constexpr std::string_view default_name = "Reshape";
  static constexpr std::string_view operands[] = {"tensor"};
  static constexpr bool view = true;  // the operand's elements in the operand's place
  shape to{};
  constexpr void attributes(auto& a) { a(to); }
  constexpr void infer(inference& i) const {
    shape const& from = i.shape(0);
    int open = -1;
    for (int k = 0; k < to.rank(); ++k) {
      if (to[k] >= 0) continue;
      if (open >= 0) return i.refuse_attribute(to_text(to), "one extent at most left open");
      open = k;
    }
    shape out = to;
    if (from.fully_defined()) {
      if (open >= 0 && to.elements() != 0) out.set(open, static_cast<int>(from.elements() / to.elements()));
      if (out.elements() != from.elements() || !out.fully_defined()) {
        text want{"a tensor with as many elements as "};
        want += to_text(to);
        return i.refuse_shape(want);
      }
    }
    i.output(out, i.dtype(0));
  }
};

struct transpose_op {
  static constexpr op_type type{"Transpose"};
  static constexpr std::string_view default_name = "transpose";
  static constexpr std::string_view operands[] = {"x"};
  axes order{};
  [[nodiscard]] constexpr bool batchwise(shape const& s) const {
    return !order.empty() && (order[0] == 0 || order[0] == -s.rank());
  }
  constexpr void attributes(auto& a) { a(order); }
  constexpr void infer(inference& i) const {
    shape const& s = i.shape(0);
    if (!s.known()) return i.output(unknown_shape, i.dtype(0));
    if (!order.empty() && order.size() != s.rank()) return i.refuse_shape("an order of all axes");
    shape out;
    axes seen;
    for (int k = 0; k < s.rank(); ++k) {
      int const axis = order.empty() ? s.rank() - 1 - k : i.axis(order[k], s.rank());
      if (axis < 0) return;
      if (seen.contains(axis)) return i.refuse_attribute("an axis given twice", "each axis once");
      seen.push_back(axis);
      out.push_back(s[axis]);
    }
    i.output(out, i.dtype(0));
  }
  template <class T>
  void evaluate(auto kernels, evaluation const& e) const {
    kernels.transpose(e.input<T>(0), e.input_shapes[0], order, e.out<T>());
  }
};

/// The same elements in another shape; one extent may be left open (-1). OP_SHAPE where the numbers differ.
template <detail::graph_operand A>
constexpr auto reshape(A&& a, shape to, name n = {}) {
  return apply(reshape_op{to}, n, std::forward<A>(a));
}
/// Axis k of the result is axis order[k] of the operand; without an order the axes are reversed.
template <detail::graph_operand A>
constexpr auto transpose(A&& a, axes order = {}, name n = {}) {
  return apply(transpose_op{order}, n, std::forward<A>(a));
}
template <detail::graph_operand A>
constexpr auto transpose(A&& a, name n) {
  return apply(transpose_op{}, n, std::forward<A>(a));
}
}  // namespace ambit
