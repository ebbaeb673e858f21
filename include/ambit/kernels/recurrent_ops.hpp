// SPDX-License-Identifier: BSL-1.0
// The formats of recurrent cells (ops/recurrent.hpp) in terms of their kernels.
#pragma once

#include <ambit/kernels/recurrent.hpp>
#include <ambit/ops/evaluation.hpp>
#include <ambit/ops/recurrent.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace ambit {
inline namespace AMBIT_ABI {
namespace loops {

/// What the operands of a node say, and where they are.
template <class T, class Facts>
struct AMBIT_LOCAL cell_node {
  static constexpr auto op = Facts::op::value;
  static constexpr detail::cell_operands places = op.places();
  static constexpr shape x_shape = Facts::input_shape(0);
  static constexpr int units = Facts::output_shape()[-1];
  static constexpr int inputs = x_shape[-1];
  static constexpr bool streaming = places.states > 0;
  static constexpr int padded = (units + 15) / 16 * 16;  // of a vector in scratch memory

  // Constants where they are known: of a single step no loop is left, out of which constants would be loaded early, and
  // spilled.
  static std::int64_t batch(evaluation const& e) {
    if constexpr (x_shape.fully_defined()) return x_shape.rank() == 3 ? x_shape[0] : 1;
    return e.input_shapes[0].rank() == 3 ? e.input_shapes[0][0] : 1;
  }
  static std::int64_t time(evaluation const& e) {
    if constexpr (x_shape.fully_defined()) return x_shape[-2];
    return e.input_shapes[0][-2];
  }
  static T const* matrix(evaluation const& e, int k) { return e.input<T>(places.matrix(k)); }
  static T const* bias(evaluation const& e, int k) { return k < places.biases ? e.input<T>(places.bias(k)) : nullptr; }
  static T* scratch(evaluation const& e, int vector) { return static_cast<T*>(e.scratch) + vector * padded; }
  static void clear(T* vector) { std::memset(vector, 0, sizeof(T) * static_cast<std::size_t>(units)); }
};

template <class T, class Facts>
AMBIT_FLATTEN void run_lstm(evaluation const& e, T forget_bias) {
  using node = cell_node<T, Facts>;
  constexpr bool combined = node::op.combined();
  constexpr cell_extents extents{node::units, node::inputs, 4, combined};
  constexpr lstm_order order = combined ? lstm_order{0, 2, 1, 3} : lstm_order{0, 1, 2, 3};
  cell_weights<T> const w{node::matrix(e, 0), combined ? nullptr : node::matrix(e, 1), node::bias(e, 0), node::bias(e, 1)};
  T* const zeros = node::scratch(e, 0);
  T* c = node::scratch(e, 1);
  if constexpr (!node::streaming) node::clear(zeros);
  over_sequence<T, node::units, node::inputs, node::streaming && in_one_pass<T, extents>>(
      node::batch(e), node::time(e), e.input<T>(0), e.out<T>(), node::streaming ? e.state<T>(1) : nullptr, zeros,
      [&](std::int64_t b) {
        if constexpr (node::streaming)
          c = e.state<T>(2) + b * node::units;
        else
          node::clear(c);
      },
      [&](T const* x, T const* h, T* next, T* kept) {
        lstm_step<T, extents, order>(w, forget_bias, x, h, c, next, kept);
      });
}

template <class T, class Facts>
AMBIT_FLATTEN void run_gru(evaluation const& e) {
  using node = cell_node<T, Facts>;
  constexpr gru_format format = node::op.format;
  constexpr bool combined = format == gru_format::tensorflow1;
  constexpr bool after = format == gru_format::keras_reset_after || format == gru_format::pytorch;
  constexpr bool keras = format == gru_format::keras_reset_after || format == gru_format::keras_reset_before;
  constexpr cell_extents extents{node::units, node::inputs, combined ? 2 : 3, combined};
  constexpr gru_order order = keras ? gru_order{1, 0, 2} : gru_order{0, 1, 2};
  T* const zeros = node::scratch(e, 0);
  if constexpr (!node::streaming) node::clear(zeros);
  T const* second_bias = format == gru_format::keras_reset_after ? node::bias(e, 0) + 3 * node::units : node::bias(e, 1);
  cell_weights<T> const w{node::matrix(e, 0), combined ? nullptr : node::matrix(e, 1), node::bias(e, 0),
                          after ? second_bias : nullptr};
  cell_weights<T> const candidate{combined ? node::matrix(e, 1) : nullptr, nullptr, combined ? node::bias(e, 1) : nullptr,
                                  nullptr};
  over_sequence<T, node::units, node::inputs, node::streaming && after && in_one_pass<T, extents>>(
      node::batch(e), node::time(e), e.input<T>(0), e.out<T>(), node::streaming ? e.state<T>(1) : nullptr, zeros,
      [](std::int64_t) {},
      [&](T const* x, T const* h, T* next, [[maybe_unused]] T* kept) {
        if constexpr (after)
          gru_step_after<T, extents, order>(w, x, h, next, kept);
        else
          gru_step_before<T, extents, order>(w, candidate, x, h, next, node::scratch(e, 1), node::scratch(e, 2));
      });
}

}  // namespace loops
}  // namespace AMBIT_ABI
}  // namespace ambit
