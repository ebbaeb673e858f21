// SPDX-License-Identifier: BSL-1.0
// Elements that are chosen by other elements, at run time.
#pragma once

#include <ambit/ops/expression.hpp>
#include <ambit/ops/strided.hpp>

#include <cstdint>
#include <type_traits>

namespace ambit {

namespace detail {

/// Calls `body` with a number of the dtype that `choose` finds in an op's attributes: the one, where facts have them as
/// constants, or any.
template <class Facts, class Op, class Choose, class Body>
void with_chosen_element(Op const& op, Choose choose, Body const& body) {
  if constexpr (requires { Facts::op::value; })
    body(element_of<Choose{}(Facts::op::value)>{});
  else
    with_element(choose(op), body);
}

/// Whether operand i holds indices; refuses it where it does not.
constexpr bool is_index(inference& i, int operand) {
  if (i.dtype(operand) == dtype::i32 || i.dtype(operand) == dtype::i64) return true;
  i.refuse_dtype("indices of int32 or int64");
  return false;
}

}  // namespace detail

struct gather_op {
  static constexpr op_type type{"GatherV2"};
  static constexpr std::string_view default_name = "GatherV2";
  static constexpr std::string_view operands[] = {"params", "indices"};
  static constexpr int first_alike = 1;  // indices that are given as numbers are integers
  int axis = 0;
  bool wide = false;  // 64-bit indices; set by `infer`
  constexpr void attributes(auto& a) { a(axis), a(wide); }
  constexpr void infer(inference& i) {
    if (!detail::is_index(i, 1)) return;
    wide = i.dtype(1) == dtype::i64;
    shape const& from = i.shape(0);
    shape const& at = i.shape(1);
    if (from.rank() == 0) return i.refuse_shape("parameters of at least one axis");
    int const along = from.known() ? i.axis(axis, from.rank()) : 0;
    if (along < 0) return;
    if (!from.known() || !at.known()) return i.output(unknown_shape, i.dtype(0));
    if (from.rank() - 1 + at.rank() > shape::max_rank) return i.refuse_shape("shapes whose result has at most 8 axes");
    shape out;
    for (int k = 0; k < along; ++k) out.push_back(from[k]);
    for (int k = 0; k < at.rank(); ++k) out.push_back(at[k]);
    for (int k = along + 1; k < from.rank(); ++k) out.push_back(from[k]);
    i.output(out, i.dtype(0));
  }
  [[nodiscard]] constexpr bool batchwise(shape const&) const { return true; }
  template <class T>
  void evaluate(auto kernels, evaluation const& e, auto facts, auto const&) const {
    detail::with_chosen_element<decltype(facts)>(
        *this, [](gather_op const& op) { return op.wide ? dtype::i64 : dtype::i32; },
        [&](auto index) {
          if constexpr (is_integer(dtype_of<decltype(index)>))
            decltype(kernels)::gather(e.input<T>(0), e.input<decltype(index)>(1), e.input_shapes[1].elements(),
                                      axis_view(e.input_shapes[0], axis), e.out<T>());
        });
  }
};

struct one_hot_options {
  double on = 1;
  double off = 0;
  int axis = -1;  ///< of the result, where the new axis is
  ambit::dtype dtype = ambit::dtype::f32;
};

struct one_hot_op {
  static constexpr op_type type{"OneHot"};
  static constexpr std::string_view default_name = "one_hot";
  static constexpr std::string_view operands[] = {"indices"};
  int depth = 0;
  double on = 1;
  double off = 0;
  int axis = -1;
  ambit::dtype dtype = ambit::dtype::f32;
  constexpr void attributes(auto& a) { a(depth), a(on), a(off), a(axis), a(dtype); }
  constexpr void infer(inference& i) const {
    if (!detail::is_index(i, 0)) return;
    if (depth < 0) {
      text have{"depth "};
      have.append(depth);
      return i.refuse_attribute(std::move(have), "a depth of at least 0");
    }
    if (!is_evaluable(dtype)) return i.refuse_attribute(text(to_string(dtype)), "a dtype that evaluation has code for");
    if (!is_floating(dtype) && (!whole(on) || !whole(off)))
      return i.refuse_attribute("values with a fraction", "whole numbers for an integer dtype");
    shape const& s = i.shape(0);
    if (!s.known()) return i.output(unknown_shape, dtype);
    if (s.rank() == shape::max_rank) return i.refuse_shape("indices of at most 7 axes");
    int const at = i.axis(axis, s.rank() + 1);
    if (at < 0) return;
    shape out;
    for (int k = 0; k <= s.rank(); ++k) out.push_back(k < at ? s[k] : k == at ? depth : s[k - 1]);
    i.output(out, dtype);
  }
  [[nodiscard]] constexpr bool batchwise(shape const& s) const { return !detail::is_first(axis, s.rank()); }
  template <class Index>
  void evaluate(auto kernels, evaluation const& e, auto facts, auto const&) const {
    detail::with_chosen_element<decltype(facts)>(
        *this, [](one_hot_op const& op) { return op.dtype; },
        [&](auto element) {
          using T = decltype(element);
          decltype(kernels)::one_hot(e.input<Index>(0), axis_view(*e.output_shape, axis), static_cast<T>(on),
                                     static_cast<T>(off), e.out<T>());
        });
  }

