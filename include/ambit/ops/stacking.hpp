// SPDX-License-Identifier: BSL-1.0
// Tensors side by side, beside `concat`.
#pragma once

#include <ambit/ops/expression.hpp>
#include <ambit/ops/strided.hpp>

#include <initializer_list>
#include <limits>

namespace ambit {

struct stack_op {
  static constexpr op_type type{"Pack"};
  static constexpr std::string_view default_name = "stack";
  static constexpr std::string_view operands[] = {"values"};
  int axis = 0;
  constexpr void attributes(auto& a) { a(axis); }
  constexpr void infer(inference& i) const {
    if (!i.same_dtypes()) return;
    shape const& s = i.shape(0);
    bool known = s.known();
    for (int k = 1; k < i.operands(); ++k) {
      if (!compatible(s, i.shape(k))) return i.refuse_shape("equal shapes");
      known = known && s == i.shape(k);  // of a batch and a number of rows nobody knows whether they are equal
    }
    if (!known) return i.output(unknown_shape, i.dtype(0));
    if (s.rank() == shape::max_rank) return i.refuse_shape("tensors of at most 7 axes");
    int const at = i.axis(axis, s.rank() + 1);
    if (at < 0) return;
    shape out;
    for (int k = 0; k <= s.rank(); ++k) out.push_back(k < at ? s[k] : k == at ? i.operands() : s[k - 1]);
    i.output(out, i.dtype(0));
  }
  [[nodiscard]] constexpr bool batchwise(shape const& s) const { return !detail::is_first(axis, s.rank()); }
  template <class T>
  void evaluate(auto kernels, evaluation const& e) const {
    kernels.template stack<T>(e, axis_view(*e.output_shape, axis));
  }
};

struct tile_op : detail::strided_copy {
  static constexpr op_type type{"Tile"};
  static constexpr std::string_view default_name = "Tile";
  axes multiples{};
  constexpr void attributes(auto& a) { a(multiples); }
  constexpr void infer(inference& i) const {
    shape const& s = i.shape(0);
    bool fits = multiples.valid() && (!s.known() || s.rank() == multiples.size());
    shape out;
    for (int k = 0; k < multiples.size(); ++k) {
      std::int64_t const extent = s[k] < 0 ? dyn : static_cast<std::int64_t>(s[k]) * multiples[k];
      fits = fits && multiples[k] >= 0 && extent <= std::numeric_limits<int>::max();
      out.push_back(fits ? static_cast<int>(extent) : dyn);
    }
    if (!fits) {
      text have{"multiples "};
      have += to_text(multiples);
      have += " of ";
      have += to_text(s);
      return i.refuse_attribute(std::move(have), "a multiple of at least 0 for each axis");
    }
    i.output(out, i.dtype(0));
  }
  [[nodiscard]] constexpr bool batchwise(shape const&) const { return !multiples.empty() && multiples[0] == 1; }
  [[nodiscard]] AMBIT_INLINE constexpr strided_walk walk(shape const& from, shape const&) const {
    strided_walk w;
    for (int k = 0; k < from.rank(); ++k) {
      w.push_back(multiples[k], 0);
      w.push_back(from[k], detail::stride_of(from, k));
    }
    return w;
  }
};

/// Tensors of one shape along a new axis, which is axis `axis` of the result (tf.stack): `stack({a, b, c}, 1)`. All
/// dtypes. OP_SHAPE where the shapes differ, OP_ATTRIBUTE where the result has no such axis.
template <class Tensor = tensor>
constexpr auto stack(std::initializer_list<tensor> values, int axis = 0, name n = {}) {
  return apply(stack_op{axis}, n, list<Tensor>(values));
}
template <class Tensor = tensor>
constexpr auto stack(list<tensor> values, int axis = 0, name n = {}) {
  return apply(stack_op{axis}, n, list<Tensor>(std::move(values)));
}
/// The tensor as often as `multiples` says along each axis: extent k of the result is shape[k] * multiples[k]
/// (tf.tile). All dtypes. OP_ATTRIBUTE where there is not one multiple of at least 0 for each axis.
template <detail::graph_operand A>
constexpr auto tile(A&& a, axes multiples, name n = {}) {
  return apply(tile_op{{}, multiples}, n, std::forward<A>(a));
}

}  // namespace ambit
