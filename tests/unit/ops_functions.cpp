// SPDX-License-Identifier: BSL-1.0
#include "evaluation.hpp"
#include "refusal.hpp"

#include <array>
#include <limits>

using namespace ambit;
using evaluation_test::same_as_reference;

namespace {

/// Every function of floating numbers, each alone.
template <dtype Type>
struct floating_functions {
  int rows = 1;
  int columns = 1;
  constexpr auto operator()(graph& g) const {
    shape const s{rows, columns};
    tensor x = placeholder(g, "x", s, Type);
    tensor y = placeholder(g, "y", s, Type);
    tensor p = placeholder(g, "positive", s, Type);
    return std::array<tensor, 23>{
        abs(x),   sign(x),     floor(x),      ceil(x),       round(x),           reciprocal(p), rsqrt(p), log1p(p),
        expm1(x), log1p(-p / 5), expm1(x / 8), erf(x),        erf(x * 3),         sin(x),        cos(x),   sin(x * 64),
        pow(p, x), maximum(x, y), minimum(x, y), clip(x, -1, 0.5), clip(x, -p, p), pow(p, 3),     maximum(1.5, x),
    };
  }
};
template <dtype Type>
struct integer_functions {
  int rows = 1;
  int columns = 1;
  constexpr auto operator()(graph& g) const {
    tensor x = placeholder(g, "x", {rows, columns}, Type);
    tensor y = placeholder(g, "y", {columns}, Type);
    return std::array<tensor, 8>{abs(x),        sign(x),       maximum(x, y),   minimum(y, x),
                                 clip(x, -3, 5), clip(x, y, 7), maximum(x, 2), abs(x) - sign(y) * minimum(x, -1)};
  }
};
/// Operands of other shapes; clip's bounds among them.
constexpr auto broadcast = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 3});
  tensor row = placeholder(g, "row", {3});
  tensor column = placeholder(g, "column", {2, 1});
  return std::array<tensor, 6>{maximum(x, row),     minimum(column, x), pow(abs(column) + 1, row),
                               maximum(row, column), clip(x, row, 1.75), clip(x, column, maximum(row, column))};
};
/// Every kind of tail, each length with all the functions in one group.
struct tails {
  static constexpr int lengths[] = {1, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 64, 65, 100};
  constexpr auto operator()(graph& g) const {
    std::array<tensor, std::size(lengths)> out;
    std::size_t at = 0;
    for (int n : lengths) {
      tensor x = placeholder(g, name{"x_", n}, {n});
      tensor p = placeholder(g, name{"positive_", n}, {n});
      out[at++] = erf(sin(x) * cos(p)) + expm1(clip(x, -1, 1)) * rsqrt(p) - log1p(reciprocal(p)) * sign(x) + pow(p, 0.5) +
                  maximum(floor(x), minimum(ceil(p), round(abs(x))));
    }
    return out;
  }
};

constexpr float infinite = std::numeric_limits<float>::infinity();
constexpr float none = std::numeric_limits<float>::quiet_NaN();  // no number

/// What each function gives for special values.
constexpr auto special = [](graph& g) {
  tensor x = placeholder(g, "x", {14});
  return std::array<tensor, 9>{abs(x), sign(x), floor(x), ceil(x), round(x), erf(x), expm1(x), reciprocal(x), clip(x, -2, 2)};
};
constexpr float values[] = {0.F, -0.F, 0.5F, 1.5F, 2.5F, -0.5F, -1.5F, -2.5F, 8388609.F, -3.5e9F, 3e38F, infinite, -infinite, none};
constexpr float tiny = 1e-30F;

}  // namespace

BOOST_AUTO_TEST_SUITE(ops_functions)

BOOST_AUTO_TEST_CASE(f32) { same_as_reference<floating_functions<dtype::f32>{2, 3}>(std::vector<shape>(23, {2, 3})); }
BOOST_AUTO_TEST_CASE(f64) { same_as_reference<floating_functions<dtype::f64>{7, 1}>(std::vector<shape>(23, {7, 1}), 1, 4); }
BOOST_AUTO_TEST_CASE(long_runs) { same_as_reference<floating_functions<dtype::f32>{3, 67}>(); }
BOOST_AUTO_TEST_CASE(no_elements) { same_as_reference<floating_functions<dtype::f32>{0, 3}>(); }
BOOST_AUTO_TEST_CASE(i32) { same_as_reference<integer_functions<dtype::i32>{3, 9}>(std::vector<shape>(8, {3, 9})); }
BOOST_AUTO_TEST_CASE(i64) { same_as_reference<integer_functions<dtype::i64>{2, 5}>(std::vector<shape>(8, {2, 5})); }
BOOST_AUTO_TEST_CASE(broadcasting) {
  same_as_reference<broadcast>({{2, 3}, {2, 3}, {2, 3}, {2, 3}, {2, 3}, {2, 3}});
}
BOOST_AUTO_TEST_CASE(every_length) { same_as_reference<tails{}>({}, 1, 4); }

