// SPDX-License-Identifier: BSL-1.0
// A statement with code of its own in a session.
#pragma once

#include <ambit/session/typed_statement.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace ambit {
inline namespace AMBIT_ABI {
namespace run_time {

/// Refuses an op that a statement cannot hold; its name is in what the compiler says this is an instance of.
template <class Op>
struct op_in_a_statement {
  static_assert(
      type_of<Op>.elementwise,
      "ambit: fused takes elementwise ops (add, tanh, where, cast, ...); record what this op makes first, as a "
      "tensor, and fuse what comes behind it");
  static_assert(
      !type_of<Op>.elementwise || !type_of<Op>.state,
      "ambit: fused takes ops that only compute; this one changes a variable: give it the fused tensor as its value");
  static constexpr bool good = type_of<Op>.elementwise && !type_of<Op>.state;
};
template <class Expression>
inline constexpr bool is_statement = true;
template <class Op, class... Operands>
inline constexpr bool is_statement<expression<Op, Operands...>> = (static_cast<int>(op_in_a_statement<Op>::good) & ... &
                                                                   static_cast<int>(is_statement<Operands>)) != 0;

/// The operands of each part in the order of the text; of a leaf less than 0.
template <class Expression>
struct statement_arity {
  static constexpr void list(signed char*& out) {
    *out++ =
        std::is_same_v<Expression, value_operand> ? detail::fused_statement::number : detail::fused_statement::leaf;
  }
};
template <class Op, class... Operands>
struct statement_arity<expression<Op, Operands...>> {
  static constexpr void list(signed char*& out) {
    *out++ = static_cast<signed char>(sizeof...(Operands));
    (statement_arity<Operands>::list(out), ...);
  }
};

/// All that a session needs of a statement, as constants.
template <class Expression>
struct statement_code {
  using parts = statement_parts<Expression>;
  static constexpr auto size = static_cast<std::size_t>(parts::leaves + parts::ops);
  static constexpr auto arity = [] {
    std::array<signed char, size> d{};
    signed char* out = d.data();
    statement_arity<Expression>::list(out);
    return d;
  }();

  /// For elements of T, and of U beyond a cast.
  template <class T, class U>
  struct variant {
    static constexpr dtype result = statement_dtypes<Expression, T, U>::result;
    using typed = typed_statement<Expression, T, U, element_of<result>, 0, 0>;
    static constexpr auto dtypes = [] {
      std::array<dtype, size> d{};
      dtype* out = d.data();
      typed::list_dtypes(out);
      return d;
    }();
    static constexpr int lanes = [] {
      int least = 0;
      for (dtype const d : dtypes)
        least = least == 0 || lane_count({dtypes[0], d}) < least ? lane_count({dtypes[0], d}) : least;
      return least;
    }();
    static constexpr block_code code = &run_tree<typename typed::tree, element_of<result>, lanes, 4,
                                                 static_cast<std::size_t>(parts::leaves), typename parts::op_structs>;
  };
  // Not int64, which no target has packets for: those run op by op.
  static constexpr std::array<dtype, 4> types{dtype::f32, dtype::f64, dtype::i32, dtype::boolean};
  static constexpr std::size_t beyond = parts::casts ? types.size() : 1;
  static constexpr std::size_t most = types.size() * beyond;

  static constexpr std::array<detail::fused_code, most> codes = [] {
    std::array<detail::fused_code, most> all{};
    [&]<std::size_t... V>(std::index_sequence<V...>) {
      auto const add = [&]<std::size_t I>(std::integral_constant<std::size_t, I>) {
        using T = element_of<types[I / beyond]>;
        using U = element_of<types[I % beyond]>;
        if constexpr (statement_dtypes<Expression, T, U>::result != dtype::none)
          all.data()[I] = {variant<T, U>::dtypes.data(), variant<T, U>::code};
      };
      (add(std::integral_constant<std::size_t, V>{}), ...);
    }
    (std::make_index_sequence<most>{});
    return all;
  }();
};

}  // namespace run_time

/// Records an expression of elementwise ops, as converting it to a tensor does, and gives the session one loop for all of
/// it, compiled here: `tensor y = fused(relu(a * b + c) * d - e);`. Names and values are the same, in compiled models too,
/// which fuse by themselves. For float32, float64 and int32, with booleans among them and one other dtype beyond casts.
/// Each distinct expression costs about 0.3 s to compile for all of these, with a cast 0.8 s (g++ 12, -O2). Where something
/// else needs a value between (a fetch of it, say), and for other dtypes, the ops run one by one.
template <class Op, class... Operands>
constexpr tensor fused(expression<Op, Operands...>&& e, char const* file = __builtin_FILE(),
                       int line = __builtin_LINE()) {
  using statement = expression<Op, Operands...>;
  if constexpr (run_time::is_statement<statement>) {
    tensor const result(std::move(e), file, line);
    if (!std::is_constant_evaluated() && result.valid()) {
      using code = run_time::statement_code<statement>;
      tables_of(*result.graph())
          .fused.push_back({result.id(), code::arity.data(), code::codes.data(), static_cast<int>(code::codes.size())});
    }
    return result;
  } else {
    return {};  // has been refused; something to go on with, so that one error is all
  }
}
/// Anything else has been recorded before, or is none of the graph's.
template <class T>
requires(!detail::is_expression<std::remove_cvref_t<T>>) constexpr tensor fused(T&&) {
  static_assert(
      detail::is_expression<T>,
      "ambit: fused takes an expression as it is written, fused(relu(a * b)); what is stored as a tensor has been "
      "recorded op by op");
  return {};
}

}  // namespace AMBIT_ABI
}  // namespace ambit
