// SPDX-License-Identifier: BSL-1.0
// Layers that keep a state: a sequence in pieces of any length gives what it gives as a whole, and reset() begins anew.
#include "layers_support.hpp"

using namespace ambit;
using layers_test::array;
using layers_test::numbers;

namespace {

constexpr int steps = 30, inputs = 3, units = 5;

/// A model for pieces of `block` steps: the same layer for all of them, whole where it is not streaming.
struct lstm_cell {
  lstm_format format;
  dtype type;
  int block;
  bool streaming;
  constexpr tensor operator()(graph& g) const {
    tensor x = placeholder(g, "x", {block, inputs}, type);
    return streaming ? layers::streaming_lstm(g, "cell", x, units, format) : layers::lstm(g, "cell", x, units, format);
  }
};
struct gru_cell {
  gru_format format;
  dtype type;
  int block;
  bool streaming;
  constexpr tensor operator()(graph& g) const {
    tensor x = placeholder(g, "x", {block, inputs}, type);
    return streaming ? layers::streaming_gru(g, "cell", x, units, format) : layers::gru(g, "cell", x, units, format);
  }
};
struct causal_cell {
  int dilation;
  int groups;
  dtype type;
  int block;
  bool streaming;
  static constexpr int channels = 4, filters = 6, taps = 3;
  constexpr tensor operator()(graph& g) const {
    if (streaming)
      return layers::streaming_conv1d(g, "cell", placeholder(g, "x", {block, channels}, type), filters, taps,
                                      {.activation = activation::tanh, .dilation = dilation, .groups = groups});
    tensor x = placeholder(g, "x", {1, block, channels}, type);
    return layers::conv1d(g, "cell", x, filters, taps,
                          {.activation = activation::tanh, .dilation = dilation,
                           .padding = padding::causal, .groups = groups});
  }
};

template <dtype T, class Net>
numbers in_pieces(Net& net, numbers const& x, int block, int width) {
  numbers out;
  std::size_t const piece = static_cast<std::size_t>(block * width);
  for (std::size_t at = 0; at < x.size(); at += piece) {
    numbers const y = layers_test::run<T>(
        net, numbers(x.begin() + static_cast<std::ptrdiff_t>(at), x.begin() + static_cast<std::ptrdiff_t>(at + piece)));
    out.insert(out.end(), y.begin(), y.end());
  }
  return out;
}
template <auto Model>
void check_pieces(numbers const& x, numbers const& whole, std::string const& what) {
  auto const net = std::make_unique<compiled<Model>>();
  layers_test::fill(*net);
  int const width = static_cast<int>(x.size()) / steps;
  numbers const first = in_pieces<Model.type>(*net, x, Model.block, width);
  layers_test::check(first, whole, Model.type, what);
  bool const goes_on = in_pieces<Model.type>(*net, x, Model.block, width) != first;
  BOOST_TEST(goes_on, what << ": the state of the first sequence is lost");
  net->reset();
  BOOST_TEST(in_pieces<Model.type>(*net, x, Model.block, width) == first, what << ": reset() does not begin anew");
}
template <auto Whole, auto One, auto Five, auto All>
void check(std::string const& what, int width) {
  std::mt19937 random(3);
  numbers const x = layers_test::draw(random, steps * width);
  auto const net = std::make_unique<compiled<Whole>>();
  layers_test::fill(*net);
  numbers const whole = layers_test::run<Whole.type>(*net, x);
  check_pieces<One>(x, whole, what + ", step by step");
  check_pieces<Five>(x, whole, what + ", 5 steps");
  check_pieces<All>(x, whole, what + ", all steps");
}
template <lstm_format F, dtype T>
void check_lstm(std::string const& what) {
  check<lstm_cell{F, T, steps, false}, lstm_cell{F, T, 1, true}, lstm_cell{F, T, 5, true},
        lstm_cell{F, T, steps, true}>(what, inputs);
}
template <gru_format F, dtype T>
void check_gru(std::string const& what) {
  check<gru_cell{F, T, steps, false}, gru_cell{F, T, 1, true}, gru_cell{F, T, 5, true}, gru_cell{F, T, steps, true}>(
      what, inputs);
}
template <int Dilation, int Groups, dtype T>
void check_convolution(std::string const& what) {
  check<causal_cell{Dilation, Groups, T, steps, false}, causal_cell{Dilation, Groups, T, 1, true},
        causal_cell{Dilation, Groups, T, 5, true}, causal_cell{Dilation, Groups, T, steps, true}>(
      what, causal_cell::channels);
}

constexpr auto batch_of_sequences = [](graph& g) {
  return layers::streaming_gru(g, "cell", placeholder(g, "x", {2, 5, inputs}), units, gru_format::pytorch);
};
constexpr auto one_sequence = [](graph& g) {
  return layers::gru(g, "cell", placeholder(g, "x", {10, inputs}), units, gru_format::pytorch);
};
constexpr auto stacked = [](graph& g) {
  return layers::streaming_lstm(g, "cell", placeholder(g, "x", {5, inputs}), units, lstm_format::pytorch,
                                {.num_layers = 2});
};
constexpr auto stacked_whole = [](graph& g) {
  return layers::lstm(g, "cell", placeholder(g, "x", {steps, inputs}), units, lstm_format::pytorch, {.num_layers = 2});
};

}  // namespace

