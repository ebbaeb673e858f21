// SPDX-License-Identifier: BSL-1.0
// The inner loop of every product and convolution.
#pragma once

#include <ambit/kernels/lanes.hpp>

#include <cstddef>

namespace ambit {
inline namespace AMBIT_ABI {
namespace loops {

/// Rows x Vectors sums in registers: `Rows` rows of inputs times one panel of weights.
template <class T, int N, int Vectors, int Rows>
struct AMBIT_LOCAL sum_tile {
  using vector = lanes<T, N>;
  static constexpr int vectors = Vectors;
  vector sum[static_cast<std::size_t>(Rows)][static_cast<std::size_t>(Vectors)];

  /// Begins at the bias of these outputs, or at zero. The bias is read in whole vectors.
  AMBIT_INLINE void start(T const* bias) {
    AMBIT_UNROLL
    for (int v = 0; v < Vectors; ++v) {
      vector const first = bias != nullptr ? vector::load(bias + v * N) : vector(T(0));
      AMBIT_UNROLL
      for (int r = 0; r < Rows; ++r) sum[r][v] = first;
    }
  }

  /// Adds `length` steps of the depth: weights one after the other from `w`, the inputs of row r from x + at[r], `step`
  /// apart.
  AMBIT_INLINE void add(T const* w, T const* x, std::ptrdiff_t const* at, int length, std::ptrdiff_t step) {
    AMBIT_NO_UNROLL
    for (int k = 0; k < length; ++k, w += Vectors * N, x += step)
      add_one(w, [&](int r) __attribute__((always_inline)) { return x[at[r]]; });
  }
  /// The same with the inputs of row r from rows[r] + from on: pointers, not offsets, so that what is constant between
  /// rows becomes part of an address.
  AMBIT_INLINE void add_from(T const* w, T const* const* rows, std::ptrdiff_t from, int length) {
    AMBIT_NO_UNROLL
    for (int k = 0; k < length; ++k, w += Vectors * N) add_tap(w, rows, from + k);
  }
  /// The same with the inputs at rows[r] + taps[k]. Short ones are straight code, with the weights in registers.
  template <int Length>
  AMBIT_INLINE void add_taps(T const* w, T const* const* rows, std::ptrdiff_t const* taps) {
    if constexpr (Length * Vectors <= 12) {
      AMBIT_UNROLL
      for (int k = 0; k < Length; ++k) add_tap(w + k * Vectors * N, rows, taps[k]);
    } else {
      AMBIT_NO_UNROLL
      for (int k = 0; k < Length; ++k) add_tap(w + k * Vectors * N, rows, taps[k]);
    }
  }
  AMBIT_INLINE void add_tap(T const* w, T const* const* rows, std::ptrdiff_t tap) {
    add_one(w, [&](int r) __attribute__((always_inline)) { return rows[r][tap]; });
  }
  /// One step; `input(r)` is what the weights are multiplied with in row r.
  template <class Input>
  AMBIT_INLINE void add_one(T const* w, Input const& input) {
    vector weights[static_cast<std::size_t>(Vectors)];
    AMBIT_UNROLL
    for (int v = 0; v < Vectors; ++v) weights[v] = vector::load(w + v * N);
    AMBIT_UNROLL
    for (int r = 0; r < Rows; ++r) {
      vector const x(input(r));
      AMBIT_UNROLL
      for (int v = 0; v < Vectors; ++v) sum[r][v] = multiply_add(weights[v], x, sum[r][v]);
    }
  }

  /// Hands each row's outputs, of which `outputs` exist from `column` on, to the epilogue and stores them.
  template <class Epilogue>
  AMBIT_INLINE void finish(Epilogue const& epilogue, std::int64_t row, int column, int outputs, T* out,
                           std::ptrdiff_t row_stride) const {
    AMBIT_UNROLL
    for (int r = 0; r < Rows; ++r)
      finish_row(epilogue, r, row + r, column, outputs, out + r * row_stride);
  }
  template <class Epilogue>
  AMBIT_INLINE void finish_row(Epilogue const& epilogue, int r, std::int64_t row, int column, int outputs, T* out) const {
    AMBIT_UNROLL
    for (int v = 0; v < Vectors; ++v) store(epilogue, sum[r][v], row, column + v * N, outputs - v * N, out + v * N);
  }
  template <class Epilogue>
  AMBIT_INLINE static void store(Epilogue const& epilogue, vector const& value, std::int64_t row, int column, int count,
                                 T* out) {
    if (count >= N)
      epilogue(value, row, column, N).store(out);
    else if (count > 0)
      epilogue(value, row, column, count).store(out, count);
  }
};

/// One row of inputs times one panel, the depth split `Splits` ways: as many chains of sums hide the latency of one.
template <class T, int N, int Vectors, int Splits>
struct AMBIT_LOCAL row_tile {
  using vector = lanes<T, N>;
  static constexpr int vectors = Vectors;
  vector sum[static_cast<std::size_t>(Splits)][static_cast<std::size_t>(Vectors)];

  AMBIT_INLINE void start(T const* bias) {
    AMBIT_UNROLL
    for (int v = 0; v < Vectors; ++v) {
      sum[0][v] = bias != nullptr ? vector::load(bias + v * N) : vector(T(0));
      AMBIT_UNROLL
      for (int s = 1; s < Splits; ++s) sum[s][v] = vector(T(0));
    }
  }
  AMBIT_INLINE void add_one(int s, T const* w, T x) {
    vector const input(x);
    AMBIT_UNROLL
    for (int v = 0; v < Vectors; ++v) sum[s][v] = multiply_add(vector::load(w + v * N), input, sum[s][v]);
  }
  AMBIT_INLINE void add(T const* w, T const* x, std::ptrdiff_t const*, int length, std::ptrdiff_t step) {
    int k = 0;
    AMBIT_NO_UNROLL
    for (; k + Splits <= length; k += Splits, w += Splits * Vectors * N, x += Splits * step) {
      AMBIT_UNROLL
      for (int s = 0; s < Splits; ++s) add_one(s, w + s * Vectors * N, x[s * step]);
    }
    AMBIT_NO_UNROLL
    for (; k < length; ++k, w += Vectors * N, x += step) add_one(0, w, *x);
  }
  /// The same with the length in the type: straight code.
  template <int Length>
  AMBIT_INLINE void add_unrolled(T const* w, T const* x, std::ptrdiff_t step) {
    AMBIT_UNROLL
    for (int k = 0; k < Length; ++k) add_one(k % Splits, w + k * Vectors * N, x[k * step]);
  }
  AMBIT_INLINE void join() {
    AMBIT_UNROLL
    for (int half = Splits; half > 1; half = (half + 1) / 2) {
      int const pairs = half / 2;  // in the condition, g++'s sanitizers would drop the pragma
      AMBIT_UNROLL
      for (int s = 0; s < pairs; ++s) {
        AMBIT_UNROLL
        for (int v = 0; v < Vectors; ++v) sum[s][v] = sum[s][v] + sum[s + half - pairs][v];
      }
    }
  }
  template <class Epilogue>
  AMBIT_INLINE void finish(Epilogue const& epilogue, std::int64_t row, int column, int outputs, T* out) {
    join();
    AMBIT_UNROLL
    for (int v = 0; v < Vectors; ++v)
      sum_tile<T, N, Vectors, 1>::store(epilogue, sum[0][v], row, column + v * N, outputs - v * N, out + v * N);
  }
};

}  // namespace loops
}  // namespace AMBIT_ABI
}  // namespace ambit
