// SPDX-License-Identifier: BSL-1.0
// The sums of the gates of a recurrent cell.
#pragma once

#include <ambit/kernels/gates.hpp>
#include <ambit/kernels/target.hpp>
#include <ambit/kernels/tile.hpp>

#include <algorithm>
#include <cstddef>
#include <type_traits>
#include <utility>

namespace ambit {
inline namespace AMBIT_ABI {
namespace loops {

/// The sums of the gates of one block of units. A row of the block's panel holds a vector of N units for each gate; where
/// these are narrow, whole registers of them are summed at once: the last 4 of 20 units in one register of 16, not in four.
template <class T, int N, int Gates, int Splits>
class AMBIT_LOCAL gate_block {
 public:
  static constexpr int row = gates_row<T>(Gates, N);
  static constexpr int width = row < native_lanes<T> ? row : N < native_lanes<T> ? native_lanes<T> : N;  // of a register
  static constexpr int registers = row / width;
  static constexpr bool packed = width > N;
  /// Whether packed sums hold the biases. Only where the units before this block fill a register: see `add_bias`.
  template <int Units>
  static constexpr bool complete = packed && Units > native_lanes<T>;
  using vector = lanes<T, N>;

  /// Begins at the biases, of which the second may be null, with `extra` for one gate.
  template <int Units, int Count>
  AMBIT_INLINE void start(T const* bias, T const* second, int u, int gate = 0, T extra = T(0)) {
    AMBIT_UNROLL
    for (int s = 0; s < Splits; ++s) {
      AMBIT_UNROLL
      for (int r = 0; r < registers; ++r) sums_.sum[s][r] = lanes<T, width>(T(0));
    }
    if constexpr (complete<Units>) {
      each_gate([&]<int G>(std::integral_constant<int, G>) __attribute__((always_inline)) {
        add_bias<G, Units>(bias, second);
        if (G == gate) add_lanes<G>(lanes<T, width>(extra));
      });
    } else {
      AMBIT_UNROLL
      for (int g = 0; g < Gates; ++g) {
        vector b = vector::load(bias + g * Units + u, Count);
        if (second != nullptr) b = b + vector::load(second + g * Units + u, Count);
        if (g == gate) b = b + vector(extra);
        if constexpr (packed)
          bias_[g] = b;
        else
          sums_.sum[0][g] = b;
      }
    }
  }
  /// Adds the joined sums of another block, but those of one gate.
  template <int Except, int Units, int OtherSplits>
  AMBIT_INLINE void carry(gate_block<T, N, Gates, OtherSplits>& other) {
    each_gate([&]<int G>(std::integral_constant<int, G>) __attribute__((always_inline)) {
      if constexpr (G == Except)
        return;
      else if constexpr (packed)
        add_lanes<G>(other.sum(G * N / width));
      else
        sums_.sum[0][G] = sums_.sum[0][G] + other.sum(G);
      if constexpr (packed && !complete<Units>) bias_[G] = bias_[G] + other.bias_[G];
    });
  }
  /// Adds row k of the block's panel times x.
  AMBIT_INLINE void add(int k, T const* w, T x) { sums_.add_one(k % Splits, w + k * row, x); }
  template <int Length>
  AMBIT_INLINE void add(T const* w, T const* x) {
    if constexpr (Length <= longest_unrolled)
      sums_.template add_unrolled<Length>(w, x, 1);
    else
      sums_.add(w, x, nullptr, Length, 1);
  }
  AMBIT_INLINE void join() { sums_.join(); }
  /// The logistic function of all gates but one, and the tanh of that one (-1: there is none); of complete joined sums.
  template <int Candidate>
  AMBIT_INLINE void activate() {
    static_assert(registers <= 2);
    if constexpr (Candidate < 0 && registers == 1)
      sum(0) = loops::gate(sum(0));
    else if constexpr (Candidate < 0)
      two_gates(sum(0), sum(1));
    else if constexpr (registers == 1)
      packed_gates<N, Candidate>(sum(0));
    else
      packed_gates<N, Candidate>(sum(0), sum(1));
  }
  /// A register of the joined sums.
  [[nodiscard]] AMBIT_INLINE lanes<T, width>& sum(int r) { return sums_.sum[0][r]; }
  /// The joined sum of a gate.
  template <int Units>
  [[nodiscard]] AMBIT_INLINE vector gate(int g) const {
    if constexpr (packed) {
      alignas(64) T all[static_cast<std::size_t>(row)];
      AMBIT_UNROLL
      for (int r = 0; r < registers; ++r) sums_.sum[0][r].store(all + r * width);
      if constexpr (complete<Units>) return vector::load(all + g * N);
      return vector::load(all + g * N) + bias_[g];
    } else {
      return sums_.sum[0][g];
    }
  }

 private:
  template <class, int, int, int>
  friend class gate_block;

  template <class F>
  AMBIT_INLINE static void each_gate(F const& f) {
    [&]<int... G>(std::integer_sequence<int, G...>) __attribute__((always_inline)) {
      (f(std::integral_constant<int, G>{}), ...);
    }(std::make_integer_sequence<int, Gates>{});
  }
  template <int G>
  AMBIT_INLINE void add_lanes(lanes<T, width> const& x) {
    constexpr int r = G * N / width;
    sums_.sum[0][r] = sums_.sum[0][r] + keep_lanes<G * N % width, N>(x);
  }
  // Reads a register with the gate's biases in its lanes, begun up to a register before them: put together in memory they
  // could not be read before the stores have left the store buffer, behind all that the step before has to do.
  template <int G, int Units>
  AMBIT_INLINE void add_bias(T const* bias, T const* second) {
    constexpr int first = G * N % width, at = G * Units + Units / native_lanes<T> * native_lanes<T> - first;
    constexpr int count = std::min(width, Gates * Units - at);
    lanes<T, width> b = lanes<T, width>::load(bias + at, count);
    if (second != nullptr) b = b + lanes<T, width>::load(second + at, count);
    add_lanes<G>(b);
  }

  row_tile<T, width, registers, Splits> sums_;
  vector bias_[static_cast<std::size_t>(Gates)];
};

/// The sums of the gates of all units at once, where they fit into registers: each input is spread over one only once.
template <class T, int Units, int Gates>
class AMBIT_LOCAL unit_sums {
  static constexpr int N = lanes_for<T>(Units), blocks = Units / N, rest = Units % N;
  static constexpr int M = rest > 0 ? lanes_for<T>(rest) : N;
  static constexpr int registers = blocks * gate_block<T, N, Gates, 1>::registers +
                                   (rest > 0 ? gate_block<T, M, Gates, 1>::registers : 0);
  static constexpr int splits = registers >= 8 ? 1 : registers >= 4 ? 2 : 4;

 public:
  static constexpr bool fits = registers * splits <= (vector_registers >= 32 ? 16 : vector_registers >= 16 ? 12 : 4);

  /// `f(block, count, first unit)` for each block, of count units.
  template <class F>
  AMBIT_INLINE void each(F const& f) {
    AMBIT_UNROLL
    for (int b = 0; b < blocks; ++b) f(whole_[b], std::integral_constant<int, N>{}, b * N);
    if constexpr (rest > 0) f(last_, std::integral_constant<int, rest>{}, blocks * N);
  }
  /// `f(block, block of other, count, first unit)`.
  template <class F>
  AMBIT_INLINE void each(unit_sums& other, F const& f) {
    AMBIT_UNROLL
    for (int b = 0; b < blocks; ++b) f(whole_[b], other.whole_[b], std::integral_constant<int, N>{}, b * N);
    if constexpr (rest > 0) f(last_, other.last_, std::integral_constant<int, rest>{}, blocks * N);
  }
  /// Adds `Length` rows, beginning at row `from` of `depth`, of the panels w.
  template <int Length>
  AMBIT_INLINE void add(T const* w, int from, int depth, T const* x) {
    if constexpr (Length * registers <= most_unrolled) {
      AMBIT_UNROLL
      for (int k = 0; k < Length; ++k) add_row(k, w, from, depth, x);
    } else {
      constexpr int whole = Length / splits * splits;
      AMBIT_NO_UNROLL
      for (int k = 0; k < whole; k += splits, from += splits, x += splits) {
        AMBIT_UNROLL
        for (int s = 0; s < splits; ++s) add_row(s, w, from, depth, x);
      }
      AMBIT_UNROLL
      for (int s = 0; s < Length - whole; ++s) add_row(s, w, from, depth, x);
    }
  }

 private:
  static constexpr int most_unrolled = 320;  // multiplications of registers

  AMBIT_INLINE void add_row(int k, T const* w, int from, int depth, T const* x) {
    AMBIT_UNROLL
    for (int b = 0; b < blocks; ++b) whole_[b].add(k, w + (b * depth + from) * N * Gates, x[k]);
    if constexpr (rest > 0) last_.add(k, w + blocks * depth * N * Gates + from * gate_block<T, M, Gates, 1>::row, x[k]);
  }

  gate_block<T, N, Gates, splits> whole_[static_cast<std::size_t>(blocks > 0 ? blocks : 1)];
  gate_block<T, M, Gates, splits> last_;
};

}  // namespace loops
}  // namespace AMBIT_ABI
}  // namespace ambit
