// SPDX-License-Identifier: BSL-1.0
// Pools: behind a convolution, on its sums, and by themselves.
#include "evaluation.hpp"

#include <array>

using namespace ambit;
using namespace ambit::loops;
using evaluation_test::same_as_reference;

namespace {

/// A convolution with a pool of rows x columns behind it: what is between the two, and what it runs over.
struct pooled_case {
  int batch, rows, columns, channels, taps, outputs, pool_rows, pool_columns;
  enum class between { nothing, bias, relu, bias_relu, number, pixels } with = between::bias_relu;
  conv_options options{};
};
using between = pooled_case::between;
constexpr pooled_case pooled_cases[] = {
    {1, 10, 10, 1, 3, 8, 2, 2},
    {1, 11, 9, 3, 3, 5, 2, 2},  // a row and a column are left over
    {2, 8, 7, 2, 2, 17, 2, 1},
    {1, 7, 10, 4, 3, 9, 1, 2, between::relu},
    {1, 9, 9, 2, 2, 33, 1, 4, between::bias},
    {1, 9, 6, 5, 2, 3, 4, 1, between::nothing},
    {2, 10, 8, 3, 3, 40, 3, 1, between::number},
    {1, 9, 12, 1, 5, 6, 1, 3},
    {1, 8, 8, 4, 3, 6, 2, 2, between::pixels},
    {1, 9, 9, 2, 3, 4, 2, 2, between::bias_relu, {.stride = 2}},
    {1, 12, 11, 2, 3, 4, 2, 2, between::bias_relu, {.dilation = 2}},
    {1, 8, 8, 4, 3, 12, 2, 2, between::relu, {.groups = 2}},
    {1, 8, 8, 2, 3, 5, 2, 2, between::bias_relu, {.padding = padding::same}},
    {1, 4, 4, 3, 3, 5, 2, 2},  // one pool
    {1, 12, 12, 2, 2, 4, 3, 3},
    {1, 60, 50, 8, 3, 24, 2, 2},  // extents at run time
};
template <dtype Type, std::size_t First, std::size_t Count>
constexpr auto behind_convolutions = [](graph& g) {
  std::array<tensor, Count> out;
  for (std::size_t i = 0; i < Count; ++i) {
    pooled_case const& c = pooled_cases[First + i];
    int const number = static_cast<int>(i);
    variable_scope scope{g, name{"conv_", number}};
    tensor x = placeholder(g, name{"x_", number}, {c.batch, c.rows, c.columns, c.channels}, Type);
    tensor w = get_variable(g, "w", {c.taps, c.taps, c.channels / c.options.groups, c.outputs}, {.dtype = Type});
    tensor y = conv2d(x, w, c.options);
    if (c.with == between::bias || c.with == between::bias_relu) y = y + get_variable(g, "b", {c.outputs}, {.dtype = Type});
    if (c.with == between::number) y = tanh(y * 0.125);
    if (c.with == between::pixels) y = y + get_variable(g, "p", y.shape(), {.dtype = Type});
    if (c.with == between::relu || c.with == between::bias_relu) y = relu(y);
    out[i] = max_pool2d(y, c.pool_rows, c.pool_columns);
  }
  return out;
};

/// What nothing is fused into, or cannot be.
template <dtype Type>
constexpr auto by_themselves = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 9, 8, 5}, Type);
  tensor wide = placeholder(g, "wide", {1, 5, 6, 33}, Type);
  tensor line = placeholder(g, "line", {2, 11, 3}, Type);
  return std::array<tensor, 16>{
      max_pool2d(x, 3, 3, {.stride = 2}),
      max_pool2d(x, 3, 3, {.stride = 2, .padding = padding::same}),
      max_pool2d(x, 2, 2, {.padding = padding::same}),
      max_pool2d(x, 3, 2, {.stride = 1, .padding = padding::same}),
      max_pool2d(x, 2, 3, {.stride = 3, .padding = padding::rows_and_columns(1, 0, 1, 1)}),
      max_pool2d(wide, 5, 6),
      max_pool2d(wide, 1, 1),
      avg_pool2d(x, 3, 3, {.stride = 2, .padding = padding::same}),
      avg_pool2d(x, 2, 2),
      avg_pool2d(wide, 2, 3, {.stride = 1}),
      avg_pool2d(wide, 5, 6),
      max_pool1d(line, 3),
      max_pool1d(line, 3, {.stride = 2, .padding = padding::same}),
      avg_pool1d(line, 4, {.stride = 3, .padding = padding::same}),
      reduce_mean(x, {1, 2}),
      reduce_max(relu(x), {1, 2}),
  };
};
template <dtype Type>
constexpr auto of_integers = [](graph& g) {
  tensor x = placeholder(g, "x", {1, 7, 6, 5}, Type);
  return std::array<tensor, 2>{max_pool2d(x, 2, 2), max_pool2d(x, 3, 3, {.stride = 2, .padding = padding::same})};
};
/// The results of a convolution and of its pool are both needed, or two pools read them, or a global mean follows.
constexpr auto shared = [](graph& g) {
  tensor x = placeholder(g, "x", {1, 8, 9, 3});
  tensor y = relu(conv2d(x, get_variable(g, "w", {3, 3, 3, 6})) + get_variable(g, "b", {6}));
  tensor z = conv2d(x, get_variable(g, "v", {2, 2, 3, 5}));
  tensor a = conv2d(x, get_variable(g, "u", {3, 3, 3, 7}), {.padding = padding::same});
  return std::array<tensor, 6>{
      y, max_pool2d(y, 2, 2), max_pool2d(z, 2, 2), max_pool2d(z, 3, 3), reduce_mean(a, {1, 2}), max_pool2d(max_pool2d(a, 2, 2), 2, 2)};
};
/// A value that dies is not written over while windows that are computed twice still read it.
constexpr auto residual = [](graph& g) {
  tensor x = placeholder(g, "x", {1, 9, 7, 4});
  for (int i = 0; i < 3; ++i) {
    variable_scope scope{g, name{"block_", i}};
    tensor h = tanh(x);
    x = relu(conv2d(h, get_variable(g, "w", {3, 3, 4, 4}), {.padding = padding::same}) + h * 0.5) - tanh(h);
  }
  return x;
};

