// SPDX-License-Identifier: BSL-1.0
// Lanes of which two neighbours, 2 i and 2 i + 1, belong together.
#pragma once

#include <ambit/kernels/lanes.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>

namespace ambit {
inline namespace AMBIT_ABI {

AMBIT_PACKETS_BEGIN
namespace detail_lanes {

/// Whether a pair of elements is spread over N lanes in one instruction: as a number of twice their width, by a load.
template <class T, int N>
inline constexpr bool has_pairs = false;
template <int N>
inline constexpr bool has_pairs<float, N> =
    has_vectors && N >= 4 && lanes<float, N>::in_packet && lanes<double, N / 2>::in_packet;

template <int N>
using places = array<std::int32_t, N>;

/// Lane i is lane Places.at[i] of a, then b.
template <auto Places, class T, int N>
AMBIT_INLINE lanes<T, N> pick(lanes<T, N> const& a, lanes<T, N> const& b) {
  vector<T, N> x, y;
  get(a.raw(), x), get(b.raw(), y);
#if defined(__clang__)
  x = [&]<std::size_t... I>(std::index_sequence<I...>) __attribute__((always_inline)) {
    return __builtin_shufflevector(x, y, Places.at[I]...);
  }(std::make_index_sequence<static_cast<std::size_t>(N)>{});
#else
  x = __builtin_shuffle(x, y, __builtin_bit_cast(vector<flag<T>, N>, Places));
#endif
  typename lanes<T, N>::storage out;
  put(x, out);
  return lanes<T, N>(out);
}
template <int N>
constexpr places<N> every_second(int first) {
  places<N> p{};
  for (int i = 0; i < N; ++i) p.at[i] = first + 2 * i;
  return p;
}
template <int N>
constexpr places<N> one_by_one() {
  places<N> p{};
  for (int i = 0; i < N; ++i) p.at[i] = 2 * i < N ? 2 * i : 2 * i - N + 1;
  return p;
}

}  // namespace detail_lanes

/// The two elements at `from` in each pair of lanes.
template <int N, class T>
AMBIT_INLINE lanes<T, N> repeat_pair(T const* from) {
  double both;
  std::memcpy(&both, from, sizeof(both));
  detail_lanes::vector<T, N> pairs;
  detail_lanes::get(lanes<double, N / 2>(both).raw(), pairs);
  typename lanes<T, N>::storage out;
  detail_lanes::put(pairs, out);
  return lanes<T, N>(out);
}
/// The larger of each pair: those of a, then those of b.
template <class T, int N>
AMBIT_INLINE lanes<T, N> largest_of_pairs(lanes<T, N> const& a, lanes<T, N> const& b) {
  using namespace detail_lanes;
  return pick<every_second<N>(0)>(a, b).max(pick<every_second<N>(1)>(a, b));
}
/// The first of all pairs, then the second.
template <class T, int N>
AMBIT_INLINE lanes<T, N> part_pairs(lanes<T, N> const& a) {
  return detail_lanes::pick<detail_lanes::one_by_one<N>()>(a, a);
}
/// The first or the second half of the lanes.
template <class T, int N>
AMBIT_INLINE lanes<T, N / 2> half_of(lanes<T, N> const& x, int half) {
  typename lanes<T, N / 2>::storage out;
  std::memcpy(&out, reinterpret_cast<std::byte const*>(&x.raw()) + static_cast<std::size_t>(half) * sizeof(out),
              sizeof(out));
  return lanes<T, N / 2>(out);
}

AMBIT_PACKETS_END

}  // namespace AMBIT_ABI
}  // namespace ambit
