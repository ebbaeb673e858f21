// SPDX-License-Identifier: BSL-1.0
// Convolutions along one axis and of each channel, and numbers known from TensorFlow.
#include "kernels_convolution.hpp"

using namespace kernels_test;

namespace {

constexpr conv_case one_axis[] = {
    {1, 1, 12, 3, 1, 3, 5},
    {2, 1, 11, 4, 1, 4, 9, {.stride = 2}},
    {1, 1, 16, 1, 1, 5, 17, {.padding = padding::causal}},
    {1, 1, 16, 2, 1, 3, 4, {.dilation = 2, .padding = padding::causal}},
    {2, 1, 15, 8, 1, 3, 8, {.dilation = 3, .padding = padding::causal}},
    {1, 1, 13, 3, 1, 3, 4, {.stride = 2, .padding = padding::causal}},
    {1, 1, 9, 3, 1, 4, 6, {.padding = padding::same}},
    {1, 1, 10, 6, 1, 3, 9, {.stride = 3, .padding = padding::same, .groups = 3}},
    {1, 1, 7, 2, 1, 2, 5, {.padding = padding::around(1, 4)}},
    {1, 1, 1, 5, 1, 1, 3},
    {1, 1, 3, 2, 1, 8, 3, {.padding = padding::causal}},
};

constexpr conv_case each_channel[] = {
    {1, 7, 6, 3, 3, 3, 1},
    {2, 6, 6, 8, 3, 3, 1, {.padding = padding::same}},
    {1, 9, 8, 17, 3, 2, 1, {.stride = 2}},
    {1, 6, 7, 4, 2, 2, 2},
    {1, 7, 7, 5, 3, 3, 3, {.stride = 2, .padding = padding::same}},
    {1, 9, 9, 2, 3, 3, 1, {.dilation = 2, .padding = padding::same}},
    {1, 5, 5, 1, 5, 5, 4},
    {1, 2, 2, 3, 5, 5, 1, {.padding = padding::same}},
    {1, 5, 6, 33, 1, 1, 1},
    {1, 4, 6, 3, 3, 3, 2, {.padding = padding::rows_and_columns(2, 0, 1, 3)}},
};

// ---- known numbers

/// Filters of ones over 1, 2, 3, ..: what tf.nn.conv1d gives, by hand.
template <int Extent, int Taps>
constexpr auto ones_over = [](graph& g, conv_options const& o) {
  literal numbers(dtype::f32, {1, Extent, 1});
  for (int i = 1; i <= Extent; ++i) numbers.push_back(static_cast<float>(i));
  tensor w = get_variable(g, name{"w_", tables_of(g).nodes.size()}, {Taps, 1, 1}, {.initializer = ones_initializer()});
  return tensor(conv1d(constant(g, numbers), w, o));
};
constexpr auto known = [](graph& g) {
  return std::array<tensor, 10>{
      ones_over<4, 2>(g, {.padding = padding::same}),
      ones_over<4, 3>(g, {.padding = padding::same}),
      ones_over<5, 3>(g, {.stride = 2, .padding = padding::same}),
      ones_over<4, 3>(g, {.stride = 2, .padding = padding::same}),
      ones_over<4, 2>(g, {.stride = 3, .padding = padding::same}),
      ones_over<5, 3>(g, {.dilation = 2, .padding = padding::same}),
      ones_over<4, 2>(g, {.padding = padding::causal}),
      ones_over<5, 3>(g, {.dilation = 2, .padding = padding::causal}),
      ones_over<5, 2>(g, {.stride = 2}),
      ones_over<3, 2>(g, {.padding = padding::around(2, 1)}),
  };
};
/// A filter that is no mirror image of itself, over two axes: ops correlate, as TensorFlow's do.
constexpr auto turned = [](graph& g) {
  tensor x = constant(g, literal{{1.F, 2.F, 3.F, 4.F, 5.F, 6.F, 7.F, 8.F, 9.F}, {1, 3, 3, 1}});
  tensor w = get_variable(g, "w", {.initializer = literal{{1.F, 10.F, 100.F, 1000.F}, {2, 2, 1, 1}}});
  tensor twice = get_variable(g, "twice", {.initializer = literal{{1.F, -1.F, 2.F, -2.F}, {1, 1, 1, 4}}});
  return std::array<tensor, 3>{conv2d(x, w), conv2d(x, w, {.stride = 2, .padding = padding::same}),
                               depthwise_conv2d(x, twice)};
};

template <class Map>
void check_numbers(char const* what, Map const& found, std::vector<double> const& expected) {
  BOOST_TEST(evaluation_test::elements(found) == expected, what << boost::test_tools::per_element());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(kernels_convolution_others)

BOOST_AUTO_TEST_CASE(one_axis_f32) { check_convolutions<one_axis, conv_kind::one, dtype::f32>(); }
BOOST_AUTO_TEST_CASE(one_axis_f64) { check_convolutions<one_axis, conv_kind::one, dtype::f64>(); }
BOOST_AUTO_TEST_CASE(each_channel_f32) { check_convolutions<each_channel, conv_kind::depthwise, dtype::f32>(); }
BOOST_AUTO_TEST_CASE(each_channel_f64) { check_convolutions<each_channel, conv_kind::depthwise, dtype::f64>(); }

BOOST_AUTO_TEST_CASE(as_tensorflow_pads) {
  compiled<known> net;
  auto const found = net.run();
  check_numbers("2 taps", std::get<0>(found), {3, 5, 7, 4});  // the odd zero comes last
  check_numbers("3 taps", std::get<1>(found), {3, 6, 9, 7});
  check_numbers("3 taps of 5, stride 2", std::get<2>(found), {3, 9, 9});
  check_numbers("3 taps of 4, stride 2", std::get<3>(found), {6, 7});  // no zero before
  check_numbers("2 taps of 4, stride 3", std::get<4>(found), {3, 4});
  check_numbers("dilated", std::get<5>(found), {4, 6, 9, 6, 8});
  check_numbers("causal", std::get<6>(found), {1, 3, 5, 7});
  check_numbers("causal and dilated", std::get<7>(found), {1, 2, 4, 6, 9});
  check_numbers("no padding", std::get<8>(found), {3, 7});
  check_numbers("given", std::get<9>(found), {0, 1, 3, 5, 3});
}
BOOST_AUTO_TEST_CASE(not_turned_round) {
  compiled<turned> net;
  auto const [whole, strided, channels] = net.run();
  check_numbers("2 x 2", whole, {5421, 6532, 8754, 9865});
  check_numbers("2 x 2, same", strided, {5421, 603, 87, 9});
  check_numbers("depthwise", channels, [] {
    std::vector<double> all;
    for (double i = 1; i < 10; ++i) all.insert(all.end(), {i, -i, 2 * i, -2 * i});
    return all;
  }());
}

BOOST_AUTO_TEST_SUITE_END()
