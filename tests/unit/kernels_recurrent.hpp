// SPDX-License-Identifier: BSL-1.0
// Recurrent cells in each format against loops in double precision, written from the equations in the documentation of
// PyTorch (LSTM, GRU), Keras (the same) and TensorFlow 1 (BasicLSTMCell, GRUCell).
#pragma once

#include "kernels_support.hpp"
#include <ambit/ambit.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace kernels_test {

using namespace ambit;
using numbers = std::vector<double>;

struct cell_case {
  int units, inputs, batch = 1;
  bool streaming = false;
};
/// Units that fill no vector, one, or several of them, with a rest; either half of them goes on from run to run.
inline constexpr cell_case cells[] = {
    {1, 1}, {2, 3, 3}, {3, 2}, {4, 5, 3, true}, {5, 17}, {7, 1, 1, true}, {8, 2, 3},
    {12, 3, 1, true}, {16, 5}, {17, 17, 3, true}, {20, 1}, {33, 3, 1, true}, {64, 5, 3},
    {20, 2, 3, true}, {24, 3, 1, true},
};
inline constexpr std::size_t cell_count = std::size(cells);
inline constexpr int steps = 4;

constexpr float forget_bias(lstm_format f) { return f == lstm_format::tensorflow1 ? 1.F : f == lstm_format::keras ? 0.5F : 0.F; }

/// The weights of a format: matrices, then biases.
constexpr int gates_of(lstm_format, int) { return 4; }
constexpr int gates_of(gru_format f, int matrix) { return f == gru_format::tensorflow1 ? 2 - matrix : 3; }
template <class Format>
constexpr shape matrix_shape(Format f, cell_case const& c, int which) {
  int const outputs = gates_of(f, which) * c.units;
  int const depth = f == Format::tensorflow1 ? c.inputs + c.units : which == 0 ? c.inputs : c.units;
  return f == Format::pytorch ? shape{outputs, depth} : shape{depth, outputs};
}
constexpr int matrix_count(lstm_format f) { return f == lstm_format::tensorflow1 ? 1 : 2; }
constexpr int matrix_count(gru_format) { return 2; }
constexpr int bias_count(lstm_format f) { return f == lstm_format::pytorch ? 2 : 1; }
constexpr int bias_count(gru_format f) { return f == gru_format::tensorflow1 || f == gru_format::pytorch ? 2 : 1; }
template <class Format>
constexpr shape bias_shape(Format f, cell_case const& c, int which) {
  if constexpr (std::is_same_v<Format, gru_format>)
    if (f == gru_format::keras_reset_after) return {2, 3 * c.units};
  return {gates_of(f, which) * c.units};
}

/// Cells `First` to `First + Count` in one format, each with a sequence of its own.
template <auto Format, dtype Type, std::size_t First, std::size_t Count>
struct cells_model {
  using format = std::remove_const_t<decltype(Format)>;
  constexpr std::array<tensor, Count> operator()(graph& g) const {
    std::array<tensor, Count> out;
    for (std::size_t i = 0; i < Count; ++i) out[i] = cell(g, cells[First + i], static_cast<int>(i));
    return out;
  }

 private:
  static constexpr tensor cell(graph& g, cell_case const& c, int number) {
    variable_scope scope{g, name{"cell_", number}};
    shape const x_shape = c.batch == 1 ? shape{steps, c.inputs} : shape{c.batch, steps, c.inputs};
    tensor x = placeholder(g, name{"x_", number}, x_shape, Type);
    auto weight = [&](std::string_view n, shape const& s) { return get_variable(g, n, s, {.dtype = Type}); };
    tensor w[4];
    int count = 0;
    w[count++] = weight("w0", matrix_shape(Format, c, 0));
    if (matrix_count(Format) == 2) w[count++] = weight("w1", matrix_shape(Format, c, 1));
    w[count++] = weight("b0", bias_shape(Format, c, 0));
    if (bias_count(Format) == 2) w[count++] = weight("b1", bias_shape(Format, c, 1));
    shape const state = c.batch == 1 ? shape{c.units} : shape{c.batch, c.units};
    tensor h = c.streaming ? weight("h", state) : tensor();
    auto run = [&](std::initializer_list<tensor> all) {
      if constexpr (std::is_same_v<format, lstm_format>) {
        if (c.streaming) return streaming_lstm(x, h, weight("c", state), all, Format, forget_bias(Format));
        return tensor(lstm(x, all, Format, forget_bias(Format)));
      } else {
        if (c.streaming) return streaming_gru(x, h, all, Format);
        return tensor(gru(x, all, Format));
      }
    };
    if (count == 2) return run({w[0], w[1]});
    if (count == 3) return run({w[0], w[1], w[2]});
    return run({w[0], w[1], w[2], w[3]});
  }
};

