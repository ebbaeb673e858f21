// SPDX-License-Identifier: BSL-1.0
#include "evaluation.hpp"
#include "refusal.hpp"

#include <array>
#include <limits>

using namespace ambit;
using evaluation_test::same_as_reference;

namespace {

struct sizes {
  int rows, depth, columns;
};
constexpr sizes products[] = {
    {1, 1, 1},  {1, 7, 3},   {5, 1, 4},   {3, 4, 5}, {7, 13, 9}, {17, 5, 33},
    {2, 8, 64}, {3, 70, 66}, {1, 64, 10}, {0, 3, 4}, {3, 0, 4},  {3, 4, 0},
};

/// Each product in the four ways to store its operands.
template <dtype Type>
struct every_product {
  static constexpr std::size_t count = 4 * std::size(products);
  constexpr auto operator()(graph& g) const {
    std::array<tensor, count> out;
    std::size_t at = 0;
    int i = 0;
    for (sizes const& s : products) {
      tensor a = placeholder(g, name{"a_", i}, {s.rows, s.depth}, Type);
      tensor b = placeholder(g, name{"b_", i}, {s.depth, s.columns}, Type);
      tensor at_ = placeholder(g, name{"at_", i}, {s.depth, s.rows}, Type);
      tensor bt = placeholder(g, name{"bt_", i++}, {s.columns, s.depth}, Type);
      out[at++] = matmul(a, b);
      out[at++] = matmul(at_, b, {.transpose_a = true});
      out[at++] = matmul(a, bt, {.transpose_b = true});
      out[at++] = matmul(at_, bt, {.transpose_a = true, .transpose_b = true});
    }
    return out;
  }
  static std::vector<shape> shapes() {
    std::vector<shape> all;
    for (sizes const& s : products) all.insert(all.end(), 4, shape{s.rows, s.columns});
    return all;
  }
};

template <dtype Type>
struct every_softmax {
  constexpr auto operator()(graph& g) const {
    tensor x = placeholder(g, "x", {2, 3, 4}, Type);
    tensor row = placeholder(g, "row", {130}, Type);
    tensor one = placeholder(g, "one", {3, 1}, Type);
    tensor none = placeholder(g, "none", {0, 3}, Type);
    tensor empty = placeholder(g, "empty", {3, 0}, Type);
    return std::array<tensor, 16>{
        softmax(x),     softmax(x, 0),     softmax(x, 1),    softmax(x, 2),       softmax(x, -1), softmax(x, -2),
        softmax(x, -3), softmax(row),      softmax(one),     softmax(one, 0),     softmax(none),  softmax(none, 0),
        softmax(empty), softmax(empty, 0), softmax(x * 400), softmax(x * 400, 1),
    };
  }
};

template <dtype Type>
struct every_log_softmax {
  constexpr auto operator()(graph& g) const {
    tensor x = placeholder(g, "x", {2, 3, 4}, Type);
    tensor row = placeholder(g, "row", {130}, Type), columns = placeholder(g, "columns", {5, 70}, Type);
    tensor one = placeholder(g, "one", {3, 1}, Type);
    tensor none = placeholder(g, "none", {0, 3}, Type), empty = placeholder(g, "empty", {3, 0}, Type);
    return std::array<tensor, 15>{
        log_softmax(x),      log_softmax(x, 0),       log_softmax(x, 1),   log_softmax(x, -2),     log_softmax(row),
        log_softmax(one),    log_softmax(one, 0),     log_softmax(none),   log_softmax(none, 0),   log_softmax(empty),
        log_softmax(x * 64), log_softmax(x * 256, 1), log_softmax(columns), log_softmax(columns, 0), softmax(columns, 0),
    };
  }
};
/// Every kind of tail, along rows and down columns.
struct softmax_tails {
  static constexpr int lengths[] = {1, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 64, 65, 100};
  constexpr auto operator()(graph& g) const {
    std::array<tensor, 4 * std::size(lengths)> out;
    std::size_t at = 0;
    for (int n : lengths) {
      tensor x = placeholder(g, name{"x_", n}, {3, n});
      out[at++] = softmax(x), out[at++] = softmax(x, 0), out[at++] = log_softmax(x), out[at++] = log_softmax(x, 0);
    }
    return out;
  }
};

constexpr auto dense = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 5});
  tensor w = get_variable(g, "w", {5, 6});
  tensor b = get_variable(g, "b", {6});
  tensor h = relu(matmul(x, w) + b);
  return softmax(matmul(h, get_variable(g, "v", {3, 6}), {.transpose_b = true}), "probabilities");
};

}  // namespace

BOOST_AUTO_TEST_SUITE(ops_nn)

