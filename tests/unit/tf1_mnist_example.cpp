// SPDX-License-Identifier: BSL-1.0
// The network of examples/tf1_mnist: its variables are those of the checkpoint that TensorFlow 1 wrote, and it computes
// what its layers say.
#include "../../examples/tf1_mnist/mnist.hpp"
#include "layers_support.hpp"

using namespace ambit;
using layers_test::numbers;

namespace {

using model = compiled<tf1_mnist::mnist>;

double relu6_of(double v) { return std::min(std::max(v, 0.0), 6.0); }

/// [size, size, inputs] by a kernel of 3 x 3, without padding.
numbers convolved(numbers const& x, int size, numbers const& kernel, numbers const& bias) {
  std::size_t const n = static_cast<std::size_t>(size), outputs = bias.size(), inputs = kernel.size() / outputs / 9;
  numbers out;
  for (std::size_t y = 0; y + 2 < n; ++y)
    for (std::size_t z = 0; z + 2 < n; ++z) {
      numbers sums = bias;
      for (std::size_t tap = 0; tap < 9; ++tap)
        for (std::size_t c = 0; c < inputs; ++c)
          for (std::size_t o = 0; o < outputs; ++o)
            sums[o] += x[((y + tap / 3) * n + z + tap % 3) * inputs + c] * kernel[(tap * inputs + c) * outputs + o];
      out.insert(out.end(), sums.begin(), sums.end());
    }
  return layers_test::mapped(std::move(out), relu6_of);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tf1_mnist_example)

BOOST_AUTO_TEST_CASE(variables) {
  std::string names;
  for (variable_entry const& v : model::table()) {
    BOOST_TEST((v.dtype == dtype::f32 && v.stored));
    names += std::string(v.name) + std::string(to_text(v.shape).view()) + '\n';
  }
  BOOST_TEST(names ==
             "conv2d/kernel(3, 3, 1, 32)\nconv2d/bias(32,)\nconv2d_1/kernel(3, 3, 32, 64)\nconv2d_1/bias(64,)\n"
             "dense/kernel(64, 512)\ndense/bias(512,)\ndense_1/kernel(512, 10)\ndense_1/bias(10,)\n");
}
BOOST_AUTO_TEST_CASE(ops) {
  graph g;
  tensor const scores = tf1_mnist::mnist(g);
  BOOST_TEST(scores.name() == "dense_1/BiasAdd:0");
  for (char const* name :
       {"conv2d/Conv2D", "conv2d/BiasAdd", "conv2d/Relu6", "conv2d_1/Relu6", "Mean", "dense/MatMul", "dense/Relu6"})
    BOOST_TEST(g.find(name).valid(), "no " << name);
  BOOST_TEST((g.find("conv2d_1/Relu6").shape() == shape{1, 24, 24, 64}));
}
BOOST_AUTO_TEST_CASE(scores) {
  auto const net = std::make_unique<model>();
  auto const weights = layers_test::fill(*net);
  auto values = [&](std::string const& name) { return weights.at(name).values; };
  std::mt19937 random(1);
  numbers pixels;
  for (int i = 0; i < 28 * 28; ++i) pixels.push_back(static_cast<double>(random() % 256));
  numbers y = layers_test::mapped(pixels, [](double v) { return v / 255 * 2 - 1; });
  y = convolved(y, 28, values("conv2d/kernel"), values("conv2d/bias"));
  y = convolved(y, 26, values("conv2d_1/kernel"), values("conv2d_1/bias"));
  numbers means(64, 0);
  for (std::size_t i = 0; i < y.size(); ++i) means[i % 64] += y[i] / (24 * 24);
  y = layers_test::mapped(layers_test::dense(means, values("dense/kernel"), values("dense/bias"), 512), relu6_of);
  y = layers_test::dense(y, values("dense_1/kernel"), values("dense_1/bias"), 10);
  layers_test::check(layers_test::run<dtype::f32>(*net, pixels), y, dtype::f32, "scores", 2);
}

BOOST_AUTO_TEST_SUITE_END()
