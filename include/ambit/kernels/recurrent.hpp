// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/kernels/target.hpp>
#include <ambit/kernels/tile.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace ambit {
inline namespace AMBIT_ABI {
namespace loops {

/// The logistic function of a gate. For float by tanh, whose error is absolute, 1.7e-7: all that a gate needs. With the
/// exponential of `logistic` a step of an LSTM takes 2 % longer (SSE2: 13 %), of a GRU 12 % (21 %): it waits for it.
template <class V>
AMBIT_INLINE V gate(V const& x) {
  if constexpr (std::is_same_v<typename V::Scalar, float>)
    return multiply_add((x * V(0.5F)).tanh(), V(0.5F), V(0.5F));
  else
    return x.logistic();
}
/// tanh with the shortest latency.
template <class V>
AMBIT_INLINE V tanh_soon(V const& x) {
  if constexpr (std::is_same_v<typename V::Scalar, float>) {
    auto const q = tanh_quotient_in_parallel(x);
    return q.over / q.under;
  } else {
    return x.tanh();
  }
}
/// Two gates with one division: to divide a vector of 16 floats takes 16 cycles, to multiply it half a one.
template <class V>
AMBIT_INLINE void two_gates(V& a, V& b) {
  if constexpr (std::is_same_v<typename V::Scalar, float>) {
    auto const p = tanh_quotient_in_parallel(a * V(0.5F)), q = tanh_quotient_in_parallel(b * V(0.5F));
    V const half_inverse = V(0.5F) / (p.under * q.under);
    a = multiply_add(p.over * q.under, half_inverse, V(0.5F));
    b = multiply_add(q.over * p.under, half_inverse, V(0.5F));
  } else {
    a = gate(a), b = gate(b);
  }
}
/// Three gates, and the tanh of a candidate, with one division.
template <class V>
AMBIT_INLINE void gates_and_candidate(V& a, V& b, V& c, V& candidate) {
  if constexpr (std::is_same_v<typename V::Scalar, float>) {
    auto const p = tanh_quotient_in_parallel(a * V(0.5F)), q = tanh_quotient_in_parallel(b * V(0.5F));
    auto const r = tanh_quotient_in_parallel(c * V(0.5F)), s = tanh_quotient_in_parallel(candidate);
    V const left = p.under * q.under, right = r.under * s.under;
    V const half_inverse = V(0.5F) / (left * right);
    V const of_left = half_inverse * right, of_right = half_inverse * left;
    a = multiply_add(p.over * q.under, of_left, V(0.5F));
    b = multiply_add(q.over * p.under, of_left, V(0.5F));
    c = multiply_add(r.over * s.under, of_right, V(0.5F));
    candidate = s.over * r.under * (of_right + of_right);
  } else {
    a = gate(a), b = gate(b), c = gate(c), candidate = candidate.tanh();
  }
}

/// Extents of a cell, as constants.
struct cell_extents {
  int units = 0;
  int inputs = 0;
  int gates = 4;          // of the matrices
  bool combined = false;  // one matrix for inputs and state
  constexpr bool operator==(cell_extents const&) const = default;
};

/// Runs `block` over the units: whole vectors, then the narrowest packet that holds the rest.
template <class T, int Units, class Block>
AMBIT_INLINE void over_units(Block const& block) {
  constexpr int N = lanes_for<T>(Units), whole = Units / N * N, rest = Units - whole;
  AMBIT_NO_UNROLL
  for (int u = 0; u < whole; u += N) block(std::integral_constant<int, N>{}, std::integral_constant<int, N>{}, u);
  if constexpr (rest > 0) block(std::integral_constant<int, lanes_for<T>(rest)>{}, std::integral_constant<int, rest>{}, whole);
}

/// Not AMBIT_LOCAL: g++ warns of lambdas in inline functions that hold what is, where -fvisibility-inlines-hidden is given.
template <class T>
struct cell_weights {
  T const* x = nullptr;  // panels of gates for the inputs
  T const* h = nullptr;  // and for the state; of a combined matrix null
  T const* bias = nullptr;
  T const* state_bias = nullptr;
};

/// The sums of the gates of one block of units. A row of the block's panel holds a vector of N units for each gate; where
/// these are narrow, whole registers of them are summed at once: the last 4 of 20 units in one register of 16, not in four.
template <class T, int N, int Gates>
class AMBIT_LOCAL gate_block {
  static constexpr int native = native_lanes<T>;
  static constexpr bool packed = N < native && (Gates * N) % native == 0;
  static constexpr int width = packed ? native : N;
  static constexpr int vectors = Gates * N / width;
  static constexpr int splits = vectors >= 3 ? 2 : 4;

 public:
  using vector = lanes<T, N>;

  /// Begins at the biases, of which the second may be null. Packed sums get theirs at the end: put together in memory, they
  /// could not be read before the stores have left the store buffer, behind all that the step before has to do.
  template <int Units, int Count>
  AMBIT_INLINE void start(T const* bias, T const* second, int u) {
    AMBIT_UNROLL
    for (int g = 0; g < Gates; ++g) {
      bias_[g] = vector::load(bias + g * Units + u, Count);
      if (second != nullptr) bias_[g] = bias_[g] + vector::load(second + g * Units + u, Count);
    }
    AMBIT_UNROLL
    for (int s = 0; s < splits; ++s) {
      AMBIT_UNROLL
      for (int v = 0; v < vectors; ++v) {
        if constexpr (packed)
          sums_.sum[s][v] = lanes<T, width>(T(0));
        else
          sums_.sum[s][v] = s == 0 ? bias_[v] : vector(T(0));
      }
    }
  }
  template <int Length>
  AMBIT_INLINE void add(T const* w, T const* x) {
    if constexpr (Length <= longest_unrolled)
      sums_.template add_unrolled<Length>(w, x, 1);
    else
      sums_.add(w, x, nullptr, Length, 1);
  }
  /// The sum of each gate.
  AMBIT_INLINE void finish(vector* gates) {
    sums_.join();
    if constexpr (packed) {
      alignas(64) T all[static_cast<std::size_t>(Gates * N)];
      AMBIT_UNROLL
      for (int v = 0; v < vectors; ++v) sums_.sum[0][v].store(all + v * width);
      AMBIT_UNROLL
      for (int g = 0; g < Gates; ++g) gates[g] = vector::load(all + g * N) + bias_[g];
    } else {
      AMBIT_UNROLL
      for (int g = 0; g < Gates; ++g) gates[g] = sums_.sum[0][g];
    }
  }

 private:
  row_tile<T, width, vectors, splits> sums_;
  vector bias_[static_cast<std::size_t>(Gates)];
};

/// The sums of all gates of a block, inputs and state and biases together.
template <class T, int N, int Count, int Gates, cell_extents E>
AMBIT_INLINE void gate_sums(lanes<T, N>* gates, cell_weights<T> const& w, T const* x, T const* h, int u) {
  gate_block<T, N, Gates> sums;
  sums.template start<E.units, Count>(w.bias, w.state_bias, u);
  if constexpr (E.combined) {
    T const* const panel = w.x + static_cast<std::ptrdiff_t>(u) * Gates * (E.inputs + E.units);
    sums.template add<E.inputs>(panel, x);
    sums.template add<E.units>(panel + E.inputs * Gates * N, h);
  } else {
    sums.template add<E.inputs>(w.x + static_cast<std::ptrdiff_t>(u) * Gates * E.inputs, x);
    sums.template add<E.units>(w.h + static_cast<std::ptrdiff_t>(u) * Gates * E.units, h);
  }
  sums.finish(gates);
}

/// The places of an LSTM's gates in its matrices.
struct lstm_order {
  int input = 0, forget = 1, candidate = 2, output = 3;
  constexpr bool operator==(lstm_order const&) const = default;
};

/// One step of an LSTM: h' from x, h and c, which becomes c'. h' must not be h.
template <class T, cell_extents E, lstm_order Order>
AMBIT_INLINE void lstm_step(cell_weights<T> const& w, T forget_bias, T const* x, T const* h, T* c, T* next) {
  over_units<T, E.units>([&]<int N, int Count>(std::integral_constant<int, N>, std::integral_constant<int, Count>,
                                               int u) __attribute__((always_inline)) {
    using vector = lanes<T, N>;
    vector sums[4];
    gate_sums<T, N, Count, 4, E>(sums, w, x, h, u);
    vector input = sums[Order.input], forget = sums[Order.forget] + vector(forget_bias);
    vector output = sums[Order.output], candidate = sums[Order.candidate];
    gates_and_candidate(input, forget, output, candidate);
    vector const cell = multiply_add(input, candidate, forget * vector::load(c + u, Count));
    cell.store(c + u, Count);
    (output * tanh_soon(cell)).store(next + u, Count);
  });
}

/// The places of a GRU's gates in its matrices.
struct gru_order {
  int reset = 0, update = 1, candidate = 2;
  constexpr bool operator==(gru_order const&) const = default;
};

/// One step of a GRU whose product with the state is reset: Keras' reset_after, PyTorch.
template <class T, cell_extents E, gru_order Order>
AMBIT_INLINE void gru_step_after(cell_weights<T> const& w, T const* x, T const* h, T* next) {
  over_units<T, E.units>([&]<int N, int Count>(std::integral_constant<int, N>, std::integral_constant<int, Count>,
                                               int u) __attribute__((always_inline)) {
    using vector = lanes<T, N>;
    vector from_x[3], from_h[3];
    gate_block<T, N, 3> inputs, states;
    inputs.template start<E.units, Count>(w.bias, nullptr, u);
    states.template start<E.units, Count>(w.state_bias, nullptr, u);
    inputs.template add<E.inputs>(w.x + static_cast<std::ptrdiff_t>(u) * 3 * E.inputs, x);
    states.template add<E.units>(w.h + static_cast<std::ptrdiff_t>(u) * 3 * E.units, h);
    inputs.finish(from_x);
    states.finish(from_h);
    vector reset = from_x[Order.reset] + from_h[Order.reset];
    vector update = from_x[Order.update] + from_h[Order.update];
    two_gates(reset, update);
    vector const proposed =
        multiply_add(reset, from_h[Order.candidate], from_x[Order.candidate]);
    vector const candidate = tanh_soon(proposed);
    multiply_add(update, vector::load(h + u, Count) - candidate, candidate).store(next + u, Count);
  });
}

/// One step of a GRU whose state is reset before the product: TensorFlow 1, and Keras' reset_after=False. In two passes,
/// as the candidate needs the reset state of all units. `candidate` has one gate (combined) or is that of `w`.
template <class T, cell_extents E, gru_order Order>
AMBIT_INLINE void gru_step_before(cell_weights<T> const& w, cell_weights<T> const& candidate, T const* x, T const* h,
                                  T* next, T* reset_state, T* update) {
  constexpr int count = E.gates;
  over_units<T, E.units>([&]<int N, int Count>(std::integral_constant<int, N>, std::integral_constant<int, Count>,
                                               int u) __attribute__((always_inline)) {
    using vector = lanes<T, N>;
    vector sums[static_cast<std::size_t>(count)];
    gate_sums<T, N, Count, count, E>(sums, w, x, h, u);
    vector reset = sums[Order.reset], kept = sums[Order.update];
    two_gates(reset, kept);
    (reset * vector::load(h + u, Count)).store(reset_state + u, Count);
    kept.store(update + u, Count);
  });
  over_units<T, E.units>([&]<int N, int Count>(std::integral_constant<int, N>, std::integral_constant<int, Count>,
                                               int u) __attribute__((always_inline)) {
    using vector = lanes<T, N>;
    vector sum;
    if constexpr (E.combined) {
      constexpr cell_extents one{E.units, E.inputs, 1, true};
      gate_sums<T, N, Count, 1, one>(&sum, candidate, x, reset_state, u);
    } else {
      sum = vector::load(w.bias + Order.candidate * E.units + u, Count);
      T const* from = w.x + (static_cast<std::ptrdiff_t>(u) * E.inputs) * count + Order.candidate * N;
      for (int k = 0; k < E.inputs; ++k, from += count * N) sum = multiply_add(vector::load(from), vector(x[k]), sum);
      from = w.h + (static_cast<std::ptrdiff_t>(u) * E.units) * count + Order.candidate * N;
      for (int k = 0; k < E.units; ++k, from += count * N)
        sum = multiply_add(vector::load(from), vector(reset_state[k]), sum);
    }
    vector const proposed = sum.tanh();
    multiply_add(vector::load(update + u, Count), vector::load(h + u, Count) - proposed, proposed).store(next + u, Count);
  });
}

/// A cell over sequences: `step(x, h, next)` for each element of time, the state h of a sequence kept in `states` (null:
/// begins at zero). The steps write the results, and read the state from the row before. `restart` begins a sequence.
template <class T, int Units, int Inputs, class Restart, class Step>
AMBIT_INLINE void over_sequence(std::int64_t batch, std::int64_t time, T const* x, T* out, T* states, T const* zeros,
                                Restart const& restart, Step const& step) {
  if (time == 0) return;
  for (std::int64_t b = 0; b < batch; ++b) {
    T const* h = states == nullptr ? zeros : states + b * Units;
    restart(b);
    for (std::int64_t t = 0; t < time; ++t, x += Inputs, out += Units) {
      step(x, h, out);
      h = out;
    }
    if (states != nullptr) std::memcpy(states + b * Units, h, sizeof(T) * static_cast<std::size_t>(Units));
  }
}

}  // namespace loops
}  // namespace AMBIT_ABI
}  // namespace ambit
