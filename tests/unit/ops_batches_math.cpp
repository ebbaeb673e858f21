// SPDX-License-Identifier: BSL-1.0
// Functions, comparisons, reductions and scans on batches of any size: the same as on a batch whose size is known.
#include <ambit/ambit.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <span>
#include <tuple>
#include <vector>

using namespace ambit;

namespace {

template <int Batch>
struct model {
  constexpr auto operator()(graph& g) const {
    tensor x = placeholder(g, "x", {Batch, 3, 4});
    tensor row = constant(g, {0.5F, -1.F, 1.F, 0.F});
    tensor condition = x < row;
    return std::array<tensor, 16>{
        gelu(x) + prelu(x, row) * mish(x),
        maximum(clip(x, -1, 1), row),
        where(condition, x, 0),
        where(logical_not(condition), cast(x * 8, dtype::i32), -1),
        cast(x, dtype::f64),
        reduce_min(x, 1),
        reduce_prod(x, {1, 2}),
        reduce_l1(x, -1),
        reduce_l2(x, {-2, -1}, keepdims::yes),
        reduce_logsumexp(x, 1),
        reduce_logsumexp(x, {1, 2}),
        reduce_any(condition, 2),
        reduce_all(condition, {1}, keepdims::yes),
        argmax(x, 1),
        argmin(x, -1),
        cumsum(log_softmax(x), 1, {.reverse = true}),
    };
  }
};

template <int Batch>
void same_as_known(compiled<model<dyn>{}>& any) {
  compiled<model<Batch>{}> known;
  std::array<float, std::size_t{Batch} * 12> x;
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i * 37 % 64) / 16.F - 2.F;
  auto const expected = known.run(x);
  auto const found = any.run(std::span<float const>(x));
  int output = 0;
  auto compare = [&](auto const& e, auto const& f) {
    BOOST_TEST_CONTEXT("output " << output << ", batch " << Batch) {
      BOOST_TEST_REQUIRE(e.size() == f.size());
      for (Eigen::Index i = 0; i < e.size(); ++i) BOOST_TEST(e.data()[i] == f.data()[i]);
    }
    ++output;
  };
  [&]<std::size_t... I>(std::index_sequence<I...>) { (compare(std::get<I>(expected), std::get<I>(found)), ...); }
  (std::make_index_sequence<16>{});
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ops_batches_math)

BOOST_AUTO_TEST_CASE(same_for_every_batch) {
  compiled<model<dyn>{}> any;
  same_as_known<3>(any);
  same_as_known<1>(any);
  same_as_known<40>(any);
  BOOST_TEST(std::get<0>(any.run(std::span<float const>())).size() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
