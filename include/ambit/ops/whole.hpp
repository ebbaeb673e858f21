// SPDX-License-Identifier: BSL-1.0
// Identity and concat, and what a partitioned variable becomes when it is an operand. Included by expression.hpp, because
// any op may be given such a variable.
#pragma once

#include <ambit/ops/evaluation.hpp>
#include <ambit/ops/expression.hpp>

#include <initializer_list>

namespace ambit {

struct identity_op {
  static constexpr bool elementwise = true;
  static constexpr op_type type{"Identity"};
  static constexpr std::string_view default_name = "Identity";
  static constexpr std::string_view operands[] = {"input"};
  constexpr void infer(inference& i) const { i.elementwise(); }
  auto lower(auto const& x) const { return x; }
};
struct concat_op {
  static constexpr op_type type{"ConcatV2"};
  static constexpr std::string_view default_name = "concat";
  static constexpr std::string_view operands[] = {"values"};
  int axis = 0;
  [[nodiscard]] constexpr bool batchwise(shape const& s) const { return axis != 0 && axis != -s.rank(); }
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

/// The same value under another name.
template <detail::graph_operand A>
constexpr auto identity(A&& a, name n = {}) {
  return apply(identity_op{}, n, std::forward<A>(a));
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
