// SPDX-License-Identifier: BSL-1.0
// Layers in sessions: the same as in compiled models, whose own tests compare them with loops over indices.
#include "layers_support.hpp"
#include <ambit/io/copy.hpp>
#include <ambit/session.hpp>

using namespace ambit;
extern template class ambit::session<>;

namespace {

/// Runs a builder of one input "x" both ways, some times, as a layer may have a state.
template <auto Builder>
void same_as_compiled(std::string const& what, double slack = 1) {
  using element = element_of<detail::frozen_for<Builder>.nodes[0].dtype>;
  graph g;
  list<tensor> const outputs = detail::build<Builder>(g);
  auto const net = std::make_unique<compiled<Builder>>();
  layers_test::fill(*net);
  session s{g};
  s.initialize(0);
  copy_variables(*net, s);
  net->reset();
  std::mt19937 random(5);
  tensor const x = g.find("x");
  for (int run = 0; run < 3; ++run) {
    auto const input = layers_test::as<element>(layers_test::draw(random, x.shape().elements()));
    auto const expected = evaluation_test::elements(net->run(input.data()));
    std::vector<double> found;
    for (element v : s.run(outputs[0], {{x, input}}).template values<element>()) found.push_back(static_cast<double>(v));
    layers_test::check(found, expected, dtype_of<element>, what + ", run " + std::to_string(run), slack);
  }
}

template <class Format>
struct recurrent {
  Format format;
  dtype type;
  bool streaming;
  int batch;
  int units;
  constexpr tensor operator()(graph& g) const {
    tensor x = batch > 0 ? placeholder(g, "x", {batch, 5, 3}, type) : placeholder(g, "x", {5, 3}, type);
    if constexpr (std::is_same_v<Format, lstm_format>)
      return streaming ? layers::streaming_lstm(g, "cell", x, units, format) : layers::lstm(g, "cell", x, units, format);
    else
      return streaming ? layers::streaming_gru(g, "cell", x, units, format) : layers::gru(g, "cell", x, units, format);
  }
};

constexpr auto images = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 9, 8, 3});
  x = layers::conv2d(g, "one", x, 20, 3, {.activation = activation::relu, .padding = padding::same});
  x = layers::batch_normalization(g, "two", x, layers::norm_format::tensorflow1);
  x = max_pool2d(x, 2, 2);
  x = layers::conv2d(g, "three", x, 70, 3);  // more panels than one, the last of another width
  return layers::dense(g, "four", flatten(x), 7, {.activation = activation::softmax});
};
constexpr auto groups = [](graph& g) {
  tensor x = placeholder(g, "x", {1, 12, 8}, dtype::f64);
  x = layers::conv1d(g, "one", x, 12, 3, {.padding = padding::causal, .groups = 4});
  return layers::layer_norm(g, "two", x, layers::norm_format::keras);
};
constexpr auto streaming_convolution = [](graph& g) {
  return layers::streaming_conv1d(g, "cell", placeholder(g, "x", {4, 3}), 20, 3,
                                  {.activation = activation::tanh, .dilation = 2});
};
constexpr auto transposed_convolution = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 3, 4, 5});
  tensor filter = get_variable(g, "filter", {3, 3, 18, 5}), bias = get_variable(g, "bias", {18});
  return tanh(conv2d_transpose(x, filter, {.stride = 2}) + bias);
};
constexpr auto normalized = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 5, 12});
  tensor gamma = get_variable(g, "gamma", {12}), beta = get_variable(g, "beta", {12});
  tensor a = layer_norm(x, {.gamma = gamma}), b = layer_norm(x, {.beta = beta}), c = layer_norm(x);
  return group_norm(a + b * c, 3, {.gamma = gamma, .beta = beta});
};

}  // namespace

BOOST_AUTO_TEST_SUITE(session_layers)

BOOST_AUTO_TEST_CASE(lstm_cells) {
  using cell = recurrent<lstm_format>;
  same_as_compiled<cell{lstm_format::tensorflow1, dtype::f32, false, 0, 5}>("tensorflow1");
  same_as_compiled<cell{lstm_format::keras, dtype::f64, false, 2, 20}>("keras");
  same_as_compiled<cell{lstm_format::pytorch, dtype::f32, true, 0, 20}>("pytorch, streaming");
  same_as_compiled<cell{lstm_format::tensorflow1, dtype::f64, true, 0, 3}>("tensorflow1, streaming");
}
BOOST_AUTO_TEST_CASE(gru_cells) {
  using cell = recurrent<gru_format>;
  same_as_compiled<cell{gru_format::tensorflow1, dtype::f32, false, 2, 5}>("tensorflow1");
  same_as_compiled<cell{gru_format::keras_reset_before, dtype::f32, false, 0, 20}>("keras, reset before");
  same_as_compiled<cell{gru_format::keras_reset_after, dtype::f64, false, 0, 7}>("keras, reset after");
  same_as_compiled<cell{gru_format::pytorch, dtype::f32, true, 0, 20}>("pytorch, streaming");
}
BOOST_AUTO_TEST_CASE(convolutions) {
  same_as_compiled<images>("images", 2);
  same_as_compiled<groups>("groups");
  same_as_compiled<streaming_convolution>("streaming");
  same_as_compiled<transposed_convolution>("transposed");
}
BOOST_AUTO_TEST_CASE(norms) { same_as_compiled<normalized>("norms", 4); }

BOOST_AUTO_TEST_SUITE_END()
