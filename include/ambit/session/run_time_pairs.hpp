// SPDX-License-Identifier: BSL-1.0
// Convolutions of one channel whose outputs fill no more than half a register, of extents known at run time only.
#pragma once

#include <ambit/kernels/pixel_pairs.hpp>
#include <ambit/session/run_time_product.hpp>

#include <algorithm>
#include <cstddef>

namespace ambit {
inline namespace AMBIT_ABI {
namespace run_time {

using namespace loops;

/// Pixels of one channel, two in a register (pair_tile): the weights are doubled once.
template <class T, pool_shape Pool>
class AMBIT_LOCAL run_time_pairs {
  static constexpr int width = native_lanes<T> / 2;
  using vector = typename pair_tile<T, width, Pool, 1>::vector;
  static constexpr int unit_sums = pair_tile<T, width, Pool, 1>::unit_sums;
  // Of a tile: weights come from memory, so that sums fill the registers.
  static constexpr int most_units = std::max(1, vector_registers * 7 / 16 / unit_sums);
  static constexpr int few_units = (most_units + 1) / 2;

 public:
  static constexpr int results = pair_tile<T, width, Pool, 1>::results;  // of a unit
  AMBIT_INLINE run_time_pairs(window const& over, int outputs, T const* w, T const* start, relu_epilogue epilogue)
      : over_(over),
        outputs_(outputs),
        start_(start != nullptr ? vector::load_twice(start) : vector(T(0))),
        epilogue_(epilogue) {
    for (int k = 0; k < over.rows.size * over.columns.size; ++k) w_[k] = vector::load_twice(w + k * native_lanes<T>);
  }
  /// Results whose windows lie on the input; that of the first begins at `corner`. As many columns as of a unit, or more.
  AMBIT_FLATTEN void block(T const* corner, T* out, int rows, int columns) const {
    std::ptrdiff_t const row_step = Pool.rows * over_.rows.stride * static_cast<std::ptrdiff_t>(over_.columns.extent);
    std::ptrdiff_t const out_step = static_cast<std::ptrdiff_t>(over_.columns.outputs() / Pool.columns) * outputs_;
    int const units = units_for(columns / results);
    for (int row = 0; row < rows; ++row, corner += row_step, out += out_step) {
      if (units == most_units)
        tiles<most_units>(corner, out, columns);
      else if (units == few_units)
        tiles<few_units>(corner, out, columns);
      else
        tiles<1>(corner, out, columns);
    }
  }

 private:
  // Those that compute the least, as the last tile of a line overlaps the one before.
  static int units_for(int of_line) {
    auto const computed = [&](int units) { return (of_line + units - 1) / units * units; };
    if (of_line < few_units) return 1;
    return of_line >= most_units && computed(most_units) <= computed(few_units) ? most_units : few_units;
  }
  template <int Units>
  AMBIT_INLINE void tiles(T const* corner, T* out, int columns) const {
    AMBIT_NO_UNROLL
    for (int first = 0; first < columns; first += Units * results) {
      int const column = std::min(first, columns - Units * results);
      pair_tile<T, width, Pool, Units> sums;
      sums.start(start_);
      std::ptrdiff_t const row = over_.columns.extent, below = over_.rows.stride * row;
      vector const* w = w_;
      AMBIT_NO_UNROLL
      for (int i = 0; i < over_.rows.size; ++i) {
        T const* from = corner + column * Pool.columns + i * over_.rows.dilation * row;
        AMBIT_NO_UNROLL
        for (int j = 0; j < over_.columns.size; ++j, from += over_.columns.dilation) sums.add(*w++, from, below);
      }
      sums.finish(epilogue_, outputs_, out + column * outputs_);
    }
  }

  window const& over_;
  int const outputs_;
  vector const start_;
  relu_epilogue const epilogue_;
  vector w_[static_cast<std::size_t>(most_taps)];
};

}  // namespace run_time
}  // namespace AMBIT_ABI
}  // namespace ambit
