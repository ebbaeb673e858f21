// SPDX-License-Identifier: BSL-1.0
// Shapes and arrangement: no arithmetic.
#pragma once

#include <ambit/ops/evaluation.hpp>
#include <ambit/ops/expression.hpp>
#include <ambit/ops/math.hpp>

#include <initializer_list>

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

struct concat_op {
  static constexpr op_type type{"ConcatV2"};
  static constexpr std::string_view default_name = "concat";
  static constexpr std::string_view operands[] = {"values"};
  int axis = 0;
  constexpr void attributes(auto& a) { a(axis); }
  constexpr void infer(inference& i) const {
    if (!i.same_dtypes()) return;
    shape out = i.shape(0);
    if (!out.known()) return i.output(unknown_shape, i.dtype(0));
    int const along = i.axis(axis, out.rank());
    if (along < 0) return;
    for (int k = 1; k < i.operands(); ++k) {
      shape const& s = i.shape(k);
      if (!s.known()) return i.output(unknown_shape, i.dtype(0));
      bool fits = s.rank() == out.rank();
      for (int d = 0; d < s.rank() && fits; ++d) fits = d == along || s[d] == out[d] || s[d] < 0 || out[d] < 0;
      if (!fits) return i.refuse_shape("shapes that are equal but along the axis");
      out.set(along, out[along] < 0 || s[along] < 0 ? dyn : out[along] + s[along]);
    }
    i.output(out, i.dtype(0));
  }
  template <class T>
  void evaluate(auto kernels, evaluation const& e) const {
    kernels.template concat<T>(e, axis < 0 ? axis + e.output_shape->rank() : axis);
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
/// Tensors one after the other along an axis: `concat({a, b, c}, 1)`. The others' extents must be equal.
constexpr auto concat(std::initializer_list<tensor> values, int axis, name n = {}) {
  return apply(concat_op{axis}, n, list<tensor>(values));
}

namespace detail {

/// A partitioned variable as one tensor: `key/ConcatPartitions/concat` and an identity at the root, named by the key and
/// made unique; made anew at each use, as TensorFlow does (SPEC 9.9).
constexpr int whole_of_parts(graph& g, int partitioned) {
  tables& t = tables_of(g);
  symbol const key = t.nodes[partitioned].name;
  text const path = t.symbols.to_text(key);
  list<tensor> const parts = tensor{g, partitioned}.parts();
  tensor whole = parts[0];
  if (parts.size() > 1) {
    shape const& first = parts[0].shape();
    shape const& all = t.nodes[partitioned].shape;
    int axis = 0;
    for (int i = 0; i < all.rank(); ++i)
      if (first[i] != all[i]) axis = i;
    text scope_{path};
    scope_ += "/ConcatPartitions/";
    name_scope inside{g, name(scope_)};
    whole = apply(concat_op{axis}, {}, parts);
  }
  name_scope outside{g};
  return tensor(identity(whole, name(path))).id();
}

}  // namespace detail

}  // namespace ambit