BOOST_AUTO_TEST_CASE(special_values) {
  compiled<special> net;
  auto const found = net.run(values);
  auto check = [](char const* what, auto const& map, std::initializer_list<float> expected) {
    std::size_t i = 0;
    for (float e : expected) {
      float const f = map.data()[i];
      bool const same = f == e || (std::isnan(f) && std::isnan(e)) || std::abs(f - e) < 2e-6F;
      BOOST_TEST(same, what << " of " << values[i] << " is " << f << ", expected " << e);
      ++i;
    }
  };
  float const big = 8388609.F, huge = 3e38F;
  check("abs", std::get<0>(found), {0, 0, 0.5F, 1.5F, 2.5F, 0.5F, 1.5F, 2.5F, big, 3.5e9F, huge, infinite, infinite, none});
  check("sign", std::get<1>(found), {0, 0, 1, 1, 1, -1, -1, -1, 1, -1, 1, 1, -1, none});
  check("floor", std::get<2>(found), {0, 0, 0, 1, 2, -1, -2, -3, big, -3.5e9F, huge, infinite, -infinite, none});
  check("ceil", std::get<3>(found), {0, 0, 1, 2, 3, 0, -1, -2, big, -3.5e9F, huge, infinite, -infinite, none});
  check("round", std::get<4>(found), {0, 0, 0, 2, 2, 0, -2, -2, big, -3.5e9F, huge, infinite, -infinite, none});
  check("erf", std::get<5>(found),
        {0, 0, 0.520499878F, 0.966105146F, 0.999593048F, -0.520499878F, -0.966105146F, -0.999593048F, 1, -1, 1, 1, -1, none});
  check("expm1", std::get<6>(found),
        {0, 0, 0.648721271F, 3.48168907F, 11.182494F, -0.39346934F, -0.77686984F, -0.917915001F, infinite, -1, infinite,
         infinite, -1, none});
  check("reciprocal", std::get<7>(found),
        {infinite, -infinite, 2, 2 / 3.F, 0.4F, -2, -2 / 3.F, -0.4F, 1.19209275e-07F, 0, 0, 0, 0, none});
  check("clip", std::get<8>(found), {0, 0, 0.5F, 1.5F, 2, -0.5F, -1.5F, -2, 2, -2, 2, 2, -2, none});
  // Exact limits, and small numbers keep their digits.
  BOOST_TEST(std::get<5>(found).data()[8] == 1.F);
  BOOST_TEST(std::get<5>(found).data()[12] == -1.F);
  static constexpr auto small = [](graph& g) {
    tensor x = placeholder(g, "x", {1});
    return std::array<tensor, 4>{erf(x), expm1(x), log1p(x), sin(x)};
  };
  compiled<small> tails_of;
  auto const [e, m, l, s] = tails_of.run(&tiny);
  BOOST_TEST(e(0) == 1.1283791e-30F, boost::test_tools::tolerance(2e-7F));
  BOOST_TEST((m(0) == tiny && l(0) == tiny));
  BOOST_TEST(s(0) == tiny, boost::test_tools::tolerance(2e-7F));
}
// The error of erf, over all that is not 1: 1.2e-7 is claimed.
BOOST_AUTO_TEST_CASE(error_of_erf) {
  static constexpr auto model = [](graph& g) { return erf(placeholder(g, "x", {1000})); };
  compiled<model> net;
  std::array<float, 1000> x;
  double worst = 0;
  for (int block = 0; block < 20; ++block) {
    for (int i = 0; i < 1000; ++i) x[static_cast<std::size_t>(i)] = static_cast<float>(block * 1000 + i) * 4.5e-4F - 4.5F;
    auto const found = net.run(x);
    for (int i = 0; i < 1000; ++i)
      worst = std::max(worst, std::abs(static_cast<double>(found(i)) - std::erf(static_cast<double>(x[static_cast<std::size_t>(i)]))));
  }
  BOOST_TEST(worst < 1.4e-7);
}
// Numbers from numpy and scipy.
BOOST_AUTO_TEST_CASE(known_numbers) {
  static constexpr auto model = [](graph& g) {
    tensor x = constant(g, literal{{-1.2, 0.3, 2.5}});
    return std::array<tensor, 8>{erf(x), log1p(x + 2), expm1(x), sin(x), cos(x), pow(x + 2, x), rsqrt(x + 2), round(x)};
  };
  compiled<model> net;
  auto const found = net.run();
  auto check = [](auto const& map, double a, double b, double c) {
    BOOST_TEST(map(0) == a, boost::test_tools::tolerance(1e-14));
    BOOST_TEST(map(1) == b, boost::test_tools::tolerance(1e-14));
    BOOST_TEST(map(2) == c, boost::test_tools::tolerance(1e-14));
  };
  check(std::get<0>(found), -0.9103139782296353, 0.3286267594591274, 0.999593047982555);
  check(std::get<1>(found), 0.5877866649021191, 1.1939224684724343, 1.7047480922384253);
  check(std::get<2>(found), -0.6988057880877979, 0.3498588075760031, 11.182493960703473);
  check(std::get<3>(found), -0.9320390859672263, 0.2955202066613396, 0.5984721441039564);
  check(std::get<4>(found), 0.3623577544766737, 0.9553364891256061, -0.8011436155469338);
  check(std::get<5>(found), 1.3070494407390914, 1.28386201800527, 42.95673695708276);
  check(std::get<6>(found), 1.118033988749895, 0.6593804733957871, 0.47140452079103173);
  check(std::get<7>(found), -1.0, 0.0, 2.0);
}
BOOST_AUTO_TEST_CASE(integers_wrap) {
  static constexpr auto model = [](graph& g) {
    tensor x = placeholder(g, "x", {2}, dtype::i32), y = placeholder(g, "y", {2}, dtype::i64);
    return std::array<tensor, 4>{abs(x), x * 2 - 1, abs(y), y * 2 - 1};
  };
  compiled<model> net;
  constexpr auto least = std::numeric_limits<std::int32_t>::min();
  constexpr auto least64 = std::numeric_limits<std::int64_t>::min();
  auto const [a, b, c, d] = net.run(std::array<std::int32_t, 2>{least, -7}, std::array<std::int64_t, 2>{least64, -7});
  BOOST_TEST((a(0) == least && a(1) == 7 && b(0) == -1 && b(1) == -15));
  BOOST_TEST((c(0) == least64 && c(1) == 7 && d(0) == -1 && d(1) == -15));
}
BOOST_AUTO_TEST_CASE(names) {
  graph g;
  tensor x = placeholder(g, "x", {2});
  BOOST_TEST(tensor(abs(x)).name().view() == "Abs:0");
  BOOST_TEST(tensor(maximum(x, 0)).name().view() == "Maximum:0");
  tensor const clipped = clip(x, 0, 6);
  BOOST_TEST(clipped.name().view() == "clip_by_value:0");
  BOOST_TEST(clipped.op() == "ClipByValue");
  BOOST_TEST(tensor(pow(x, 2, "p")).name().view() == "p:0");
  BOOST_TEST(tables_of(g).tensor_name(clipped.id() - 2).view() == "clip_by_value/clip_value_min:0");
}
BOOST_AUTO_TEST_CASE(refused) {
  auto const of = [](dtype type) { return [type](graph& g) { return placeholder(g, "i", {2, 3}, type); }; };
  auto const i32 = of(dtype::i32), boolean = of(dtype::boolean);
  BOOST_TEST(refusal([&](graph& g, tensor) { return floor(i32(g)); }) == "OP_DTYPE Floor: \"i:0\" int32; a floating dtype");
  BOOST_TEST(refusal([&](graph& g, tensor) { return erf(i32(g)); }).starts_with("OP_DTYPE Erf"));
  BOOST_TEST(refusal([&](graph& g, tensor) { return pow(i32(g), 2); }).starts_with("OP_DTYPE Pow"));
  BOOST_TEST(refusal([&](graph& g, tensor) { return abs(boolean(g)); }) == "OP_DTYPE Abs: \"i:0\" bool; a numeric dtype");
  BOOST_TEST(refusal([&](graph& g, tensor x) { return maximum(x, i32(g)); }).starts_with("OP_DTYPE Maximum"));
  BOOST_TEST(refusal([&](graph& g, tensor) { return maximum(i32(g), 0.5); }).starts_with("OP_DTYPE Maximum"));
  BOOST_TEST(refusal([&](graph& g, tensor) { return clip(i32(g), 0, 0.5); }).starts_with("OP_DTYPE clip_by_value"));
  BOOST_TEST(refusal([](graph& g, tensor x) { return minimum(x, placeholder(g, "y", {2})); }).starts_with("OP_SHAPE Minimum"));
  BOOST_TEST(refusal([](graph& g, tensor x) { return clip(x, placeholder(g, "y", {4, 1, 1}), 1); }).starts_with("OP_SHAPE clip_by_value"));
  BOOST_TEST(refusal([](graph&, tensor x) { return clip(x, 0, 1); }) == "");
}

BOOST_AUTO_TEST_SUITE_END()
