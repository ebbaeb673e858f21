// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/kernels/convolution_shape.hpp>
#include <ambit/kernels/pixel_pairs.hpp>
#include <ambit/kernels/product.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace ambit {
inline namespace AMBIT_ABI {
namespace loops {

/// Direct convolution: each tile of pixels reads its windows where they lie. Interior pixels of a row are computed
/// `K.rows` at a time; where a window crosses the border one by one, over the taps that exist. With `Taps` > 0, the depth
/// of a window whose runs in memory are short, the places of its elements are in a table and it is one loop.
template <class T, product_kernel K, pool_shape Pool, bool Unpadded, int Taps, class Extents, class Epilogue>
class AMBIT_LOCAL convolution_kernel {
  static constexpr int full = K.vectors * K.lanes;
  static constexpr int pooled = Pool.rows * Pool.columns;
  static constexpr int pools = pools_in_tile(K, Pool);  // of a tile
  static constexpr int half = pools > 1 ? pools / 2 : 1;
  static constexpr int splits = K.vectors <= 2 ? 4 : 2;  // of the depth of a single pixel

 public:
  AMBIT_INLINE convolution_kernel(convolution_operands<T> const& o, Extents const& e, Epilogue const& epilogue)
      : o_(o),
        e_(e),
        epilogue_(epilogue),
        inputs_(e.over.channels / e.groups),
        outputs_(e.outputs / e.groups),
        columns_(e.over.columns.outputs() / Pool.columns),
        rows_(e.over.rows.outputs() / Pool.rows),
        row_step_(static_cast<std::ptrdiff_t>(e.over.columns.extent) * e.over.channels * e.over.rows.stride),
        column_step_(static_cast<std::ptrdiff_t>(e.over.columns.stride) * e.over.channels) {
    if constexpr (Taps > 0) {
      window const& w = e.over;
      int tap = 0;
      for (int i = 0; i < w.rows.size; ++i)
        for (int j = 0; j < w.columns.size; ++j)
          for (int k = 0; k < inputs_; ++k)
            taps_[tap++] = (static_cast<std::ptrdiff_t>(i) * w.rows.dilation * w.columns.extent + j * w.columns.dilation) *
                               w.channels +
                           k;
    }
  }

  AMBIT_INLINE void run() const {
    if (e_.outputs == 0) return;
    int const last = (outputs_ - 1) / full * full;
    std::ptrdiff_t const depth = static_cast<std::ptrdiff_t>(e_.over.rows.size) * e_.over.columns.size * inputs_;
    int const padded = (outputs_ + K.lanes - 1) / K.lanes * K.lanes;
    for (int group = 0; group < e_.groups; ++group)
      for (int image = 0; image < e_.over.batch; ++image) {
        T const* const weights = o_.w + static_cast<std::ptrdiff_t>(group) * padded * depth;
        for (int column = 0; column < last; column += full)
          whole_image<K.vectors>({image, group, column, weights + column * depth});
        whole_image<K.last>({image, group, last, weights + last * depth});
      }
  }

 private:
  struct place {
    int image, group, column;  // first output channel of the panel in its group
    T const* weights;
  };

  template <int Vectors>
  AMBIT_INLINE void whole_image(place const& at) const {
    if constexpr (Unpadded) {
      block<Vectors>(at, {0, rows_}, {0, columns_});
    } else {
      // Pixels whose whole window lies on the input; the others along the border.
      detail::window_range const rows = e_.over.rows.inner(rows_), columns = e_.over.columns.inner(columns_);
      if (rows.size() > 0 && columns.size() > 0) block<Vectors>(at, rows, columns);
      for (int r = 0; r < rows_; ++r) {
        bool const beside = r >= rows.first && r < rows.end && columns.size() > 0;
        int const middle = beside ? columns.first : columns_;
        for (int c = 0; c < middle; ++c) pixel<Vectors>(at, r, c);
        if (beside)
          for (int c = columns.end; c < columns_; ++c) pixel<Vectors>(at, r, c);
      }
    }
  }
  template <int Vectors>
  AMBIT_INLINE void block(place const& at, detail::window_range rows, detail::window_range columns) const {
    if constexpr (pairs_pixels<T, K, Pool, Extents, Epilogue>) {
      pixel_pairs<T, K, Pool, Extents, Epilogue> const pairs(at.weights, start_of(at), epilogue_);
      spot const first = spot_at(rows.first, columns.first);
      pairs.block(input_at(at, 0, 0, 0, 0) + first.corner, o_.out + (first_result(at) + first.result) * outputs_);
    } else if constexpr (row_results<K, Pool, Extents> > 0) {
      constexpr int together = row_results<K, Pool, Extents>;
      for (int row = rows.first; row < rows.end; ++row)
        for (int column = columns.first; column < columns.end; column += together)
          tile_of_row<Vectors, together>(at, spot_at(row, column + together <= columns.end ? column : columns.end - together));
    } else {
      int const results = rows.size() * columns.size();
      if (results >= pools)
        tiles<Vectors, pools>(at, rows, columns, results);
      else if (half > 1 && results >= half)
        tiles<Vectors, half>(at, rows, columns, results);
      else
        tiles<Vectors, 1>(at, rows, columns, results);
    }
  }
  // `Pools` results at a time across the rows of a block. The last tile overlaps the one before: a full one costs less than
  // its pixels one by one.
  template <int Vectors, int Pools>
  AMBIT_INLINE void tiles(place const& at, detail::window_range rows, detail::window_range columns, int results) const {
    spot next = spot_at(rows.first, columns.first);
    int left = columns.size();  // in the row
    AMBIT_NO_UNROLL
    for (int all = results; all > 0; all -= Pools) {
      if (all < Pools) {
        next = spot_at(rows.first + (results - Pools) / columns.size(), columns.first + (results - Pools) % columns.size());
        left = columns.size() - (results - Pools) % columns.size();
      }
      one_tile<Vectors, Pools>(at, [&]() __attribute__((always_inline)) {
        spot const own = next;
        next.corner += Pool.columns * column_step_, ++next.result;
        if (--left == 0) {
          left = columns.size();
          next.corner += Pool.rows * row_step_ - columns.size() * Pool.columns * column_step_;
          next.result += columns_ - columns.size();
        }
        return own;
      });
    }
  }
  // Where a result is: counted up, as multiplying cost a third of a small filter's time.
  struct spot {
    std::ptrdiff_t corner;  // of its window in the image
    std::int64_t result;    // in the image
  };
  [[nodiscard]] AMBIT_INLINE spot spot_at(int row, int column) const {
    return {row * Pool.rows * row_step_ + column * Pool.columns * column_step_,
            static_cast<std::int64_t>(row) * columns_ + column};
  }
  /// The results at the next spots.
  template <int Vectors, int Pools, class Next>
  AMBIT_INLINE void one_tile(place const& at, Next const& next) const {
    T const* from[static_cast<std::size_t>(Pools * pooled)];
    std::int64_t results[static_cast<std::size_t>(Pools)];
    T const* const image_at = input_at(at, 0, 0, 0, 0);
    AMBIT_UNROLL
    for (int p = 0; p < Pools; ++p) {
      spot const own = next();
      results[p] = own.result;
      AMBIT_UNROLL
      for (int s = 0; s < pooled; ++s) from[p * pooled + s] = image_at + own.corner + distance(s);
    }
    sum_tile<T, K.lanes, Vectors, Pools * pooled> sums;
    sums.start(start_of(at));
    if constexpr (Taps > 0)
      sums.template add_taps<Taps>(at.weights, from, taps_);
    else
      each_run<Vectors>(at, [&](T const* w, std::ptrdiff_t tap, int length) __attribute__((always_inline)) {
        sums.add_from(w, from, tap, length);
      });
    std::int64_t const image = first_result(at);
    AMBIT_UNROLL
    for (int p = 0; p < Pools; ++p) store_pool(sums, p * pooled, at, image + results[p]);
  }
  /// Results side by side: with constant extents, one address and constants.
  template <int Vectors, int Pools>
  AMBIT_INLINE void tile_of_row(place const& at, spot const& first) const {
    T const* const corner = input_at(at, 0, 0, 0, 0) + first.corner;
    std::ptrdiff_t apart[static_cast<std::size_t>(Pools * pooled)];
    T const* from[static_cast<std::size_t>(Pools * pooled)];
    AMBIT_UNROLL
    for (int s = 0; s < Pools * pooled; ++s) {
      apart[s] = s / pooled * Pool.columns * column_step_ + distance(s % pooled);
      from[s] = corner + apart[s];
    }
    sum_tile<T, K.lanes, Vectors, Pools * pooled> sums;
    sums.start(start_of(at));
    if constexpr (Taps > 0)
      sums.template add_taps<Taps>(at.weights, from, taps_);
    else
      each_run<Vectors>(at, [&](T const* w, std::ptrdiff_t tap, int length) __attribute__((always_inline)) {
        sums.add(w, corner + tap, apart, length, 1);
      });
    AMBIT_UNROLL
    for (int p = 0; p < Pools; ++p) store_pool(sums, p * pooled, at, first_result(at) + first.result + p);
  }
  // Of the window of sum s of a pool from that of the first.
  [[nodiscard]] AMBIT_INLINE std::ptrdiff_t distance(int s) const {
    return s / Pool.columns * row_step_ + s % Pool.columns * column_step_;
  }
  /// One result, over the taps that exist. Only convolutions without padding have a pool behind them.
  template <int Vectors>
  AMBIT_INLINE void pixel(place const& at, int row, int column) const {
    row_tile<T, K.lanes, Vectors, splits> sums;
    sums.start(start_of(at));
    accumulate(sums, at, row, column, {e_.over.rows.first_tap(row), e_.over.rows.end_tap(row)},
               {e_.over.columns.first_tap(column), e_.over.columns.end_tap(column)});
    sums.join();
    store_pool(sums, 0, at, first_result(at) + static_cast<std::int64_t>(row) * columns_ + column);
  }

  [[nodiscard]] AMBIT_INLINE std::int64_t first_result(place const& at) const {
    return static_cast<std::int64_t>(at.image) * rows_ * columns_;
  }
  // Taps beside each other in memory are one run.
  [[nodiscard]] AMBIT_INLINE bool dense() const { return e_.over.columns.dilation == 1 && e_.groups == 1; }
  [[nodiscard]] AMBIT_INLINE T const* weights_of(place const& at, int i, int j, int width) const {
    return at.weights + (static_cast<std::ptrdiff_t>(i) * e_.over.columns.size + j) * inputs_ * width;
  }
  // The runs of a whole window: their weights, where they lie from its corner, and their length.
  template <int Vectors, class Run>
  AMBIT_INLINE void each_run(place const& at, Run const& run) const {
    int const length = dense() ? e_.over.columns.size * inputs_ : inputs_;
    if (length <= 0) return;
    T const* const corner = input_at(at, 0, 0, 0, 0);
    for (int i = 0; i < e_.over.rows.size; ++i)
      for (int j = 0; j < e_.over.columns.size; ++j) {
        run(weights_of(at, i, j, Vectors * K.lanes), input_at(at, 0, 0, i, j) - corner, length);
        if (dense()) break;
      }
  }
  template <class Tile>
  AMBIT_INLINE void accumulate(Tile& sums, place const& at, int y, int x, detail::window_range rows,
                               detail::window_range columns) const {
    int const length = dense() ? columns.size() * inputs_ : inputs_;
    if (length <= 0) return;
    for (int i = rows.first; i < rows.end; ++i)
      for (int j = columns.first; j < columns.end; ++j) {
        sums.add(weights_of(at, i, j, Tile::vectors * K.lanes), input_at(at, y, x, i, j), nullptr, length, 1);
        if (dense()) break;
      }
  }
  /// What tap (i, j) of the window at an output (y, x) is multiplied with.
  AMBIT_INLINE T const* input_at(place const& at, int y, int x, int i, int j) const {
    std::ptrdiff_t const row = y * e_.over.rows.stride - e_.over.rows.before + i * e_.over.rows.dilation;
    std::ptrdiff_t const column = x * e_.over.columns.stride - e_.over.columns.before + j * e_.over.columns.dilation;
    return o_.x + ((static_cast<std::ptrdiff_t>(at.image) * e_.over.rows.extent + row) * e_.over.columns.extent + column) * e_.over.channels +
           static_cast<std::ptrdiff_t>(at.group) * inputs_;
  }
  AMBIT_INLINE T const* start_of(place const& at) const {
    return o_.start == nullptr ? nullptr : o_.start + static_cast<std::ptrdiff_t>(at.group) * outputs_ + at.column;
  }
  /// The largest of the results of a pool.
  template <class Tile>
  AMBIT_INLINE void store_pool(Tile const& sums, int first, place const& at, std::int64_t result) const {
    constexpr int of_pool = std::is_same_v<Tile, row_tile<T, K.lanes, Tile::vectors, splits>> ? 1 : pooled;
    int const channel = at.group * outputs_ + at.column;
    T* const out = o_.out + result * e_.outputs + channel;
    AMBIT_UNROLL
    for (int v = 0; v < Tile::vectors; ++v) {
      int const left = outputs_ - at.column - v * K.lanes;
      if (left <= 0) break;
      int const count = left < K.lanes ? left : K.lanes;
      auto best = epilogue_(sums.sum[first][v], result, channel + v * K.lanes, count);
      AMBIT_UNROLL
      for (int p = 1; p < of_pool; ++p)
        best = best.max(epilogue_(sums.sum[first + p][v], result, channel + v * K.lanes, count));
      if (count == K.lanes)
        best.store(out + v * K.lanes);
      else
        best.store(out + v * K.lanes, count);
    }
  }

  convolution_operands<T> const& o_;
  Extents const& e_;
  Epilogue const& epilogue_;
  int const inputs_, outputs_;    // of one group
  int const columns_, rows_;      // of the result
  std::ptrdiff_t const row_step_, column_step_;  // of neighbouring sums in the input
  std::ptrdiff_t taps_[static_cast<std::size_t>(Taps > 0 ? Taps : 1)];
};

template <class T, product_kernel K, pool_shape Pool, bool Unpadded, int Taps, class Extents, class Epilogue>
AMBIT_FLATTEN void convolution(convolution_operands<T> const& o, Extents const& e, Epilogue const& epilogue) {
  convolution_kernel<T, K, Pool, Unpadded, Taps, Extents, Epilogue>(o, e, epilogue).run();
}

/// One frame after the other: each goes into a ring of `frames`, a power of two, and is convolved with those before it.
template <class T, product_kernel K, int Taps, int Channels, class Epilogue>
AMBIT_FLATTEN void streaming_convolution(convolution_operands<T> const& o, T* ring, std::int32_t* position, int frames,
                                         int dilation, int outputs, std::int64_t time, Epilogue const& epilogue) {
  constexpr int full = K.vectors * K.lanes;
  int const last = (outputs - 1) / full * full;
  int at = *position & (frames - 1);
  auto panel = [&]<int Vectors>(std::integral_constant<int, Vectors>, std::int64_t t, int column)
                   __attribute__((always_inline)) {
                     row_tile<T, K.lanes, Vectors, Vectors <= 2 ? 4 : 2> sums;
                     sums.start(o.start == nullptr ? nullptr : o.start + column);
                     T const* w = o.w + static_cast<std::ptrdiff_t>(column) * Taps * Channels;
                     AMBIT_UNROLL
                     for (int tap = 0; tap < Taps; ++tap, w += Channels * Vectors * K.lanes) {
                       // The frame itself from where it came: what has just been stored takes a tenth longer to read.
                       int const back = (Taps - 1 - tap) * dilation;
                       T const* const frame = tap + 1 == Taps ? o.x + t * Channels : ring + ((at - back) & (frames - 1)) * Channels;
                       if constexpr (Taps * Channels <= longest_unrolled)
                         sums.template add_unrolled<Channels>(w, frame, 1);
                       else
                         sums.add(w, frame, nullptr, Channels, 1);
                     }
                     sums.finish(epilogue, t, column, outputs - column, o.out + t * outputs + column);
                   };
  for (std::int64_t t = 0; t < time; ++t) {
    std::memcpy(ring + at * Channels, o.x + t * Channels, sizeof(T) * static_cast<std::size_t>(Channels));
    for (int column = 0; column < last; column += full) panel(std::integral_constant<int, K.vectors>{}, t, column);
    panel(std::integral_constant<int, K.last>{}, t, last);
    at = (at + 1) & (frames - 1);
  }
  *position = at;
}

/// Each channel by itself, the lanes along the results' channels. w: [rows, columns, channels * multiplier].
template <class T, class Epilogue>
AMBIT_FLATTEN void depthwise_convolution(convolution_operands<T> const& o, window const& w, int multiplier,
                                         Epilogue const& epilogue) {
  int const outputs = w.channels * multiplier;
  constexpr int N = native_lanes<T>;
  using vector = lanes<T, N>;
  int const rows = w.rows.outputs(), columns = w.columns.outputs();
  std::ptrdiff_t const row_step = static_cast<std::ptrdiff_t>(w.columns.extent) * w.channels;
  std::int64_t pixel = 0;
  for (int image = 0; image < w.batch; ++image)
    for (int y = 0; y < rows; ++y)
      for (int x = 0; x < columns; ++x, ++pixel)
        for (int c = 0; c < outputs; c += N) {
          int const count = outputs - c < N ? outputs - c : N;
          vector sum = o.start == nullptr ? vector(T(0)) : vector::load(o.start + c, count);
          for (int i = w.rows.first_tap(y); i < w.rows.end_tap(y); ++i)
            for (int j = w.columns.first_tap(x); j < w.columns.end_tap(x); ++j) {
              T const* const from =
                  o.x +
                  (static_cast<std::ptrdiff_t>(image) * w.rows.extent + y * w.rows.stride - w.rows.before +
                   i * w.rows.dilation) *
                      row_step +
                  static_cast<std::ptrdiff_t>(x * w.columns.stride - w.columns.before + j * w.columns.dilation) * w.channels;
              T const* const taps = o.w + (static_cast<std::ptrdiff_t>(i) * w.columns.size + j) * outputs + c;
              vector inputs;
              if (multiplier == 1) {
                inputs = vector::load(from + c, count);
              } else {
                T repeated[static_cast<std::size_t>(N)] = {};
                for (int k = 0; k < count; ++k) repeated[k] = from[(c + k) / multiplier];
                inputs = vector::load(repeated);
              }
              sum = multiply_add(vector::load(taps, count), inputs, sum);
            }
          epilogue(sum, pixel, c, count).store(o.out + pixel * outputs + c, count);
        }
}

}  // namespace loops
}  // namespace AMBIT_ABI
}  // namespace ambit
