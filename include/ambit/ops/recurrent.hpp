// SPDX-License-Identifier: BSL-1.0
// Recurrent cells over a sequence: all gates of a step in one pass over the weights. Layers with variables are in
// layers/recurrent.hpp.
#pragma once

#include <ambit/ops/evaluation.hpp>
#include <ambit/ops/expression.hpp>

namespace ambit {

/// Where an LSTM's weights come from: how many matrices it has, their orientation, and the order of the gates
/// (i: input, f: forget, g: candidate, o: output).
enum class lstm_format : std::uint8_t {
  tensorflow1,  ///< kernel [inputs + units, 4 units] in the order i g f o, bias [4 units] (tf.nn.rnn_cell.BasicLSTMCell)
  keras,        ///< kernel [inputs, 4 units], recurrent kernel [units, 4 units] in the order i f g o, bias [4 units]
  pytorch,      ///< [4 units, inputs], [4 units, units] in the order i f g o, and a bias [4 units] for each
};
/// The same for a GRU (r: reset, z: update, n: candidate).
enum class gru_format : std::uint8_t {
  tensorflow1,         ///< gates [inputs + units, 2 units] in the order r z, bias; candidate [inputs + units, units], bias:
                       ///< the state is reset before the product (tf.nn.rnn_cell.GRUCell)
  keras_reset_before,  ///< [inputs, 3 units], [units, 3 units] in the order z r n, bias [3 units] (reset_after=False)
  keras_reset_after,   ///< the same, bias [2, 3 units]; the product is reset (reset_after=True, the default of Keras 2.1)
  pytorch,             ///< [3 units, inputs], [3 units, units] in the order r z n, two biases [3 units]; reset after
};

namespace detail {

// Operands: x, then (streaming) h and, of an LSTM, c, then the matrices, then the biases.
struct cell_operands {
  int states = 0;
  int matrices = 1;
  int biases = 1;
  [[nodiscard]] constexpr int matrix(int k) const { return 1 + states + k; }
  [[nodiscard]] constexpr int bias(int k) const { return 1 + states + matrices + k; }
  [[nodiscard]] constexpr int count() const { return 1 + states + matrices + biases; }
};
constexpr cell_operands operands_of(lstm_format f, bool streaming) {
  int const states = streaming ? 2 : 0;
  if (f == lstm_format::tensorflow1) return {states, 1, 1};
  if (f == lstm_format::keras) return {states, 2, 1};
  return {states, 2, 2};
}
constexpr cell_operands operands_of(gru_format f, bool streaming) {
  int const states = streaming ? 1 : 0;
  if (f == gru_format::tensorflow1 || f == gru_format::pytorch) return {states, 2, 2};
  return {states, 2, 1};
}

/// A matrix and what it should be: [depth, outputs], or the other way round.
constexpr bool is_matrix(shape const& s, int depth, int outputs, bool transposed) {
  return s.rank() == 2 && s[0] == (transposed ? outputs : depth) && s[1] == (transposed ? depth : outputs);
}

/// What LSTM and GRU share.
template <class Format, bool Streaming, int Gates>
struct cell_op {
  static constexpr std::string_view operands[] = {"x", "weights"};
  static constexpr int weights = 2;
  Format format{};
  [[nodiscard]] constexpr bool batchwise(shape const&) const { return !Streaming; }
  constexpr void attributes(auto& a) { a(format); }
  [[nodiscard]] constexpr cell_operands places() const { return operands_of(format, Streaming); }
  [[nodiscard]] constexpr bool combined() const { return format == Format::tensorflow1; }
  [[nodiscard]] constexpr bool transposed() const { return format == Format::pytorch; }
  /// Outputs of a matrix over units.
  [[nodiscard]] constexpr int gates_of(int matrix) const { return Gates == 3 && combined() ? 2 - matrix : Gates; }

