// SPDX-License-Identifier: BSL-1.0
#include "evaluation.hpp"

#include <array>

using namespace ambit;
using evaluation_test::same_as_reference;

namespace {

enum class kind { sum, mean, max };

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
    if (Kind == kind::sum) return reduce_sum(x, over, keep);
    if constexpr (is_floating(Type))
      if (Kind == kind::mean) return reduce_mean(x, over, keep);
    return reduce_max(x, over, keep);
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
  return std::array<tensor, 4>{reduce_sum(x), reduce_mean(x), reduce_max(x), l2_loss(x)};
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
BOOST_AUTO_TEST_CASE(extents_of_zero) {
  same_as_reference<every_choice<kind::sum, dtype::f32>{{2, 0, 3}, 3}>();
  same_as_reference<every_choice<kind::mean, dtype::f32>{{0, 3}, 2}>();
  same_as_reference<every_choice<kind::max, dtype::f32>{{3, 0}, 2}>();
}
BOOST_AUTO_TEST_CASE(shapes) {
  same_as_reference<shapes_of_results>({{}, {1, 1, 1}, {2, 4}, {1, 3, 1}, {3}, {2, 3}, {2, 4}, {4}});
  same_as_reference<scalars>({{}, {}, {}, {}});
  same_as_reference<losses>({{}, {}, {}, {}});
}
BOOST_AUTO_TEST_CASE(among_elementwise_ops) { same_as_reference<fused>({{4, 6}}, 1, 4); }

BOOST_AUTO_TEST_SUITE_END()
