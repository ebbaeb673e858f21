// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/kernels/lanes.hpp>
#include <ambit/ops/window.hpp>

#include <cstddef>
#include <limits>

namespace ambit {
inline namespace AMBIT_ABI {
namespace loops {

/// Windows of one row of results, one vector of channels of each.
template <class T>
struct AMBIT_LOCAL pool_row {
  T const* x;  // the first channel of the first row of the first window
  T* out;
  std::ptrdiff_t row_step, window_step;  // elements from a row, a window to the next
  int channels, height;
  int count;  // of the channels that are left

  /// The windows [first, end), of the columns from `skipped` on. A height and width in the type are straight code.
  template <int Height, int Width, class Fold, class Finish>
  AMBIT_INLINE void fold_windows(int first, int end, int skipped, int width, T initial, Fold fold, Finish finish) const {
    using vector = lanes<T, native_lanes<T>>;
    int const h = Height > 0 ? Height : height, w = Width > 0 ? Width : width;
    auto const load = [&](T const* p) __attribute__((always_inline)) {
      return count >= native_lanes<T> ? vector::load(p) : vector::load(p, count);
    };
    for (int c = first; c < end; ++c) {
      T const* from = x + c * window_step + static_cast<std::ptrdiff_t>(skipped) * channels;
      vector sum(initial);
      for (int i = 0; i < h; ++i, from += row_step)
        for (int j = 0; j < w; ++j) sum = fold(sum, load(from + static_cast<std::ptrdiff_t>(j) * channels));
      vector const result = finish(sum, h * w);
      if (count >= native_lanes<T>)
        result.store(out + static_cast<std::ptrdiff_t>(c) * channels);
      else
        result.store(out + static_cast<std::ptrdiff_t>(c) * channels, count);
    }
  }
};

/// Calls `fold` on each vector of channels of each element of a window, and `finish` with the number of elements.
template <class T, class Fold, class Finish>
AMBIT_FLATTEN void pool(window const& w, T const* x, T* out, T initial, Fold fold, Finish finish) {
  int const rows = w.rows.outputs(), columns = w.columns.outputs();
  // Which elements of a window exist is asked along the border only.
  detail::window_range const inner = w.columns.inner(columns);
  std::ptrdiff_t const row_step = static_cast<std::ptrdiff_t>(w.columns.extent) * w.channels;
  for (int image = 0; image < w.batch; ++image)
    for (int r = 0; r < rows; ++r, out += static_cast<std::ptrdiff_t>(columns) * w.channels)
      for (int channel = 0; channel < w.channels; channel += native_lanes<T>) {
        int const first_row = w.rows.first_tap(r), height = w.rows.end_tap(r) - first_row;
        std::ptrdiff_t const row = static_cast<std::ptrdiff_t>(image) * w.rows.extent + r * w.rows.stride - w.rows.before + first_row;
        pool_row<T> const line{x + row * row_step - static_cast<std::ptrdiff_t>(w.columns.before) * w.channels + channel,
                               out + channel,
                               row_step,
                               static_cast<std::ptrdiff_t>(w.columns.stride) * w.channels,
                               w.channels,
                               height,
                               w.channels - channel};
        auto const border = [&](int first, int end) {
          for (int c = first; c < end; ++c) {
            int const skipped = w.columns.first_tap(c);
            line.template fold_windows<0, 0>(c, c + 1, skipped, w.columns.end_tap(c) - skipped, initial, fold, finish);
          }
        };
        border(0, inner.first);
        if (height == 2 && w.columns.size == 2)
          line.template fold_windows<2, 2>(inner.first, inner.end, 0, 2, initial, fold, finish);
        else
          line.template fold_windows<0, 0>(inner.first, inner.end, 0, w.columns.size, initial, fold, finish);
        border(inner.end, columns);
      }
}

}  // namespace loops
}  // namespace AMBIT_ABI
}  // namespace ambit