 private:
  static constexpr bool whole(double v) {
    constexpr double most = 9.2e18;  // within 64 bits
    return v > -most && v < most && static_cast<double>(static_cast<std::int64_t>(v)) == v;
  }
};

/// The slices of `params` along an axis that `indices` name, in their order: a result of shape params.shape[:axis] +
/// indices.shape + params.shape[axis + 1:] (tf.gather). `params` of all dtypes, `indices` int32 or int64.
///
/// An index below 0 or beyond the axis reads nothing: its part of the result is zeros, as on TensorFlow's GPUs (its CPU
/// kernels fail instead). OP_DTYPE for other indices, OP_ATTRIBUTE where there is no such axis.
template <detail::graph_operand Params, operand Indices>
constexpr auto gather(Params&& params, Indices&& indices, int axis = 0, name n = {}) {
  return apply(gather_op{axis}, n, std::forward<Params>(params), std::forward<Indices>(indices));
}
template <detail::graph_operand Params, operand Indices>
constexpr auto gather(Params&& params, Indices&& indices, name n) {
  return apply(gather_op{}, n, std::forward<Params>(params), std::forward<Indices>(indices));
}
/// The rows of a table that `ids` name: `gather` along axis 0, called "embedding_lookup" (tf.nn.embedding_lookup,
/// without the identity behind it). An id that is no row gives zeros. The rows of a partitioned variable are counted
/// through its parts: TensorFlow's partition_strategy "div".
template <detail::graph_operand Params, operand Ids>
constexpr auto embedding_lookup(Params&& params, Ids&& ids, name n = {}) {
  return apply_as("embedding_lookup", gather_op{}, n, std::forward<Params>(params), std::forward<Ids>(ids));
}
/// `on` at the position that an index names along a new axis of extent `depth`, `off` elsewhere; an index that is no
/// position gives `off` everywhere (tf.one_hot). Indices int32 or int64; the result has the dtype of the options,
/// float32 by default. OP_ATTRIBUTE where the depth is negative, or the result has no such axis.
template <detail::graph_operand Indices>
constexpr auto one_hot(Indices&& indices, int depth, one_hot_options o = {}, name n = {}) {
  return apply(one_hot_op{depth, o.on, o.off, o.axis, o.dtype}, n, std::forward<Indices>(indices));
}
template <detail::graph_operand Indices>
constexpr auto one_hot(Indices&& indices, int depth, name n) {
  return apply(one_hot_op{depth}, n, std::forward<Indices>(indices));
}

}  // namespace ambit
