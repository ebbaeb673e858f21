// SPDX-License-Identifier: BSL-1.0
// Along one axis: places of extremes, running sums.
#include "evaluation.hpp"
#include "refusal.hpp"

#include <array>
#include <limits>

using namespace ambit;
using evaluation_test::same_as_reference;

namespace {

/// Along every axis of a tensor, whose elements are rounded so that some are equal.
template <dtype Type>
struct every_axis {
  int extents[4];
  constexpr auto operator()(graph& g) const {
    tensor x = placeholder(g, "x", {extents[0], extents[1], extents[2], extents[3]}, Type);
    tensor few = x;
    if constexpr (is_floating(Type)) few = round(x);
    std::array<tensor, 28> out;
    std::size_t at = 0;
    for (int axis = 0; axis < 4; ++axis) {
      int const given = axis % 2 == 0 ? axis : axis - 4;
      out[at++] = argmax(x, given), out[at++] = argmin(few, given), out[at++] = argmax(few, given);
      out[at++] = cumsum(x, given), out[at++] = cumsum(x, given, {.exclusive = true});
      out[at++] = cumsum(x, given, {.reverse = true}), out[at++] = cumsum(x, given, {.exclusive = true, .reverse = true});
    }
    return out;
  }
};
struct every_length {
  static constexpr int lengths[] = {1, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 64, 65, 100};
  constexpr auto operator()(graph& g) const {
    std::array<tensor, 5 * std::size(lengths)> out;
    std::size_t at = 0;
    for (int n : lengths) {
      tensor x = placeholder(g, name{"x_", n}, {3, n});
      out[at++] = argmax(x, 1), out[at++] = argmin(x), out[at++] = cumsum(x, 1, {.reverse = true});
      out[at++] = cumsum(x, 0), out[at++] = cumsum(x, 0, {.exclusive = true});
    }
    return out;
  }
};
constexpr auto no_elements = [](graph& g) {
  tensor x = placeholder(g, "x", {0, 3}), y = placeholder(g, "y", {3, 0});
  return std::array<tensor, 4>{argmax(x, 1), argmin(y), cumsum(x), cumsum(y, 1)};
};

}  // namespace

BOOST_AUTO_TEST_SUITE(ops_scan)

BOOST_AUTO_TEST_CASE(f32) { same_as_reference<every_axis<dtype::f32>{{2, 3, 4, 5}}>({}, 1, 2); }
BOOST_AUTO_TEST_CASE(f64) { same_as_reference<every_axis<dtype::f64>{{5, 1, 3, 9}}>({}, 1, 2); }
BOOST_AUTO_TEST_CASE(i32) { same_as_reference<every_axis<dtype::i32>{{2, 5, 1, 18}}>(); }
BOOST_AUTO_TEST_CASE(i64) { same_as_reference<every_axis<dtype::i64>{{1, 2, 7, 2}}>(); }
BOOST_AUTO_TEST_CASE(every_kind_of_tail) { same_as_reference<every_length{}>({}, 1, 8); }
BOOST_AUTO_TEST_CASE(extents_of_zero) { same_as_reference<no_elements>({{0}, {0}, {0, 3}, {3, 0}}); }

