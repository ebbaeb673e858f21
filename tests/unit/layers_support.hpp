// SPDX-License-Identifier: BSL-1.0
// Weights of layers by name, and what layers compute, as loops over indices in double precision.
#pragma once

#include "evaluation.hpp"

#include <cmath>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace layers_test {

using reference::array;
using numbers = std::vector<double>;

/// Numbers from -0.7 to 0.7 that are floats, so that rounding them is no error.
inline numbers draw(std::mt19937& random, std::int64_t count) {
  numbers out;
  for (std::int64_t i = 0; i < count; ++i)
    out.push_back(static_cast<float>(static_cast<double>(random()) / 4294967296.0 * 1.4 - 0.7));
  return out;
}

template <class T>
std::vector<T> as(numbers const& values) {
  return {values.begin(), values.end()};
}

/// Gives every saved variable random values, variances positive ones, and returns them by name.
template <class Net>
std::map<std::string, array> fill(Net& net, unsigned seed = 1) {
  std::mt19937 random(seed);
  std::map<std::string, array> all;
  for (int i = 0; i < static_cast<int>(net.table().size()); ++i) {
    ambit::variable_entry const& e = net.table()[static_cast<std::size_t>(i)];
    array a{e.shape, draw(random, e.shape.elements())};
    if (e.name.ends_with("variance") || e.name.ends_with("_var"))
      for (double& v : a.values) v = v * v + 0.25;
    for (double& v : a.values) v = static_cast<float>(v);
    if (e.stored && e.dtype == ambit::dtype::f32) net.write(i, as<float>(a.values).data());
    if (e.stored && e.dtype == ambit::dtype::f64) net.write(i, as<double>(a.values).data());
    all.emplace(std::string(e.name), std::move(a));
  }
  return all;
}

/// What a model makes of one input.
template <ambit::dtype Type, class Net>
numbers run(Net& net, numbers const& x) {
  auto const input = as<ambit::element_of<Type>>(x);
  return evaluation_test::elements(net.run(input.data()));
}

inline void check(numbers const& found, numbers const& expected, ambit::dtype type, std::string const& what,
                  double slack = 1) {
  evaluation_test::check_close(found, {ambit::shape{static_cast<int>(expected.size())}, expected}, type, what, slack);
}

inline double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

/// rows of x [.., inputs] times kernel [inputs, units], plus a bias where there is one.
inline numbers dense(numbers const& x, numbers const& kernel, numbers const& bias, int units) {
  std::size_t const outputs = static_cast<std::size_t>(units), inputs = kernel.size() / outputs;
  numbers out;
  for (std::size_t row = 0; row < x.size() / inputs; ++row)
    for (std::size_t u = 0; u < outputs; ++u) {
      double sum = bias.empty() ? 0 : bias[u];
      for (std::size_t k = 0; k < inputs; ++k) sum += x[row * inputs + k] * kernel[k * outputs + u];
      out.push_back(sum);
    }
  return out;
}
/// [rows, columns] with its axes exchanged.
inline numbers transposed(numbers const& m, int rows) {
  std::size_t const r = static_cast<std::size_t>(rows), c = m.size() / r;
  numbers out;
  for (std::size_t j = 0; j < c; ++j)
    for (std::size_t i = 0; i < r; ++i) out.push_back(m[i * c + j]);
  return out;
}
inline numbers mapped(numbers x, std::function<double(double)> const& f) {
  for (double& v : x) v = f(v);
  return x;
}
/// (x - mean) / sqrt(variance + epsilon) * scale + offset over rows of so many.
inline numbers layer_norm(numbers x, numbers const& scale, numbers const& offset, double epsilon) {
  std::size_t const n = scale.size();
  for (std::size_t row = 0; row < x.size(); row += n) {
    double mean = 0, variance = 0;
    for (std::size_t k = 0; k < n; ++k) mean += x[row + k] / static_cast<double>(n);
    for (std::size_t k = 0; k < n; ++k) variance += (x[row + k] - mean) * (x[row + k] - mean) / static_cast<double>(n);
    for (std::size_t k = 0; k < n; ++k)
      x[row + k] = (x[row + k] - mean) / std::sqrt(variance + epsilon) * scale[k] + offset[k];
  }
  return x;
}

/// A convolution of [time, channels] that sees the past only: kernel [taps, channels / groups, outputs].
inline numbers causal_convolution(numbers const& x, array const& kernel, numbers const& bias, int dilation,
                                  int groups) {
  int const taps = kernel.shape[0], inputs = kernel.shape[1], outputs = kernel.shape[2], channels = inputs * groups;
  int const time = static_cast<int>(x.size()) / channels;
  auto at = [](auto... i) { return static_cast<std::size_t>((0 + ... + i)); };
  numbers out;
  for (int t = 0; t < time; ++t)
    for (int o = 0; o < outputs; ++o) {
      double sum = bias.empty() ? 0 : bias[at(o)];
      int const first = o / (outputs / groups) * inputs;
      for (int tap = 0; tap < taps; ++tap) {
        int const from = t - (taps - 1 - tap) * dilation;
        if (from < 0) continue;
        for (int c = 0; c < inputs; ++c)
          sum += x[at(from * channels, first, c)] * kernel.values[at((tap * inputs + c) * outputs, o)];
      }
      out.push_back(sum);
    }
  return out;
}

}  // namespace layers_test
