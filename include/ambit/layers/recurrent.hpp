// SPDX-License-Identifier: BSL-1.0
// LSTM and GRU with weights of their own, named and shaped as one of the frameworks has them, for whole sequences and
// for sequences that come in pieces.
#pragma once

#include <ambit/layers/layer.hpp>
#include <ambit/ops/recurrent.hpp>

#include <optional>

namespace ambit::layers {

struct lstm_options {
  std::optional<float> forget_bias{};  ///< added to the forget gate; where left open 1 for TensorFlow 1, else 0
  int num_layers = 1;                  ///< one over the other, in PyTorch's format
  initializer kernel_initializer{};    ///< where left open the scope's, else Glorot's
  regularizer kernel_regularizer{};
  option trainable{};
  ambit::reuse reuse = ambit::reuse::inherit;
};
struct gru_options {
  int num_layers = 1;                ///< one over the other, in PyTorch's format
  initializer kernel_initializer{};  ///< where left open the scope's, else Glorot's
  regularizer kernel_regularizer{};
  option trainable{};
  ambit::reuse reuse = ambit::reuse::inherit;
};

namespace detail {

/// Adds the variables of one cell to a list of operands.
template <class Options>
class cell_variables {
 public:
  constexpr cell_variables(scope& s, int inputs, int units, Options const& o, list<tensor>& out)
      : s_(s), inputs_(inputs), units_(units), o_(o), out_(out) {}
  [[nodiscard]] constexpr int both() const { return inputs_ < 0 ? dyn : inputs_ + units_; }

  constexpr void kernel(name n, shape const& s) {
    out_.push_back(s_.variable(n, s, o_.kernel_initializer, o_.kernel_regularizer, o_.trainable));
  }
  constexpr void bias(name n, shape const& s, initializer const& first = zeros_initializer()) {
    out_.push_back(s_.variable(n, s, first, {}, o_.trainable));
  }
  constexpr void keras(int gates, shape const& bias_shape) {
    kernel(s_.called("kernel"), {inputs_, gates * units_});
    kernel(s_.called("recurrent_kernel"), {units_, gates * units_});
    bias(s_.called("bias"), bias_shape);
  }
  constexpr void pytorch(int gates, int layer) {
    kernel(s_.called("weight_ih_l", layer), {gates * units_, inputs_});
    kernel(s_.called("weight_hh_l", layer), {gates * units_, units_});
    bias(s_.called("bias_ih_l", layer), {gates * units_});
    bias(s_.called("bias_hh_l", layer), {gates * units_});
  }

