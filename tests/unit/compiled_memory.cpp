// SPDX-License-Identifier: BSL-1.0
// What a model occupies, and what it does not compute.
#include "evaluation.hpp"

#include <array>

using namespace ambit;

namespace {

struct mlp {
  int inputs, hidden, layers, outputs;
  constexpr tensor operator()(graph& g) const {
    tensor x = placeholder(g, "x", {1, inputs});
    for (int i = 0; i < layers; ++i) {
      variable_scope layer{g, name{"layer_", i}};
      int const units = i + 1 < layers ? hidden : outputs;
      x = relu(matmul(x, get_variable(g, "kernel", {x.shape()[1], units})) + get_variable(g, "bias", {units}));
    }
    return softmax(x);
  }
};
struct residual {
  int blocks;
  constexpr tensor operator()(graph& g) const {
    tensor x = placeholder(g, "x", {8, 16});
    for (int i = 0; i < blocks; ++i) {
      variable_scope block{g, name{"block_", i}};
      tensor h = relu(matmul(x, get_variable(g, "a", {16, 32})));
      x = x + matmul(h, get_variable(g, "b", {32, 16}));
    }
    return x;
  }
};
constexpr auto diamond = [](graph& g) {
  tensor x = placeholder(g, "x", {4, 16});
  tensor a = softmax(x), b = softmax(x, 0);
  tensor c = matmul(a, b, {.transpose_b = true});
  return concat({matmul(c, a), matmul(c, b), tanh(a) * b}, 0);
};
constexpr auto pruned = [](graph& g) {
  tensor x = placeholder(g, "x", {2});
  tensor used = get_variable(g, "used", {2});
  tensor unused = get_variable(g, "unused", {1000});
  [[maybe_unused]] tensor also = exp(unused) * get_variable(g, "only_there", {1000});
  [[maybe_unused]] tensor loss = l2_loss(used - x, "loss");
  return used * x + constant(g, {1.F, 2.F});
};
/// Views, inputs, variables and constants as outputs, some of them more than once.
constexpr auto direct = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 2});
  tensor w = get_variable(g, "w", {3}, {.initializer = ones_initializer()});
  tensor c = constant(g, {4.F, 5.F});
  tensor y = x + 1;
  return std::array<tensor, 9>{x, w, c, y, y, x, reshape(y, {4}), reshape(c, {2, 1}), reshape(x, {4, 1})};
};
constexpr auto chain = [](graph& g) {
  tensor x = placeholder(g, "x", {256});
  for (int i = 0; i < 60; ++i) x = tanh(x * 0.9) + 0.1;
  return x;
};

template <auto Builder>
constexpr bool tight = compiled<Builder>::memory().arena * 10 <= compiled<Builder>::memory().arena_bound * 11 &&
                       compiled<Builder>::memory().arena >= compiled<Builder>::memory().arena_bound;
static_assert(tight<mlp{64, 32, 2, 10}> && tight<mlp{100, 300, 7, 3}> && tight<residual{8}> && tight<chain>);
// The large value comes last and would find no place in the order of the steps: 1.2 times the best.
static_assert(tight<diamond>);

// Budgets that a user would write.
constexpr memory_report digits = compiled<mlp{64, 32, 2, 10}>::memory();
static_assert(digits.total <= 32 * 1024);
// Ten biases take 64 bytes, and the ten columns of a kernel whole vectors of 4, 8 or 16.
static_assert(digits.parameters >= (64 * 32 + 32 + 32 * 10) * 4 + 64);
static_assert(digits.parameters <= (64 * 32 + 32 + 32 * 16) * 4 + 64);
static_assert(digits.total == digits.parameters + digits.state + digits.arena && digits.state == 0);
static_assert(sizeof(compiled<mlp{64, 32, 2, 10}>) <= digits.total + 2 * 64);
// Layers take turns in the space of the two largest neighbours.
static_assert(compiled<mlp{8, 64, 10, 8}>::memory().arena == 2 * 64 * 4);
static_assert(compiled<residual{8}>::memory().arena == compiled<residual{2}>::memory().arena);
// A long elementwise chain is cut into groups, each written over the one before.
static_assert(compiled<chain>::memory().arena == 256 * 4);

static_assert(compiled<pruned>::memory().parameters == 64 && compiled<pruned>::memory().arena == 64);
static_assert(compiled<pruned>::memory().constants == 8);
static_assert(compiled<pruned>::table().size() == 3 && !compiled<pruned>::table()[1].stored &&
              !compiled<pruned>::table()[2].stored);
static_assert(compiled<direct>::memory().arena == 64);  // y

}  // namespace

BOOST_AUTO_TEST_SUITE(compiled_memory)

BOOST_AUTO_TEST_CASE(models_as_the_reference) {
  evaluation_test::same_as_reference<mlp{64, 32, 2, 10}>({{1, 10}}, 1, 20);
  evaluation_test::same_as_reference<residual{4}>({{8, 16}}, 2, 20);
  evaluation_test::same_as_reference<diamond>({{12, 16}}, 3, 4);
  evaluation_test::same_as_reference<chain>({{256}}, 4, 20);
  evaluation_test::same_as_reference<pruned>({{2}}, 5);
}
BOOST_AUTO_TEST_CASE(outputs_that_nothing_computes) {
  evaluation_test::same_as_reference<direct>();
  compiled<direct> net;
  float const x[4] = {1, 2, 3, 4};
  auto const [in, w, c, y, same, again, flat, column, view] = net.run(x);
  BOOST_TEST(in.data() == x);  // not copied
  BOOST_TEST(again.data() == x);
  BOOST_TEST(view.data() == x);
  BOOST_TEST(y.data() == same.data());
  BOOST_TEST(flat.data() == y.data());
  BOOST_TEST(column.data() == c.data());
  BOOST_TEST(static_cast<void const*>(w.data()) == static_cast<void const*>(net.parameters().data()));
}
BOOST_AUTO_TEST_CASE(blocks_are_aligned) {
  compiled<mlp{64, 32, 2, 10}> net;
  auto aligned = [](auto const& m) { return reinterpret_cast<std::uintptr_t>(m.data()) % 64 == 0; };
  BOOST_TEST(reinterpret_cast<std::uintptr_t>(net.parameters().data()) % 64 == 0);
  for (std::int64_t offset : lowering::plan_for<mlp{64, 32, 2, 10}>.parameter_offset) BOOST_TEST(offset % 64 == 0);
  BOOST_TEST(aligned(net.run(std::array<float, 64>{})));
}

BOOST_AUTO_TEST_SUITE_END()
