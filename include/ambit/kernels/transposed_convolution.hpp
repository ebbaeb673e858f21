// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/kernels/product.hpp>
#include <ambit/ops/window.hpp>

#include <cstddef>
#include <cstdint>

namespace ambit {
inline namespace AMBIT_ABI {
namespace loops {

/// The second half of a transposed convolution: the product of each element of an image with all taps,
/// `products` [rows, columns, taps, channels], becomes the sums of one result after the other. `w` is the window over the
/// result.
template <class T, class Epilogue>
AMBIT_FLATTEN void gather_windows(window const& w, T const* products, int rows, int columns, T const* start, T* out,
                                  std::int64_t first_row, Epilogue const& epilogue) {
  constexpr int N = native_lanes<T>;
  using vector = lanes<T, N>;
  int const taps = w.rows.size * w.columns.size;
  // The element of the input that tap `tap` of an axis brings to a place, or -1.
  auto source = [](detail::window_axis const& a, int place, int tap, int extent) {
    int const at = place + a.before - tap * a.dilation;
    if (at < 0 || at % a.stride != 0 || at / a.stride >= extent) return -1;
    return at / a.stride;
  };
  std::int64_t row = first_row;
  for (int y = 0; y < w.rows.extent; ++y)
    for (int x = 0; x < w.columns.extent; ++x, ++row, out += w.channels)
      for (int c = 0; c < w.channels; c += N) {
        int const count = w.channels - c < N ? w.channels - c : N;
        vector sum = start == nullptr ? vector(T(0)) : vector::load(start + c, count);
        for (int i = 0; i < w.rows.size; ++i) {
          int const from_row = source(w.rows, y, i, rows);
          if (from_row < 0) continue;
          for (int j = 0; j < w.columns.size; ++j) {
            int const from_column = source(w.columns, x, j, columns);
            if (from_column < 0) continue;
            std::ptrdiff_t const element = static_cast<std::ptrdiff_t>(from_row) * columns + from_column;
            sum = sum + vector::load(products + (element * taps + i * w.columns.size + j) * w.channels + c, count);
          }
        }
        epilogue(sum, row, c, count).store(out + c, count);
      }
}

}  // namespace loops
}  // namespace AMBIT_ABI
}  // namespace ambit
