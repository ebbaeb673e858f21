// SPDX-License-Identifier: BSL-1.0
// A statement with code of its own in a session.
#pragma once

#include <ambit/kernels/elementwise.hpp>
#include <ambit/ops/expression.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <type_traits>
#include <utility>

namespace ambit {
inline namespace AMBIT_ABI {
namespace run_time {

using namespace loops;

/// The slots that an op's attributes take.
template <class Op>
inline constexpr int slots_of = [] {
  list<std::uint64_t> slots;
  if constexpr (detail::has_attributes<Op>) {
    Op op{};
    detail::slot_writer writer(slots);
    op.attributes(writer);
  }
  return slots.size();
}();

/// The shape of an expression: `lower` of its ops over leaves, which are numbered from First on; `Slot` counts the
/// attributes before its own.
template <class Expression>
struct statement {  // a tensor or a number
  static constexpr int leaves = 1;
  static constexpr int slots = 0;
  static constexpr int ops = 0;
  static constexpr void describe(signed char*& out) { *out++ = -1; }
  template <int First, int Slot, class T, int N>
  AMBIT_INLINE static lanes<T, N> evaluate(T const* const* data, std::int64_t i, int count, std::uint64_t const*) {
    return count == N ? lanes<T, N>::load(data[First] + i) : lanes<T, N>::load(data[First] + i, count);
  }
};
template <class Op, class... Operands>
struct statement<expression<Op, Operands...>> {
  static_assert(type_of<Op>.elementwise && !type_of<Op>.state,
                "ambit: fused takes elementwise ops on tensors and numbers: add, tanh, relu, ...");
  static constexpr int leaves = (statement<Operands>::leaves + ...);
  static constexpr int slots = slots_of<Op> + (statement<Operands>::slots + ...);
  static constexpr int ops = 1 + (statement<Operands>::ops + ...);
  static constexpr void describe(signed char*& out) {
    *out++ = static_cast<signed char>(sizeof...(Operands));
    (statement<Operands>::describe(out), ...);
  }
  static constexpr auto before = [] {  // leaves and slots of the operands to the left
    std::array<std::array<int, 2>, sizeof...(Operands)> b{};
    int const own_leaves[] = {statement<Operands>::leaves...}, own_slots[] = {statement<Operands>::slots...};
    int l = 0, s = slots_of<Op>;
    for (std::size_t k = 0; k < sizeof...(Operands); ++k) {
      b.data()[k] = {l, s};
      l += own_leaves[k], s += own_slots[k];
    }
    return b;
  }();
  template <int First, int Slot, class T, int N>
  AMBIT_INLINE static lanes<T, N> evaluate(T const* const* data, std::int64_t i, int count, std::uint64_t const* attributes) {
    Op const op = detail::restore_op<Op>(attributes + Slot);
    return [&]<std::size_t... K>(std::index_sequence<K...>) __attribute__((always_inline)) {
      return lanes<T, N>(op.lower(statement<Operands>::template evaluate<First + before[K][0], Slot + before[K][1], T, N>(
          data, i, count, attributes)...));
    }(std::index_sequence_for<Operands...>{});
  }
};

template <class Expression, class T>
AMBIT_FLATTEN void run_statement(void const* const* operands, void* out, std::int64_t n, std::uint64_t const* attributes) {
  constexpr int N = native_lanes<T>;
  constexpr auto leaves = static_cast<std::size_t>(statement<Expression>::leaves);
  T const* data[leaves];
  for (std::size_t k = 0; k < leaves; ++k) data[k] = static_cast<T const*>(operands[k]);
  T* const to = static_cast<T*>(out);
  std::int64_t i = 0;
  for (; i + N <= n; i += N) statement<Expression>::template evaluate<0, 0, T, N>(data, i, N, attributes).store(to + i);
  if (i < n) {
    int const count = static_cast<int>(n - i);
    statement<Expression>::template evaluate<0, 0, T, N>(data, i, count, attributes).store(to + i, count);
  }
}
template <class Expression>
inline constexpr auto description = [] {
  std::array<signed char, static_cast<std::size_t>(statement<Expression>::leaves + statement<Expression>::ops)> d{};
  signed char* out = d.data();
  statement<Expression>::describe(out);
  return d;
}();

}  // namespace run_time

/// Records an expression of elementwise ops, as converting it to a tensor does, and gives the session one loop for all of
/// it, compiled here: `tensor y = fused(relu(a * b + c) * d - e);`. Names and values are the same, in compiled models too,
/// which fuse by themselves. For float32 and float64; each distinct expression costs about 50 ms to compile. Where
/// something else needs a value between (a fetch of it, say), the ops run one by one.
template <class Op, class... Operands>
constexpr tensor fused(expression<Op, Operands...>&& e, char const* file = __builtin_FILE(), int line = __builtin_LINE()) {
  using statement = expression<Op, Operands...>;
  tensor const result(std::move(e), file, line);
  if (!std::is_constant_evaluated() && result.valid())
    tables_of(*result.graph())
        .fused.push_back({result.id(), &run_time::run_statement<statement, float>, &run_time::run_statement<statement, double>,
                          run_time::description<statement>.data()});
  return result;
}

}  // namespace AMBIT_ABI
}  // namespace ambit
