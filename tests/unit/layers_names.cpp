// SPDX-License-Identifier: BSL-1.0
// Names and shapes of what layers make: those of the frameworks, in the compiler and in the program.
#include <ambit/ambit.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <string>

using namespace ambit;

namespace {

std::string shown(std::string_view name, shape const& s) {
  return std::string(name.ends_with(":0") ? name.substr(0, name.size() - 2) : name) + std::string(to_text(s).view()) +
         '\n';
}
/// All nodes but constants and views, in the program and as the compiler froze them; then the variables that files
/// hold.
template <auto Builder>
std::string nodes_of() {
  graph g;
  detail::build<Builder>(g);
  std::string in_the_program, in_the_compiler;
  for (int i = 0; i < g.size(); ++i) in_the_program += shown(g[i].name().view(), g[i].shape());
  constexpr auto const& table = detail::frozen_for<Builder>;
  for (int i = 0; i < table.sizes.nodes; ++i)
    in_the_compiler += shown(table.name(i).view(), table.nodes[static_cast<std::size_t>(i)].shape);
  BOOST_TEST(in_the_compiler == in_the_program);
  return in_the_program;
}
template <auto Builder>
std::string saved_by() {
  std::string out;
  for (variable_entry const& v : compiled<Builder>::table()) out += shown(v.name, v.shape);
  return out;
}
std::string variables_of(list<tensor> const& all) {
  std::string out;
  for (tensor const& t : all) out += shown(t.name().view(), t.shape());
  return out;
}

constexpr auto dense_layers = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 4});
  tensor y = layers::dense(g, "fc1", x, 5, {.activation = activation::relu});
  y = layers::dense(g, y, 6, {.activation = activation::softmax, .use_bias = false});
  y = layers::dense(g, tensor(reshape(y, {1, 2, 6})), 3);
  return layers::linear(g, "head", y, 2);
};
constexpr auto convolutions = [](graph& g) {
  tensor x = placeholder(g, "x", {1, 8, 9, 4});
  tensor y = layers::conv2d(g, x, 6, {3, 2}, {.activation = activation::relu, .padding = padding::same, .groups = 2});
  y = layers::conv2d(g, y, 2, 1);
  y = layers::depthwise_conv2d(g, y, 3, 2);
  y = layers::separable_conv2d(g, y, 5, 3);
  y = layers::batch_normalization(g, y, layers::norm_format::tensorflow1);
  y = layers::conv1d(g, tensor(reshape(y, {1, 20, 5})), 3, 2, {.padding = padding::causal, .use_bias = false});
  y = layers::layer_norm(g, y, layers::norm_format::tensorflow1);
  return layers::dropout(g, y, 0.5);
};
constexpr auto norms = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 3});
  x = layers::batch_normalization(g, x, layers::norm_format::keras, {.center = false, .scale = false});
  x = layers::batch_normalization(g, x, layers::norm_format::pytorch);
  x = layers::layer_norm(g, x, layers::norm_format::keras);
  return layers::layer_norm(g, x, layers::norm_format::pytorch);
};
constexpr auto recurrent_layers = [](graph& g) {
  tensor x = placeholder(g, "x", {7}, dtype::i64);
  tensor y = layers::embedding(g, x, 10, 3);
  y = layers::embedding(g, "words", x, 10, 3, {.variable = "weight"}) + y;
  tensor a = layers::lstm(g, y, 5, lstm_format::tensorflow1);
  a = layers::lstm(g, "rnn/lstm_cell", a, 5, lstm_format::tensorflow1);
  a = layers::lstm(g, a, 5, lstm_format::keras);
  a = layers::lstm(g, a, 5, lstm_format::pytorch, {.num_layers = 2});
  a = layers::gru(g, a, 4, gru_format::tensorflow1);
  a = layers::gru(g, a, 5, gru_format::keras_reset_before);
  a = layers::gru(g, a, 5, gru_format::keras_reset_after);
  return layers::gru(g, a, 5, gru_format::pytorch);
};
constexpr auto streams = [](graph& g) {
  tensor x = placeholder(g, "x", {7, 4});
  tensor a = layers::streaming_lstm(g, "lstm", x, 5, lstm_format::keras);
  a = layers::streaming_lstm(g, "torch", a, 6, lstm_format::pytorch);
  a = layers::streaming_gru(g, a, 6, gru_format::keras_reset_after);
  a = layers::streaming_conv1d(g, a, 4, 3, {.dilation = 2});
  return layers::streaming_conv1d(g, a, 4, 3, {.groups = 2, .use_bias = false});
};
constexpr auto encoder = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 6, 8});
  variable_scope layers_{g, "layers"};
  x = layers::transformer_encoder_layer(g, name{"", 0}, x, 2, 16, layers::norm_place::after);
  return layers::transformer_encoder_layer(g, name{"", 1}, x, 2, 16, layers::norm_place::before);
};

}  // namespace