BOOST_AUTO_TEST_SUITE(layers_streaming)

BOOST_AUTO_TEST_CASE(lstm) {
  check_lstm<lstm_format::tensorflow1, dtype::f32>("lstm of tensorflow1");
  check_lstm<lstm_format::keras, dtype::f32>("lstm of keras");
  check_lstm<lstm_format::pytorch, dtype::f64>("lstm of pytorch");
}
BOOST_AUTO_TEST_CASE(gru) {
  check_gru<gru_format::tensorflow1, dtype::f32>("gru of tensorflow1");
  check_gru<gru_format::keras_reset_before, dtype::f64>("gru of keras, reset before");
  check_gru<gru_format::keras_reset_after, dtype::f32>("gru of keras, reset after");
  check_gru<gru_format::pytorch, dtype::f32>("gru of pytorch");
}
BOOST_AUTO_TEST_CASE(convolutions) {
  check_convolution<1, 1, dtype::f32>("dilation 1");
  check_convolution<2, 1, dtype::f64>("dilation 2");
  check_convolution<4, 1, dtype::f32>("dilation 4");
  check_convolution<7, 1, dtype::f32>("dilation 7");
  check_convolution<2, 2, dtype::f32>("dilation 2 in 2 groups");
}
BOOST_AUTO_TEST_CASE(convolution_against_loops) {
  constexpr causal_cell model{3, 2, dtype::f64, 5, true};
  compiled<model> net;
  auto const weights = layers_test::fill(net);
  std::mt19937 random(4);
  numbers const x = layers_test::draw(random, steps * model.channels);
  numbers const expected = layers_test::mapped(
      layers_test::causal_convolution(x, weights.at("cell/kernel"), weights.at("cell/bias").values, 3, 2),
      [](double v) { return std::tanh(v); });
  layers_test::check(in_pieces<dtype::f64>(net, x, 5, model.channels), expected, dtype::f64, "streaming_conv1d");
}
BOOST_AUTO_TEST_CASE(each_sequence_of_a_batch_has_its_own_state) {
  compiled<batch_of_sequences> net;
  compiled<one_sequence> alone;
  layers_test::fill(net), layers_test::fill(alone);
  std::mt19937 random(5);
  numbers const a = layers_test::draw(random, 10 * inputs), b = layers_test::draw(random, 10 * inputs);
  numbers of_a, of_b;
  for (std::ptrdiff_t at : {0, 5 * inputs}) {
    numbers both(a.begin() + at, a.begin() + at + 5 * inputs);
    both.insert(both.end(), b.begin() + at, b.begin() + at + 5 * inputs);
    numbers const y = layers_test::run<dtype::f32>(net, both);
    of_a.insert(of_a.end(), y.begin(), y.begin() + 5 * units);
    of_b.insert(of_b.end(), y.begin() + 5 * units, y.end());
  }
  layers_test::check(of_a, layers_test::run<dtype::f32>(alone, a), dtype::f32, "the first sequence");
  layers_test::check(of_b, layers_test::run<dtype::f32>(alone, b), dtype::f32, "the second sequence");
}
BOOST_AUTO_TEST_CASE(stacked_layers) {
  compiled<stacked> net;
  compiled<stacked_whole> whole;
  layers_test::fill(net), layers_test::fill(whole);
  std::mt19937 random(6);
  numbers const x = layers_test::draw(random, steps * inputs);
  layers_test::check(in_pieces<dtype::f32>(net, x, 5, inputs), layers_test::run<dtype::f32>(whole, x), dtype::f32,
                     "two layers");
}
BOOST_AUTO_TEST_CASE(files_of_whole_and_streaming_models_are_the_same) {
  auto const& whole = compiled<stacked_whole>::table();
  auto const& streaming = compiled<stacked>::table();
  BOOST_REQUIRE(whole.size() == streaming.size());
  for (std::size_t i = 0; i < whole.size(); ++i)
    BOOST_TEST((whole[i].name == streaming[i].name && whole[i].shape == streaming[i].shape));
  static_assert(compiled<stacked>::memory().state == 4 * 64 && compiled<stacked_whole>::memory().state == 0);
}

BOOST_AUTO_TEST_SUITE_END()
