// SPDX-License-Identifier: BSL-1.0
// Products, convolutions, cells and elementwise tails against loops in double precision: a program that a compiler for
// another vector ISA builds from nothing but the headers.
#include <ambit/ambit.hpp>

#include <array>
#include <cmath>
#include <cstdio>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

using namespace ambit;

namespace {

using numbers = std::vector<double>;
int failures = 0;

void compare(char const* what, int number, numbers const& found, numbers const& expected, double tolerance) {
  double scale = 1, worst = found.size() == expected.size() ? 0 : INFINITY;
  for (double v : expected) scale = std::max(scale, std::abs(v));
  for (std::size_t i = 0; i < std::min(found.size(), expected.size()); ++i)
    if (double const off = std::abs(found[i] - expected[i]); !(off <= worst)) worst = off;
  if (worst <= tolerance * scale) return;
  std::printf("%s %d: off by %g of %g\n", what, number, worst, scale);
  ++failures;
}
template <class T>
constexpr double tolerance_of = std::is_same_v<T, float> ? 2e-6 : std::is_same_v<T, double> ? 1e-14 : 0;

template <class T>
std::vector<T> draw(std::size_t count, std::mt19937& random, double size = 1) {
  std::vector<T> all(count);
  for (T& v : all)
    if constexpr (std::is_integral_v<T>)
      v = static_cast<T>(static_cast<int>(random() % 19) - 9);
    else
      v = static_cast<T>(size * (static_cast<double>(random()) / 2147483648.0 - 1));
  return all;
}
template <class T>
numbers wide(std::vector<T> const& all) {
  return {all.begin(), all.end()};
}
template <class Map>
numbers elements(Map const& m) {
  numbers out;
  for (Eigen::Index i = 0; i < m.size(); ++i) out.push_back(static_cast<double>(m.data()[i]));
  return out;
}
/// Draws all weights; their values by name.
template <class T, class Net>
std::map<std::string, numbers, std::less<>> weights_of(Net& net, std::mt19937& random, double size = 1) {
  std::map<std::string, numbers, std::less<>> all;
  for (std::size_t i = 0; i < net.table().size(); ++i) {
    auto const values = draw<T>(static_cast<std::size_t>(net.table()[i].shape.elements()), random, size);
    net.write(static_cast<int>(i), values.data());
    all.emplace(std::string(net.table()[i].name), wide(values));
  }
  return all;
}
double relu_of(double x) { return x > 0 ? x : 0; }
double logistic(double x) { return 1 / (1 + std::exp(-x)); }

// ---- products

struct extents {
  int rows, depth, outputs;
};
constexpr extents products[] = {{1, 7, 9},   {1, 40, 70},  {3, 19, 1}, {7, 33, 37}, {24, 17, 20},
                                {13, 5, 66}, {1, 100, 16}, {5, 1, 3},  {2, 64, 130}};
template <class T, std::size_t I>
constexpr auto product_model = [](graph& g) {
  constexpr extents e = products[I];
  tensor x = placeholder(g, "x", {e.rows, e.depth}, dtype_of<T>);
  return relu(matmul(x, get_variable(g, "w", {e.depth, e.outputs}, {.dtype = dtype_of<T>})) +
              get_variable(g, "b", {e.outputs}, {.dtype = dtype_of<T>}));
};
template <class T, std::size_t I>
void check_product() {
  constexpr extents e = products[I];
  std::mt19937 random(static_cast<unsigned>(I));
  auto const net = std::make_unique<compiled<product_model<T, I>>>();
  auto const w = weights_of<T>(*net, random);
  auto const x = draw<T>(static_cast<std::size_t>(e.rows * e.depth), random);
  numbers expected;
  for (int r = 0; r < e.rows; ++r)
    for (int o = 0; o < e.outputs; ++o) {
      double sum = w.at("b")[static_cast<std::size_t>(o)];
      for (int k = 0; k < e.depth; ++k)
        sum += static_cast<double>(x[static_cast<std::size_t>(r * e.depth + k)]) *
               w.at("w")[static_cast<std::size_t>(k * e.outputs + o)];
      expected.push_back(relu_of(sum));
    }
  compare(std::is_integral_v<T> ? "integer product" : "product", static_cast<int>(I), elements(net->run(x)), expected,
          tolerance_of<T>);
}
template <class T, std::size_t... I>
void check_products(std::index_sequence<I...>) {
  (check_product<T, I>(), ...);
}

// ---- a convolution, its bias, relu and pool

constexpr int pixels = 9, channels = 3, filters = 21;
template <bool Padded>
constexpr auto convolution_model = [](graph& g) {
  tensor x = placeholder(g, "x", {1, pixels, pixels, channels});
  tensor w = get_variable(g, "w", {3, 3, channels, filters});
  tensor y = relu(conv2d(x, w, {.padding = Padded ? padding::same : padding::valid}) + get_variable(g, "b", {filters}));
  return max_pool2d(y, 2, 2);
};
template <bool Padded>
void check_convolution() {
  std::mt19937 random(7);
  auto const net = std::make_unique<compiled<convolution_model<Padded>>>();
  auto const w = weights_of<float>(*net, random);
  auto const x = draw<float>(pixels * pixels * channels, random);
  constexpr int extent = Padded ? pixels : pixels - 2, shift = Padded ? 1 : 0;
  auto sum = [&](int row, int column, int o) {
    double s = w.at("b")[static_cast<std::size_t>(o)];
    for (int i = 0; i < 3; ++i)
      for (int j = 0; j < 3; ++j)
        for (int k = 0; k < channels; ++k) {
          int const r = row + i - shift, c = column + j - shift;
          if (r < 0 || c < 0 || r >= pixels || c >= pixels) continue;
          s += static_cast<double>(x[static_cast<std::size_t>((r * pixels + c) * channels + k)]) *
               w.at("w")[static_cast<std::size_t>(((i * 3 + j) * channels + k) * filters + o)];
        }
    return relu_of(s);
  };
  numbers expected;
  for (int r = 0; r + 1 < extent; r += 2)
    for (int c = 0; c + 1 < extent; c += 2)
      for (int o = 0; o < filters; ++o)
        expected.push_back(std::max(std::max(sum(r, c, o), sum(r, c + 1, o)), std::max(sum(r + 1, c, o), sum(r + 1, c + 1, o))));
  compare("convolution", Padded, elements(net->run(x)), expected, 2e-6);
}

// ---- an LSTM

constexpr int steps = 5, inputs = 3;
template <class T, int Units>
constexpr auto lstm_model = [](graph& g) {
  auto weight = [&](char const* n, shape const& s) { return get_variable(g, n, s, {.dtype = dtype_of<T>}); };
  return lstm(placeholder(g, "x", {steps, inputs}, dtype_of<T>),
              {weight("w", {inputs, 4 * Units}), weight("u", {Units, 4 * Units}), weight("b", {4 * Units})}, lstm_format::keras);
};
template <class T, int Units>
void check_lstm() {
  std::mt19937 random(3);
  auto const net = std::make_unique<compiled<lstm_model<T, Units>>>();
  auto const w = weights_of<T>(*net, random, 0.5);
  auto const x = draw<T>(steps * inputs, random);
  numbers h(Units, 0), c(Units, 0), expected;
  for (int t = 0; t < steps; ++t) {
    numbers const before = h;
    for (std::size_t u = 0; u < Units; ++u) {
      auto sum = [&](std::size_t gate) {
        std::size_t const o = gate * Units + u;
        double s = w.at("b")[o];
        for (std::size_t k = 0; k < inputs; ++k)
          s += static_cast<double>(x[static_cast<std::size_t>(t) * inputs + k]) * w.at("w")[k * 4 * Units + o];
        for (std::size_t k = 0; k < Units; ++k) s += before[k] * w.at("u")[k * 4 * Units + o];
        return s;
      };
      c[u] = logistic(sum(1)) * c[u] + logistic(sum(0)) * std::tanh(sum(2));
      h[u] = logistic(sum(3)) * std::tanh(c[u]);
    }
    expected.insert(expected.end(), h.begin(), h.end());
  }
  compare("LSTM", Units, elements(net->run(x)), expected, tolerance_of<T>);
}

// ---- elementwise groups that end in the middle of a vector

template <class T, int Size>
constexpr auto elementwise_model = [](graph& g) {
  tensor x = placeholder(g, "x", {2, Size}, dtype_of<T>);
  tensor row = get_variable(g, "row", {Size}, {.dtype = dtype_of<T>});
  tensor column = get_variable(g, "column", {2, 1}, {.dtype = dtype_of<T>});
  return where(x > row, tanh(x) * sigmoid(row), exp(x * 0.5) - column);
};
template <class T, int Size>
void check_elementwise() {
  std::mt19937 random(5);
  auto const net = std::make_unique<compiled<elementwise_model<T, Size>>>();
  auto const w = weights_of<T>(*net, random);
  auto const x = draw<T>(2 * Size, random, 3);
  numbers expected;
  for (std::size_t i = 0; i < x.size(); ++i) {
    double const v = static_cast<double>(x[i]), r = w.at("row")[i % Size];
    expected.push_back(v > r ? std::tanh(v) * logistic(r) : std::exp(v / 2) - w.at("column")[i / Size]);
  }
  compare("elementwise", Size, elements(net->run(x)), expected, tolerance_of<T>);
}
template <class T, int... Size>
void check_sizes() {
  (check_elementwise<T, Size>(), ...);
}

}  // namespace

int main() {
  constexpr auto all = std::make_index_sequence<std::size(products)>{};
  check_products<float>(all);
  check_products<double>(all);
  check_products<std::int32_t>(all);
  check_convolution<false>();
  check_convolution<true>();
  check_lstm<float, 5>(), check_lstm<float, 13>(), check_lstm<float, 16>(), check_lstm<float, 20>();
  check_lstm<double, 7>();
  check_sizes<float, 1, 2, 3, 5, 7, 9, 15, 17, 33, 100>();
  check_sizes<double, 1, 3, 9, 100>();
  std::printf("%s, %d lanes of float\n", failures == 0 ? "passed" : "failed", native_lanes<float>);
  return failures == 0 ? 0 : 1;
}