BOOST_AUTO_TEST_CASE(products_f32) {
  same_as_reference<every_product<dtype::f32>{}>(every_product<dtype::f32>::shapes());
}
BOOST_AUTO_TEST_CASE(products_f64) {
  same_as_reference<every_product<dtype::f64>{}>(every_product<dtype::f64>::shapes());
}
BOOST_AUTO_TEST_CASE(products_i32) {
  same_as_reference<every_product<dtype::i32>{}>(every_product<dtype::i32>::shapes());
}
BOOST_AUTO_TEST_CASE(softmax_f32) { same_as_reference<every_softmax<dtype::f32>{}>({}, 1, 4); }
BOOST_AUTO_TEST_CASE(softmax_f64) { same_as_reference<every_softmax<dtype::f64>{}>({}, 1, 4); }
BOOST_AUTO_TEST_CASE(log_softmax_of_numbers) {
  same_as_reference<every_log_softmax<dtype::f32>{}>();
  same_as_reference<every_log_softmax<dtype::f64>{}>();
}
BOOST_AUTO_TEST_CASE(softmax_of_every_length) { same_as_reference<softmax_tails{}>({}, 1, 4); }
// An element that -infinity keeps out has the probability 0, and the logarithm -infinity.
BOOST_AUTO_TEST_CASE(softmax_of_special_values) {
  static constexpr auto model = [](graph& g) {
    tensor x = placeholder(g, "x", {2, 3});
    return std::array<tensor, 4>{softmax(x), log_softmax(x), softmax(transpose(x), 0), log_softmax(transpose(x), 0)};
  };
  compiled<model> net;
  constexpr float infinite = std::numeric_limits<float>::infinity();
  auto const [p, l, pc, lc] = net.run(std::array<float, 6>{-infinite, 1, 1, 3e38F, -3e38F, 0});
  auto const check = [](auto const& rows, auto const& logarithms) {
    BOOST_TEST((rows(0, 0) == 0 && rows(0, 1) == 0.5F && rows(1, 0) == 1 && rows(1, 1) == 0 && rows(1, 2) == 0));
    BOOST_TEST((logarithms(0, 0) == -infinite && std::abs(logarithms(0, 1) + 0.6931472F) < 1e-6F && logarithms(1, 0) == 0));
  };
  check(p, l);
  check(pc.transpose(), lc.transpose());
}
BOOST_AUTO_TEST_CASE(log_softmax_names_and_refusals) {
  graph g;
  tensor x = placeholder(g, "x", {2, 3});
  BOOST_TEST(tensor(log_softmax(x)).name().view() == "LogSoftmax:0");
  BOOST_TEST(refusal([](graph&, tensor t) { return log_softmax(t, 2); }) ==
             "OP_ATTRIBUTE LogSoftmax: axis 2 of a tensor of rank 2; an axis from -rank to rank - 1");
  BOOST_TEST(refusal([](graph& h, tensor) { return log_softmax(placeholder(h, "s", {})); }).starts_with("OP_SHAPE LogSoftmax"));
  BOOST_TEST(refusal([](graph& h, tensor) { return log_softmax(placeholder(h, "i", {2}, dtype::i32)); }).starts_with("OP_DTYPE LogSoftmax"));
}
BOOST_AUTO_TEST_CASE(layers) { same_as_reference<dense>({{2, 3}}, 3); }

// Numbers from numpy, so that the reference of these tests is not the only judge.
BOOST_AUTO_TEST_CASE(known_numbers) {
  static constexpr auto known = [](graph& g) {
    tensor x = constant(g, literal{{1.f, -2.f, 3.f, 0.5f, 0.f, -1.f}, {2, 3}});
    return std::array<tensor, 6>{softmax(x),        matmul(x, x, {.transpose_b = true}),
                                 reduce_max(x, 0),  transpose(x),
                                 concat({x, x}, 1), sigmoid(x) + tanh(x)};
  };
  compiled<known> net;
  auto const found = net.run();
  auto check = [](auto const& map, std::initializer_list<float> expected) {
    BOOST_TEST_REQUIRE(static_cast<std::size_t>(map.size()) == expected.size());
    std::size_t i = 0;
    for (float e : expected) BOOST_TEST(map.data()[i++] == e, boost::test_tools::tolerance(2e-6f));
  };
  check(std::get<0>(found), {0.118499651f, 0.00589975039f, 0.875600576f, 0.54654944f, 0.331498981f, 0.121951647f});
  check(std::get<1>(found), {14, -2.5f, -2.5f, 1.25f});
  check(std::get<2>(found), {1, 0, 3});
  check(std::get<3>(found), {1, 0.5f, -2, 0, 3, -1});
  check(std::get<4>(found), {1, -2, 3, 1, -2, 3, 0.5f, 0, -1, 0.5f, 0, -1});
  check(std::get<5>(found), {1.49265273f, -0.844824661f, 1.94762884f, 1.08457649f, 0.5f, -0.492652725f});
}

BOOST_AUTO_TEST_SUITE_END()