BOOST_AUTO_TEST_SUITE(layers_names)

BOOST_AUTO_TEST_CASE(dense) {
  BOOST_TEST(nodes_of<dense_layers>() ==
             "x(2, 4)\n"
             "fc1/kernel(4, 5)\nfc1/bias(5,)\nfc1/MatMul(2, 5)\nfc1/BiasAdd(2, 5)\nfc1/Relu(2, 5)\n"
             "dense/kernel(5, 6)\ndense/MatMul(2, 6)\ndense/Softmax(2, 6)\nReshape(1, 2, 6)\n"
             "dense_1/kernel(6, 3)\ndense_1/bias(3,)\ndense_1/Tensordot/Reshape(2, 6)\ndense_1/Tensordot/MatMul(2, 3)\n"
             "dense_1/Tensordot(1, 2, 3)\ndense_1/BiasAdd(1, 2, 3)\n"
             "head/weight(2, 3)\nhead/bias(2,)\nhead/Tensordot/Reshape(2, 3)\nhead/Tensordot/MatMul(2, 2)\n"
             "head/Tensordot(1, 2, 2)\nhead/BiasAdd(1, 2, 2)\n");
}
BOOST_AUTO_TEST_CASE(convolution) {
  BOOST_TEST(
      nodes_of<convolutions>() ==
      "x(1, 8, 9, 4)\n"
      "conv2d/kernel(3, 2, 2, 6)\nconv2d/bias(6,)\nconv2d/Conv2D(1, 8, 9, 6)\nconv2d/BiasAdd(1, 8, 9, 6)\n"
      "conv2d/Relu(1, 8, 9, 6)\n"
      "conv2d_1/kernel(1, 1, 6, 2)\nconv2d_1/bias(2,)\nconv2d_1/Conv2D(1, 8, 9, 2)\nconv2d_1/BiasAdd(1, 8, 9, 2)\n"
      "depthwise_conv2d/depthwise_kernel(3, 3, 2, 2)\ndepthwise_conv2d/bias(4,)\n"
      "depthwise_conv2d/depthwise(1, 6, 7, 4)\ndepthwise_conv2d/BiasAdd(1, 6, 7, 4)\n"
      "separable_conv2d/depthwise_kernel(3, 3, 4, 1)\nseparable_conv2d/pointwise_kernel(1, 1, 4, 5)\n"
      "separable_conv2d/bias(5,)\nseparable_conv2d/separable_conv2d/depthwise(1, 4, 5, 4)\n"
      "separable_conv2d/separable_conv2d(1, 4, 5, 5)\nseparable_conv2d/BiasAdd(1, 4, 5, 5)\n"
      "batch_normalization/gamma(5,)\nbatch_normalization/beta(5,)\nbatch_normalization/moving_mean(5,)\n"
      "batch_normalization/moving_variance(5,)\nbatch_normalization/batchnorm/add/y()\n"
      "batch_normalization/batchnorm/add(5,)\nbatch_normalization/batchnorm/Rsqrt(5,)\n"
      "batch_normalization/batchnorm/mul(5,)\nbatch_normalization/batchnorm/mul_1(1, 4, 5, 5)\n"
      "batch_normalization/batchnorm/mul_2(5,)\nbatch_normalization/batchnorm/sub(5,)\n"
      "batch_normalization/batchnorm/add_1(1, 4, 5, 5)\nReshape(1, 20, 5)\n"
      "conv1d/kernel(2, 5, 3)\nconv1d/conv1d(1, 20, 3)\n"
      "LayerNorm/gamma(3,)\nLayerNorm/beta(3,)\nLayerNorm/LayerNorm(1, 20, 3)\ndropout/Identity(1, 20, 3)\n");
}
BOOST_AUTO_TEST_CASE(normalization) {
  BOOST_TEST(
      saved_by<norms>() ==
      "batch_normalization/moving_mean(3,)\nbatch_normalization/moving_variance(3,)\n"
      "batch_norm/weight(3,)\nbatch_norm/bias(3,)\nbatch_norm/running_mean(3,)\nbatch_norm/running_var(3,)\n"
      "layer_normalization/gamma(3,)\nlayer_normalization/beta(3,)\nlayer_norm/weight(3,)\nlayer_norm/bias(3,)\n");
  graph g;
  norms(g);
  BOOST_TEST(
      variables_of(g.trainable_variables()) ==
      "batch_norm/weight(3,)\nbatch_norm/bias(3,)\n"
      "layer_normalization/gamma(3,)\nlayer_normalization/beta(3,)\nlayer_norm/weight(3,)\nlayer_norm/bias(3,)\n");
}
BOOST_AUTO_TEST_CASE(recurrent) {
  BOOST_TEST(saved_by<recurrent_layers>() ==
             "embedding/embeddings(10, 3)\nwords/weight(10, 3)\n"
             "basic_lstm_cell/kernel(8, 20)\nbasic_lstm_cell/bias(20,)\n"
             "rnn/lstm_cell/kernel(10, 20)\nrnn/lstm_cell/bias(20,)\n"
             "lstm/kernel(5, 20)\nlstm/recurrent_kernel(5, 20)\nlstm/bias(20,)\n"
             "lstm_1/weight_ih_l0(20, 5)\nlstm_1/weight_hh_l0(20, 5)\nlstm_1/bias_ih_l0(20,)\nlstm_1/bias_hh_l0(20,)\n"
             "lstm_1/weight_ih_l1(20, 5)\nlstm_1/weight_hh_l1(20, 5)\nlstm_1/bias_ih_l1(20,)\nlstm_1/bias_hh_l1(20,)\n"
             "gru_cell/gates/kernel(9, 8)\ngru_cell/candidate/kernel(9, 4)\ngru_cell/gates/bias(8,)\n"
             "gru_cell/candidate/bias(4,)\n"
             "gru/kernel(4, 15)\ngru/recurrent_kernel(5, 15)\ngru/bias(15,)\n"
             "gru_1/kernel(5, 15)\ngru_1/recurrent_kernel(5, 15)\ngru_1/bias(2, 15)\n"
             "gru_2/weight_ih_l0(15, 5)\ngru_2/weight_hh_l0(15, 5)\ngru_2/bias_ih_l0(15,)\ngru_2/bias_hh_l0(15,)\n");
}
BOOST_AUTO_TEST_CASE(states_are_local_and_not_saved) {
  BOOST_TEST(saved_by<streams>() ==
             "lstm/kernel(4, 20)\nlstm/recurrent_kernel(5, 20)\nlstm/bias(20,)\n"
             "torch/weight_ih_l0(24, 5)\ntorch/weight_hh_l0(24, 6)\ntorch/bias_ih_l0(24,)\ntorch/bias_hh_l0(24,)\n"
             "gru/kernel(6, 18)\ngru/recurrent_kernel(6, 18)\ngru/bias(2, 18)\n"
             "conv1d/kernel(3, 6, 4)\nconv1d/bias(4,)\nconv1d_1/kernel(3, 2, 4)\n");
  graph g;
  streams(g);
  BOOST_TEST(
      variables_of(g.local_variables()) ==
      "lstm/h(5,)\nlstm/c(5,)\ntorch/h_l0(6,)\ntorch/c_l0(6,)\ngru/h(6,)\nconv1d/delay(8, 6)\nconv1d/position()\n"
      "conv1d_1/delay_0(4, 2)\nconv1d_1/position_0()\nconv1d_1/delay_1(4, 2)\nconv1d_1/position_1()\n");
  BOOST_TEST(variables_of(g.trainable_variables()) == variables_of(g.global_variables()));
}
BOOST_AUTO_TEST_CASE(attention) {
  std::string expected;
  for (std::string const layer : {"layers/0", "layers/1"}) {
    std::string const seen = layer + "/self_attn/in_proj_weight(24, 8)\n" + layer + "/self_attn/in_proj_bias(24,)\n" +
                             layer + "/self_attn/out_proj/weight(8, 8)\n" + layer + "/self_attn/out_proj/bias(8,)\n";
    std::string const norm1 = layer + "/norm1/weight(8,)\n" + layer + "/norm1/bias(8,)\n";
    std::string const norm2 = layer + "/norm2/weight(8,)\n" + layer + "/norm2/bias(8,)\n";
    std::string const forward = layer + "/linear1/weight(16, 8)\n" + layer + "/linear1/bias(16,)\n" + layer +
                                "/linear2/weight(8, 16)\n" + layer + "/linear2/bias(8,)\n";
    expected += layer == "layers/0" ? seen + norm1 + forward + norm2 : norm1 + seen + norm2 + forward;
  }
  BOOST_TEST(saved_by<encoder>() == expected);
}

