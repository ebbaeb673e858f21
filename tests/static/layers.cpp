// SPDX-License-Identifier: BSL-1.0
// Every layer is built in a constant expression, whichever compiler.
#include <ambit/layers.hpp>
#include <ambit/ops.hpp>

#include <initializer_list>
#include <string_view>

using namespace ambit;

namespace {

constexpr bool has(graph& g, std::initializer_list<std::string_view> names) {
  for (std::string_view n : names)
    if (!g.find(n).valid()) return false;
  return true;
}

constexpr bool products_and_convolutions() {
  graph g;
  tensor x = placeholder(g, "x", {1, 8, 8, 2});
  x = layers::conv2d(g, "c", x, 4, {3, 2}, {.activation = activation::relu, .padding = padding::same});
  x = layers::depthwise_conv2d(g, x, 3);
  x = layers::separable_conv2d(g, x, 6, 3, 2, {.activation = [](tensor y) { return leaky_relu(y, 0.3); }});
  x = layers::batch_normalization(g, x, layers::norm_format::tensorflow1);
  x = layers::layer_norm(g, x, layers::norm_format::keras);
  x = layers::conv1d(g, tensor(reshape(x, {1, 16, 6})), 4, 2, {.padding = padding::causal});
  x = layers::dense(g, x, 3, {.activation = activation::gelu_tanh});
  x = layers::linear(g, layers::dropout(g, x, 0.5), 2);
  return has(g, {"c/kernel", "c/Relu", "separable_conv2d/LeakyRelu", "batch_normalization/moving_mean",
                 "layer_normalization/gamma", "conv1d/conv1d", "dense/Tensordot", "dense/Gelu", "linear/weight"}) &&
         x.shape() == shape{1, 16, 2};
}
static_assert(products_and_convolutions());

constexpr bool sequences() {
  graph g;
  tensor x = layers::embedding(g, placeholder(g, "ids", {7}, dtype::i32), 10, 4);
  for (lstm_format f : {lstm_format::tensorflow1, lstm_format::keras, lstm_format::pytorch}) {
    x = layers::lstm(g, x, 4, f);
    x = layers::streaming_lstm(g, x, 4, f);
  }
  for (gru_format f :
       {gru_format::tensorflow1, gru_format::keras_reset_before, gru_format::keras_reset_after, gru_format::pytorch}) {
    x = layers::gru(g, x, 4, f);
    x = layers::streaming_gru(g, x, 4, f);
  }
  x = layers::streaming_conv1d(g, x, 4, 3, {.dilation = 2, .groups = 2});
  x = layers::multi_head_attention(g, x, 2, {.causal = true});
  x = layers::transformer_encoder_layer(g, "a", x, 2, 8, layers::norm_place::after);
  x = layers::transformer_encoder_layer(g, "b", x, 2, 8, layers::norm_place::before);
  return has(g, {"basic_lstm_cell_1/h", "lstm_3/weight_ih_l0", "gru_cell/gates/kernel", "gru_5/h_l0", "conv1d/delay_1",
                 "multihead_attention/in_proj_weight", "b/self_attn/out_proj/bias"}) &&
         x.shape() == shape{7, 4} && g.local_variables().size() == 3 * 2 + 4 + 4;
}
static_assert(sequences());

// An error is kept, and what comes behind it does no harm.
constexpr errc refused() {
  graph g{on_error::keep};
  tensor x = placeholder(g, "x", {2, 3});
  x = layers::multi_head_attention(g, x, 2);
  x = layers::dense(g, x, 3);
  x = layers::streaming_conv1d(g, x, 3, 2);
  x = layers::lstm(g, x, 3, lstm_format::pytorch, {.num_layers = 2});
  layers::transformer_encoder_layer(g, x, 2, 3, layers::norm_place::after);
  return g.error().code;
}
static_assert(refused() == errc::op_attribute);

// Names that a user may give to locals beside `using namespace ambit`: with -Wshadow.
constexpr bool free_names() {
  graph g;
  tensor x = placeholder(g, "x", {1, 8, 8, 2});
  tensor const valid = layers::conv2d(g, x, 4, 3), same = layers::conv2d(g, x, 4, 3, {.padding = padding::same});
  bool const causal = padding::causal == padding{};
  return valid.shape() == shape{1, 6, 6, 4} && same.shape() == shape{1, 8, 8, 4} && !causal;
}
static_assert(free_names());

}  // namespace
