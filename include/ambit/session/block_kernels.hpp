// SPDX-License-Identifier: BSL-1.0
// One elementwise op over a block of elements: what a session's elementwise groups are made of.
#pragma once

#include <ambit/session/block_loop.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <tuple>
#include <type_traits>
#include <utility>

namespace ambit {
inline namespace AMBIT_ABI {
namespace run_time {

/// Operands of an elementwise op, at most.
inline constexpr int most_operands = 3;

/// The code of an op for operands of certain dtypes.
struct block_kernel {
  std::array<dtype, most_operands> operands{};
  dtype result = dtype::none;
  block_code code = nullptr;
  block_code first_repeated = nullptr;   // of two operands the first is one element for all
  block_code second_repeated = nullptr;  // the second one is
};

inline constexpr std::array<dtype, 5> evaluable{dtype::f32, dtype::f64, dtype::i32, dtype::i64, dtype::boolean};

/// What an op makes of operands of these dtypes, or none where it refuses them.
template <class Op>
constexpr dtype result_for(Op op, operand_facts const* operands, int count) {
  failure refusal;
  inference facts(operands, count, refusal, nullptr, detail::no_symbol);
  op.infer(facts);
  return facts.failed() || !is_evaluable(facts.output_dtype()) ? dtype::none : facts.output_dtype();
}
template <class Op>
constexpr dtype elementwise_result(Op op, std::array<dtype, most_operands> const& dtypes) {
  constexpr int count = static_cast<int>(std::size(Op::operands));
  operand_facts operands[most_operands];
  for (int i = 0; i < count; ++i) operands[i] = {{4}, dtypes.data()[i], true, -1};
  return result_for(op, operands, count);
}

namespace detail_block {

template <class Op, class Out, class... T>
struct code_of {
  template <bool... Repeated>
  static constexpr block_code run() {
    return []<std::size_t... K>(std::index_sequence<K...>) {
      using tree = call<given_op<0, Op>, Out, leaf<static_cast<int>(K), T, Repeated ? access::repeated : access::contiguous>...>;
      return &run_tree<tree, Out, lane_count({dtype_of<Out>, dtype_of<T>...}), 2, sizeof...(T), std::tuple<Op>>;
    }(std::index_sequence_for<T...>{});
  }
};

/// Those dtypes of an op's operands that have code: all alike, or a condition before two that are.
template <class Op>
constexpr auto signatures() {
  constexpr int count = static_cast<int>(std::size(Op::operands));
  std::array<std::array<dtype, most_operands>, 10> all{};
  std::size_t used = 0;
  for (dtype d : evaluable) {
    all.data()[used++] = {d, count > 1 ? d : dtype::none, count > 2 ? d : dtype::none};
    if (count == 3 && d != dtype::boolean) all.data()[used++] = {dtype::boolean, d, d};
  }
  return all;
}

template <class Op, std::size_t S, class Out>
constexpr block_kernel kernel_of() {
  constexpr int count = static_cast<int>(std::size(Op::operands));
  constexpr std::array<dtype, most_operands> of = signatures<Op>().data()[S];
  block_kernel k{of, dtype_of<Out>, nullptr, nullptr, nullptr};
  using A = element_of<of[0]>;
  if constexpr (count == 1) {
    k.code = code_of<Op, Out, A>::template run<false>();
  } else if constexpr (count == 2) {
    using B = element_of<of[1]>;
    k.code = code_of<Op, Out, A, B>::template run<false, false>();
    if constexpr (of[0] == dtype::f32) {  // of the others the one element is spread over a block
      k.first_repeated = code_of<Op, Out, A, B>::template run<true, false>();
      k.second_repeated = code_of<Op, Out, A, B>::template run<false, true>();
    }
  } else {
    k.code = code_of<Op, Out, A, element_of<of[1]>, element_of<of[2]>>::template run<false, false, false>();
  }
  return k;
}

}  // namespace detail_block

/// All code of an elementwise op.
template <class Op>
inline constexpr auto block_kernels = [] {
  using namespace detail_block;
  static_assert(std::size(Op::operands) <= most_operands, "ambit: an elementwise op has at most three operands");
  std::array<block_kernel, 26> all{};
  std::size_t used = 0;
  constexpr auto of = signatures<Op>();
  [&]<std::size_t... S>(std::index_sequence<S...>) {
    auto const add = [&]<std::size_t I>(std::integral_constant<std::size_t, I>) {
      if constexpr (of[I][0] != dtype::none) {
        if constexpr (takes_result_type<Op>) {  // a cast: to every dtype
          [&]<std::size_t... To>(std::index_sequence<To...>) {
            ((all.data()[used++] = kernel_of<Op, I, element_of<evaluable[To]>>()), ...);
          }(std::make_index_sequence<evaluable.size()>{});
        } else {
          constexpr dtype result = elementwise_result(Op{}, of[I]);
          if constexpr (result != dtype::none) all.data()[used++] = kernel_of<Op, I, element_of<result>>();
        }
      }
    };
    (add(std::integral_constant<std::size_t, S>{}), ...);
  }(std::make_index_sequence<10>{});
  return all;
}();

}  // namespace run_time
}  // namespace AMBIT_ABI
}  // namespace ambit
