// SPDX-License-Identifier: BSL-1.0
#include "reductions.hpp"

using namespace reductions;
using evaluation_test::same_as_reference;

namespace {

constexpr auto shapes_of_results = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 3, 4});
  return std::array<tensor, 8>{
      reduce_sum(x),         reduce_sum(x, {}, keepdims::yes),
      reduce_mean(x, 1),     reduce_mean(x, {0, 2}, keepdims::yes),
      reduce_max(x, {2, 0}), reduce_max(x, -1),
      reduce_sum(x, {1}),    reduce_sum(reduce_sum(x, 0), 0),
  };
};

constexpr auto scalars = [](graph& g) {
  tensor x = placeholder(g, "x", {});
  return std::array<tensor, 9>{reduce_sum(x), reduce_mean(x), reduce_max(x), l2_loss(x),         reduce_min(x),
                               reduce_prod(x), reduce_l1(x),  reduce_l2(x),  reduce_logsumexp(x)};
};
constexpr auto losses = [](graph& g) {
  tensor x = placeholder(g, "x", {3, 4});
  tensor y = placeholder(g, "y", {5, 3, 7}, dtype::f64);
  tensor none = placeholder(g, "none", {0, 2});
  return std::array<tensor, 4>{l2_loss(x), l2_loss(y), l2_loss(none), l2_loss(x - 1) + l2_loss(x)};
};

constexpr auto fused = [](graph& g) {
  tensor x = placeholder(g, "x", {4, 6});
  tensor centred = x - reduce_mean(x, 1, keepdims::yes);
  tensor variance = reduce_mean(square(centred), -1, keepdims::yes);
  return centred / sqrt(variance + 1e-3f);
};

}  // namespace

BOOST_AUTO_TEST_SUITE(ops_reduce)

BOOST_AUTO_TEST_CASE(sums) {
  same_as_reference<every_choice<kind::sum, dtype::f32>{{2, 3, 4}, 3}>();
  same_as_reference<every_choice<kind::sum, dtype::f64>{{2, 3, 1, 5}, 4}>();
  same_as_reference<every_choice<kind::sum, dtype::i32>{{5, 3}, 2}>();
  same_as_reference<every_choice<kind::sum, dtype::i64>{{1, 9}, 2}>();
}
BOOST_AUTO_TEST_CASE(means) {
  same_as_reference<every_choice<kind::mean, dtype::f32>{{3, 1, 4, 2}, 4}>();
  same_as_reference<every_choice<kind::mean, dtype::f64>{{2, 3, 4}, 3}>();
}
BOOST_AUTO_TEST_CASE(maxima) {
  same_as_reference<every_choice<kind::max, dtype::f32>{{3, 2, 4, 2}, 4}>();
  same_as_reference<every_choice<kind::max, dtype::f64>{{100}, 1}>();
  same_as_reference<every_choice<kind::max, dtype::i32>{{2, 3, 4}, 3}>();
}
BOOST_AUTO_TEST_CASE(every_kind_of_tail) {
  same_as_reference<every_length<kind::sum, dtype::f32>{}>({}, 1, 4);
  same_as_reference<every_length<kind::sum, dtype::i64>{}>();
  same_as_reference<every_length<kind::max, dtype::f64>{}>();
}
BOOST_AUTO_TEST_CASE(extents_of_zero) {
  same_as_reference<every_choice<kind::sum, dtype::f32>{{2, 0, 3}, 3}>();
  same_as_reference<every_choice<kind::mean, dtype::f32>{{0, 3}, 2}>();
  same_as_reference<every_choice<kind::max, dtype::f32>{{3, 0}, 2}>();
}
BOOST_AUTO_TEST_CASE(shapes) {
  same_as_reference<shapes_of_results>({{}, {1, 1, 1}, {2, 4}, {1, 3, 1}, {3}, {2, 3}, {2, 4}, {4}});
  same_as_reference<scalars>(std::vector<shape>(9));
  same_as_reference<losses>({{}, {}, {}, {}});
}
BOOST_AUTO_TEST_CASE(among_elementwise_ops) { same_as_reference<fused>({{4, 6}}, 1, 4); }

BOOST_AUTO_TEST_SUITE_END()
