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

/// Lane 2 o + p of a sum is output o of pixel p, so that the inputs of both are spread over the register by one load of
/// twice their width; the weights are doubled once. 26 x 26 pixels of 3 x 3 taps, 8 outputs and a pool of 2 x 2 take half
/// the time of one pixel a register with AVX-512.
template <class T, product_kernel K, pool_shape Pool, class Extents, class Epilogue>
class AMBIT_LOCAL pixel_pairs {
  static constexpr window over = Extents::over;
  static constexpr int N = 2 * K.lanes;
  static constexpr int taps = over.rows.size * over.columns.size;
  static constexpr std::ptrdiff_t row_step = over.columns.extent;
  using vector = lanes<T, N>;

  // A unit is what one register holds of the result: two pixels side by side, or the largest of one pool.
  static constexpr bool pooled = Pool.columns > 1;
  static constexpr int unit_columns = pooled ? Pool.columns : 2;
  static constexpr int results = pooled ? 1 : 2;
  static constexpr int unit_sums = Pool.rows * unit_columns / 2;

 public:
  AMBIT_INLINE pixel_pairs(T const* w, T const* start, Epilogue const& epilogue)
      : start_(start != nullptr ? vector::load_twice(start) : vector(T(0))), epilogue_(epilogue) {
    AMBIT_UNROLL
    for (int k = 0; k < taps; ++k) w_[k] = vector::load_twice(w + k * K.lanes);
  }

  /// The results whose windows lie on the input; that of the first begins at `corner`.
  AMBIT_INLINE void block(T const* corner, T* out) const {
    constexpr int rows = interior_rows<Pool, Extents>, columns = interior_columns<Pool, Extents>;
    // Eight sums with 32 registers, four with 16, beside the weights: as tiles are straight code, they overlap.
    constexpr int units = std::max(1, vector_registers / 4 / unit_sums);
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
    vector sum[static_cast<std::size_t>(Units * unit_sums)];
    AMBIT_UNROLL
    for (int s = 0; s < Units * unit_sums; ++s) sum[s] = start_;
    auto const add = [&](int i, int j) __attribute__((always_inline)) {
      T const* const from = corner + i * over.rows.dilation * row_step + j * over.columns.dilation;
      AMBIT_UNROLL
      for (int s = 0; s < Units * unit_sums; ++s)
        sum[s] = multiply_add(w_[i * over.columns.size + j], repeat_pair<N>(from + place(s)), sum[s]);
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
    vector most[static_cast<std::size_t>(Units)];
    AMBIT_UNROLL
    for (int u = 0; u < Units; ++u) {
      most[u] = epilogue_(sum[u * unit_sums], 0, 0, N);
      AMBIT_UNROLL
      for (int s = 1; s < unit_sums; ++s) most[u] = most[u].max(epilogue_(sum[u * unit_sums + s], 0, 0, N));
    }
    store<Units>(most, out + column * Extents::outputs);
  }
  /// Where the inputs of a sum lie from those of the first.
  static constexpr std::ptrdiff_t place(int s) {
    constexpr int pairs = unit_columns / 2;
    int const unit = s / unit_sums, row = s % unit_sums / pairs, pair = s % pairs;
    return row * over.rows.stride * row_step + unit * unit_columns + 2 * pair;
  }

  template <int Units>
  AMBIT_INLINE void store(vector const* most, T* out) const {
    if constexpr (!pooled) {
      AMBIT_UNROLL
      for (int u = 0; u < Units; ++u) store_pixels<2>(part_pairs(most[u]), out + 2 * u * Extents::outputs);
    } else {
      AMBIT_UNROLL
      for (int u = 0; u + 1 < Units; u += 2)
        store_pixels<2>(largest_of_pairs(most[u], most[u + 1]), out + u * Extents::outputs);
      if constexpr (Units % 2 != 0)
        store_pixels<1>(largest_of_pairs(most[Units - 1], most[Units - 1]), out + (Units - 1) * Extents::outputs);
    }
  }
  template <int Count>
  static AMBIT_INLINE void store_pixels(vector const& both, T* out) {
    if constexpr (Count == 2 && Extents::outputs == K.lanes) {
      both.store(out);
    } else {
      AMBIT_UNROLL
      for (int p = 0; p < Count; ++p) half_of(both, p).store(out + p * Extents::outputs, Extents::outputs);
    }
  }

  vector const start_;
  vector w_[static_cast<std::size_t>(taps)];
  Epilogue const& epilogue_;
};

}  // namespace loops
}  // namespace AMBIT_ABI
}  // namespace ambit
