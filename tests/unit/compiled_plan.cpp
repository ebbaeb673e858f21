// SPDX-License-Identifier: BSL-1.0
// What becomes one step, what is computed when weights change, what lies where.
#include "evaluation.hpp"

#include <array>

using namespace ambit;
using evaluation_test::elements;
using evaluation_test::same_as_reference;

namespace {

template <auto Builder>
constexpr auto const& plan_of = lowering::plan_for<Builder>;
template <auto Builder>
constexpr int steps = plan_of<Builder>.step_count;
template <auto Builder>
constexpr int folds = plan_of<Builder>.fold_count;
/// The arena is at most a tenth larger than what is alive at once.
template <auto Builder>
constexpr bool tight = compiled<Builder>::memory().arena * 10 <= compiled<Builder>::memory().arena_bound * 11;
/// How many steps write over an operand that dies there.
template <auto Builder>
constexpr int in_place = [] {
  int n = 0;
  for (int s = 0; s < steps<Builder>; ++s)
    n += plan_of<Builder>.at[static_cast<std::size_t>(plan_of<Builder>.steps[static_cast<std::size_t>(s)])].in_place ? 1 : 0;
  return n;
}();

constexpr tensor dense(graph& g, std::string_view scope, tensor x, int units) {
  variable_scope s{g, scope};
  return relu(matmul(x, get_variable(g, "kernel", {x.shape()[1], units})) + get_variable(g, "bias", {units}));
}
constexpr tensor filter(graph& g, std::string_view scope, tensor x, int outputs, conv_options o = {}) {
  variable_scope s{g, scope};
  return conv2d(x, get_variable(g, "w", {3, 3, x.shape()[-1] / o.groups, outputs}), o) + get_variable(g, "b", {outputs});
}

// ---- one step

constexpr auto layer = [](graph& g) { return dense(g, "fc", placeholder(g, "x", {3, 5}), 7); };
constexpr auto layer_of_one = [](graph& g) { return dense(g, "fc", placeholder(g, "x", {1, 5}), 7); };
constexpr auto layer_of_any = [](graph& g) { return dense(g, "fc", placeholder(g, "x", {dyn, 5}), 7); };
constexpr auto two_layers = [](graph& g) { return dense(g, "b", dense(g, "a", placeholder(g, "x", {3, 5}), 7), 2); };
constexpr auto long_tail = [](graph& g) {
  tensor x = placeholder(g, "x", {3, 5});
  tensor w = get_variable(g, "w", {5, 6});
  tensor scale = get_variable(g, "scale", {3, 1});
  return tanh((matmul(x, w) - 1) * scale + get_variable(g, "added", {3, 6})) * 0.5 + get_variable(g, "b", {1, 6});
};
constexpr auto pooled = [](graph& g) {
  return max_pool2d(relu(filter(g, "conv", placeholder(g, "x", {1, 8, 8, 2}), 5)), 2, 2);
};
constexpr auto pooled_only = [](graph& g) {
  return max_pool2d(conv2d(placeholder(g, "x", {1, 8, 8, 2}), get_variable(g, "w", {3, 3, 2, 5})), 2, 2);
};
constexpr auto each_channel = [](graph& g) {
  tensor w = get_variable(g, "w", {3, 3, 4, 2});
  tensor y = depthwise_conv2d(placeholder(g, "x", {1, 6, 6, 4}), w, {.padding = padding::same});
  return relu(y + get_variable(g, "b", {8}));
};
constexpr auto chosen = [](graph& g) {
  tensor x = placeholder(g, "x", {6, 5});
  return where(x > 0.5, exp(x), x * x - 1);
};
constexpr auto views = [](graph& g) { return reshape(reshape(placeholder(g, "x", {6, 5}), {5, 6}), {-1}); };
static_assert(steps<layer> == 1 && steps<layer_of_one> == 1 && steps<layer_of_any> == 1 && steps<two_layers> == 2);
static_assert(steps<long_tail> == 1 && steps<pooled> == 1 && steps<pooled_only> == 1 && steps<each_channel> == 1);
static_assert(steps<chosen> == 1 && steps<views> == 0);
static_assert(tight<layer> && tight<layer_of_one> && tight<two_layers> && tight<long_tail> && tight<pooled>);
static_assert(tight<pooled_only> && tight<each_channel> && tight<chosen>);

// ---- more than one, as what is between is needed elsewhere or is not in registers

constexpr auto pooled_and_shown = [](graph& g) {
  tensor y = relu(filter(g, "conv", placeholder(g, "x", {1, 8, 8, 2}), 5));
  return std::array<tensor, 2>{y, max_pool2d(y, 2, 2)};
};
constexpr auto pooled_across = [](graph& g) {
  return max_pool2d(relu(filter(g, "conv", placeholder(g, "x", {1, 9, 9, 2}), 5)), 3, 3, {.stride = 2});
};
constexpr auto pooled_with_pixels = [](graph& g) {
  tensor y = filter(g, "conv", placeholder(g, "x", {1, 8, 8, 2}), 5);
  return max_pool2d(y + get_variable(g, "pixels", y.shape()), 2, 2);
};
constexpr auto pooled_with_zeros = [](graph& g) {
  return max_pool2d(relu(filter(g, "conv", placeholder(g, "x", {1, 8, 8, 2}), 5, {.padding = padding::same})), 2, 2);
};
constexpr auto read_twice = [](graph& g) {
  tensor y = dense(g, "fc", placeholder(g, "x", {3, 5}), 7);
  return tanh(y) + y * 2;
};
constexpr auto read_as_whole = [](graph& g) {
  tensor y = dense(g, "fc", placeholder(g, "x", {3, 5}), 7);
  return y - reduce_mean(y, 1, keepdims::yes);
};
static_assert(steps<pooled_and_shown> == 2 && steps<pooled_across> == 2 && steps<pooled_with_pixels> == 2);
static_assert(steps<pooled_with_zeros> == 2 && steps<read_twice> == 2 && steps<read_as_whole> == 3);
// Stored once, and read from there: one value, and the results over it.
static_assert(compiled<read_twice>::memory().arena == 128 && in_place<read_twice> == 1);
static_assert(tight<pooled_and_shown> && tight<pooled_across> && tight<pooled_with_pixels> && tight<pooled_with_zeros>);
static_assert(tight<read_twice> && tight<read_as_whole>);

// ---- residuals

template <int Blocks>
constexpr auto residual = [](graph& g) {
  tensor x = dense(g, "first", placeholder(g, "x", {8, 16}), 16);
  for (int i = 0; i < Blocks; ++i) {
    variable_scope block{g, name{"block_", i}};
    tensor h = dense(g, "a", x, 32);
    x = x + (matmul(h, get_variable(g, "b", {32, 16})) + get_variable(g, "bias", {16}));
  }
  return x;
};
// Behind convolutions, too, but not in place: pixels of a row's last tile are computed twice.
constexpr auto residual_of_pixels = [](graph& g) {
  tensor x = tanh(placeholder(g, "x", {1, 6, 7, 4}));
  tensor h = relu(filter(g, "a", x, 4, {.padding = padding::same}));
  return relu(filter(g, "b", h, 4, {.padding = padding::same}) + x);
};
static_assert(steps<residual<3>> == 1 + 2 * 3 && in_place<residual<3>> == 3);
static_assert(compiled<residual<3>>::memory().arena == compiled<residual<1>>::memory().arena);
static_assert(compiled<residual<3>>::memory().arena == (8 * 16 + 8 * 32) * 4);
static_assert(steps<residual_of_pixels> == 3 && in_place<residual_of_pixels> == 0);
static_assert(tight<residual<3>> && tight<residual_of_pixels>);

// ---- folded

constexpr auto normalized = [](graph& g) {
  tensor x = placeholder(g, "x", {4, 3});
  tensor mean = get_variable(g, "mean", {3}, {.initializer = zeros_initializer()});
  tensor variance = get_variable(g, "variance", {3}, {.initializer = ones_initializer()});
  tensor scale = get_variable(g, "scale", {3}, {.initializer = ones_initializer()});
  tensor inverse = scale / variance;
  return x * inverse + -mean * inverse;
};
constexpr auto normalized_product = [](graph& g) {
  tensor y = matmul(placeholder(g, "x", {4, 3}), get_variable(g, "w", {3, 5}));
  tensor positive = get_variable(g, "positive", {5});
  return relu(y * (1.0 / sqrt(square(positive) + 1)) + get_variable(g, "b", {5}));
};
// A weight that is computed from others, one that is seen, and one of numbers alone.
constexpr auto computed = [](graph& g) {
  tensor x = placeholder(g, "x", {4, 3});
  tensor w = get_variable(g, "w", {3, 6});
  tensor doubled = w * 2;
  return std::array<tensor, 4>{matmul(x, doubled), doubled, x * exp(constant(g, {1.F, 2.F, 3.F})), softmax(w)};
};
// State is not a constant, nor is what is computed from it.
constexpr auto counted = [](graph& g) {
  tensor n = get_variable(g, "n", {}, {.initializer = zeros_initializer()});
  assign_add(n, 1.0);
  return placeholder(g, "x", {4}) + exp(n * 0.0) * n;
};
static_assert(folds<normalized> > 0 && steps<normalized> == 1);
static_assert(folds<normalized_product> > 0 && steps<normalized_product> == 1);
static_assert(folds<computed> >= 3 && steps<computed> == 2);
static_assert(folds<counted> == 0 && folds<layer> == 0 && folds<residual<3>> == 0);
static_assert(tight<normalized> && tight<normalized_product>);

std::vector<double> numbers_of(std::initializer_list<double> all) { return all; }
template <class Net>
std::vector<double> first_row(Net& net) {
  std::array<float, 12> const x{1, 2, 3, 1, 1, 1, 0, 0, 0, 0, 0, 0};
  std::vector<double> all = elements(net.run(x));
  all.resize(3);
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(compiled_plan)

BOOST_AUTO_TEST_CASE(steps_as_the_reference) {
  same_as_reference<layer>();
  same_as_reference<layer_of_one>();
  same_as_reference<two_layers>({}, 1, 4);
  same_as_reference<long_tail>();
  same_as_reference<pooled>({}, 1, 2);
  same_as_reference<pooled_only>({}, 1, 2);
  same_as_reference<each_channel>({}, 1, 2);
  same_as_reference<chosen>();
  same_as_reference<views>();
}
BOOST_AUTO_TEST_CASE(what_is_stored_as_the_reference) {
  same_as_reference<pooled_and_shown>({}, 1, 2);
  same_as_reference<pooled_across>({}, 1, 2);
  same_as_reference<pooled_with_pixels>({}, 1, 2);
  same_as_reference<pooled_with_zeros>({}, 1, 2);
  same_as_reference<read_twice>();
  same_as_reference<read_as_whole>({}, 1, 2);
  same_as_reference<residual<3>>({}, 1, 40);
  same_as_reference<residual_of_pixels>({}, 1, 8);
}
BOOST_AUTO_TEST_CASE(folded_as_the_reference) {
  same_as_reference<normalized_product>();
  same_as_reference<computed>();
  same_as_reference<counted>({}, 1, 1, 4);
}
BOOST_AUTO_TEST_CASE(folded_from_first_values) {
  compiled<normalized> net;
  BOOST_TEST(first_row(net) == numbers_of({1, 2, 3}));
}
BOOST_AUTO_TEST_CASE(folded_when_a_weight_changes) {
  compiled<normalized> net;
  net.set("scale"_n, Eigen::RowVector3f(2, 4, 8));
  BOOST_TEST(first_row(net) == numbers_of({2, 8, 24}));
  {
    auto mean = net.edit("mean"_n);
    mean(0, 1) = 1;
    BOOST_TEST(first_row(net) == numbers_of({2, 8, 24}));  // when the editor dies
  }
  BOOST_TEST(first_row(net) == numbers_of({2, 4, 24}));
  float const variance[3] = {2, 2, 4};
  net.write(1, variance);
  BOOST_TEST(first_row(net) == numbers_of({1, 2, 6}));
  float const more[3] = {1, 2, 4};
  net.write_only(1, more);
  BOOST_TEST(first_row(net) == numbers_of({1, 2, 6}));
  net.fold();
  BOOST_TEST(first_row(net) == numbers_of({2, 2, 6}));
  net.edit("scale"_n).setConstant(4);
  BOOST_TEST(first_row(net) == numbers_of({4, 2, 3}));
}
BOOST_AUTO_TEST_CASE(folded_weights_are_read_as_they_are) {
  compiled<computed> net;
  net.edit("w"_n).setConstant(3);
  std::array<float, 12> const x{1, 2, 3};
  auto const [product, doubled, scaled, shares] = net.run(x);
  BOOST_TEST(product(0, 0) == 36);
  BOOST_TEST(doubled(2, 5) == 6);
  BOOST_TEST(scaled(0, 0) == std::exp(1.F), boost::test_tools::tolerance(1e-6F));
  BOOST_TEST(shares(1, 1) == 1.F / 6, boost::test_tools::tolerance(1e-6F));
}
BOOST_AUTO_TEST_CASE(of_shared_parameters) {
  parameters<normalized> p;
  workspace<normalized> w(p);
  p.set("scale"_n, Eigen::RowVector3f(2, 2, 2));
  std::array<float, 12> const x{1, 2, 3};
  BOOST_TEST(run<normalized>(p, w, x)(0, 2) == 6);
}

BOOST_AUTO_TEST_SUITE_END()
