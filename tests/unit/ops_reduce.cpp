// SPDX-License-Identifier: BSL-1.0
#include "evaluation.hpp"
#include "refusal.hpp"

#include <array>
#include <limits>

using namespace ambit;
using evaluation_test::same_as_reference;

namespace {

enum class kind { sum, mean, max, min, prod, l1, l2, logsumexp, any, all };

/// Every choice of the axes of a tensor, with and without keepdims; a bit an axis. No axes at all means all of them.
template <kind Kind, dtype Type>
struct every_choice {
  int extents[4];
  int rank;

  constexpr auto operator()(graph& g) const {
    shape s;
    for (int k = 0; k < rank; ++k) s.push_back(extents[k]);
    tensor x = placeholder(g, "x", s, Type);
    std::array<tensor, 32> out;
    std::size_t at = 0;
    for (int bits = 0; bits < 1 << rank; ++bits)
      for (keepdims keep : {keepdims::no, keepdims::yes}) {
        axes over;
        for (int k = 0; k < rank; ++k)
          if ((bits >> k & 1) != 0) over.push_back(bits % 3 == 0 ? k - rank : k);
        out[at++] = reduced(x, over, keep);
      }
    for (; at < out.size(); ++at) out[at] = out[0];
    return out;
  }
  static constexpr tensor reduced(tensor x, axes const& over, keepdims keep) {
    switch (Kind) {
    case kind::sum: return reduce_sum(x, over, keep);
    case kind::mean: return reduce_mean(x, over, keep);
    case kind::max: return reduce_max(x, over, keep);
    case kind::min: return reduce_min(x, over, keep);
    case kind::prod: return reduce_prod(x, over, keep);
    case kind::l1: return reduce_l1(x, over, keep);
    case kind::l2: return reduce_l2(x, over, keep);
    case kind::logsumexp: return reduce_logsumexp(x, over, keep);
    case kind::any: return reduce_any(x, over, keep);
    default: return reduce_all(x, over, keep);
    }
  }
};

/// Every kind of tail, along rows, down columns, and in between.
template <kind Kind, dtype Type>
struct every_length {
  static constexpr int lengths[] = {1, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 64, 65, 100};
  constexpr auto operator()(graph& g) const {
    std::array<tensor, 3 * std::size(lengths)> out;
    std::size_t at = 0;
    for (int n : lengths) {
      // Factors near 1, or products of 100 would leave nothing to compare.
      name const of{Kind == kind::prod ? "positive_" : "x_", n};
      tensor x = placeholder(g, of, {3, n, 2}, Type);
      if (Kind == kind::prod) x = is_floating(Type) ? tensor(pow(x, 0.0625)) : tensor(x);
      out[at++] = every_choice<Kind, Type>::reduced(reshape(x, {6, n}), -1, keepdims::no);
      out[at++] = every_choice<Kind, Type>::reduced(reshape(x, {6, n}), 0, keepdims::yes);
      out[at++] = every_choice<Kind, Type>::reduced(x, 1, keepdims::no);
    }
    return out;
  }
};

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
/// Several results of one kind side by side in the arena, and reductions of parameters alone.
constexpr auto scratch_and_folds = [](graph& g) {
  tensor x = placeholder(g, "x", {7, 20});
  tensor w = get_variable(g, "w", {20});
  tensor a = reduce_logsumexp(x, 0), b = reduce_logsumexp(x * 2, 0), c = reduce_logsumexp(w);
  return a + b * reduce_l2(w) + c + reduce_logsumexp(a - b) + reduce_min(w * 3);
};
constexpr float infinite = std::numeric_limits<float>::infinity();

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
  same_as_reference<every_length<kind::sum, dtype::f32>{}>({}, 1, 4);
  same_as_reference<every_length<kind::sum, dtype::i64>{}>();
  same_as_reference<every_length<kind::max, dtype::f64>{}>();
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
