// SPDX-License-Identifier: BSL-1.0
// Convolutions of one channel whose outputs fill no more than half a register.
#pragma once

#include <ambit/kernels/convolution_shape.hpp>
#include <ambit/kernels/lane_pairs.hpp>
#include <ambit/kernels/target.hpp>

#include <algorithm>
#include <cstddef>

namespace ambit {
inline namespace AMBIT_ABI {
namespace loops {

/// Whether two neighbouring pixels share a register. What they are multiplied with lies side by side in memory: one
/// channel, without a stride along the columns.
template <class T, product_kernel K, pool_shape Pool, class Extents, class Epilogue>
inline constexpr bool pairs_pixels = [] {
  if constexpr (Extents::constant && Epilogue::reads_sum_only && 2 * K.lanes <= native_lanes<T>) {
    window const& over = Extents::over;
    return detail_lanes::has_pairs<T, 2 * K.lanes> && over.channels == 1 && over.columns.stride == 1 &&
           over.rows.size * over.columns.size <= most_taps &&
           (Pool.columns == 1 ? interior_columns<Pool, Extents> >= 2
                              : Pool.columns % 2 == 0 && interior_columns<Pool, Extents> >= 1);
  } else {
    return false;
  }
}();

/// Sums of pixels side by side, two in a register: lane 2 o + p is output o of pixel p, so that the inputs of both are spread
/// over the register by one load of twice their width. A unit is what one register holds of the result: two pixels, or the
/// largest of one pool. `Width`: lanes of a pixel.
template <class T, int Width, pool_shape Pool, int Units>
struct AMBIT_LOCAL pair_tile {
  static constexpr int N = 2 * Width;
  using vector = lanes<T, N>;
  static constexpr bool pooled = Pool.columns > 1;
  static constexpr int columns = pooled ? Pool.columns : 2;  // of a unit
  static constexpr int results = pooled ? 1 : 2;             // of a unit
  static constexpr int unit_sums = Pool.rows * columns / 2;
  vector sum[static_cast<std::size_t>(Units * unit_sums)];

  AMBIT_INLINE void start(vector const& first) {
    AMBIT_UNROLL
    for (int s = 0; s < Units * unit_sums; ++s) sum[s] = first;
  }
  /// One tap: that of the first pixel is at `from`, the next row of pixels `row_stride` behind.
  AMBIT_INLINE void add(vector const& w, T const* from, std::ptrdiff_t row_stride) {
    AMBIT_UNROLL
    for (int s = 0; s < Units * unit_sums; ++s) {
      constexpr int pairs = columns / 2;
      int const unit = s / unit_sums, row = s % unit_sums / pairs, pair = s % pairs;
      sum[s] = multiply_add(w, repeat_pair<N>(from + row * row_stride + unit * columns + 2 * pair), sum[s]);
    }
  }
  template <class Epilogue>
  AMBIT_INLINE void finish(Epilogue const& epilogue, int outputs, T* out) const {
    vector most[static_cast<std::size_t>(Units)];
    AMBIT_UNROLL
    for (int u = 0; u < Units; ++u) {
      most[u] = epilogue(sum[u * unit_sums], 0, 0, N);
      AMBIT_UNROLL
      for (int s = 1; s < unit_sums; ++s) most[u] = most[u].max(epilogue(sum[u * unit_sums + s], 0, 0, N));
    }
    if constexpr (!pooled) {
      AMBIT_UNROLL
      for (int u = 0; u < Units; ++u) store<2>(part_pairs(most[u]), outputs, out + 2 * u * outputs);
    } else {
      AMBIT_UNROLL
      for (int u = 0; u + 1 < Units; u += 2) store<2>(largest_of_pairs(most[u], most[u + 1]), outputs, out + u * outputs);
      if constexpr (Units % 2 != 0)
        store<1>(largest_of_pairs(most[Units - 1], most[Units - 1]), outputs, out + (Units - 1) * outputs);
    }
  }

 private:
  template <int Count>
  static AMBIT_INLINE void store(vector const& both, int outputs, T* out) {
    if (Count == 2 && outputs == Width) return both.store(out);
    AMBIT_UNROLL
    for (int p = 0; p < Count; ++p) half_of(both, p).store(out + p * outputs, outputs);
  }
};

/// Units of a tile: eight sums with 32 registers, four with 16, beside the weights.
template <class T, int Width, pool_shape Pool>
inline constexpr int pair_units = std::max(1, vector_registers / 4 / pair_tile<T, Width, Pool, 1>::unit_sums);

/// With constant extents tiles are straight code and overlap. 26 x 26 pixels of 3 x 3 taps, 8 outputs and a pool of 2 x 2
/// take half the time of one pixel a register with AVX-512. The weights are doubled once.
template <class T, product_kernel K, pool_shape Pool, class Extents, class Epilogue>
class AMBIT_LOCAL pixel_pairs {
  static constexpr window over = Extents::over;
  static constexpr int taps = over.rows.size * over.columns.size;
  static constexpr std::ptrdiff_t row_step = over.columns.extent;
  template <int Units>
  using tile_of = pair_tile<T, K.lanes, Pool, Units>;
  using vector = typename tile_of<1>::vector;

 public:
  AMBIT_INLINE pixel_pairs(T const* w, T const* start, Epilogue const& epilogue)
      : start_(start != nullptr ? vector::load_twice(start) : vector(T(0))), epilogue_(epilogue) {
    AMBIT_UNROLL
    for (int k = 0; k < taps; ++k) w_[k] = vector::load_twice(w + k * K.lanes);
  }

  /// The results whose windows lie on the input; that of the first begins at `corner`.
  AMBIT_INLINE void block(T const* corner, T* out) const {
    constexpr int results = tile_of<1>::results, units = pair_units<T, K.lanes, Pool>;
    constexpr int rows = interior_rows<Pool, Extents>, columns = interior_columns<Pool, Extents>;
    constexpr int full = columns / (units * results) * units * results, rest = (columns - full) / results;
    constexpr std::ptrdiff_t row_stride =
        static_cast<std::ptrdiff_t>(over.columns.outputs() / Pool.columns) * Extents::outputs;
    AMBIT_NO_UNROLL
    for (int row = 0; row < rows; ++row, corner += Pool.rows * over.rows.stride * row_step, out += row_stride) {
      AMBIT_NO_UNROLL
      for (int column = 0; column < full; column += units * results) tile<units>(corner, column, out);
      if constexpr (rest > 0) tile<rest>(corner, full, out);
      if constexpr (columns % results != 0) tile<1>(corner, columns - results, out);  // the pixel before it once more
    }
  }

 private:
  template <int Units>
  AMBIT_INLINE void tile(T const* row, int column, T* out) const {
    T const* const corner = row + column * Pool.columns;
    tile_of<Units> sums;
    sums.start(start_);
    auto const add = [&](int i, int j) __attribute__((always_inline)) {
      sums.add(w_[i * over.columns.size + j], corner + i * over.rows.dilation * row_step + j * over.columns.dilation,
               over.rows.stride * row_step);
    };
    // As in sum_tile: few taps are straight code, with the weights in registers.
    if constexpr (taps <= 12) {
      AMBIT_UNROLL
      for (int i = 0; i < over.rows.size; ++i) {
        AMBIT_UNROLL
        for (int j = 0; j < over.columns.size; ++j) add(i, j);
      }
    } else {
      for (int i = 0; i < over.rows.size; ++i) {
        AMBIT_NO_UNROLL
        for (int j = 0; j < over.columns.size; ++j) add(i, j);
      }
    }
    sums.finish(epilogue_, Extents::outputs, out + column * Extents::outputs);
  }

  vector const start_;
  vector w_[static_cast<std::size_t>(taps)];
  Epilogue const& epilogue_;
};

}  // namespace loops
}  // namespace AMBIT_ABI
}  // namespace ambit