// TensorFlow's documentation of cumsum, and numpy's argmax.
BOOST_AUTO_TEST_CASE(known_numbers) {
  static constexpr auto model = [](graph& g) {
    tensor x = constant(g, literal{{2, 4, 6, 8}});
    tensor y = constant(g, literal{{1.F, 5.F, 5.F, 7.F, 2.F, -3.F}, {2, 3}});
    return std::array<tensor, 8>{cumsum(x),    cumsum(x, 0, {.exclusive = true}), cumsum(x, 0, {.reverse = true}),
                                 cumsum(x, 0, {.exclusive = true, .reverse = true}),
                                 argmax(y),    argmax(y, 1),                      argmin(y, -1), argmin(y)};
  };
  compiled<model> net;
  auto const found = net.run();
  auto check = [](auto const& map, std::initializer_list<int> expected) {
    BOOST_TEST_REQUIRE(static_cast<std::size_t>(map.size()) == expected.size());
    std::size_t i = 0;
    for (int e : expected) BOOST_TEST(map.data()[i++] == e);
  };
  check(std::get<0>(found), {2, 6, 12, 20});
  check(std::get<1>(found), {0, 2, 6, 12});
  check(std::get<2>(found), {20, 18, 14, 8});
  check(std::get<3>(found), {18, 14, 8, 0});
  check(std::get<4>(found), {1, 0, 0});
  check(std::get<5>(found), {1, 0});
  check(std::get<6>(found), {0, 2});
  check(std::get<7>(found), {0, 1, 1});
}
BOOST_AUTO_TEST_CASE(special_values) {
  static constexpr auto model = [](graph& g) {
    tensor x = placeholder(g, "x", {2, 3}), i = placeholder(g, "i", {3}, dtype::i32);
    return std::array<tensor, 4>{argmax(x, 1), argmin(x, 1), cumsum(x, 1), cumsum(i)};
  };
  compiled<model> net;
  constexpr float inf = std::numeric_limits<float>::infinity(), none = std::numeric_limits<float>::quiet_NaN();
  constexpr std::int32_t most = std::numeric_limits<std::int32_t>::max();
  auto const [a, b, c, d] = net.run(std::array<float, 6>{-inf, -inf, -inf, none, inf, none}, std::array<std::int32_t, 3>{most, 1, 1});
  BOOST_TEST((a(0) == 0 && b(0) == 0 && a(1) >= 0 && a(1) < 3 && b(1) >= 0 && b(1) < 3));
  BOOST_TEST((c(0, 2) == -inf && std::isnan(c(1, 0)) && std::isnan(c(1, 2))));
  BOOST_TEST((d(0) == most && d(1) == std::numeric_limits<std::int32_t>::min() && d(2) == -most));
}
BOOST_AUTO_TEST_CASE(names) {
  graph g;
  tensor x = placeholder(g, "x", {2, 3});
  tensor a = argmax(x), b = argmin(x, 1), c = cumsum(x, "sums");
  BOOST_TEST(a.name().view() == "ArgMax:0");
  BOOST_TEST((a.dtype() == dtype::i64 && a.shape() == shape{3} && b.shape() == shape{2}));
  BOOST_TEST(b.name().view() == "ArgMin:0");
  BOOST_TEST(c.name().view() == "sums:0");
  BOOST_TEST(c.op() == "Cumsum");
}
BOOST_AUTO_TEST_CASE(refused) {
  BOOST_TEST(refusal([](graph&, tensor x) { return argmax(x, 2); }) ==
             "OP_ATTRIBUTE ArgMax: axis 2 of a tensor of rank 2; an axis from -rank to rank - 1");
  BOOST_TEST(refusal([](graph& g, tensor) { return argmin(placeholder(g, "s", {})); }).starts_with("OP_ATTRIBUTE ArgMin"));
  BOOST_TEST(refusal([](graph& g, tensor) { return argmin(placeholder(g, "e", {2, 0}), 1); }) ==
             "OP_SHAPE ArgMin: \"e:0\" (2, 0); at least one element along the axis");
  BOOST_TEST(refusal([](graph& g, tensor) { return argmax(placeholder(g, "b", {2}, dtype::boolean)); }).starts_with("OP_DTYPE ArgMax"));
  BOOST_TEST(refusal([](graph& g, tensor) { return cumsum(placeholder(g, "b", {2}, dtype::boolean)); }).starts_with("OP_DTYPE Cumsum"));
  BOOST_TEST(refusal([](graph&, tensor x) { return cumsum(x, -3); }).starts_with("OP_ATTRIBUTE Cumsum"));
}

BOOST_AUTO_TEST_SUITE_END()
