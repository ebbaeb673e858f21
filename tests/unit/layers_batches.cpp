// SPDX-License-Identifier: BSL-1.0
// Layers on a batch of any size compute what they compute on one of that size.
#include "layers_support.hpp"

using namespace ambit;
using layers_test::numbers;

namespace {

struct sequences {
  int batch;
  constexpr tensor operator()(graph& g) const {
    tensor x = placeholder(g, "x", {batch, 6, 4});
    x = layers::dense(g, x, 8, {.activation = activation::relu});
    x = layers::conv1d(g, x, 8, 3, {.padding = padding::causal});
    x = layers::batch_normalization(g, x, layers::norm_format::keras);
    return layers::gru(g, x, 4, gru_format::pytorch);
  }
};
struct images {
  int batch;
  constexpr tensor operator()(graph& g) const {
    tensor x = placeholder(g, "x", {batch, 8, 8, 2});
    x = layers::conv2d(g, x, 3, 3, {.activation = activation::relu});
    x = layers::separable_conv2d(g, x, 4, 2);
    x = layers::layer_norm(g, flatten(x), layers::norm_format::keras);
    return layers::dense(g, x, 5);
  }
};

template <auto Three, auto Any>
void check(int elements) {
  auto const three = std::make_unique<compiled<Three>>();
  auto const any = std::make_unique<compiled<Any>>();
  layers_test::fill(*three), layers_test::fill(*any);
  std::mt19937 random(1);
  std::vector<float> const x = layers_test::as<float>(layers_test::draw(random, 3 * elements));
  numbers const expected = evaluation_test::elements(three->run(x.data()));
  layers_test::check(evaluation_test::elements(any->run(x)), expected, dtype::f32, "three");
  numbers one_by_one;
  for (std::size_t i = 0; i < 3; ++i) {
    std::size_t const size = static_cast<std::size_t>(elements);
    numbers const y = evaluation_test::elements(any->run(std::span(x).subspan(i * size, size)));
    one_by_one.insert(one_by_one.end(), y.begin(), y.end());
  }
  layers_test::check(one_by_one, expected, dtype::f32, "one by one");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(layers_batches)

BOOST_AUTO_TEST_CASE(of_sequences) { check<sequences{3}, sequences{dyn}>(24); }
BOOST_AUTO_TEST_CASE(of_images) { check<images{3}, images{dyn}>(128); }

BOOST_AUTO_TEST_SUITE_END()
