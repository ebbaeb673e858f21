// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/kernels/lanes.hpp>
#include <ambit/ops/window.hpp>

#include <cstddef>
#include <limits>

namespace ambit {
inline namespace AMBIT_ABI {
namespace loops {

/// Calls `fold` on each vector of channels of each element of a window, and `finish` with the number of elements.
template <class T, class Fold, class Finish>
AMBIT_FLATTEN void pool(window const& w, T const* x, T* out, T first, Fold fold, Finish finish) {
  constexpr int N = native_lanes<T>;
  using vector = lanes<T, N>;
  int const rows = w.rows.outputs(), columns = w.columns.outputs();
  auto element = [&](int image, int row, int column) {
    return x + ((static_cast<std::ptrdiff_t>(image) * w.rows.extent + row) * w.columns.extent + column) * w.channels;
  };
  for (int image = 0; image < w.batch; ++image)
    for (int r = 0; r < rows; ++r)
      for (int c = 0; c < columns; ++c, out += w.channels) {
        int const top = r * w.rows.stride - w.rows.before, left = c * w.columns.stride - w.columns.before;
        int const first_row = w.rows.first_tap(r), end_row = w.rows.end_tap(r);
        int const first_column = w.columns.first_tap(c), end_column = w.columns.end_tap(c);
        int const elements = (end_row - first_row) * (end_column - first_column);
        for (int channel = 0; channel < w.channels; channel += N) {
          int const count = w.channels - channel;
          vector sum(first);
          for (int i = first_row; i < end_row; ++i)
            for (int j = first_column; j < end_column; ++j) {
              T const* const from = element(image, top + i, left + j) + channel;
              sum = fold(sum, count >= N ? vector::load(from) : vector::load(from, count));
            }
          vector const result = finish(sum, elements);
          if (count >= N)
            result.store(out + channel);
          else
            result.store(out + channel, count);
        }
      }
}

}  // namespace loops
}  // namespace AMBIT_ABI
}  // namespace ambit
