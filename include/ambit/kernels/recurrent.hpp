// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/kernels/gate_sums.hpp>
#include <ambit/kernels/gates.hpp>
#include <ambit/kernels/target.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace ambit {
inline namespace AMBIT_ABI {
namespace loops {

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

/// Chains of sums of one block by itself.
template <class T, int N, int Gates>
inline constexpr int block_splits = gate_block<T, N, Gates, 1>::registers >= 3 ? 2 : 4;

/// The sums of all gates of a block, inputs and state and biases together.
template <class T, int N, int Count, int Gates, cell_extents E>
AMBIT_INLINE void gate_sums(lanes<T, N>* gates, cell_weights<T> const& w, T const* x, T const* h, int u, int gate = 0,
                            T extra = T(0)) {
  gate_block<T, N, Gates, block_splits<T, N, Gates>> sums;
  sums.template start<E.units, Count>(w.bias, w.state_bias, u, gate, extra);
  if constexpr (E.combined) {
    T const* const panel = w.x + static_cast<std::ptrdiff_t>(u) * Gates * (E.inputs + E.units);
    sums.template add<E.inputs>(panel, x);
    sums.template add<E.units>(panel + E.inputs * gate_block<T, N, Gates, 1>::row, h);
  } else {
    sums.template add<E.inputs>(w.x + static_cast<std::ptrdiff_t>(u) * Gates * E.inputs, x);
    sums.template add<E.units>(w.h + static_cast<std::ptrdiff_t>(u) * Gates * E.units, h);
  }
  sums.join();
  AMBIT_UNROLL
  for (int g = 0; g < Gates; ++g) gates[g] = sums.template gate<E.units>(g);
}

/// The places of an LSTM's gates in its matrices.
struct lstm_order {
  int input = 0, forget = 1, candidate = 2, output = 3;
  constexpr bool operator==(lstm_order const&) const = default;
};

/// Whether a step reads all of the state before it writes any, so that it may write it in place.
template <class T, cell_extents E>
inline constexpr bool in_one_pass = unit_sums<T, E.units, E.gates>::fits;

/// Puts the state of a block of units into `next`, and into `kept` where that is not null.
template <int Count, class V, class T = typename V::Scalar>
AMBIT_INLINE void put_state(V const& h, T* next, T* kept, int u) {
  h.store(next + u, Count);
  if (kept != nullptr) h.store(kept + u, Count);
}
/// The cell c of a block becomes c'; gives h'.
template <int Count, class V, class T = typename V::Scalar>
AMBIT_INLINE V next_state(V const& input, V const& forget, V const& output, V const& candidate, T* c) {
  V const cell = multiply_add(input, candidate, forget * V::load(c, Count));
  cell.store(c, Count);
  return times_tanh(output, cell);
}

/// One step of an LSTM: h' from x, h and c, which becomes c'. h' must not be h, but `kept` may, in one pass.
template <class T, cell_extents E, lstm_order Order>
AMBIT_INLINE void lstm_step(cell_weights<T> const& w, T forget_bias, T const* x, T const* h, T* c, T* next, T* kept) {
  if constexpr (in_one_pass<T, E>) {
    unit_sums<T, E.units, 4> sums;
    sums.each([&](auto& block, auto count, int u) __attribute__((always_inline)) {
      block.template start<E.units, count>(w.bias, w.state_bias, u, Order.forget, forget_bias);
    });
    constexpr int depth = E.inputs + E.units;
    sums.template add<E.inputs>(w.x, 0, E.combined ? depth : E.inputs, x);
    sums.template add<E.units>(E.combined ? w.x : w.h, E.combined ? E.inputs : 0, E.combined ? depth : E.units, h);
    sums.each([&](auto& block, auto count, int u) __attribute__((always_inline)) {
      using block_type = std::remove_reference_t<decltype(block)>;
      constexpr bool together = block_type::template complete<E.units> && std::is_same_v<T, float>;
      block.join();
      if constexpr (together) block.template activate<Order.candidate>();
      auto input = block.template gate<E.units>(Order.input), forget = block.template gate<E.units>(Order.forget);
      auto output = block.template gate<E.units>(Order.output), candidate = block.template gate<E.units>(Order.candidate);
      if constexpr (!together) gates_and_candidate(input, forget, output, candidate);
      put_state<count>(next_state<count>(input, forget, output, candidate, c + u), next, kept, u);
    });
  } else {
    over_units<T, E.units>([&]<int N, int Count>(std::integral_constant<int, N>, std::integral_constant<int, Count>,
                                                 int u) __attribute__((always_inline)) {
      lanes<T, N> gates[4];
      gate_sums<T, N, Count, 4, E>(gates, w, x, h, u, Order.forget, forget_bias);
      auto &input = gates[Order.input], &forget = gates[Order.forget];
      auto &output = gates[Order.output], &candidate = gates[Order.candidate];
      gates_and_candidate(input, forget, output, candidate);
      next_state<Count>(input, forget, output, candidate, c + u).store(next + u, Count);
    });
  }
}

/// The places of a GRU's gates in its matrices.
struct gru_order {
  int reset = 0, update = 1, candidate = 2;
  constexpr bool operator==(gru_order const&) const = default;
};

/// One step of a GRU whose product with the state is reset: Keras' reset_after, PyTorch. h' into `next`, and into `kept`
/// where that is not null; that may be h, in one pass.
template <class T, cell_extents E, gru_order Order>
AMBIT_INLINE void gru_step_after(cell_weights<T> const& w, T const* x, T const* h, T* next, T* kept) {
  // The sums of reset and update go on from the inputs' to the state's; those of the candidate meet behind the reset.
  auto const step = [&](auto& inputs, auto& states, auto count, int u) __attribute__((always_inline)) {
    using block_type = std::remove_reference_t<decltype(states)>;
    constexpr bool together = block_type::template complete<E.units> && std::is_same_v<T, float>;
    states.join();
    auto const of_state = states.template gate<E.units>(Order.candidate);
    auto const of_input = inputs.template gate<E.units>(Order.candidate);
    if constexpr (together) states.template activate<-1>();
    auto reset = states.template gate<E.units>(Order.reset), update = states.template gate<E.units>(Order.update);
    if constexpr (!together) two_gates(reset, update);
    auto const proposed = multiply_add(reset, of_state, of_input);
    put_state<count>(towards_tanh(update, block_type::vector::load(h + u, count), proposed), next, kept, u);
  };
  auto const start = [&](auto& inputs, auto& states, auto count, int u) __attribute__((always_inline)) {
    states.template start<E.units, count>(w.state_bias, nullptr, u);
    inputs.join();
    states.template carry<Order.candidate, E.units>(inputs);
  };
  if constexpr (in_one_pass<T, E>) {
    unit_sums<T, E.units, 3> inputs, states;
    inputs.each([&](auto& block, auto count, int u) __attribute__((always_inline)) {
      block.template start<E.units, count>(w.bias, nullptr, u);
    });
    inputs.template add<E.inputs>(w.x, 0, E.inputs, x);
    inputs.each(states, start);
    states.template add<E.units>(w.h, 0, E.units, h);
    inputs.each(states, step);
  } else {
    over_units<T, E.units>([&]<int N, int Count>(std::integral_constant<int, N>, std::integral_constant<int, Count> count,
                                                 int u) __attribute__((always_inline)) {
      gate_block<T, N, 3, block_splits<T, N, 3>> inputs, states;
      inputs.template start<E.units, Count>(w.bias, nullptr, u);
      inputs.template add<E.inputs>(w.x + static_cast<std::ptrdiff_t>(u) * 3 * E.inputs, x);
      start(inputs, states, count, u);
      states.template add<E.units>(w.h + static_cast<std::ptrdiff_t>(u) * 3 * E.units, h);
      step(inputs, states, count, u);
    });
  }
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
      constexpr int row = gate_block<T, N, count, 1>::row;
      T const* from = w.x + (static_cast<std::ptrdiff_t>(u) * E.inputs) * count + Order.candidate * N;
      for (int k = 0; k < E.inputs; ++k, from += row) sum = multiply_add(vector::load(from), vector(x[k]), sum);
      from = w.h + (static_cast<std::ptrdiff_t>(u) * E.units) * count + Order.candidate * N;
      for (int k = 0; k < E.units; ++k, from += row)
        sum = multiply_add(vector::load(from), vector(reset_state[k]), sum);
    }
    towards_tanh(vector::load(update + u, Count), vector::load(h + u, Count), sum).store(next + u, Count);
  });
}