 private:
  scope& s_;
  int inputs_;
  int units_;
  Options const& o_;
  list<tensor>& out_;
};

template <class Options>
constexpr void add_weights(scope& s, int inputs, int units, lstm_format f, Options const& o, int layer,
                           list<tensor>& out) {
  cell_variables<Options> cell(s, inputs, units, o, out);
  if (f == lstm_format::pytorch) return cell.pytorch(4, layer);
  if (f == lstm_format::keras) return cell.keras(4, {4 * units});
  cell.kernel(s.called("kernel"), {cell.both(), 4 * units});
  cell.bias(s.called("bias"), {4 * units});
}
template <class Options>
constexpr void add_weights(scope& s, int inputs, int units, gru_format f, Options const& o, int layer,
                           list<tensor>& out) {
  cell_variables<Options> cell(s, inputs, units, o, out);
  if (f == gru_format::pytorch) return cell.pytorch(3, layer);
  if (f == gru_format::keras_reset_before) return cell.keras(3, {3 * units});
  if (f == gru_format::keras_reset_after) return cell.keras(3, {2, 3 * units});
  cell.kernel(s.called("gates/kernel"), {cell.both(), 2 * units});
  cell.kernel(s.called("candidate/kernel"), {cell.both(), units});
  cell.bias(s.called("gates/bias"), {2 * units}, ones_initializer());
  cell.bias(s.called("candidate/bias"), {units});
}

constexpr tensor streaming_state(scope& s, bool pytorch, char const (&leaf)[2], char const (&stacked)[4], int layer,
                                 shape const& extents) {
  name n = s.called(leaf);
  if (pytorch) n = s.called(stacked, layer);
  return s.state(n, extents, s.dtype());
}

template <class Format, class Options, class Op>
constexpr tensor recurrent(scope& s, tensor x, int units, Format f, Options const& o, Op op, bool streaming) {
  bool const pytorch = f == Format::pytorch;
  if (o.num_layers < 1 || (o.num_layers > 1 && !pytorch))
    return s.refuse(numbered("num_layers ", o.num_layers), "one layer, or several in PyTorch's format");
  for (int layer = 0; layer < o.num_layers; ++layer) {
    shape const from = x.shape();
    shape state{units};
    if (from.rank() == 3) state = {from[0], units};
    list<tensor> operands;
    operands.push_back(x);
    if (streaming) operands.push_back(streaming_state(s, pytorch, "h", "h_l", layer, state));
    if (streaming && std::is_same_v<Format, lstm_format>)
      operands.push_back(streaming_state(s, pytorch, "c", "c_l", layer, state));
    add_weights(s, from[-1], units, f, o, layer, operands);
    x = s.record(apply(op, {}, std::move(operands)));
  }
  return x;
}
template <bool Streaming, class Tensor>
constexpr Tensor lstm(scope& s, Tensor x, int units, lstm_format f, lstm_options const& o) {
  lstm_op<Streaming> op;
  op.format = f;
  op.forget_bias = o.forget_bias.value_or(f == lstm_format::tensorflow1 ? 1.0F : 0.0F);
  return recurrent(s, x, units, f, o, op, Streaming);
}
template <bool Streaming, class Tensor>
constexpr Tensor gru(scope& s, Tensor x, int units, gru_format f, gru_options const& o) {
  gru_op<Streaming> op;
  op.format = f;
  return recurrent(s, x, units, f, o, op, Streaming);
}
constexpr std::string_view name_of(lstm_format f) { return f == lstm_format::tensorflow1 ? "basic_lstm_cell" : "lstm"; }
constexpr std::string_view name_of(gru_format f) { return f == gru_format::tensorflow1 ? "gru_cell" : "gru"; }

}  // namespace detail

/// An LSTM over sequences [time, inputs] or [batch, time, inputs]; the result holds the state after each step,
/// [.., time, units]. The states begin at zero.
///
/// | format | variables | default name |
/// |---|---|---|
/// | tensorflow1 | `kernel` [inputs + units, 4 units], `bias` [4 units] | "basic_lstm_cell" |
/// | keras | `kernel` [inputs, 4 units], `recurrent_kernel` [units, 4 units], `bias` [4 units] | "lstm" |
/// | pytorch | `weight_ih_l0` [4 units, inputs], `weight_hh_l0` [4 units, units], `bias_ih_l0`, `bias_hh_l0` | "lstm" |
///
/// as tf.nn.rnn_cell.BasicLSTMCell (and LSTMCell, `lstm_cell`), Keras LSTM and torch.nn.LSTM have them; the order of
/// the gates is the format's. OP_SHAPE for other ranks, OP_ATTRIBUTE for stacked layers in another format than
/// PyTorch's.
template <class Tensor = tensor>
constexpr tensor lstm(graph& g, name n, tensor x, int units, lstm_format f, lstm_options const& o = {}) {
  detail::scope s{g, n, detail::name_of(f), x, o.reuse};
  return detail::lstm<false, Tensor>(s, x, units, f, o);
}
template <class Tensor = tensor>
constexpr tensor lstm(graph& g, tensor x, int units, lstm_format f, lstm_options const& o = {},
                      detail::call from = {}) {
  detail::scope s{g, from, detail::name_of(f), x, o.reuse};
  return detail::lstm<false, Tensor>(s, x, units, f, o);
}
/// The same for a sequence that comes in pieces: the states go on where the last run left them, until `reset()`. They
/// are variables `h` and `c` of [units] or [batch, units] (`h_l0`, `c_l0` in PyTorch's format), which are not saved:
/// files for `lstm` fit.
template <class Tensor = tensor>
constexpr tensor streaming_lstm(graph& g, name n, tensor x, int units, lstm_format f, lstm_options const& o = {}) {
  detail::scope s{g, n, detail::name_of(f), x, o.reuse};
  return detail::lstm<true, Tensor>(s, x, units, f, o);
}
template <class Tensor = tensor>
constexpr tensor streaming_lstm(graph& g, tensor x, int units, lstm_format f, lstm_options const& o = {},
                                detail::call from = {}) {
  detail::scope s{g, from, detail::name_of(f), x, o.reuse};
  return detail::lstm<true, Tensor>(s, x, units, f, o);
}

/// A GRU over sequences, as `lstm`.
///
/// | format | variables | default name |
/// |---|---|---|
/// | tensorflow1 | `gates/kernel` [inputs + units, 2 units], `candidate/kernel` [.., units], `bias` of each | "gru_cell" |
/// | keras_reset_before | `kernel` [inputs, 3 units], `recurrent_kernel` [units, 3 units], `bias` [3 units] | "gru" |
/// | keras_reset_after | the same, `bias` [2, 3 units] | "gru" |
/// | pytorch | `weight_ih_l0` [3 units, inputs], `weight_hh_l0` [3 units, units], `bias_ih_l0`, `bias_hh_l0` | "gru" |
///
/// as tf.nn.rnn_cell.GRUCell, Keras GRU (reset_after=False, True) and torch.nn.GRU have them.
template <class Tensor = tensor>
constexpr tensor gru(graph& g, name n, tensor x, int units, gru_format f, gru_options const& o = {}) {
  detail::scope s{g, n, detail::name_of(f), x, o.reuse};
  return detail::gru<false, Tensor>(s, x, units, f, o);
}
template <class Tensor = tensor>
constexpr tensor gru(graph& g, tensor x, int units, gru_format f, gru_options const& o = {}, detail::call from = {}) {
  detail::scope s{g, from, detail::name_of(f), x, o.reuse};
  return detail::gru<false, Tensor>(s, x, units, f, o);
}
/// The same for a sequence that comes in pieces, as `streaming_lstm`; the state is `h` (`h_l0` in PyTorch's format).
template <class Tensor = tensor>
constexpr tensor streaming_gru(graph& g, name n, tensor x, int units, gru_format f, gru_options const& o = {}) {
  detail::scope s{g, n, detail::name_of(f), x, o.reuse};
  return detail::gru<true, Tensor>(s, x, units, f, o);
}
template <class Tensor = tensor>
constexpr tensor streaming_gru(graph& g, tensor x, int units, gru_format f, gru_options const& o = {},
                               detail::call from = {}) {
  detail::scope s{g, from, detail::name_of(f), x, o.reuse};
  return detail::gru<true, Tensor>(s, x, units, f, o);
}

}  // namespace ambit::layers
