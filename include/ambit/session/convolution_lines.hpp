// SPDX-License-Identifier: BSL-1.0
// Lines of results of a convolution, each with a tile of as many sums as it wants.
#pragma once

#include <ambit/session/run_time_product.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace ambit {
inline namespace AMBIT_ABI {
namespace run_time {

using namespace loops;

/// Results of one panel that use the same taps: lines of them, cut into tiles of one size.
template <class T>
struct AMBIT_LOCAL convolution_lines {
  T const* x = nullptr;  // the first tap of the first result
  T* out = nullptr;
  int count = 0;
  std::ptrdiff_t x_line = 0, out_line = 0;  // elements from a line to the next
  int results = 0;                          // of a line
  std::ptrdiff_t x_step = 0, out_step = 0;  // from a result to the next
  T const* w = nullptr;
  T const* start = nullptr;
  int outputs = 0;  // of the panel, that exist
  relu_epilogue epilogue{};
  // Of pools: elements from a sum to its neighbour, and to that below.
  std::ptrdiff_t x_sum = 0, x_below = 0;

  // Taps come in runs. Those of one are at table[0], table[1], ..., or beside each other.
  struct repeated {
    int count = 0;
    std::ptrdiff_t x = 0, w = 0;  // elements from one to the next
  };
  std::int32_t const* table = nullptr;
  int length = 0;
  repeated rows{}, columns{};
};

/// Whether convolutions of T pool their results: for other types the code would seldom be used.
template <class T>
inline constexpr bool convolution_pools = std::is_same_v<T, float>;

/// Sums of a result: those of a pool of 2 x 2 are not stored, but the largest of them.
constexpr int sums_of(bool pooled) { return pooled ? 4 : 1; }

/// Results of a tile, at most: their sums fill the registers.
constexpr int most_line_tile(int vectors, bool pooled) {
  if (pooled && vector_registers >= 32) return vectors == 1 ? 5 : vectors == 2 ? 3 : 1;
  if (pooled) return vectors == 1 && vector_registers >= 16 ? 3 : 1;
  if (vector_registers >= 32) return vectors == 1 ? 14 : vectors == 2 ? 12 : 6;
  if (vector_registers >= 16) return vectors == 1 ? 12 : 6;
  return vectors == 1 ? 4 : 2;
}

/// A pointer as it is: not as one of many that the compiler would keep up to date.
template <class T>
AMBIT_INLINE T const* kept(T const* p) {
#if defined(__GNUC__)
  __asm__("" : "+r"(p));
#endif
  return p;
}

/// Three sums share a pointer, which with its multiples of the step is all that an address can say: pointers of each are more
/// than there are registers, and loading them costs as much as the sums.
template <class T, int Vectors, int Results, bool Pooled>
AMBIT_INLINE void line_tile(convolution_lines<T> const& l, T const* begin, T* out) {
  constexpr int N = native_lanes<T>;
  constexpr int all = Results * sums_of(Pooled), across = Pooled ? all / 2 : all;
  constexpr int pointers = (across + 2) / 3;  // of a line of sums
  sum_tile<T, N, Vectors, all> sums;
  sums.start(l.start);
  std::ptrdiff_t const step = Pooled ? l.x_sum : l.x_step, three = 3 * step;
  T const* from[static_cast<std::size_t>(all / across * pointers)];
  auto const point_to = [&](T const* x) __attribute__((always_inline)) {
    AMBIT_UNROLL
    for (int p = 0; p < all / across * pointers; ++p)
      from[p] = p == 0 ? x : p == pointers ? kept(x + l.x_below) : kept(from[p - 1] + three);
  };
  auto const add = [&](T const* w, int tap) __attribute__((always_inline)) {
    sums.add_one(w + tap * Vectors * N, [&](int s) __attribute__((always_inline)) {
      return (from[s / across * pointers + s % across / 3] + tap)[s % across % 3 * step];
    });
  };
  T const* row = begin;
  T const* row_weights = l.w;
  AMBIT_NO_UNROLL
  for (int i = l.rows.count; i > 0; --i, row += l.rows.x, row_weights += l.rows.w) {
    T const* run = row;
    T const* run_weights = row_weights;
    AMBIT_NO_UNROLL
    for (int j = l.columns.count; j > 0; --j, run += l.columns.x, run_weights += l.columns.w) {
      T const* w = run_weights;
      if (l.table != nullptr) {
        std::int32_t const* const end = l.table + l.length;
        AMBIT_NO_UNROLL
        for (std::int32_t const* tap = l.table; tap != end; ++tap, w += Vectors * N) point_to(run + *tap), add(w, 0);
      } else {
        // Two taps for the same pointers: making them costs a tenth of the time.
        T const* x = run;
        int left = l.length;
        AMBIT_NO_UNROLL
        for (; left >= 2; left -= 2, x += 2, w += 2 * Vectors * N) point_to(x), add(w, 0), add(w, 1);
        if (left > 0) point_to(x), add(w, 0);
      }
    }
  }
  if constexpr (Pooled) {
    AMBIT_UNROLL
    for (int r = 0; r < Results; ++r) {
      AMBIT_UNROLL
      for (int v = 0; v < Vectors; ++v)
        sums.sum[2 * r][v] = sums.sum[2 * r][v]
                                 .max(sums.sum[2 * r + 1][v])
                                 .max(sums.sum[across + 2 * r][v])
                                 .max(sums.sum[across + 2 * r + 1][v]);
      sums.finish_row(l.epilogue, 2 * r, 0, 0, l.outputs, out + r * l.out_step);
    }
  } else {
    sums.finish(l.epilogue, 0, 0, l.outputs, out, l.out_step);
  }
}
/// A single result: its taps go to several sums, or each would wait for the one before (images of 3 x 3 took 1.8 times the
/// time).
template <class T, int Vectors>
AMBIT_INLINE void single_result(convolution_lines<T> const& l, T const* begin, T* out) {
  constexpr int N = native_lanes<T>;
  row_tile<T, N, Vectors, Vectors <= 2 ? 4 : 2> sums;
  sums.start(l.start);
  for (int i = 0; i < l.rows.count; ++i)
    for (int j = 0; j < l.columns.count; ++j) {
      T const* const x = begin + i * l.rows.x + j * l.columns.x;
      T const* const w = l.w + i * l.rows.w + j * l.columns.w;
      if (l.table != nullptr) {
        AMBIT_NO_UNROLL
        for (int k = 0; k < l.length; ++k)
          sums.add_one(0, w + static_cast<std::ptrdiff_t>(k) * Vectors * N, x[l.table[k]]);
      } else {
        sums.add(w, x, nullptr, l.length, 1);
      }
    }
  sums.finish(l.epilogue, 0, 0, l.outputs, out);
}
/// The last tile of a line overlaps the one before where they do not fit.
template <class T, int Vectors, int Results, bool Pooled>
AMBIT_FLATTEN void tile_lines(convolution_lines<T> const& l) {
  for (int n = 0; n < l.count; ++n)
    for (int first = 0; first < l.results; first += Results) {
      int const at = std::min(first, l.results - Results);
      T const* const x = l.x + n * l.x_line + at * l.x_step;
      T* const out = l.out + n * l.out_line + at * l.out_step;
      if constexpr (Results == 1 && !Pooled)
        single_result<T, Vectors>(l, x, out);
      else
        line_tile<T, Vectors, Results, Pooled>(l, x, out);
    }
}

template <class T>
using line_code = void (*)(convolution_lines<T> const&);
/// The tiles of one width, of 1, 2, ... results.
template <class T, int Vectors, bool Pooled>
inline constexpr auto line_tiles = []<int... R>(std::integer_sequence<int, R...>) {
  return std::array<line_code<T>, sizeof...(R)>{&tile_lines<T, Vectors, R + 1, Pooled>...};
}(std::make_integer_sequence<int, most_line_tile(Vectors, Pooled)>{});

}  // namespace run_time
}  // namespace AMBIT_ABI
}  // namespace ambit
