// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/kernels/panels.hpp>
#include <ambit/kernels/target.hpp>
#include <ambit/kernels/tile.hpp>

#include <cstddef>
#include <cstdint>

namespace ambit {
inline namespace AMBIT_ABI {
namespace loops {

/// What becomes of a sum before it is stored: nothing.
struct AMBIT_LOCAL no_epilogue {
  static constexpr bool reads_sum_only = true;
  template <class V>
  AMBIT_INLINE V operator()(V const& sum, std::int64_t, int, int) const {
    return sum;
  }
};

/// The operands of out[rows, outputs] = epilogue(start + x[rows, depth] w). Rows of x lie `row_stride` elements apart, its
/// columns `step`: a transposed matrix has them the other way round. `w` lies in the form of the kernel's shape.
template <class T>
struct AMBIT_LOCAL product_operands {
  T const* x = nullptr;
  std::ptrdiff_t row_stride = 0;
  std::ptrdiff_t step = 1;
  T const* w = nullptr;
  T const* start = nullptr;  // null: zero
  T* out = nullptr;
  std::int64_t rows = 1;
  int outputs = 0;
  int depth = 0;
};

/// Weights beyond this stay in the second level of the cache one panel at a time, with all rows for each; below, all
/// panels are used for each block of rows, which then stays in the first level.
inline constexpr std::int64_t most_resident_weights = 1 << 20;  // bytes

namespace detail_product {

template <class T, product_kernel K, int Vectors, int Rows, class Epilogue>
AMBIT_INLINE void panel(product_operands<T> const& p, Epilogue const& epilogue, std::int64_t row, int column) {
  std::ptrdiff_t at[static_cast<std::size_t>(Rows)];
  AMBIT_UNROLL
  for (int r = 0; r < Rows; ++r) at[r] = r * p.row_stride;
  sum_tile<T, K.lanes, Vectors, Rows> sums;
  sums.start(p.start != nullptr ? p.start + column : nullptr);
  sums.add(p.w + static_cast<std::ptrdiff_t>(column) * p.depth, p.x + row * p.row_stride, at, p.depth, p.step);
  sums.finish(epilogue, row, column, p.outputs - column, p.out + row * p.outputs + column, p.outputs);
}

template <class T, product_kernel K, int Vectors, class Epilogue>
AMBIT_INLINE void row_panel(product_operands<T> const& p, Epilogue const& epilogue, int column) {
  row_tile<T, K.lanes, Vectors, K.splits> sums;
  sums.start(p.start != nullptr ? p.start + column : nullptr);
  sums.add(p.w + static_cast<std::ptrdiff_t>(column) * p.depth, p.x, nullptr, p.depth, p.step);
  sums.finish(epilogue, 0, column, p.outputs - column, p.out + column);
}

/// The panels of a pass over the rows: the full ones between two columns, and after them the last one.
struct AMBIT_LOCAL columns {
  int begin, end;
  bool last;
};
/// Rows of one kind of tile.
template <class T, product_kernel K, int Rows, class Epilogue>
AMBIT_INLINE void tiles(product_operands<T> const& p, Epilogue const& epilogue, columns const& c, std::int64_t first,
                        std::int64_t end) {
  constexpr int full = K.vectors * K.lanes;
  for (std::int64_t row = first; row < end; row += Rows) {
    for (int column = c.begin; column < c.end; column += full) panel<T, K, K.vectors, Rows>(p, epilogue, row, column);
    if (c.last) panel<T, K, K.last, Rows>(p, epilogue, row, c.end);
  }
}
/// All rows: those left over by whole tiles too, before the next panel takes this one's place in the cache.
template <class T, product_kernel K, class Epilogue>
AMBIT_INLINE void all_rows(product_operands<T> const& p, Epilogue const& epilogue, columns const& c) {
  std::int64_t const whole = p.rows - p.rows % K.rows;
  tiles<T, K, K.rows>(p, epilogue, c, 0, whole);
  if constexpr (K.rest > 0) {
    tiles<T, K, K.rest>(p, epilogue, c, whole, p.rows);
  } else if constexpr (K.rest < 0) {
    constexpr int half = K.rows > 1 ? K.rows / 2 : 1;
    std::int64_t const middle = whole + (p.rows - whole) / half * half;
    tiles<T, K, half>(p, epilogue, c, whole, middle);
    if constexpr (half > 1) tiles<T, K, 1>(p, epilogue, c, middle, p.rows);
  }
}

}  // namespace detail_product

/// out = epilogue(start + x w) by the kernel K, whose form w has. 2 rows outputs depth operations; allocates nothing. The
/// error of a sum is that of adding its terms one after the other, in `K.splits` parts.
template <class T, product_kernel K, class Epilogue>
AMBIT_FLATTEN void product(product_operands<T> const& p, Epilogue const& epilogue) {
  using kind = product_kernel::kind;
  if (p.outputs == 0) return;
  if constexpr (K.form == kind::dots) {
    using vector = lanes<T, K.lanes>;
    int const padded = (p.depth + K.lanes - 1) / K.lanes * K.lanes;
    for (std::int64_t row = 0; row < p.rows; ++row)
      for (int o = 0; o < p.outputs; ++o) {
        T const* const x = p.x + row * p.row_stride;
        T const* const w = p.w + static_cast<std::ptrdiff_t>(o) * padded;
        lanes<T, 1> sum(p.start != nullptr ? p.start[o] : T(0));
        if (p.step == 1) {
          vector sums(T(0));
          int k = 0;
          for (; k + K.lanes <= p.depth; k += K.lanes)
            sums = multiply_add(vector::load(x + k), vector::load(w + k), sums);
          constexpr int M = narrowest_lanes<T>;  // a wider read would wait for a store of M lanes to leave the store buffer
          if (M < K.lanes && p.depth - k == M) {
            using narrow = lanes<T, M>;
            sum = sum + lanes<T, 1>((narrow::load(x + k) * narrow::load(w + k)).sum());
          } else if (k < p.depth) {
            sums = multiply_add(vector::load(x + k, p.depth - k), vector::load(w + k), sums);
          }
          sum = sum + lanes<T, 1>(sums.sum());
        } else {
          for (int k = 0; k < p.depth; ++k) sum = sum + lanes<T, 1>(x[k * p.step]) * lanes<T, 1>(w[k]);
        }
        epilogue(sum, row, o, 1).store(p.out + row * p.outputs + o);
      }
  } else if constexpr (K.form == kind::unrolled) {
    row_tile<T, K.lanes, K.vectors, K.splits> sums;
    sums.start(p.start);
    sums.template add_unrolled<K.depth>(p.w, p.x, p.step);
    sums.finish(epilogue, 0, 0, p.outputs, p.out);
  } else if constexpr (K.form == kind::row) {
    constexpr int full = K.vectors * K.lanes;
    int const last = (p.outputs - 1) / full * full;
    for (int column = 0; column < last; column += full)
      detail_product::row_panel<T, K, K.vectors>(p, epilogue, column);
    detail_product::row_panel<T, K, K.last>(p, epilogue, last);
  } else {
    constexpr int full = K.vectors * K.lanes;
    int const last = (p.outputs - 1) / full * full;  // column of the last panel
    bool const panel_by_panel =
        static_cast<std::int64_t>(p.outputs) * p.depth * static_cast<std::int64_t>(sizeof(T)) > most_resident_weights;
    int const step = panel_by_panel ? full : last + full;
    for (int from = 0; from <= last; from += step)
      detail_product::all_rows<T, K>(p, epilogue, {from, from + step < last ? from + step : last, from + step > last});
  }
}

}  // namespace loops
}  // namespace AMBIT_ABI
}  // namespace ambit
