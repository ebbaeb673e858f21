// SPDX-License-Identifier: BSL-1.0
// What layers compute from their variables, against plain loops in double precision.
#include "layers_support.hpp"

using namespace ambit;
using layers_test::array;
using layers_test::numbers;

namespace {

struct pixel_window {
  int stride = 1;
  int dilation = 1;
  int groups = 1;
  bool same = false;
};
/// [rows, columns, channels] of one image with a kernel [rows, columns, channels / groups, outputs].
numbers convolved(numbers const& x, int rows, int columns, array const& kernel, numbers const& bias, pixel_window w) {
  int const kr = kernel.shape[0], kc = kernel.shape[1], inputs = kernel.shape[2], outputs = kernel.shape[3];
  int const channels = inputs * w.groups;
  auto extent = [&](int size, int taps) {
    return w.same ? (size + w.stride - 1) / w.stride : (size - (taps - 1) * w.dilation - 1) / w.stride + 1;
  };
  auto zeros = [&](int size, int taps) {
    return w.same ? std::max(0, (extent(size, taps) - 1) * w.stride + (taps - 1) * w.dilation + 1 - size) / 2 : 0;
  };
  auto at = [](int i) { return static_cast<std::size_t>(i); };
  numbers out;
  for (int y = 0; y < extent(rows, kr); ++y)
    for (int z = 0; z < extent(columns, kc); ++z)
      for (int o = 0; o < outputs; ++o) {
        double sum = bias.empty() ? 0 : bias[at(o)];
        for (int i = 0; i < kr; ++i)
          for (int j = 0; j < kc; ++j) {
            int const row = y * w.stride - zeros(rows, kr) + i * w.dilation;
            int const column = z * w.stride - zeros(columns, kc) + j * w.dilation;
            if (row < 0 || row >= rows || column < 0 || column >= columns) continue;
            for (int c = 0; c < inputs; ++c)
              sum += x[at((row * columns + column) * channels + o / (outputs / w.groups) * inputs + c)] *
                     kernel.values[at(((i * kc + j) * inputs + c) * outputs + o)];
          }
        out.push_back(sum);
      }
  return out;
}
/// A kernel [rows, columns, channels, multiplier] of each channel by itself as one of as many groups.
array grouped(array const& depthwise) {
  shape const s = depthwise.shape;
  return {shape{s[0], s[1], 1, s[2] * s[3]}, depthwise.values};
}

template <dtype T>
constexpr auto dense_layers = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 3, 5}, T);
  tensor y = layers::dense(g, "a", x, 7, {.activation = activation::relu});
  y = layers::dense(g, "b", tensor(reshape(y, {6, 7})), 4,
                    {.activation = [](tensor t) { return leaky_relu(t, 0.5); }, .use_bias = false});
  return layers::linear(g, "c", y, 3, {.activation = activation::sigmoid});
};
template <dtype T>
constexpr auto sequence_convolutions = [](graph& g) {
  tensor x = placeholder(g, "x", {1, 12, 4}, T);
  tensor y = layers::conv1d(g, "a", x, 6, 3, {.activation = activation::relu, .dilation = 2, .padding = padding::causal});
  return layers::conv1d(g, "b", y, 4, 2, {.padding = padding::causal, .groups = 2, .use_bias = false});
};
template <dtype T>
constexpr auto image_convolutions = [](graph& g) {
  tensor x = placeholder(g, "x", {1, 9, 8, 2}, T);
  tensor y = layers::conv2d(g, "a", x, 4, {3, 2}, {.activation = activation::relu, .stride = 2, .padding = padding::same});
  y = layers::conv2d(g, "b", y, 6, 2, {.dilation = 2, .groups = 2});
  y = layers::depthwise_conv2d(g, "c", y, {2, 1}, 2);
  return layers::separable_conv2d(g, "d", y, 3, {1, 2}, 1, {.activation = activation::relu6});
};
template <dtype T>
constexpr auto norms = [](graph& g) {
  tensor x = placeholder(g, "x", {4, 3}, T);
  tensor y = layers::batch_normalization(g, "a", x, layers::norm_format::keras, {.epsilon = 0.25});
  y = layers::batch_normalization(g, "b", y, layers::norm_format::pytorch, {.scale = false});
  return layers::layer_norm(g, "c", y, layers::norm_format::keras);
};
constexpr auto looked_up = [](graph& g) {
  return layers::embedding(g, "e", placeholder(g, "ids", {2, 3}, dtype::i32), 5, 2);
};

template <auto Model>
struct trained {
  std::unique_ptr<compiled<Model>> net = std::make_unique<compiled<Model>>();
  std::map<std::string, array> weights = layers_test::fill(*net);
  numbers const& operator[](std::string const& name) const { return weights.at(name).values; }
};
numbers input(int count, unsigned seed = 7) {
  std::mt19937 random(seed);
  return layers_test::draw(random, count);
}
double relu_of(double v) { return std::max(v, 0.0); }