/// A cell over sequences: `step(x, h, next, kept)` for each element of time, the state h of a sequence kept in `states`
/// (null: begins at zero). The steps write the results, and read the state from the row before; or, `InPlace`, they write
/// it to `kept` as well, which is where they read it: copied from the row, it would come through the store buffer once
/// more before the next run could begin. `restart` begins a sequence.
template <class T, int Units, int Inputs, bool InPlace, class Restart, class Step>
AMBIT_INLINE void over_sequence(std::int64_t batch, std::int64_t time, T const* x, T* out, T* states, T const* zeros,
                                Restart const& restart, Step const& step) {
  if (time == 0) return;
  for (std::int64_t b = 0; b < batch; ++b) {
    restart(b);
    if constexpr (InPlace) {
      T* const h = states + b * Units;
      for (std::int64_t t = 0; t < time; ++t, x += Inputs, out += Units) step(x, h, out, h);
    } else {
      T const* h = states == nullptr ? zeros : states + b * Units;
      for (std::int64_t t = 0; t < time; ++t, x += Inputs, out += Units) {
        step(x, h, out, nullptr);
        h = out;
      }
      if (states != nullptr) std::memcpy(states + b * Units, h, sizeof(T) * static_cast<std::size_t>(Units));
    }
  }
}

}  // namespace loops
}  // namespace AMBIT_ABI
}  // namespace ambit