constexpr auto known = [](graph& g) {
  tensor x = constant(g, literal{{-1.F, -2.F, -3.F, -4.F}, {1, 4, 1}});
  return std::array<tensor, 4>{
      max_pool1d(x, 2, {.stride = 1, .padding = padding::same}),  // zeros would be larger
      avg_pool1d(x, 2, {.stride = 1, .padding = padding::same}),
      avg_pool1d(x, 3, {.stride = 2, .padding = padding::same}),
      max_pool1d(x, 3),
  };
};

}  // namespace

BOOST_AUTO_TEST_SUITE(kernels_pool)

BOOST_AUTO_TEST_CASE(behind_convolutions_f32) {
  same_as_reference<behind_convolutions<dtype::f32, 0, 8>>({}, 1, 2, 1);
  same_as_reference<behind_convolutions<dtype::f32, 8, 8>>({}, 2, 2, 1);
}
BOOST_AUTO_TEST_CASE(behind_convolutions_f64) { same_as_reference<behind_convolutions<dtype::f64, 0, 8>>({}, 1, 2, 1); }
BOOST_AUTO_TEST_CASE(alone) {
  same_as_reference<by_themselves<dtype::f32>>({{2, 4, 3, 5}, {2, 5, 4, 5}, {2, 5, 4, 5}, {2, 9, 8, 5}, {2, 3, 3, 5},
                                                {1, 1, 1, 33}, {1, 5, 6, 33}, {2, 5, 4, 5}, {2, 4, 4, 5}, {1, 4, 4, 33},
                                                {1, 1, 1, 33}, {2, 3, 3}, {2, 6, 3}, {2, 4, 3}, {2, 5}, {2, 5}});
  same_as_reference<by_themselves<dtype::f64>>();
}
BOOST_AUTO_TEST_CASE(integers) {
  same_as_reference<of_integers<dtype::i32>>();
  same_as_reference<of_integers<dtype::i64>>();
}
BOOST_AUTO_TEST_CASE(with_other_readers) { same_as_reference<shared>({}, 1, 2); }
BOOST_AUTO_TEST_CASE(over_what_dies) { same_as_reference<residual>({{1, 9, 7, 4}}, 1, 4); }
BOOST_AUTO_TEST_CASE(as_tensorflow_pads) {
  compiled<known> net;
  auto const found = net.run();
  auto check = [](auto const& map, std::vector<double> const& expected) {
    BOOST_TEST(evaluation_test::elements(map) == expected, boost::test_tools::per_element());
  };
  check(std::get<0>(found), {-1, -2, -3, -4});
  check(std::get<1>(found), {-1.5, -2.5, -3.5, -4});
  check(std::get<2>(found), {-2, -3.5});  // one zero, behind
  check(std::get<3>(found), {-1});
}

BOOST_AUTO_TEST_SUITE_END()
