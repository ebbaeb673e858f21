// SPDX-License-Identifier: BSL-1.0
// Groups of elementwise ops as types: a tree of calls over leaves, evaluated on lanes. Trees of equal ops are one type,
// whatever model and node they come from, so that 256 equal layers share one function.
#pragma once

#include <ambit/core/literal.hpp>
#include <ambit/kernels/target.hpp>
#include <ambit/ops/op.hpp>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace ambit {
inline namespace AMBIT_ABI {
namespace loops {

enum class access : std::uint8_t {
  contiguous,  // element i of a run
  repeated,    // one element for all of it
};

/// What a tree is evaluated on: a vector of a run. `sum` is what a kernel hands to its epilogue.
template <int Leaves, class Sum>
struct AMBIT_LOCAL lane_context {
  std::array<std::byte const*, static_cast<std::size_t>(Leaves)> const& at;  // where the run begins, for each leaf
  std::int64_t i = 0;
  int count = 0;  // of the lanes, that exist
  Sum sum{};
};
struct AMBIT_LOCAL no_sum {};

/// The operand number K of a tree.
template <int K, class T, access Access>
struct AMBIT_LOCAL leaf {
  template <int N, class Context>
  AMBIT_INLINE static lanes<T, N> evaluate(Context const& c) {
    T const* const data = reinterpret_cast<T const*>(c.at[static_cast<std::size_t>(K)]);
    if constexpr (Access == access::repeated)
      return lanes<T, N>(*data);
    else if (c.count >= N)
      return lanes<T, N>::load(data + c.i);
    else
      return lanes<T, N>::load(data + c.i, c.count);
  }
};
/// A number that the program holds.
template <class T, dtype Type, std::uint64_t Bits>
struct AMBIT_LOCAL number {
  template <int N, class Context>
  AMBIT_INLINE static lanes<T, N> evaluate(Context const&) {
    return lanes<T, N>(literal::value_of<T>(Type, Bits));
  }
};
/// The result of the kernel before.
struct AMBIT_LOCAL kernel_sum {
  template <int N, class Context>
  AMBIT_INLINE static auto evaluate(Context const& c) {
    return c.sum;
  }
};
/// An op with its attributes.
template <class Op, std::uint64_t... Slots>
struct AMBIT_LOCAL op_value {
  static constexpr std::uint64_t slots[sizeof...(Slots) + 1] = {Slots..., 0};
  static constexpr Op value = detail::restore_op<Op>(slots);
  template <class Context>
  AMBIT_INLINE static constexpr Op in(Context const&) {
    return value;
  }
};
/// An op applied to trees; its result has elements of T.
template <class Value, class T, class... Operands>
struct AMBIT_LOCAL call {
  template <int N, class Context>
  AMBIT_INLINE static auto evaluate(Context const& c) {
    if constexpr (requires { Value::in(c).template lower<T>(Operands::template evaluate<N>(c)...); })
      return Value::in(c).template lower<T>(Operands::template evaluate<N>(c)...);
    else
      return Value::in(c).lower(Operands::template evaluate<N>(c)...);
  }
};

/// How a group walks over its result: an outer loop, and runs in which each leaf is contiguous or one repeated element.
struct loop_nest {
  int outer_rank = 0;
  std::int64_t outer = 1;
  std::int64_t run = 1;
  int extents[shape::max_rank] = {};
};
/// Steps of a leaf in bytes, for each outer extent.
struct leaf_walk {
  std::int64_t strides[shape::max_rank] = {};
};

/// Elements of one run. `Size` is its length where it is short, or -1: short ones are straight code.
template <class Tree, class T, int N, int Size, int Leaves>
AMBIT_INLINE void run_elementwise(std::array<std::byte const*, static_cast<std::size_t>(Leaves)> const& at, T* out,
                                  std::int64_t size) {
  std::int64_t const n = Size >= 0 ? Size : size;
  auto part = [&]<int Width>(std::integral_constant<int, Width>, std::int64_t i, int count) {
    lanes<T, Width> const result = Tree::template evaluate<Width>(lane_context<Leaves, no_sum>{at, i, count, {}});
    if (count >= Width)
      result.store(out + i);
    else
      result.store(out + i, count);
  };
  std::int64_t i = 0;
  if constexpr (Size < 0 || Size >= N)
    for (; i + N <= n; i += N) part(std::integral_constant<int, N>{}, i, N);
  if constexpr (Size < 0 || Size % N != 0) {
    if constexpr (Size >= 0) {
      constexpr int rest = static_cast<int>(std::bit_ceil(static_cast<unsigned>(Size % N)));
      constexpr int width = rest < narrowest_lanes<T> ? narrowest_lanes<T> : rest;
      part(std::integral_constant<int, width>{}, i, Size % N);
    } else if (i < n) {
      part(std::integral_constant<int, N>{}, i, static_cast<int>(n - i));
    }
  }
}

/// A whole group in memory order.
template <class Tree, class T, int N, int Size, int Leaves>
AMBIT_FLATTEN void run_elementwise(std::array<std::byte const*, static_cast<std::size_t>(Leaves)> const& base,
                                   leaf_walk const* walks, loop_nest const& nest, T* out) {
  for (std::int64_t step = 0; step < nest.outer; ++step, out += nest.run) {
    std::array<std::byte const*, static_cast<std::size_t>(Leaves)> at = base;
    std::int64_t rest = step;
    for (int a = nest.outer_rank; a-- > 1; rest /= nest.extents[a])
      for (int k = 0; k < Leaves; ++k) at[static_cast<std::size_t>(k)] += rest % nest.extents[a] * walks[k].strides[a];
    for (int k = 0; k < Leaves; ++k) at[static_cast<std::size_t>(k)] += rest * walks[k].strides[0];
    run_elementwise<Tree, T, N, Size, Leaves>(at, out, nest.run);
  }
}
template <class Tree, class T, int N, int Size, int Leaves>
AMBIT_FLATTEN void run_elementwise_flat(std::array<std::byte const*, static_cast<std::size_t>(Leaves)> const& at, T* out,
                                        std::int64_t size) {
  run_elementwise<Tree, T, N, Size, Leaves>(at, out, size);
}

/// The elementwise ops behind a kernel: called with its sums, a row and a column of the result. Leaf k begins its row
/// `row_stride[k]` bytes after the row before.
template <class Tree, class T, int Leaves>
struct AMBIT_LOCAL tree_epilogue {
  static constexpr bool reads_sum_only = Leaves == 0;  // neither row nor column matters
  std::array<std::byte const*, static_cast<std::size_t>(Leaves)> base{};
  std::array<std::int64_t, static_cast<std::size_t>(Leaves)> row_stride{};

  template <int N>
  AMBIT_INLINE lanes<T, N> operator()(lanes<T, N> const& sum, std::int64_t row, int column, int count) const {
    std::array<std::byte const*, static_cast<std::size_t>(Leaves)> at = base;
    for (std::size_t k = 0; k < at.size(); ++k) at[k] += row * row_stride[k];
    return Tree::template evaluate<N>(lane_context<Leaves, lanes<T, N>>{at, column, count, sum});
  }
};

}  // namespace loops
}  // namespace AMBIT_ABI
}  // namespace ambit