inline double logistic(double x) { return 1 / (1 + std::exp(-x)); }

/// What all formats have in common: matrices, biases and states of one sequence.
template <class Format>
struct plain_cell {
  Format format;
  int units, inputs;
  numbers w[2], b[2];

  /// Element k of the depth of a matrix, for a gate of a unit.
  [[nodiscard]] double weight(int matrix, int k, int gate, int unit) const {
    int const outputs = gates_of(format, matrix) * units, o = gate * units + unit;
    int const depth = static_cast<int>(w[matrix].size()) / outputs;
    return w[matrix][static_cast<std::size_t>(format == Format::pytorch ? o * depth + k : k * outputs + o)];
  }
  [[nodiscard]] double from_x(int matrix, int gate, int unit, double const* x) const {
    double sum = 0;
    for (int k = 0; k < inputs; ++k) sum += weight(matrix, k, gate, unit) * x[k];
    return sum;
  }
  /// In the combined matrices of TensorFlow 1 the state comes below the inputs.
  [[nodiscard]] double from_h(int matrix, int gate, int unit, double const* h) const {
    bool const combined = format == Format::tensorflow1;
    double sum = 0;
    for (int k = 0; k < units; ++k) sum += weight(combined ? matrix : 1, combined ? inputs + k : k, gate, unit) * h[k];
    return sum;
  }
  [[nodiscard]] double bias(int which, int gate, int unit) const {
    return b[which].empty() ? 0 : b[which][static_cast<std::size_t>(gate * units + unit)];
  }
};

inline void step(plain_cell<lstm_format> const& p, double const* x, numbers& h, numbers& c) {
  bool const tensorflow = p.format == lstm_format::tensorflow1;
  numbers const before = h;
  for (int u = 0; u < p.units; ++u) {
    auto sum = [&](int gate) {
      return p.from_x(0, gate, u, x) + p.from_h(0, gate, u, before.data()) + p.bias(0, gate, u) + p.bias(1, gate, u);
    };
    double const i = logistic(sum(0)), f = logistic(sum(tensorflow ? 2 : 1) + static_cast<double>(forget_bias(p.format)));
    double const g = std::tanh(sum(tensorflow ? 1 : 2)), o = logistic(sum(3));
    auto const at = static_cast<std::size_t>(u);
    c[at] = f * c[at] + i * g;
    h[at] = o * std::tanh(c[at]);
  }
}
inline void step(plain_cell<gru_format> const& p, double const* x, numbers& h, numbers&) {
  using enum gru_format;
  bool const keras = p.format == keras_reset_before || p.format == keras_reset_after;
  int const r = keras ? 1 : 0, z = keras ? 0 : 1, n = 2;
  // The biases of the state: a second vector, or the second half of the only one.
  auto second = [&](int gate, int u) {
    if (p.format == keras_reset_after) return p.bias(0, 3 + gate, u);
    return p.format == pytorch ? p.bias(1, gate, u) : 0.0;
  };
  auto gate = [&](int which, int u) {
    return logistic(p.from_x(0, which, u, x) + p.bias(0, which, u) + p.from_h(0, which, u, h.data()) + second(which, u));
  };
  numbers reset_h(h.size()), next(h.size());
  for (int u = 0; u < p.units; ++u) reset_h[static_cast<std::size_t>(u)] = gate(r, u) * h[static_cast<std::size_t>(u)];
  for (int u = 0; u < p.units; ++u) {
    double candidate = 0;
    if (p.format == tensorflow1)
      candidate = p.from_x(1, 0, u, x) + p.from_h(1, 0, u, reset_h.data()) + p.bias(1, 0, u);
    else if (p.format == keras_reset_before)
      candidate = p.from_x(0, n, u, x) + p.from_h(0, n, u, reset_h.data()) + p.bias(0, n, u);
    else
      candidate = p.from_x(0, n, u, x) + p.bias(0, n, u) + gate(r, u) * (p.from_h(0, n, u, h.data()) + second(n, u));
    auto const at = static_cast<std::size_t>(u);
    next[at] = (1 - gate(z, u)) * std::tanh(candidate) + gate(z, u) * h[at];
  }
  h = next;
}

