// SPDX-License-Identifier: BSL-1.0
// What the kernels of convolutions are told.
#pragma once

#include <ambit/config.hpp>
#include <ambit/kernels/target.hpp>
#include <ambit/ops/window.hpp>

#include <algorithm>
#include <cstdint>

namespace ambit {
inline namespace AMBIT_ABI {
namespace loops {

/// A pool of maxima behind a convolution, computed on its sums before anything is stored: windows of rows x columns that
/// do not overlap. 1 x 1: none.
struct AMBIT_LOCAL pool_shape {
  int rows = 1;
  int columns = 1;
  constexpr bool operator==(pool_shape const&) const = default;
};

template <class T>
struct AMBIT_LOCAL convolution_operands {
  T const* x = nullptr;
  T const* w = nullptr;  // panels [rows * columns * inputs, outputs] of each group, one group after the other
  T const* start = nullptr;
  T* out = nullptr;
};

/// The extents of a convolution, known when it runs: convolutions of many shapes share one function.
struct AMBIT_LOCAL extents_at_run_time {
  static constexpr bool constant = false;
  window over{};
  int outputs = 0;  // of all groups
  int groups = 1;
};
/// The same as constants: small convolutions are 1.5 to 2 times as fast, as their loops are short.
template <window Over, int Outputs, int Groups>
struct AMBIT_LOCAL extents_as_constants {
  static constexpr bool constant = true;
  static constexpr window over = Over;
  static constexpr int outputs = Outputs;
  static constexpr int groups = Groups;
};
inline constexpr std::int64_t most_constant_work = 2'000'000;  // multiplications

/// Windows of up to this depth whose runs in memory are shorter than 8 elements are read through a table: on a filter of
/// 3 x 3 over one channel the loop over runs of three costs more than the sums.
inline constexpr int most_taps = 64;

/// Rows and columns of results whose windows lie on the input as a whole.
template <pool_shape Pool, class Extents>
inline constexpr int interior_rows = Extents::over.rows.inner(Extents::over.rows.outputs() / Pool.rows).size();
template <pool_shape Pool, class Extents>
inline constexpr int interior_columns = Extents::over.columns.inner(Extents::over.columns.outputs() / Pool.columns).size();

/// Rows of sums in a tile of a convolution: whole pools of them.
constexpr int pools_in_tile(product_kernel const& k, pool_shape p) { return std::max(1, k.rows / (p.rows * p.columns)); }

/// Results of a row in a tile that stays in it, where that costs less than tiles across rows, and 0 elsewhere: all distances
/// between its pixels are constants. A step of the depth loads the weights and an input for each pixel and multiplies as
/// often as there are sums, two at once; less than 8 sums wait for those of the step before. 5 x 5 pools of 2 x 2 pixels
/// over 72 taps took 1.30 us in tiles of 20 pixels, and 1.61 in those of 8 across rows. Less than a 32nd does not pay: 10 x
/// 10 pixels of 64 outputs, 400 to 408 by this count, took 1.2 times as long.
template <product_kernel K, pool_shape Pool, class Extents>
inline constexpr int row_results = [] {
  int best = 0;
  if constexpr (Extents::constant && K.vectors == K.last) {
    constexpr int pooled = Pool.rows * Pool.columns;
    auto const cost = [](int results) {
      int const sums = results * pooled;
      return std::max({K.vectors + sums, K.vectors * sums, 8});
    };
    constexpr int rows = interior_rows<Pool, Extents>, columns = interior_columns<Pool, Extents>;
    int const pools = pools_in_tile(K, Pool);
    int least = rows * columns >= pools ? (rows * columns + pools - 1) / pools * cost(pools) : 0;
    for (int n = 1; n <= columns && n * pooled * K.vectors <= vector_registers * 3 / 4; ++n) {
      int const own = rows * ((columns + n - 1) / n) * cost(n);
      if (own + own / 32 < least) best = n, least = own;
    }
  }
  return best;
}();

}  // namespace loops
}  // namespace AMBIT_ABI
}  // namespace ambit
