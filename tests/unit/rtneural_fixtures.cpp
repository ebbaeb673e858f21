// SPDX-License-Identifier: BSL-1.0
// Models of RTNeural's tests: trained with Keras, stored as JSON, with inputs and the outputs that Keras computed. A
// reader of that format is a class of 40 lines, and `load` binds it to the variables of layers, by Keras' names.
#include "io_support.hpp"
#include <ambit/ambit.hpp>
#include <ambit/io/weights.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <vector>

using namespace ambit;

namespace {

/// The weights of a file under the names that Keras gives layers: "dense/kernel", "dense_1/kernel", ...
class keras_json {
 public:
  explicit keras_json(std::filesystem::path const& path) : file_(path.string()) {
    std::ifstream in(path);
    nlohmann::json const model = nlohmann::json::parse(in);
    std::map<std::string, int> count;
    for (auto const& layer : model.at("layers")) {
      auto const& weights = layer.at("weights");
      if (weights.empty()) continue;
      auto const& [scope, leaves] = names_of(layer.at("type"), weights.size());
      int const number = count[scope]++;
      for (std::size_t i = 0; i < weights.size(); ++i)
        add(scope + (number > 0 ? '_' + std::to_string(number) : "") + '/' + leaves.at(i), weights[i]);
    }
  }
  [[nodiscard]] std::span<file_tensor const> tensors() const { return tensors_; }
  [[nodiscard]] std::string_view file() const { return file_; }

 private:
  static std::pair<std::string, std::vector<std::string>> names_of(std::string const& type, std::size_t weights) {
    if (type == "gru" || type == "lstm") return {type, {"kernel", "recurrent_kernel", "bias"}};
    if (type == "prelu") return {"p_re_lu", {"alpha"}};
    if (!type.starts_with("batchnorm")) return {type, {"kernel", "bias"}};
    if (weights == 2) return {"batch_normalization", {"moving_mean", "moving_variance"}};
    return {"batch_normalization", {"gamma", "beta", "moving_mean", "moving_variance"}};
  }
  void add(std::string name, nlohmann::json const& weight) {
    shape s;
    for (nlohmann::json const* inner = &weight; inner->is_array(); inner = &inner->front())
      s.push_back(static_cast<int>(inner->size()));
    auto values = std::make_unique<std::vector<float>>();
    append(*values, weight);
    tensors_.push_back({std::move(name), dtype::f32, s, std::as_bytes(std::span<float const>(*values))});
    values_.push_back(std::move(values));
  }
  static void append(std::vector<float>& out, nlohmann::json const& value) {
    if (value.is_array())
      for (auto const& inner : value) append(out, inner);
    else
      out.push_back(value.get<float>());
  }