BOOST_AUTO_TEST_CASE(layers_share_as_variable_scopes_do) {
  graph g;
  tensor x = placeholder(g, "x", {1, 4});
  layers::dense(g, "fc", x, 4);
  BOOST_CHECK_THROW(layers::dense(g, "fc", x, 4), scope_error);
  layers::dense(g, "fc", x, 4, {.reuse = reuse::yes});
  {
    variable_scope again{g, "outer", {.reuse = reuse::automatic}};
    layers::lstm(g, "cell", tensor(reshape(x, {4, 1})), 3, lstm_format::keras);
    layers::lstm(g, "cell", tensor(reshape(x, {4, 1})), 3, lstm_format::keras);
    layers::multi_head_attention(g, "seen", x, 2);
    layers::multi_head_attention(g, "seen", x, 2);
  }
  BOOST_TEST(g.global_variables().size() == 2 + 3 + 4);
  BOOST_CHECK_THROW(layers::dense(g, x, 4, {.reuse = reuse::yes}), scope_error);
}
BOOST_AUTO_TEST_CASE(options_reach_the_variables) {
  graph g;
  tensor x = placeholder(g, "x", {1, 4}, dtype::f64);
  variable_scope scope{g, "scope", {.regularizer = l2(0.5)}};
  layers::dense(g, "fc", x, 3,
                {.kernel_initializer = ones_initializer(), .bias_regularizer = no_regularizer(), .trainable = false});
  BOOST_TEST((g.find_variable("scope/fc/kernel").dtype() == dtype::f64));
  BOOST_TEST(g.trainable_variables().empty());
  BOOST_TEST(g.get_collection(collections::regularization_losses).size() == 1);
  BOOST_TEST(g.variable(g.find_variable("scope/fc/kernel")).initializer.kind()->id() == "ones");
  BOOST_TEST(g.variable(g.find_variable("scope/fc/bias")).initializer.kind()->id() == "zeros");
}

