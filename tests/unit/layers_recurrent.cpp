// SPDX-License-Identifier: BSL-1.0
// LSTM and GRU in the formats of all frameworks, against plain loops in double precision, one step after the other.
#include "layers_support.hpp"

using namespace ambit;
using layers_test::array;
using layers_test::numbers;

namespace {

constexpr int batch = 2, time_steps = 9, inputs = 3, units = 5;

/// A weight by gate, unit and input, whatever the layout: `gates` lists them in the order of the format.
struct gate_weights {
  std::string_view gates;
  bool transposed = false;  // [gates * units, inputs]
  numbers const* kernel = nullptr;
  int first_row = 0;  // of a kernel for inputs and state
  int outputs() const { return static_cast<int>(gates.size()) * units; }
  double operator()(char gate, int unit, int k) const {
    int const column = static_cast<int>(gates.find(gate)) * units + unit;
    int const depth = static_cast<int>(kernel->size()) / outputs();
    return (*kernel)[static_cast<std::size_t>(transposed ? column * depth + k : (first_row + k) * outputs() + column)];
  }
  double sum(char gate, int unit, double const* x, int count) const {
    double s = 0;
    for (int k = 0; k < count; ++k) s += (*this)(gate, unit, k) * x[k];
    return s;
  }
};
double bias_of(numbers const& bias, std::string_view gates, char gate, int unit, int first = 0) {
  return bias[static_cast<std::size_t>(first + static_cast<int>(gates.find(gate)) * units + unit)];
}

/// One sequence; `step` turns x and the state h into the next one.
template <class Step>
numbers over_time(numbers const& x, Step const& step) {
  numbers out;
  for (std::size_t b = 0; b < batch; ++b) {
    numbers h(units, 0), c(units, 0);
    for (std::size_t t = 0; t < time_steps; ++t) {
      step(x.data() + (b * time_steps + t) * inputs, h, c);
      out.insert(out.end(), h.begin(), h.end());
    }
  }
  return out;
}

numbers lstm_of(std::map<std::string, array> const& w, lstm_format f, double forget_bias, numbers const& x) {
  auto values = [&](std::string const& n) { return &w.at("cell/" + n).values; };
  gate_weights of_x{"ifgo"}, of_h{"ifgo"};
  numbers const* bias = nullptr;
  numbers second(4 * units, 0);
  if (f == lstm_format::tensorflow1) {
    of_x = {"igfo", false, values("kernel")};
    of_h = {"igfo", false, values("kernel"), inputs};
    bias = values("bias");
  } else if (f == lstm_format::keras) {
    of_x.kernel = values("kernel"), of_h.kernel = values("recurrent_kernel"), bias = values("bias");
  } else {
    of_x = {"ifgo", true, values("weight_ih_l0")};
    of_h = {"ifgo", true, values("weight_hh_l0")};
    bias = values("bias_ih_l0"), second = *values("bias_hh_l0");
  }
  return over_time(x, [&](double const* now, numbers& h, numbers& c) {
    numbers const before = h;
    for (int u = 0; u < units; ++u) {
      auto gate = [&](char g) {
        return of_x.sum(g, u, now, inputs) + of_h.sum(g, u, before.data(), units) + bias_of(*bias, of_x.gates, g, u) +
               bias_of(second, of_x.gates, g, u);
      };
      double& cell = c[static_cast<std::size_t>(u)];
      cell =
          cell * layers_test::sigmoid(gate('f') + forget_bias) + layers_test::sigmoid(gate('i')) * std::tanh(gate('g'));
      h[static_cast<std::size_t>(u)] = std::tanh(cell) * layers_test::sigmoid(gate('o'));
    }
  });
}

numbers gru_of(std::map<std::string, array> const& w, gru_format f, numbers const& x) {
  auto values = [&](std::string const& n) { return &w.at("cell/" + n).values; };
  bool const combined = f == gru_format::tensorflow1, torch = f == gru_format::pytorch;
  bool const after = torch || f == gru_format::keras_reset_after;
  gate_weights of_x{"zrn"}, of_h{"zrn"}, candidate_x, candidate_h;
  numbers bias, state_bias(3 * units, 0);
  if (combined) {
    of_x = {"rz", false, values("gates/kernel")}, of_h = {"rz", false, values("gates/kernel"), inputs};
    candidate_x = {"n", false, values("candidate/kernel")},
    candidate_h = {"n", false, values("candidate/kernel"), inputs};
    bias = *values("gates/bias");
    bias.insert(bias.end(), values("candidate/bias")->begin(), values("candidate/bias")->end());
  } else if (torch) {
    of_x = {"rzn", true, values("weight_ih_l0")}, of_h = {"rzn", true, values("weight_hh_l0")};
    bias = *values("bias_ih_l0"), state_bias = *values("bias_hh_l0");
  } else {
    of_x.kernel = values("kernel"), of_h.kernel = values("recurrent_kernel"), bias = *values("bias");
    if (after) state_bias.assign(bias.begin() + 3 * units, bias.end());
  }
  if (!combined) candidate_x = of_x, candidate_h = of_h;
  std::string_view const order = combined ? "rzn" : of_x.gates;
  return over_time(x, [&](double const* now, numbers& h, numbers&) {
    numbers const before = h;
    numbers reset(units), update(units), scaled(units);
    for (int u = 0; u < units; ++u) {
      std::size_t const i = static_cast<std::size_t>(u);
      auto gate = [&](char g) {
        return layers_test::sigmoid(of_x.sum(g, u, now, inputs) + of_h.sum(g, u, before.data(), units) +
                                    bias_of(bias, order, g, u) + bias_of(state_bias, order, g, u));
      };
      reset[i] = gate('r'), update[i] = gate('z'), scaled[i] = reset[i] * before[i];
    }
    for (int u = 0; u < units; ++u) {
      std::size_t const i = static_cast<std::size_t>(u);
      double const of_state =
          after ? reset[i] * (candidate_h.sum('n', u, before.data(), units) + bias_of(state_bias, order, 'n', u))
                : candidate_h.sum('n', u, scaled.data(), units);
      double const candidate =
          std::tanh(candidate_x.sum('n', u, now, inputs) + bias_of(bias, order, 'n', u) + of_state);
      h[i] = update[i] * before[i] + (1 - update[i]) * candidate;
    }
  });
}

template <lstm_format Format, dtype T>
constexpr auto lstm_model = [](graph& g) {
  return layers::lstm(g, "cell", placeholder(g, "x", {batch, time_steps, inputs}, T), units, Format);
};
template <gru_format Format, dtype T>
constexpr auto gru_model = [](graph& g) {
  return layers::gru(g, "cell", placeholder(g, "x", {batch, time_steps, inputs}, T), units, Format);
};
constexpr auto forgetful = [](graph& g) {
  tensor x = placeholder(g, "x", {batch, time_steps, inputs}, dtype::f64);
  return layers::lstm(g, "cell", x, units, lstm_format::keras, {.forget_bias = -0.5F});
};
constexpr auto two_layers = [](graph& g) {
  tensor x = placeholder(g, "x", {batch, time_steps, inputs}, dtype::f64);
  return layers::lstm(g, "cell", x, units, lstm_format::pytorch, {.num_layers = 2});
};
constexpr auto one_over_the_other = [](graph& g) {
  tensor x = placeholder(g, "x", {batch, time_steps, inputs}, dtype::f64);
  return layers::lstm(g, "two", layers::lstm(g, "one", x, units, lstm_format::pytorch), units, lstm_format::pytorch);
};

numbers sequences() {
  std::mt19937 random(5);
  return layers_test::draw(random, batch * time_steps * inputs);
}
template <lstm_format Format, dtype T>
void check_lstm(double forget_bias) {
  auto const net = std::make_unique<compiled<lstm_model<Format, T>>>();
  auto const weights = layers_test::fill(*net);
  numbers const x = sequences();
  layers_test::check(layers_test::run<T>(*net, x), lstm_of(weights, Format, forget_bias, x), T, "lstm", 2);
}
template <gru_format Format, dtype T>
void check_gru() {
  auto const net = std::make_unique<compiled<gru_model<Format, T>>>();
  auto const weights = layers_test::fill(*net);
  numbers const x = sequences();
  layers_test::check(layers_test::run<T>(*net, x), gru_of(weights, Format, x), T, "gru", 2);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(layers_recurrent)

BOOST_AUTO_TEST_CASE(lstm_of_tensorflow1) {
  check_lstm<lstm_format::tensorflow1, dtype::f32>(1);
  check_lstm<lstm_format::tensorflow1, dtype::f64>(1);
}
BOOST_AUTO_TEST_CASE(lstm_of_keras) {
  check_lstm<lstm_format::keras, dtype::f32>(0);
  check_lstm<lstm_format::keras, dtype::f64>(0);
}
BOOST_AUTO_TEST_CASE(lstm_of_pytorch) {
  check_lstm<lstm_format::pytorch, dtype::f32>(0);
  check_lstm<lstm_format::pytorch, dtype::f64>(0);
}
BOOST_AUTO_TEST_CASE(gru_of_tensorflow1) {
  check_gru<gru_format::tensorflow1, dtype::f32>();
  check_gru<gru_format::tensorflow1, dtype::f64>();
}
BOOST_AUTO_TEST_CASE(gru_of_keras) {
  check_gru<gru_format::keras_reset_before, dtype::f32>();
  check_gru<gru_format::keras_reset_before, dtype::f64>();
  check_gru<gru_format::keras_reset_after, dtype::f32>();
  check_gru<gru_format::keras_reset_after, dtype::f64>();
}
BOOST_AUTO_TEST_CASE(gru_of_pytorch) {
  check_gru<gru_format::pytorch, dtype::f32>();
  check_gru<gru_format::pytorch, dtype::f64>();
}
BOOST_AUTO_TEST_CASE(forget_bias) {
  compiled<forgetful> net;
  auto const weights = layers_test::fill(net);
  numbers const x = sequences();
  layers_test::check(layers_test::run<dtype::f64>(net, x), lstm_of(weights, lstm_format::keras, -0.5, x), dtype::f64,
                     "forget");
}
BOOST_AUTO_TEST_CASE(stacked_layers_are_one_over_the_other) {
  compiled<two_layers> net;
  compiled<one_over_the_other> apart;
  layers_test::fill(net);
  BOOST_REQUIRE(net.table().size() == apart.table().size());
  for (int i = 0; i < static_cast<int>(net.table().size()); ++i) {
    std::vector<double> values(static_cast<std::size_t>(net.table()[static_cast<std::size_t>(i)].shape.elements()));
    net.read(i, values.data());
    apart.write(i, values.data());
  }
  numbers const x = sequences();
  BOOST_TEST(layers_test::run<dtype::f64>(net, x) == layers_test::run<dtype::f64>(apart, x));
}

BOOST_AUTO_TEST_SUITE_END()
