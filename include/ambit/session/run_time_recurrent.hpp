// SPDX-License-Identifier: BSL-1.0
// Recurrent cells whose extents are known at run time only: a product for the sums of all gates, then one pass over units.
#pragma once

#include <ambit/kernels/recurrent.hpp>
#include <ambit/ops/recurrent.hpp>
#include <ambit/session/run_time_product.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace ambit {
inline namespace AMBIT_ABI {
namespace run_time {

/// A cell's operands, and its place in scratch memory: `vector(k)` is a vector of as many units as are asked for.
template <class T, class Op>
struct AMBIT_LOCAL cell_node {
  Op const& op;
  evaluation const& e;
  weight_form const* forms;
  detail::cell_operands places = op.places();
  int units = (*e.output_shape)[-1];
  int inputs = e.input_shapes[0][-1];
  std::int64_t batch = e.input_shapes[0].rank() == 3 ? e.input_shapes[0][0] : 1;
  std::int64_t time = e.input_shapes[0][-2];
  std::int64_t padded = (static_cast<std::int64_t>(units) + 15) / 16 * 16;

  [[nodiscard]] T* vector(int k) const { return static_cast<T*>(e.scratch) + k * padded; }
  [[nodiscard]] T const* bias(int k) const { return k < places.biases ? e.input<T>(places.bias(k)) : nullptr; }
  [[nodiscard]] T* state(int k) const { return places.states > k ? e.state<T>(1 + k) : nullptr; }
  /// out = start + x W_matrix, all its outputs.
  void multiply(int matrix, T const* x, T const* start, T* out) const {
    weight_form const& f = forms[matrix];
    product(f, product_operands<T>{x, 0, 1, e.input<T>(places.matrix(matrix)), start, out, 1, f.outputs, f.depth});
  }
  /// The sums of the gates of one matrix over inputs and state, or of one for each. `joined` has room for both.
  void sums(T const* x, T const* h, T* joined, T* out) const {
    if (op.combined()) {
      std::memcpy(joined, x, sizeof(T) * static_cast<std::size_t>(inputs));
      std::memcpy(joined + inputs, h, sizeof(T) * static_cast<std::size_t>(units));
      multiply(0, joined, bias(0), out);
    } else {
      multiply(0, x, bias(0), out);
      multiply(1, h, out, out);
    }
  }
  template <class Body>
  void over_units(Body const& body) const {
    constexpr int N = native_lanes<T>;
    for (int u = 0; u < units; u += N) body(u, units - u < N ? units - u : N);
  }
  /// The cell over each sequence of the batch: `step(b, x, h, next)`.
  template <class Step>
  void over_sequences(T* zeros, Step const& step) const {
    T const* x = e.input<T>(0);
    T* out = e.out<T>();
    std::memset(zeros, 0, sizeof(T) * static_cast<std::size_t>(units));
    for (std::int64_t b = 0; b < batch && time > 0; ++b) {
      T const* h = state(0) != nullptr ? state(0) + b * units : zeros;
      for (std::int64_t t = 0; t < time; ++t, x += inputs, out += units) {
        step(b, t, x, h, out);
        h = out;
      }
      if (state(0) != nullptr) std::memcpy(state(0) + b * units, h, sizeof(T) * static_cast<std::size_t>(units));
    }
  }
};

/// Vectors of scratch memory that a cell needs, beside room for inputs and state together.
inline constexpr int cell_vectors = 10;

template <class T, class Op>
AMBIT_LOCAL void run_lstm(cell_node<T, Op> const& n, T forget_bias) {
  using vector = lanes<T, native_lanes<T>>;
  lstm_order const order = n.op.combined() ? lstm_order{0, 2, 1, 3} : lstm_order{0, 1, 2, 3};
  T* const zeros = n.vector(0);
  T* const own_cell = n.vector(1);
  T* const sums = n.vector(2);
  T* const joined = n.vector(cell_vectors);
  n.over_sequences(zeros, [&](std::int64_t b, std::int64_t t, T const* x, T const* h, T* next) {
    T* const c = n.state(1) != nullptr ? n.state(1) + b * n.units : own_cell;
    if (n.state(1) == nullptr && t == 0) std::memset(c, 0, sizeof(T) * static_cast<std::size_t>(n.units));
    n.sums(x, h, joined, sums);
    n.over_units([&](int u, int count) {
      auto const gate_sum = [&](int g) {
        vector s = vector::load(sums + g * n.units + u, count);
        if (T const* second = n.bias(1); second != nullptr) s = s + vector::load(second + g * n.units + u, count);
        return s;
      };
      vector input = gate_sum(order.input), forget = gate_sum(order.forget) + vector(forget_bias);
      vector output = gate_sum(order.output), candidate = gate_sum(order.candidate);
      gates_and_candidate(input, forget, output, candidate);
      vector const cell = multiply_add(input, candidate, forget * vector::load(c + u, count));
      cell.store(c + u, count);
      times_tanh(output, cell).store(next + u, count);
    });
  });
}

template <class T, class Op>
AMBIT_LOCAL void run_gru(cell_node<T, Op> const& n) {
  using vector = lanes<T, native_lanes<T>>;
  gru_format const format = n.op.format;
  bool const combined = n.op.combined();
  bool const after = format == gru_format::keras_reset_after || format == gru_format::pytorch;
  bool const keras = format == gru_format::keras_reset_after || format == gru_format::keras_reset_before;
  gru_order const order = keras ? gru_order{1, 0, 2} : gru_order{0, 1, 2};
  T const* const second_bias = format == gru_format::keras_reset_after ? n.bias(0) + 3 * n.units : n.bias(1);
  T* const zeros = n.vector(0);
  T* const from_x = n.vector(1);  // three gates
  T* const from_h = n.vector(4);
  T* const reset_state = n.vector(7);
  T* const proposed = n.vector(8);
  T* const joined = n.vector(cell_vectors);
  int const units = n.units;
  n.over_sequences(zeros, [&](std::int64_t, std::int64_t, T const* x, T const* h, T* next) {
    if (combined) {
      n.sums(x, h, joined, from_x);  // reset and update, both operands
    } else {
      n.multiply(0, x, n.bias(0), from_x);
      n.multiply(1, h, after ? second_bias : nullptr, from_h);
    }
    n.over_units([&](int u, int count) {
      auto const part = [&](T const* sums, int g) { return vector::load(sums + g * units + u, count); };
      vector reset = part(from_x, order.reset), update = part(from_x, order.update);
      if (!combined) reset = reset + part(from_h, order.reset), update = update + part(from_h, order.update);
      two_gates(reset, update);
      vector const state = vector::load(h + u, count);
      if (after) {
        vector const sum = multiply_add(reset, part(from_h, order.candidate), part(from_x, order.candidate));
        towards_tanh(update, state, sum).store(next + u, count);
      } else {
        (reset * state).store(reset_state + u, count);
        update.store(from_x + order.update * units + u, count);
      }
    });
    if (after) return;
    if (combined) {
      std::memcpy(joined, x, sizeof(T) * static_cast<std::size_t>(n.inputs));
      std::memcpy(joined + n.inputs, reset_state, sizeof(T) * static_cast<std::size_t>(units));
      n.multiply(1, joined, n.bias(1), proposed);
    } else {
      n.multiply(1, reset_state, nullptr, from_h);  // the candidate's part of it is what is needed
    }
    n.over_units([&](int u, int count) {
      vector const sum = combined ? vector::load(proposed + u, count)
                                  : vector::load(from_x + order.candidate * units + u, count) +
                                        vector::load(from_h + order.candidate * units + u, count);
      vector const update = vector::load(from_x + order.update * units + u, count);
      towards_tanh(update, vector::load(h + u, count), sum).store(next + u, count);
    });
  });
}

}  // namespace run_time
}  // namespace AMBIT_ABI
}  // namespace ambit
