// SPDX-License-Identifier: BSL-1.0
// The loop of a session's elementwise ops: a tree of calls over arrays whose length the run decides.
#pragma once

#include <ambit/kernels/elementwise.hpp>
#include <ambit/ops/op.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <tuple>
#include <utility>

namespace ambit {
inline namespace AMBIT_ABI {
namespace run_time {

using namespace loops;

/// out[i] = f(operands[0][i], ...) for i below n.
using block_code = detail::block_code;

/// What a tree is evaluated on: a vector of a run, and the ops with their attributes.
template <std::size_t Leaves, class Ops>
struct AMBIT_LOCAL block_context {
  std::array<std::byte const*, Leaves> const& at;
  Ops const& ops;
  std::int64_t i = 0;
  int count = 0;  // of the lanes, that exist
};
/// An op with attributes that are known when the program runs: number K of those of the context.
template <int K, class Op>
struct AMBIT_LOCAL given_op {
  template <class Context>
  AMBIT_INLINE static Op const& in(Context const& c) {
    return std::get<static_cast<std::size_t>(K)>(c.ops);
  }
};

/// Whether an op's `lower` is told the element type of its result: a cast.
template <class Op>
inline constexpr bool takes_result_type = requires(Op op, lanes<float, native_lanes<float>> const& x) {
  op.template lower<float>(x);
};

/// The lanes of the widest element.
constexpr int lane_count(std::initializer_list<dtype> types) {
  int n = 0;
  bool words = false;
  for (dtype const d : types) {
    words = words || d == dtype::i64;
    int const own = d == dtype::f32   ? native_lanes<float>
                    : d == dtype::f64 ? native_lanes<double>
                    : d == dtype::i32 ? native_lanes<std::int32_t>
                                      : 0;
    if (own > 0 && (n == 0 || own < n)) n = own;
  }
  return n > 0 ? n : words ? 2 : 8;
}

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

/// `Unroll` vectors at a time: independent of each other, they hide the latency of long trees, and are as many as the loop's
/// own instructions need to cost nothing: 1000 elements of relu(a * b + c) * d - e take 61, 58 and 57 ns with 1, 2 and 4,
/// where the loads alone take 57. What is left over at the end overlaps what is done where the target has no masks; a
/// partial load is a loop there. So `out` must be none of the operands.
template <class Tree, class Out, int N, std::size_t Unroll, std::size_t Leaves, class Ops>
AMBIT_INLINE void run_vectors(std::array<std::byte const*, Leaves> const& at, Ops const& ops, Out* const out,
                              std::int64_t const n) {
  auto const evaluate = [&](std::int64_t i, int count) __attribute__((always_inline))->lanes<Out, N> {
    return lanes<Out, N>(Tree::template evaluate<N>(block_context<Leaves, Ops>{at, ops, i, count}));
  };
  std::int64_t i = 0;
  [&]<std::size_t... U>(std::index_sequence<U...>) __attribute__((always_inline)) {
    constexpr std::int64_t step = static_cast<std::int64_t>(Unroll) * N;
    for (; i + step <= n; i += step) {
      lanes<Out, N> const vectors[] = {evaluate(i + static_cast<std::int64_t>(U) * N, N)...};
      (vectors[U].store(out + i + static_cast<std::int64_t>(U) * N), ...);
    }
  }
  (std::make_index_sequence<Unroll>{});
  if constexpr (lanes<Out, N>::masked) {
    AMBIT_NO_UNROLL
    for (; i < n; i += N) {
      int const count = static_cast<int>(n - i < N ? n - i : N);
      evaluate(i, count).store(out + i, count);
    }
  } else {
    for (; i + N <= n; i += N) evaluate(i, N).store(out + i);
    if (i == n) return;
    if (n >= N) return evaluate(n - N, N).store(out + (n - N));
    int const count = static_cast<int>(n - i);
    evaluate(i, count).store(out + i, count);
  }
}

/// A `block_code`. `Ops` is a tuple of the tree's ops, whose attributes lie one after the other.
template <class Tree, class Out, int N, std::size_t Unroll, std::size_t Leaves, class Ops>
AMBIT_FLATTEN void run_tree(void const* const* operands, void* out, std::int64_t n,
                            [[maybe_unused]] std::uint64_t const* attributes) {
  // In registers: read through memory that the results may alias, they would be loaded anew for each vector. One by one:
  // g++ copies an array in whole vectors, which wait for the single pointers that a run has just written.
  auto const at = [&]<std::size_t... K>(std::index_sequence<K...>) __attribute__((always_inline)) {
    return std::array<std::byte const*, Leaves>{static_cast<std::byte const*>(operands[K])...};
  }
  (std::make_index_sequence<Leaves>{});
  Ops const ops = [&]<class... Op>(std::tuple<Op...>*) __attribute__((always_inline)) {
    auto const restore = [&]<class O>(O*) __attribute__((always_inline)) {
      std::uint64_t const* const own = attributes;
      attributes += slots_of<O>;
      return detail::restore_op<O>(own);
    };
    return Ops{restore(static_cast<Op*>(nullptr))...};
  }
  (static_cast<Ops*>(nullptr));
  run_vectors<Tree, Out, N, Unroll>(at, ops, static_cast<Out*>(out), n);
}

}  // namespace run_time
}  // namespace AMBIT_ABI
}  // namespace ambit
