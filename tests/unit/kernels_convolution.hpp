// SPDX-License-Identifier: BSL-1.0
// Convolutions as rows of tables: several of them make one model.
#pragma once

#include "evaluation.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <utility>

namespace kernels_test {

using namespace ambit;
using namespace ambit::loops;

struct conv_case {
  int batch, rows, columns, channels;
  int filter_rows, filter_columns, outputs;  // of a depthwise one: the multiplier
  conv_options options{};
  int pool_rows = 1, pool_columns = 1;  // of a pool behind it
  /// The result's extents, of which TensorFlow's documentation says: without padding
  /// ceil((extent - (taps - 1) dilation) / stride), with `padding::same` ceil(extent / stride).
  static constexpr int extent(int in, int taps, conv_options const& o, int axis) {
    int zeros = o.padding.how == padding::kind::given ? o.padding.before[axis] + o.padding.after[axis] : 0;
    if (o.padding.how == padding::kind::same) return (in + o.stride - 1) / o.stride;
    if (o.padding.how == padding::kind::causal) return (in + o.stride - 1) / o.stride;
    return (in + zeros - (taps - 1) * o.dilation + o.stride - 1) / o.stride;
  }
  [[nodiscard]] constexpr int rows_out() const { return extent(rows, filter_rows, options, 0); }
  [[nodiscard]] constexpr int columns_out() const { return extent(columns, filter_columns, options, 1); }
};

enum class conv_kind { two, one, depthwise };

/// The convolutions `First` to `First + Count` of a table: plain ones, with a bias and relu, and with another value of the
/// result's shape added, by turns.
template <auto const& Cases, std::size_t First, std::size_t Count, conv_kind Kind, dtype Type>
struct convolutions {
  constexpr std::array<tensor, Count> operator()(graph& g) const {
    std::array<tensor, Count> out;
    for (std::size_t i = 0; i < Count; ++i) {
      int const number = static_cast<int>(First + i);
      variable_scope scope{g, name{"conv_", number}};
      conv_case const& c = Cases[First + i];
      out[i] = finished(g, number, convolution(g, c, number));
      if (c.pool_rows * c.pool_columns > 1) out[i] = max_pool2d(out[i], c.pool_rows, c.pool_columns);
    }
    return out;
  }
  static std::vector<shape> shapes() {
    std::vector<shape> all;
    for (std::size_t i = First; i < First + Count; ++i) {
      conv_case const& c = Cases[i];
      int const outputs = Kind == conv_kind::depthwise ? c.channels * c.outputs : c.outputs;
      all.push_back(Kind == conv_kind::one
                        ? shape{c.batch, c.columns_out(), outputs}
                        : shape{c.batch, c.rows_out() / c.pool_rows, c.columns_out() / c.pool_columns, outputs});
    }
    return all;
  }

 private:
  static constexpr tensor convolution(graph& g, conv_case const& c, int number) {
    if (Kind == conv_kind::one) {
      tensor x = placeholder(g, name{"x_", number}, {c.batch, c.columns, c.channels}, Type);
      tensor w = get_variable(g, "w", {c.filter_columns, c.channels / c.options.groups, c.outputs}, {.dtype = Type});
      return conv1d(x, w, c.options);
    }
    tensor x = placeholder(g, name{"x_", number}, {c.batch, c.rows, c.columns, c.channels}, Type);
    if (Kind == conv_kind::depthwise) {
      tensor w = get_variable(g, "w", {c.filter_rows, c.filter_columns, c.channels, c.outputs}, {.dtype = Type});
      return depthwise_conv2d(x, w, c.options);
    }
    tensor w = get_variable(g, "w", {c.filter_rows, c.filter_columns, c.channels / c.options.groups, c.outputs}, {.dtype = Type});
    return conv2d(x, w, c.options);
  }
  static constexpr tensor finished(graph& g, int number, tensor y) {
    if (number % 3 == 0) return y;
    if (number % 3 == 1) return relu(y + get_variable(g, "b", {y.shape()[-1]}, {.dtype = Type}));
    return relu(y + tanh(get_variable(g, "added", y.shape(), {.dtype = Type})));
  }
};

/// All of a table, ten to a model.
template <auto const& Cases, conv_kind Kind, dtype Type>
void check_convolutions(double slack = 2) {
  constexpr std::size_t size = std::size(Cases), models = (size + 9) / 10;
  [slack]<std::size_t... I>(std::index_sequence<I...>) {
    auto one = [slack]<std::size_t First>() {
      using model = convolutions<Cases, First, (size - First < 10 ? size - First : 10), Kind, Type>;
      evaluation_test::same_as_reference<model{}>(model::shapes(), First + 1, slack, 1);
    };
    (one.template operator()<10 * I>(), ...);
  }(std::make_index_sequence<models>{});
}

}  // namespace kernels_test
