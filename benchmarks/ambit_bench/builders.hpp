// SPDX-License-Identifier: BSL-1.0
// The workloads as a user of the library writes them, and their weights by name, for compiled models and sessions alike.
#pragma once

#include "weights.hpp"
#include <ambit/ambit.hpp>
#include <ambit/io/values.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace bench {

using namespace ambit;

constexpr tensor dense(graph& g, name scope, tensor x, int units) {
  variable_scope layer{g, scope};
  tensor kernel = get_variable(g, "kernel", {x.shape()[1], units});
  tensor bias = get_variable(g, "bias", {units});
  return matmul(x, kernel) + bias;
}

inline constexpr auto tiny = [](graph& g) {
  tensor x = placeholder(g, "x", {1, 8});
  x = tanh(dense(g, "fc1", x, 16));
  x = tanh(dense(g, "fc2", x, 16));
  return dense(g, "fc3", x, 1);
};

struct mlp {
  int samples;
  constexpr tensor operator()(graph& g) const {
    tensor x = placeholder(g, "x", {samples, 784});
    x = relu(dense(g, "fc1", x, 128));
    x = relu(dense(g, "fc2", x, 64));
    return softmax(dense(g, "fc3", x, 10));
  }
};

struct wide {
  int samples;
  constexpr tensor operator()(graph& g) const {
    tensor x = placeholder(g, "x", {samples, 1024});
    x = relu(dense(g, "fc1", x, 1024));
    return relu(dense(g, "fc2", x, 1024));
  }
};

struct chain {
  int n;
  constexpr tensor operator()(graph& g) const {
    tensor a = placeholder(g, "a", {n});
    tensor b = placeholder(g, "b", {n});
    tensor c = placeholder(g, "c", {n});
    tensor d = placeholder(g, "d", {n});
    tensor e = placeholder(g, "e", {n});
    return relu(a * b + c) * d - e;
  }
};

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

/// Weights are made as [outputs][inputs][taps]; those of ambit are [taps, inputs, outputs].
inline std::vector<float> taps_first(std::vector<float> const& k, int outputs, int inputs, int taps) {
  std::vector<float> w(k.size());
  for (int o = 0; o < outputs; ++o)
    for (int i = 0; i < inputs; ++i)
      for (int t = 0; t < taps; ++t)
        w[static_cast<std::size_t>((t * inputs + i) * outputs + o)] = k[static_cast<std::size_t>((o * inputs + i) * taps + t)];
  return w;
}
template <class Store>
void set(Store& store, std::string const& variable, std::vector<float> const& values) {
  write_value(store, variable, std::span<float const>(values));
}
template <class Store>
void set_dense(Store& store, std::string const& scope, int outputs, int inputs, seed s) {
  set(store, scope + "/kernel", taps_first(kernel(outputs, inputs, s), outputs, inputs, 1));
  set(store, scope + "/bias", bias(outputs, s));
}

struct tiny_weights {
  template <class Store>
  static void set_all(Store& s) {
    set_dense(s, "fc1", 16, 8, seed::a1);
    set_dense(s, "fc2", 16, 16, seed::a2);
    set_dense(s, "fc3", 1, 16, seed::a3);
  }
};
struct mlp_weights {
  template <class Store>
  static void set_all(Store& s) {
    set_dense(s, "fc1", 128, 784, seed::b1);
    set_dense(s, "fc2", 64, 128, seed::b2);
    set_dense(s, "fc3", 10, 64, seed::b3);
  }
};
struct wide_weights {
  template <class Store>
  static void set_all(Store& s) {
    set_dense(s, "fc1", 1024, 1024, seed::c1);
    set_dense(s, "fc2", 1024, 1024, seed::c2);
  }
};
struct no_weights {
  template <class Store>
  static void set_all(Store&) {}
};
template <int Gates, seed Input, seed State, seed Last>
struct recurrent_weights {
  template <class Store>
  static void set_all(Store& s) {
    set(s, "w_input", kernel(Gates * 20, 1, Input));
    set(s, "w_state", kernel(Gates * 20, 20, State));
    set(s, "b_input", bias(Gates * 20, Input));
    set(s, "b_state", bias(Gates * 20, State));
    set_dense(s, "last", 1, 20, Last);
  }
};
using lstm_weights = recurrent_weights<4, seed::lstm_input, seed::lstm_state, seed::lstm_dense>;
using gru_weights = recurrent_weights<3, seed::gru_input, seed::gru_state, seed::gru_dense>;
struct delayed_weights {
  template <class Store>
  static void set_all(Store& s) {
    set(s, "filter", taps_first(kernel(4, 12, seed::f1), 4, 4, 3));
    set(s, "bias", bias(4, seed::f1));
  }
};
struct lenet_weights {
  template <class Store>
  static void set_all(Store& s) {
    set(s, "f1", taps_first(kernel(8, 9, seed::f2_first), 8, 1, 9));
    set(s, "b1", bias(8, seed::f2_first));
    set(s, "f2", taps_first(kernel(16, 72, seed::f2_second), 16, 8, 9));
    set(s, "b2", bias(16, seed::f2_second));
    set(s, "last/kernel", taps_first(kernel(10, 400, seed::f2_dense), 10, 16, 25));
    set(s, "last/bias", bias(10, seed::f2_dense));
  }
};

}  // namespace bench
