// SPDX-License-Identifier: BSL-1.0
// The library itself: recurrent cells and convolutions.
#include "contenders.hpp"
#include "weights.hpp"
#include <ambit/ambit.hpp>

#include <Eigen/Core>

#include <cstring>

namespace bench {
namespace {

using namespace ambit;
using rows = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Eigen::Map;

constexpr tensor state(graph& g, name n, shape s, dtype type = dtype::f32) {
  return get_local_variable(g, n, s, {.dtype = type, .initializer = zeros_initializer()});
}
constexpr tensor last_layer(graph& g, tensor x, int units) {
  tensor kernel = get_variable(g, "last/kernel", {x.shape()[1], units});
  tensor bias = get_variable(g, "last/bias", {units});
  return matmul(x, kernel) + bias;
}

inline constexpr auto lstm_20 = [](graph& g) {
  tensor x = placeholder(g, "x", {1, 1});
  tensor w_input = get_variable(g, "w_input", {80, 1}), w_state = get_variable(g, "w_state", {80, 20});
  tensor b_input = get_variable(g, "b_input", {80}), b_state = get_variable(g, "b_state", {80});
  tensor h = streaming_lstm(x, state(g, "h", {20}), state(g, "c", {20}), {w_input, w_state, b_input, b_state},
                            lstm_format::pytorch);
  return last_layer(g, h, 1);
};
inline constexpr auto gru_20 = [](graph& g) {
  tensor x = placeholder(g, "x", {1, 1});
  tensor w_input = get_variable(g, "w_input", {60, 1}), w_state = get_variable(g, "w_state", {60, 20});
  tensor b_input = get_variable(g, "b_input", {60}), b_state = get_variable(g, "b_state", {60});
  tensor h = streaming_gru(x, state(g, "h", {20}), {w_input, w_state, b_input, b_state}, gru_format::pytorch);
  return last_layer(g, h, 1);
};
inline constexpr auto delayed = [](graph& g) {
  tensor x = placeholder(g, "x", {1, 4});
  tensor delay = state(g, "delay", {delay_frames(3, 2), 4}), position = state(g, "position", {}, dtype::i32);
  tensor filter = get_variable(g, "filter", {3, 4, 4}), bias = get_variable(g, "bias", {4});
  return streaming_conv1d(x, delay, position, filter, 2) + bias;
};
inline constexpr auto lenet = [](graph& g) {
  tensor x = placeholder(g, "x", {1, 28, 28, 1});
  tensor f1 = get_variable(g, "f1", {3, 3, 1, 8}), b1 = get_variable(g, "b1", {8});
  tensor f2 = get_variable(g, "f2", {3, 3, 8, 16}), b2 = get_variable(g, "b2", {16});
  x = max_pool2d(relu(conv2d(x, f1) + b1), 2, 2);
  x = max_pool2d(relu(conv2d(x, f2) + b2), 2, 2);
  return softmax(last_layer(g, reshape(x, {1, 400}), 10));
};

/// Weights are made as [outputs][inputs].
template <class Net>
void set_last(Net& net, int inputs, seed s) {
  auto const k = kernel(1, inputs, s);
  auto const b = bias(1, s);
  net.set("last/kernel"_n, Map<Eigen::VectorXf const>(k.data(), inputs));
  net.set("last/bias"_n, Map<Eigen::RowVectorXf const>(b.data(), 1));
}

template <auto Builder, int Gates>
class recurrent_model {
 public:
  recurrent_model(seed input, seed of_state, seed last) {
    auto const wi = kernel(Gates * 20, 1, input), wh = kernel(Gates * 20, 20, of_state);
    auto const bi = bias(Gates * 20, input), bh = bias(Gates * 20, of_state);
    net_.set("w_input"_n, Map<rows const>(wi.data(), Gates * 20, 1));
    net_.set("w_state"_n, Map<rows const>(wh.data(), Gates * 20, 20));
    net_.set("b_input"_n, Map<Eigen::RowVectorXf const>(bi.data(), Gates * 20));
    net_.set("b_state"_n, Map<Eigen::RowVectorXf const>(bh.data(), Gates * 20));
    set_last(net_, 20, last);
  }
  void reset() { net_.reset(); }
  float const* operator()(float const* in, float* out) {
    *out = net_.run(in)(0);
    return out;
  }

 private:
  compiled<Builder> net_;
};
struct lstm_model : recurrent_model<lstm_20, 4> {
  lstm_model() : recurrent_model(seed::lstm_input, seed::lstm_state, seed::lstm_dense) {}
};
struct gru_model : recurrent_model<gru_20, 3> {
  gru_model() : recurrent_model(seed::gru_input, seed::gru_state, seed::gru_dense) {}
};

/// A filter made as [outputs][inputs][taps] as one of [taps][inputs][outputs].
rows taps_first(std::vector<float> const& k, int outputs, int inputs, int taps) {
  rows w(taps * inputs, outputs);
  for (int o = 0; o < outputs; ++o)
    for (int i = 0; i < inputs; ++i)
      for (int t = 0; t < taps; ++t) w(t * inputs + i, o) = k[static_cast<std::size_t>((o * inputs + i) * taps + t)];
  return w;
}

class delayed_model {
 public:
  delayed_model() {
    auto const b = bias(4, seed::f1);
    net_.set("filter"_n, taps_first(kernel(4, 12, seed::f1), 4, 4, 3));
    net_.set("bias"_n, Map<Eigen::RowVectorXf const>(b.data(), 4));
  }
  void reset() { net_.reset(); }
  float const* operator()(float const* in, float* out) {
    std::memcpy(out, net_.run(in).data(), 4 * sizeof(float));
    return out;
  }

 private:
  compiled<delayed> net_;
};

class lenet_model {
 public:
  lenet_model() {
    auto const b1 = bias(8, seed::f2_first), b2 = bias(16, seed::f2_second), b3 = bias(10, seed::f2_dense);
    net_.set("f1"_n, taps_first(kernel(8, 9, seed::f2_first), 8, 1, 9));
    net_.set("b1"_n, Map<Eigen::RowVectorXf const>(b1.data(), 8));
    net_.set("f2"_n, taps_first(kernel(16, 72, seed::f2_second), 16, 8, 9));
    net_.set("b2"_n, Map<Eigen::RowVectorXf const>(b2.data(), 16));
    net_.set("last/kernel"_n, taps_first(kernel(10, 400, seed::f2_dense), 10, 16, 25));
    net_.set("last/bias"_n, Map<Eigen::RowVectorXf const>(b3.data(), 10));
  }
  float const* operator()(float const* in, float* out) {
    std::memcpy(out, net_.run(in).data(), 10 * sizeof(float));
    return out;
  }

 private:
  compiled<lenet> net_;
};

}  // namespace

contenders ambit_models_layers() {
  return {
      contend<lstm_model>("E-LSTM", "ambit"),
      contend<gru_model>("E-GRU", "ambit"),
      contend<delayed_model>("F1", "ambit"),
      contend<lenet_model>("F2", "ambit"),
  };
}

}  // namespace bench
