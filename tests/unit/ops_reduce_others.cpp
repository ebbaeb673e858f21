// SPDX-License-Identifier: BSL-1.0
// Minima, products, norms, logarithms of sums, and booleans.
#include "reductions.hpp"
#include "refusal.hpp"

#include <limits>

using namespace reductions;
using evaluation_test::same_as_reference;

namespace {

/// Several results of one kind side by side in the arena, and reductions of parameters alone.
constexpr auto scratch_and_folds = [](graph& g) {
  tensor x = placeholder(g, "x", {7, 20});
  tensor w = get_variable(g, "w", {20});
  tensor a = reduce_logsumexp(x, 0), b = reduce_logsumexp(x * 2, 0), c = reduce_logsumexp(w);
  return a + b * reduce_l2(w) + c + reduce_logsumexp(a - b) + reduce_min(w * 3);
};
constexpr float infinite = std::numeric_limits<float>::infinity();

}  // namespace

BOOST_AUTO_TEST_SUITE(ops_reduce_others)

BOOST_AUTO_TEST_CASE(minima) {
  same_as_reference<every_choice<kind::min, dtype::f32>{{3, 2, 4, 2}, 4}>();
  same_as_reference<every_choice<kind::min, dtype::f64>{{100}, 1}>();
  same_as_reference<every_choice<kind::min, dtype::i32>{{2, 3, 4}, 3}>();
  same_as_reference<every_choice<kind::min, dtype::i64>{{9, 1, 2}, 3}>();
}
BOOST_AUTO_TEST_CASE(products) {
  same_as_reference<every_choice<kind::prod, dtype::f32>{{2, 3, 4}, 3}>();
  same_as_reference<every_choice<kind::prod, dtype::f64>{{3, 1, 2, 2}, 4}>();
  same_as_reference<every_choice<kind::prod, dtype::i32>{{2, 3}, 2}>();
  same_as_reference<every_choice<kind::prod, dtype::i64>{{2, 4}, 2}>();
}
BOOST_AUTO_TEST_CASE(norms) {
  same_as_reference<every_choice<kind::l1, dtype::f32>{{3, 2, 4, 2}, 4}>();
  same_as_reference<every_choice<kind::l1, dtype::i32>{{2, 3, 4}, 3}>();
  same_as_reference<every_choice<kind::l1, dtype::i64>{{5, 4}, 2}>();
  same_as_reference<every_choice<kind::l2, dtype::f32>{{3, 2, 4, 2}, 4}>();
  same_as_reference<every_choice<kind::l2, dtype::f64>{{3, 1, 7}, 3}>();
}
BOOST_AUTO_TEST_CASE(logarithms_of_sums) {
  same_as_reference<every_choice<kind::logsumexp, dtype::f32>{{3, 2, 4, 2}, 4}>();
  same_as_reference<every_choice<kind::logsumexp, dtype::f64>{{3, 1, 7}, 3}>();
  same_as_reference<scratch_and_folds>({{20}}, 1, 4);
}
BOOST_AUTO_TEST_CASE(booleans) {
  same_as_reference<every_choice<kind::any, dtype::boolean>{{3, 2, 1, 2}, 4}>();
  same_as_reference<every_choice<kind::any, dtype::boolean>{{2, 40}, 2}>();
  same_as_reference<every_choice<kind::all, dtype::boolean>{{3, 2, 1, 2}, 4}>();
  same_as_reference<every_choice<kind::all, dtype::boolean>{{40, 2}, 2}>();
}
BOOST_AUTO_TEST_CASE(every_kind_of_tail) {
  same_as_reference<every_length<kind::min, dtype::i32>{}>();
  same_as_reference<every_length<kind::prod, dtype::f32>{}>({}, 1, 32);
  same_as_reference<every_length<kind::l2, dtype::f64>{}>({}, 1, 4);
  same_as_reference<every_length<kind::logsumexp, dtype::f32>{}>();
  same_as_reference<every_length<kind::any, dtype::boolean>{}>();
  same_as_reference<every_length<kind::all, dtype::boolean>{}>();
}
BOOST_AUTO_TEST_CASE(extents_of_zero) {
  same_as_reference<every_choice<kind::min, dtype::f32>{{2, 0, 3}, 3}>();
  same_as_reference<every_choice<kind::prod, dtype::f32>{{0, 3}, 2}>();
  same_as_reference<every_choice<kind::logsumexp, dtype::f32>{{3, 0}, 2}>();
  same_as_reference<every_choice<kind::l2, dtype::f64>{{2, 0, 3}, 3}>();
  same_as_reference<every_choice<kind::any, dtype::boolean>{{3, 0}, 2}>();
  same_as_reference<every_choice<kind::all, dtype::boolean>{{0, 3}, 2}>();
}
// Numbers from numpy and scipy.
BOOST_AUTO_TEST_CASE(known_numbers) {
  static constexpr auto model = [](graph& g) {
    tensor x = constant(g, literal{{1.0, -2.0, 3.0, 0.5, 0.25, -1.0}, {2, 3}});
    tensor b = constant(g, literal{{true, false, false, true, true, true}, {2, 3}});
    return std::array<tensor, 8>{reduce_min(x, 0),  reduce_prod(x, 1),         reduce_l1(x, 0),  reduce_l2(x, 1),
                                 reduce_logsumexp(x, 1), reduce_logsumexp(x), reduce_any(b, 0), reduce_all(b, 1)};
  };
  compiled<model> net;
  auto const found = net.run();
  auto check = [](auto const& map, std::initializer_list<double> expected) {
    std::size_t i = 0;
    for (double e : expected) BOOST_TEST(std::abs(static_cast<double>(map.data()[i++]) - e) < 1e-14);
  };
  check(std::get<0>(found), {0.5, -2, -1});
  check(std::get<1>(found), {-6, -0.125});
  check(std::get<2>(found), {1.5, 2.25, 4});
  check(std::get<3>(found), {3.7416573867739413, 1.14564392373896});
  check(std::get<4>(found), {3.1328452337275756, 1.1941121864019142});
  check(std::get<5>(found), {3.267276586123211});
  check(std::get<6>(found), {1, 1, 1});
  check(std::get<7>(found), {0, 1});
}
BOOST_AUTO_TEST_CASE(special_values) {
  static constexpr auto model = [](graph& g) {
    tensor x = placeholder(g, "x", {6, 3});
    return std::array<tensor, 3>{reduce_logsumexp(x, 1), reduce_min(x, 1), reduce_logsumexp(transpose(x), 0)};
  };
  compiled<model> net;
  float const huge = 1e30F, none = std::numeric_limits<float>::quiet_NaN();
  auto const [rows, least, columns] = net.run(std::array<float, 18>{
      -infinite, -infinite, -infinite, infinite, 0, -infinite, 1000, 1000, 1000, -1000, -1000, -1000, huge, -huge, 0, -infinite, 7, -infinite});
  float const log3 = 1.0986123F;
  float const expected[] = {-infinite, infinite, 1000 + log3, -1000 + log3, huge, 7};
  for (int i = 0; i < 6; ++i) {
    BOOST_TEST(rows(i) == expected[i]);
    BOOST_TEST(columns(i) == expected[i]);
  }
  BOOST_TEST((least(0) == -infinite && least(1) == -infinite && least(4) == -huge));
  auto const [a, b, c] = net.run(std::array<float, 18>{none, 1, 2, 3, none, 4});
  BOOST_TEST((std::isnan(a(0)) && std::isnan(a(1)) && std::isnan(c(0)) && std::isnan(c(1))));
}
BOOST_AUTO_TEST_CASE(integers_wrap) {
  static constexpr auto model = [](graph& g) {
    tensor x = placeholder(g, "x", {5}, dtype::i32), y = placeholder(g, "y", {5}, dtype::i64);
    return std::array<tensor, 4>{reduce_prod(x), reduce_sum(x), reduce_prod(y), reduce_sum(y)};
  };
  compiled<model> net;
  auto const [a, b, c, d] = net.run(std::array<std::int32_t, 5>{65537, 65537, 1, 3, 2147483647},
                                    std::array<std::int64_t, 5>{4294967297, 4294967297, 1, 3, 9223372036854775807});
  BOOST_TEST(a(0) == static_cast<std::int32_t>(65537U * 65537U * 3U * 2147483647U));
  BOOST_TEST(b(0) == static_cast<std::int32_t>(65537U * 2 + 4 + 2147483647U));
  BOOST_TEST(c(0) == static_cast<std::int64_t>(4294967297U * 4294967297U * 3U * 9223372036854775807U));
  BOOST_TEST(d(0) == static_cast<std::int64_t>(4294967297U * 2 + 4 + 9223372036854775807U));
}
BOOST_AUTO_TEST_CASE(refused) {
  auto const of = [](graph& g, dtype type) { return placeholder(g, "i", {2, 3}, type); };
  BOOST_TEST(refusal([&](graph& g, tensor) { return reduce_min(of(g, dtype::boolean)); }) ==
             "OP_DTYPE Min: \"i:0\" bool; a numeric dtype");
  BOOST_TEST(refusal([&](graph& g, tensor) { return reduce_l2(of(g, dtype::i32)); }) ==
             "OP_DTYPE ReduceL2: \"i:0\" int32; a floating dtype");
  BOOST_TEST(refusal([&](graph& g, tensor) { return reduce_logsumexp(of(g, dtype::i32)); }).starts_with("OP_DTYPE ReduceLogSumExp"));
  BOOST_TEST(refusal([&](graph&, tensor x) { return reduce_any(x); }) == "OP_DTYPE Any: \"x:0\" float32; booleans");
  BOOST_TEST(refusal([&](graph&, tensor x) { return reduce_all(x); }).starts_with("OP_DTYPE All"));
  BOOST_TEST(refusal([&](graph&, tensor x) { return reduce_prod(x, 2); }) ==
             "OP_ATTRIBUTE Prod: axis 2 of a tensor of rank 2; an axis from -rank to rank - 1");
  BOOST_TEST(refusal([&](graph&, tensor x) { return reduce_l1(x, {1, -1}); }).starts_with("OP_ATTRIBUTE ReduceL1"));
  BOOST_TEST(refusal([&](graph&, tensor x) { return reduce_l1(x, {1, 0}, keepdims::yes, "norm"); }) == "");
}

BOOST_AUTO_TEST_SUITE_END()