  constexpr void infer(inference& i) const {
    if (!i.same_dtypes()) return;
    if (!is_floating(i.dtype(0))) return i.refuse_dtype("a floating dtype");
    cell_operands const at = places();
    shape const& x = i.shape(0);
    if (i.operands() != at.count() || !x.known() || (x.rank() != 2 && x.rank() != 3))
      return i.refuse_shape("a sequence [time, inputs] or [batch, time, inputs], and the weights of its format");
    shape const& w = i.shape(at.matrix(0));
    int const inputs = x[-1], units = w.rank() == 2 ? w[transposed() ? 0 : 1] / gates_of(0) : 0;
    bool fits = inputs >= 0 && units > 0;
    for (int m = 0; m < at.matrices; ++m) {
      int const depth = combined() ? inputs + units : m == 0 ? inputs : units;
      fits = fits && is_matrix(i.shape(at.matrix(m)), depth, gates_of(m) * units, transposed());
    }
    for (int b = 0; b < at.biases; ++b) {
      std::int64_t const one = static_cast<std::int64_t>(gates_of(b < at.matrices ? b : 0)) * units;
      bool const two_in_one = Gates == 3 && at.biases == 1 && has_two_biases_in_one();
      fits = fits && i.shape(at.bias(b)).elements() == (two_in_one ? 2 * one : one);
    }
    shape state = x;
    for (int s = 0; s < at.states; ++s) {
      std::int64_t const elements = static_cast<std::int64_t>(units) * (x.rank() == 3 ? x[0] : 1);
      if (!i.is_variable(1 + s)) return i.refuse_not_a_variable(1 + s);
      fits = fits && i.shape(1 + s).elements() == elements;
    }
    if (!fits) return i.refuse_shape("weights, biases and states of equal units, for the inputs and in the format of the cell");
    state.set(x.rank() - 1, units);
    i.output(state, i.dtype(0));
  }
  [[nodiscard]] constexpr bool has_two_biases_in_one() const {
    if constexpr (std::is_same_v<Format, gru_format>) return format == gru_format::keras_reset_after;
    return false;
  }
  constexpr weight_role weight(int which, shape const* inputs, shape const&) const {
    cell_operands const at = places();
    if (which >= at.matrices) return {};
    shape const& s = inputs[at.matrix(which)];
    return {.operand = at.matrix(which),
            .reader = weight_role::kernel::recurrent,
            .transposed = transposed(),
            .depth = s[transposed() ? 1 : 0],
            .outputs = s[transposed() ? 0 : 1],
            .gates = gates_of(which)};
  }
  /// States that nobody keeps, and vectors between the passes of a step.
  constexpr std::int64_t scratch(shape const*, shape const& output) const { return 4 * (output[-1] + 16); }
};

}  // namespace detail

template <bool Streaming>
struct lstm_op : detail::cell_op<lstm_format, Streaming, 4> {
  static constexpr op_type type{Streaming ? "StreamingLSTM" : "LSTM"};
  static constexpr std::string_view default_name = "lstm";
  static constexpr unsigned updates = Streaming ? 0b110 : 0;
  float forget_bias = 0;  // added to the forget gate
  constexpr void attributes(auto& a) { a(this->format), a(forget_bias); }
  template <class T>
  void evaluate(auto kernels, evaluation const& e, auto facts, auto const&) const {
    kernels.template lstm<T>(facts, e, static_cast<T>(forget_bias));
  }
};
template <bool Streaming>
struct gru_op : detail::cell_op<gru_format, Streaming, 3> {
  static constexpr op_type type{Streaming ? "StreamingGRU" : "GRU"};
  static constexpr std::string_view default_name = "gru";
  static constexpr unsigned updates = Streaming ? 0b10 : 0;
  template <class T>
  void evaluate(auto kernels, evaluation const& e, auto facts, auto const&) const {
    kernels.template gru<T>(facts, e);
  }
};

/// An LSTM over a sequence [time, inputs] or [batch, time, inputs]; the result holds the state h after each step,
/// [.., time, units]. The states begin at zero. `weights` are the matrices and biases of the format, in its order.
/// OP_SHAPE where they do not fit together. 8 units (inputs + units) operations a step; gates in one pass (Hochreiter and
/// Schmidhuber 1997, with forget gates; no peepholes).
template <class Tensor = tensor>
constexpr auto lstm(tensor x, std::initializer_list<tensor> weights, lstm_format format, float forget_bias = 0, name n = {}) {
  lstm_op<false> op;
  op.format = format;
  op.forget_bias = forget_bias;
  list<Tensor> all;
  all.push_back(x);
  for (tensor const& w : weights) all.push_back(w);
  return apply(op, n, std::move(all));
}
/// The same, and the states h and c, variables of [units] or [batch, units], go on where the last run left them: a sequence
/// may come in pieces. Nothing else may read these variables. Recorded at once.
template <class Tensor = tensor>
constexpr tensor streaming_lstm(tensor x, tensor h, tensor c, std::initializer_list<tensor> weights, lstm_format format,
                                float forget_bias = 0, name n = {}) {
  lstm_op<true> op;
  op.format = format;
  op.forget_bias = forget_bias;
  list<Tensor> all;
  all.push_back(x), all.push_back(h), all.push_back(c);
  for (tensor const& w : weights) all.push_back(w);
  return {apply(op, n, std::move(all)), nullptr, 0};
}
/// A GRU over a sequence, as `lstm`. 6 units (inputs + units) operations a step (Cho et al. 2014).
template <class Tensor = tensor>
constexpr auto gru(tensor x, std::initializer_list<tensor> weights, gru_format format, name n = {}) {
  gru_op<false> op;
  op.format = format;
  list<Tensor> all;
  all.push_back(x);
  for (tensor const& w : weights) all.push_back(w);
  return apply(op, n, std::move(all));
}
/// The same with a state of its own, as `streaming_lstm`.
template <class Tensor = tensor>
constexpr tensor streaming_gru(tensor x, tensor h, std::initializer_list<tensor> weights, gru_format format, name n = {}) {
  gru_op<true> op;
  op.format = format;
  list<Tensor> all;
  all.push_back(x), all.push_back(h);
  for (tensor const& w : weights) all.push_back(w);
  return {apply(op, n, std::move(all)), nullptr, 0};
}

}  // namespace ambit