namespace {
// A layer that is refused with this code at the line behind the one that it notes.
template <class Layer>
void refused(errc code, Layer const& layer) {
  graph g;
  int line = 0;
  try {
    layer(g, line);
  } catch (scope_error const& e) {
    BOOST_TEST((e.code() == code), "line " << line << " is refused as " << id_of(e.code()));
    BOOST_TEST(e.where().line == line + 1);
    return;
  }
  BOOST_ERROR("line " << line << " is not refused");
}
}  // namespace

BOOST_AUTO_TEST_CASE(errors_name_the_line_of_the_layer) {
  refused(errc::shape_unknown, [](graph& g, int& line) {
    line = __LINE__;
    layers::dense(g, "fc", placeholder(g, "x", {2, dyn}), 3);
  });
  refused(errc::shape_unknown, [](graph& g, int& line) {
    line = __LINE__;
    layers::dense(g, placeholder(g, "x", {2, dyn}), 3);
  });
  refused(errc::op_shape, [](graph& g, int& line) {
    line = __LINE__;
    layers::conv2d(g, "c", placeholder(g, "x", {1, 2, 2, 1}), 3, 5);
  });
  refused(errc::op_shape, [](graph& g, int& line) {
    line = __LINE__;
    layers::conv1d(g, placeholder(g, "x", {1, 2, 3}), 4, 1, {.groups = 2});
  });
  refused(errc::op_shape, [](graph& g, int& line) {
    line = __LINE__;
    layers::lstm(g, placeholder(g, "x", {2}), 3, lstm_format::keras);
  });
  refused(errc::op_attribute, [](graph& g, int& line) {
    line = __LINE__;
    layers::gru(g, "g", placeholder(g, "x", {2, 3}), 3, gru_format::keras_reset_after, {.num_layers = 2});
  });
  refused(errc::op_attribute, [](graph& g, int& line) {
    line = __LINE__;
    layers::streaming_conv1d(g, "s", placeholder(g, "x", {2, 3}), 3, 2, {.dilation = 0});
  });
  refused(errc::op_shape, [](graph& g, int& line) {
    line = __LINE__;
    layers::streaming_conv1d(g, placeholder(g, "x", {2, 2, 3}), 3, 2);
  });
  refused(errc::op_attribute, [](graph& g, int& line) {
    line = __LINE__;
    layers::multi_head_attention(g, "a", placeholder(g, "x", {2, 3}), 2);
  });
  refused(errc::op_dtype, [](graph& g, int& line) {
    line = __LINE__;
    layers::embedding(g, "e", placeholder(g, "x", {2}), 4, 2);
  });
  refused(errc::empty_tensor, [](graph& g, int& line) {
    line = __LINE__;
    layers::dense(g, "none", tensor{}, 3);
  });
}

BOOST_AUTO_TEST_SUITE_END()
