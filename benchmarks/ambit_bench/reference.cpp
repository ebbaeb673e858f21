// SPDX-License-Identifier: BSL-1.0
#include "reference.hpp"

#include "weights.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

namespace bench {
namespace {

using values = std::vector<double>;
using step = std::function<values(float const*)>;  // a run; keeps the state

std::size_t index(int i) { return static_cast<std::size_t>(i); }
double relu(double x) { return std::max(x, 0.0); }
double logistic(double x) { return 1 / (1 + std::exp(-x)); }

struct dense {
  int outputs;
  int inputs;
  values w;  // [inputs][outputs], which lets a compiler vectorise without reordering a sum
  values b;

  dense(int out, int in, seed s) : outputs(out), inputs(in), w(index(out * in)), b(index(out)) {
    auto const k = kernel(out, in, s);
    for (int o = 0; o < out; ++o)
      for (int i = 0; i < in; ++i) w[index(i * out + o)] = static_cast<double>(k[index(o * in + i)]);
    std::ranges::transform(bias(out, s), b.begin(), [](float x) { return static_cast<double>(x); });
  }

  template <class T>
  values operator()(T const* x) const {
    values y = b;
    for (int i = 0; i < inputs; ++i)
      for (int o = 0; o < outputs; ++o) y[index(o)] += w[index(i * outputs + o)] * static_cast<double>(x[i]);
    return y;
  }
  values operator()(values const& x) const { return (*this)(x.data()); }
};

template <class F>
values each(values x, F f) {
  for (double& v : x) v = f(v);
  return x;
}

values softmax(values x) {
  double const top = *std::ranges::max_element(x);
  double sum = 0;
  for (double& v : x) sum += v = std::exp(v - top);
  for (double& v : x) v /= sum;
  return x;
}

/// One sample after the other.
template <class F>
step batch(std::size_t samples, std::size_t inputs, F one) {
  return [=](float const* in) {
    values all;
    for (std::size_t n = 0; n < samples; ++n) {
      values const y = one(in + n * inputs);
      all.insert(all.end(), y.begin(), y.end());
    }
    return all;
  };
}

step tiny() {
  return [l1 = dense(16, 8, seed::a1), l2 = dense(16, 16, seed::a2), l3 = dense(1, 16, seed::a3)](float const* in) {
    auto const squash = [](double x) { return std::tanh(x); };
    return l3(each(l2(each(l1(in), squash)), squash));
  };
}

step mlp(std::size_t samples) {
  return batch(samples, 784,
               [l1 = dense(128, 784, seed::b1), l2 = dense(64, 128, seed::b2), l3 = dense(10, 64, seed::b3)](
                   float const* in) { return softmax(l3(each(l2(each(l1(in), relu)), relu))); });
}

step wide(std::size_t samples) {
  return batch(samples, 1024, [l1 = dense(1024, 1024, seed::c1), l2 = dense(1024, 1024, seed::c2)](float const* in) {
    return each(l2(each(l1(in), relu)), relu);
  });
}

step fused(std::size_t n) {
  return [n](float const* in) {
    values y(n);
    auto const at = [&](std::size_t array, std::size_t i) { return static_cast<double>(in[array * padded(n) + i]); };
    for (std::size_t i = 0; i < n; ++i) y[i] = relu(at(0, i) * at(1, i) + at(2, i)) * at(3, i) - at(4, i);
    return y;
  };
}

step lstm() {
  return [from_input = dense(80, 1, seed::lstm_input), from_state = dense(80, 20, seed::lstm_state),
          last = dense(1, 20, seed::lstm_dense), h = values(20), c = values(20)](float const* in) mutable {
    values gates = from_input(in);
    std::ranges::transform(gates, from_state(h), gates.begin(), std::plus<>());
    for (std::size_t k = 0; k < 20; ++k) {
      c[k] = logistic(gates[20 + k]) * c[k] + logistic(gates[k]) * std::tanh(gates[40 + k]);
      h[k] = logistic(gates[60 + k]) * std::tanh(c[k]);
    }
    return last(h);
  };
}

step gru() {
  return [from_input = dense(60, 1, seed::gru_input), from_state = dense(60, 20, seed::gru_state),
          last = dense(1, 20, seed::gru_dense), h = values(20)](float const* in) mutable {
    values const x = from_input(in);
    values const s = from_state(h);
    for (std::size_t k = 0; k < 20; ++k) {
      double const reset = logistic(x[k] + s[k]);
      double const update = logistic(x[20 + k] + s[20 + k]);
      double const fresh = std::tanh(x[40 + k] + reset * s[40 + k]);
      h[k] = (1 - update) * fresh + update * h[k];
    }
    return last(h);
  };
}

step streaming_convolution() {
  return [w = kernel(4, 12, seed::f1), b = bias(4, seed::f1),
          past = std::array<std::array<double, 4>, 5>()](float const* in) mutable {
    std::rotate(past.begin(), past.end() - 1, past.end());
    std::copy_n(in, 4, past[0].begin());
    values y(4);
    for (std::size_t o = 0; o < 4; ++o) {
      y[o] = static_cast<double>(b[o]);
      for (std::size_t i = 0; i < 4; ++i)
        for (std::size_t k = 0; k < 3; ++k) y[o] += static_cast<double>(w[(o * 4 + i) * 3 + k]) * past[2 * (2 - k)][i];
    }
    return y;
  };
}

/// [channels][side][side] to [outputs][(side - 2) / 2][(side - 2) / 2]: 3x3, bias, relu, the largest of each 2x2.
values convolve_and_pool(values const& x, int channels, int side, int outputs, seed s) {
  auto const w = kernel(outputs, channels * 9, s);
  auto const b = bias(outputs, s);
  int const half = (side - 2) / 2;
  values y(index(outputs * half * half));  // zeros, which the relu makes the least value
  for (int o = 0; o < outputs; ++o)
    for (int row = 0; row < 2 * half; ++row)
      for (int column = 0; column < 2 * half; ++column) {
        double sum = static_cast<double>(b[index(o)]);
        for (int c = 0; c < channels; ++c)
          for (int k = 0; k < 9; ++k)
            sum += static_cast<double>(w[index((o * channels + c) * 9 + k)]) *
                   x[index((c * side + row + k / 3) * side + column + k % 3)];
        double& pooled = y[index((o * half + row / 2) * half + column / 2)];
        pooled = std::max(pooled, sum);
      }
  return y;
}

step image_net() {
  return [last = dense(10, 400, seed::f2_dense)](float const* in) {
    values const first = convolve_and_pool(values(in, in + 784), 1, 28, 8, seed::f2_first);
    return softmax(last(convolve_and_pool(first, 8, 13, 16, seed::f2_second)));
  };
}

step reference(std::string_view name) {
  if (name == "A") return tiny();
  if (name == "B1") return mlp(1);
  if (name == "B32") return mlp(32);
  if (name == "B256") return mlp(256);
  if (name == "C1") return wide(1);
  if (name == "C256") return wide(256);
  if (name == "D3") return fused(1000);
  if (name == "D6") return fused(1'000'000);
  if (name == "E-LSTM") return lstm();
  if (name == "E-GRU") return gru();
  if (name == "F1") return streaming_convolution();
  return image_net();
}

}  // namespace

std::vector<buffer> make_inputs(workload const& w) {
  std::vector<buffer> inputs;
  for (int frame = 0; frame < w.frames; ++frame) {
    buffer& b = inputs.emplace_back(w.inputs);
    std::size_t const first = static_cast<std::size_t>(frame) * w.inputs;
    for (std::size_t i = 0; i < w.inputs; ++i)
      b.data()[i] = hashed(static_cast<std::uint32_t>(first + i), static_cast<std::uint32_t>(seed::input), 1.0F);
  }
  return inputs;
}

exercise make_exercise(workload const& w) {
  exercise e{&w, make_inputs(w), {}, 1};
  step run = reference(w.name);
  for (buffer const& in : e.inputs) {
    e.expected.push_back(run(in.data()));
    for (double y : e.expected.back()) e.scale = std::max(e.scale, std::abs(y));
  }
  return e;
}

}  // namespace bench
