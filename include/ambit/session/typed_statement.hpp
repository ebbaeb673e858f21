// SPDX-License-Identifier: BSL-1.0
// A statement's expression as a tree of lanes: which element type each part of it has.
#pragma once

#include <ambit/ops/expression.hpp>
#include <ambit/session/block_kernels.hpp>

#include <array>
#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>

namespace ambit {
inline namespace AMBIT_ABI {
namespace run_time {

/// The parts of an expression in the order of its text: each op before its operands.
template <class Expression>
struct statement_parts {  // a tensor or a number
  using op_structs = std::tuple<>;
  static constexpr int leaves = 1;
  static constexpr int ops = 0;
  static constexpr bool casts = false;
};
template <class Op, class... Operands>
struct statement_parts<expression<Op, Operands...>> {
  using op_structs = decltype(std::tuple_cat(std::tuple<Op>{}, typename statement_parts<Operands>::op_structs{}...));
  static constexpr int leaves = (statement_parts<Operands>::leaves + ...);
  static constexpr int ops = 1 + (statement_parts<Operands>::ops + ...);
  static constexpr bool casts = takes_result_type<Op> || (statement_parts<Operands>::casts || ...);
};

/// Whether an operand is of whatever dtype its op wants: a leaf, and a cast.
template <class Expression>
inline constexpr bool any_dtype = true;
template <class Op, class... Operands>
inline constexpr bool any_dtype<expression<Op, Operands...>> = takes_result_type<Op>;

/// The dtypes of an expression on leaves of T and of bool, beyond a cast U and bool, beyond the next one T again. Each op's
/// own `infer` is asked what it takes.
template <class Expression, class T, class U>
struct statement_dtypes {
  static constexpr dtype result = dtype::none;
};
template <class Op, class... Operands, class T, class U>
struct statement_dtypes<expression<Op, Operands...>, T, U> {
  static constexpr bool casts = takes_result_type<Op>;
  using own = std::conditional_t<casts, U, T>;
  using other = std::conditional_t<casts, T, U>;
  static constexpr std::size_t count = sizeof...(Operands);
  static_assert(count <= most_operands);

  /// Those of the operands; none where the op refuses all.
  static constexpr std::array<dtype, most_operands> operands = [] {
    constexpr std::array<dtype, count> made{statement_dtypes<Operands, own, other>::result...};
    constexpr std::array<bool, count> open{any_dtype<Operands>...};
    constexpr std::array<bool, count> leaf{(statement_parts<Operands>::ops == 0)...};
    for (std::size_t k = 0; k < count; ++k)
      if (!leaf.data()[k] && made.data()[k] == dtype::none) return std::array<dtype, most_operands>{};
    std::array<dtype, most_operands> tried{};
    for (unsigned booleans = 0; booleans < 1U << count; ++booleans) {
      bool good = true;
      for (std::size_t k = 0; k < count; ++k) {
        bool const boolean = (booleans >> k & 1U) != 0;
        tried.data()[k] = !open.data()[k] ? made.data()[k] : boolean ? dtype::boolean : dtype_of<own>;
        good = good && (open.data()[k] || !boolean);
      }
      if (good && (casts || elementwise_result(Op{}, tried) != dtype::none)) return tried;
    }
    return std::array<dtype, most_operands>{};
  }();
  static constexpr dtype result = operands[0] == dtype::none ? dtype::none
                                  : casts                    ? dtype_of<T>
                                                             : elementwise_result(Op{}, operands);
};

/// The tree of an expression whose result has elements of Result. `Leaf` and `Op` count those before it.
template <class Expression, class T, class U, class Result, int Leaf, int Op>
struct typed_statement {
  static constexpr access how = std::is_same_v<Expression, value_operand> ? access::repeated : access::contiguous;
  using tree = leaf<Leaf, Result, how>;
  static constexpr void list_dtypes(dtype*& out) { *out++ = dtype_of<Result>; }
};
template <class O, class... Operands, class T, class U, class Result, int Leaf, int Op>
struct typed_statement<expression<O, Operands...>, T, U, Result, Leaf, Op> {
  using dtypes = statement_dtypes<expression<O, Operands...>, T, U>;
  // Leaves and ops of the operands to the left.
  static constexpr auto before = [] {
    std::array<std::array<int, 2>, sizeof...(Operands)> b{};
    int const leaves[] = {statement_parts<Operands>::leaves...}, ops[] = {statement_parts<Operands>::ops...};
    int l = Leaf, o = Op + 1;
    for (std::size_t k = 0; k < sizeof...(Operands); ++k) {
      b.data()[k] = {l, o};
      l += leaves[k], o += ops[k];
    }
    return b;
  }();
  template <std::size_t K, class Operand>
  using operand = typed_statement<Operand, typename dtypes::own, typename dtypes::other,
                                  element_of<dtypes::operands[K]>, before[K][0], before[K][1]>;
  template <class Indices>
  struct over;
  template <std::size_t... K>
  struct over<std::index_sequence<K...>> {
    using tree = call<given_op<Op, O>, Result, typename operand<K, Operands>::tree...>;
    static constexpr void list_dtypes(dtype*& out) { (operand<K, Operands>::list_dtypes(out), ...); }
  };
  using parts = over<std::index_sequence_for<Operands...>>;
  using tree = typename parts::tree;
  static constexpr void list_dtypes(dtype*& out) {
    *out++ = dtype_of<Result>;
    parts::list_dtypes(out);
  }
};

}  // namespace run_time
}  // namespace AMBIT_ABI
}  // namespace ambit