template <dtype T>
void check_dense() {
  trained<dense_layers<T>> const m;
  numbers const x = input(30);
  numbers y = layers_test::mapped(layers_test::dense(x, m["a/kernel"], m["a/bias"], 7), relu_of);
  y = layers_test::mapped(layers_test::dense(y, m["b/kernel"], {}, 4), [](double v) { return v > 0 ? v : v / 2; });
  y = layers_test::dense(y, layers_test::transposed(m["c/weight"], 3), m["c/bias"], 3);
  layers_test::check(layers_test::run<T>(*m.net, x), layers_test::mapped(y, layers_test::sigmoid), T, "dense");
}
template <dtype T>
void check_sequences() {
  trained<sequence_convolutions<T>> const m;
  numbers const x = input(48);
  numbers const y =
      layers_test::mapped(layers_test::causal_convolution(x, m.weights.at("a/kernel"), m["a/bias"], 2, 1), relu_of);
  layers_test::check(layers_test::run<T>(*m.net, x),
                     layers_test::causal_convolution(y, m.weights.at("b/kernel"), {}, 1, 2), T, "conv1d");
}
template <dtype T>
void check_images() {
  trained<image_convolutions<T>> const m;
  numbers const x = input(144);
  numbers y = layers_test::mapped(
      convolved(x, 9, 8, m.weights.at("a/kernel"), m["a/bias"], {.stride = 2, .same = true}), relu_of);
  y = convolved(y, 5, 4, m.weights.at("b/kernel"), m["b/bias"], {.dilation = 2, .groups = 2});
  y = convolved(y, 3, 2, grouped(m.weights.at("c/depthwise_kernel")), m["c/bias"], {.groups = 6});
  y = convolved(y, 2, 2, grouped(m.weights.at("d/depthwise_kernel")), {}, {.groups = 12});
  y = layers_test::dense(y, m["d/pointwise_kernel"], m["d/bias"], 3);
  y = layers_test::mapped(y, [](double v) { return std::min(std::max(v, 0.0), 6.0); });
  layers_test::check(layers_test::run<T>(*m.net, x), y, T, "conv2d");
}
template <dtype T>
void check_norms() {
  trained<norms<T>> const m;
  numbers const x = input(12);
  numbers y = x;
  for (std::size_t i = 0; i < y.size(); ++i) {
    std::size_t const c = i % 3;
    y[i] =
        (y[i] - m["a/moving_mean"][c]) / std::sqrt(m["a/moving_variance"][c] + 0.25) * m["a/gamma"][c] + m["a/beta"][c];
    y[i] = (y[i] - m["b/running_mean"][c]) / std::sqrt(m["b/running_var"][c] + 1e-5) + m["b/bias"][c];
  }
  layers_test::check(layers_test::run<T>(*m.net, x), layers_test::layer_norm(y, m["c/gamma"], m["c/beta"], 1e-3), T,
                     "norms", 2);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(layers_values)

BOOST_AUTO_TEST_CASE(dense) {
  check_dense<dtype::f32>();
  check_dense<dtype::f64>();
}
BOOST_AUTO_TEST_CASE(conv1d) {
  check_sequences<dtype::f32>();
  check_sequences<dtype::f64>();
}
BOOST_AUTO_TEST_CASE(conv2d) {
  check_images<dtype::f32>();
  check_images<dtype::f64>();
}
BOOST_AUTO_TEST_CASE(normalization) {
  check_norms<dtype::f32>();
  check_norms<dtype::f64>();
}
BOOST_AUTO_TEST_CASE(norms_begin_as_the_identity) {
  compiled<norms<dtype::f64>> net;
  numbers const x{1, 2, 4, 0, 0, 1, 3, 3, 6, -1, 0, 1};
  numbers const between = layers_test::mapped(x, [](double v) { return v / std::sqrt(1.25) / std::sqrt(1 + 1e-5); });
  layers_test::check(layers_test::run<dtype::f64>(net, x), layers_test::layer_norm(between, {1, 1, 1}, {0, 0, 0}, 1e-3),
                     dtype::f64, "initial values", 2);
}
BOOST_AUTO_TEST_CASE(embedding) {
  trained<looked_up> const m;
  std::int32_t const ids[] = {4, 0, 1, 1, 5, -1};
  auto const found = m.net->run(ids);
  for (int i = 0; i < 6; ++i)
    for (int k = 0; k < 2; ++k) {
      bool const known = ids[i] >= 0 && ids[i] < 5;
      BOOST_TEST(found(i, k) ==
                 (known ? static_cast<float>(m["e/embeddings"][static_cast<std::size_t>(2 * ids[i] + k)]) : 0));
    }
}

BOOST_AUTO_TEST_SUITE_END()