  std::string file_;
  std::vector<std::unique_ptr<std::vector<float>>> values_;
  std::vector<file_tensor> tensors_;
};

constexpr auto dense_activations = [](graph& g) {
  tensor y = placeholder(g, "x", {100, 1});
  for (activation const& a : {activation::tanh, activation::relu, activation::elu, activation::softmax})
    y = layers::dense(g, y, 8, {.activation = a});
  y = layers::dense(g, y, 1);
  y = layers::dense(g, y, 8, {.use_bias = false});
  y = layers::dense(g, y, 8, {.use_bias = false});
  return layers::dense(g, y, 1, {.use_bias = false});
};

// Models of one number a step: `block` steps in a run, with a state or without.
template <bool Streaming, int Block>
constexpr auto gru_1d = [](graph& g) {
  tensor x = placeholder(g, "x", {Block, 1});
  tensor y = Streaming ? layers::streaming_gru(g, x, 8, gru_format::keras_reset_after)
                       : layers::gru(g, x, 8, gru_format::keras_reset_after);
  return layers::dense(g, layers::dense(g, y, 8, {.activation = activation::sigmoid}), 1);
};
template <bool Streaming, int Block>
constexpr auto lstm_1d = [](graph& g) {
  tensor x = placeholder(g, "x", {Block, 1});
  tensor y =
      Streaming ? layers::streaming_lstm(g, x, 8, lstm_format::keras) : layers::lstm(g, x, 8, lstm_format::keras);
  return layers::dense(g, y, 1);
};
constexpr tensor p_re_lu(graph& g, tensor x, int channels) {
  variable_scope layer{g, default_name{"p_re_lu"}};
  return prelu(x, get_variable(g, "alpha", {1, channels}));
}
template <bool Streaming>
constexpr tensor causal_conv1d(graph& g, tensor x, int filters, int size, int dilation, int groups) {
  if (Streaming)
    return layers::streaming_conv1d(g, x, filters, size,
                                    {.activation = activation::tanh, .dilation = dilation, .groups = groups});
  return layers::conv1d(g, x, filters, size,
                        {.activation = activation::tanh, .dilation = dilation,
                         .padding = padding::causal, .groups = groups});
}
template <bool Streaming, int Block>
constexpr auto conv = [](graph& g) {
  tensor y = placeholder(g, "x", {1, Block, 1});
  y = layers::dense(g, y, 8, {.activation = activation::tanh});
  y = causal_conv1d<Streaming>(g, y, 4, 3, 1, 1);
  y = layers::batch_normalization(g, y, layers::norm_format::keras, {.epsilon = 0.01});
  y = p_re_lu(g, y, 4);
  y = causal_conv1d<Streaming>(g, y, 4, 1, 1, 1);
  y = causal_conv1d<Streaming>(g, y, 6, 3, 2, 2);
  y = layers::batch_normalization(g, y, layers::norm_format::keras, {.center = false, .scale = false, .epsilon = 5.0});
  y = p_re_lu(g, y, 1);
  return layers::dense(g, y, 1, {.activation = activation::sigmoid});
};

/// Rows that lie `dilation` apart become images of their own, as tf.space_to_batch does it: a convolution that is
/// dilated along the rows only.
constexpr tensor apart(tensor x, int dilation) {
  shape const s = x.shape();
  tensor const split = reshape(x, {s[1] / dilation, dilation, s[2], s[3]});
  return transpose(split, {1, 0, 2, 3});
}
constexpr tensor together(tensor x) {
  shape const s = x.shape();
  tensor const rows = transpose(x, {1, 0, 2, 3});
  return reshape(rows, {1, s[0] * s[1], s[2], s[3]});
}
constexpr auto images = [](graph& g) {
  tensor x = placeholder(g, "x", {1, 50, 23, 1});
  tensor y = together(layers::conv2d(g, apart(x, 2), 2, 5));
  y = layers::batch_normalization(g, y, layers::norm_format::keras, {.center = false, .scale = false, .epsilon = 5.0});
  y = layers::conv2d(g, tensor(relu(y)), 3, {4, 3}, {.padding = padding::same});
  y = slice(y, {0, 0, 0, 0}, {1, 42, 10, 3}, {1, 1, 2, 1});  // strides [1, 2]
  y = layers::batch_normalization(g, y, layers::norm_format::keras, {.epsilon = 0.01});
  return together(layers::conv2d(g, apart(y, 3), 1, {2, 3}));
};

bool has_fixtures() {
  if (std::filesystem::exists(io_test::fixtures() / "rtneural" / "dense.json")) return true;
  std::cout << "skipped: no rtneural folder of fixtures (AMBIT_FIXTURES); package: none\n";
  return false;
}
std::vector<double> csv(std::string const& name) {
  std::ifstream in(io_test::fixtures() / "rtneural" / (name + "_python.csv"));
  std::vector<double> out;
  for (double value; in >> value;) out.push_back(value);
  return out;
}

/// Runs a model over the whole input, as many pieces as that takes, and compares with what Keras computed.
template <auto Builder>
void check(std::string const& name) {
  auto const net = std::make_unique<compiled<Builder>>();
  load(*net, keras_json(io_test::fixtures() / "rtneural" / (name + ".json")));
  std::vector<double> const input = csv(name + "_x"), expected = csv(name + "_y");
  std::vector<float> const x(input.begin(), input.end());
  constexpr auto block = static_cast<std::size_t>(detail::frozen_for<Builder>.nodes[0].shape.elements());
  BOOST_TEST_REQUIRE((x.size() >= block && x.size() % block == 0 && !expected.empty()));
  std::vector<double> found;
  for (std::size_t at = 0; at < x.size(); at += block) {
    auto const y = net->run(x.data() + at);
    for (Eigen::Index i = 0; i < y.size(); ++i) found.push_back(static_cast<double>(y.data()[i]));
  }
  BOOST_TEST_REQUIRE(found.size() == expected.size());
  double scale = 1, error = 0;
  for (double v : expected) scale = std::max(scale, std::abs(v));
  for (std::size_t i = 0; i < found.size(); ++i) {
    double const difference = std::abs(found[i] - expected[i]);
    error = std::isnan(difference) ? difference : std::max(error, difference);
    if (std::isnan(error)) break;
  }
  BOOST_TEST(error <= 2e-6 * scale, name << ", " << block << " numbers a run: error " << error);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rtneural_fixtures)

BOOST_AUTO_TEST_CASE(dense_and_activations) {
  if (has_fixtures()) check<dense_activations>("dense");
}
BOOST_AUTO_TEST_CASE(gru) {
  if (!has_fixtures()) return;
  check<gru_1d<false, 100>>("gru_1d");
  check<gru_1d<true, 1>>("gru_1d");
  check<gru_1d<true, 20>>("gru_1d");
}
BOOST_AUTO_TEST_CASE(lstm) {
  if (!has_fixtures()) return;
  check<lstm_1d<false, 100>>("lstm_1d");
  check<lstm_1d<true, 1>>("lstm_1d");
  check<lstm_1d<true, 20>>("lstm_1d");
}
BOOST_AUTO_TEST_CASE(causal_convolutions) {
  if (!has_fixtures()) return;
  check<conv<false, 100>>("conv");
  check<conv<true, 1>>("conv");
  check<conv<true, 20>>("conv");
}
BOOST_AUTO_TEST_CASE(convolutions_of_images) {
  if (has_fixtures()) check<images>("conv2d");
}

BOOST_AUTO_TEST_SUITE_END()