/// A cell with the weights of a model, and the states of its sequences.
template <class Format>
struct followed {
  cell_case of;
  plain_cell<Format> cell;
  std::vector<numbers> h, c;

  /// The results of one run, [batch, steps, units].
  numbers run(numbers const& x) {
    numbers out;
    for (int b = 0; b < of.batch; ++b) {
      auto const at = static_cast<std::size_t>(b);
      if (!of.streaming) h[at].assign(h[at].size(), 0), c[at].assign(c[at].size(), 0);
      for (int t = 0; t < steps; ++t) {
        step(cell, x.data() + (b * steps + t) * of.inputs, h[at], c[at]);
        out.insert(out.end(), h[at].begin(), h[at].end());
      }
    }
    return out;
  }
};

template <class T, class Net>
numbers set_weight(Net& net, std::string const& wanted, double scale, std::mt19937& random) {
  for (std::size_t i = 0; i < net.table().size(); ++i) {
    if (net.table()[i].name != wanted) continue;
    std::vector<T> values(static_cast<std::size_t>(net.table()[i].shape.elements()));
    for (T& v : values) v = draw<T>(random) * static_cast<T>(scale);
    net.write(static_cast<int>(i), values.data());
    return {values.begin(), values.end()};
  }
  return {};
}
template <class Format, class T, class Net>
followed<Format> follow(Net& net, Format format, cell_case const& of, int number, std::mt19937& random) {
  followed<Format> f{of, {format, of.units, of.inputs, {}, {}}, {}, {}};
  std::string const scope = "cell_" + std::to_string(number) + "/";
  double const scale = 2 / std::sqrt(of.units + of.inputs);
  for (int k = 0; k < 2; ++k) {
    f.cell.w[k] = set_weight<T>(net, scope + "w" + std::to_string(k), scale, random);
    f.cell.b[k] = set_weight<T>(net, scope + "b" + std::to_string(k), 0.5, random);
  }
  for (auto [states, own] : {std::pair(&f.h, "h"), std::pair(&f.c, "c")}) {
    numbers first = set_weight<T>(net, scope + own, 1, random);
    first.resize(static_cast<std::size_t>(of.units * of.batch));
    for (int b = 0; b < of.batch; ++b) states->emplace_back(first.begin() + b * of.units, first.begin() + (b + 1) * of.units);
  }
  return f;
}

template <auto Format, class T, std::size_t First, std::size_t Count>
void check_cells() {
  using format = std::remove_const_t<decltype(Format)>;
  std::mt19937 random(static_cast<unsigned>(First) + 1);
  auto const net = std::make_unique<compiled<cells_model<Format, dtype_of<T>, First, Count>{}>>();
  std::vector<followed<format>> all;
  for (std::size_t i = 0; i < Count; ++i) all.push_back(follow<format, T>(*net, Format, cells[First + i], static_cast<int>(i), random));
  net->reset();
  std::vector<followed<format>> const begin = all;
  for (int run = 0; run < 4; ++run) {
    if (run == 2) net->reset(), all = begin;
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      std::array<std::vector<T>, Count> x;
      for (std::size_t i = 0; i < Count; ++i) {
        x[i].resize(static_cast<std::size_t>(all[i].of.batch * steps * all[i].of.inputs));
        for (T& v : x[i]) v = draw<T>(random) * 2;
      }
      auto const found = net->run(x[I].data()...);
      auto check_one = [&](followed<format>& one, std::vector<T> const& input, auto const& map) {
        numbers const expected = one.run({input.begin(), input.end()});
        double worst = 0;
        BOOST_TEST_REQUIRE(static_cast<std::size_t>(map.size()) == expected.size());
        for (std::size_t k = 0; k < expected.size(); ++k) {
          double const off = std::abs(static_cast<double>(map.data()[k]) - expected[k]);
          worst = off > worst || std::isnan(off) ? off : worst;
        }
        BOOST_TEST(worst <= (std::is_same_v<T, float> ? 2e-6 : 1e-14),
                   one.of.units << " units, " << one.of.inputs << " inputs, run " << run << ": off by " << worst);
      };
      if constexpr (Count == 1)
        check_one(all[0], x[0], found);
      else
        (check_one(all[I], x[I], std::get<I>(found)), ...);
    }(std::make_index_sequence<Count>{});
  }
}

}  // namespace kernels_test
