// SPDX-License-Identifier: BSL-1.0
// Ops that choose, arrange and normalize, on batches of any size: the same as on a batch whose size is known.
#include <ambit/ambit.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <random>
#include <span>
#include <tuple>
#include <vector>

using namespace ambit;

namespace {

template <int Batch>
struct arranged {
  constexpr auto operator()(graph& g) const {
    tensor x = placeholder(g, "x", {Batch, 3, 4});
    tensor ids = placeholder(g, "ids", {Batch, 2}, dtype::i32);
    tensor table = get_variable(g, "table", {5, 3});
    auto const [left, right] = split<2>(x, 2);
    return std::array<tensor, 17>{
        slice(x, {0, 1, 0}, {dyn, 2, 3}),
        slice(x, {0, -1, 1}, {dyn, dyn, 2}, {1, -2, 2}),
        reverse(x, {1, -1}),
        left * right,
        unstack(x, 1)[2],
        flatten(x),
        squeeze(slice(x, {0, 1, 0}, {dyn, 1, dyn}), 1),
        expand_dims(x, -1),
        stack({x, x}, -1),
        tile(x, {1, 2, 3}),
        pad(x, {{0, 0}, {1, 0}, {2, 1}}),
        pad(x, {{0, 0}, {1, 0}, {0, 0}}, -1.F),
        pad(x, {{0, 0}, {1, 2}, {0, 3}}, mirror::reflect),
        gather(x, constant(g, {2, 7, 0}), 1),
        gather(x, constant(g, {4, 0, -1})),  // rows of the batch
        embedding_lookup(table, ids),
        one_hot(ids, 4),
    };
  }
};

template <int Batch>
struct normalized {
  constexpr auto operator()(graph& g) const {
    tensor x = placeholder(g, "x", {Batch, 3, 4});
    tensor ids = placeholder(g, "ids", {Batch, 2}, dtype::i32);
    tensor gamma = get_variable(g, "gamma", {4}), beta = get_variable(g, "beta", {4});
    tensor mean = get_variable(g, "mean", {4}), variance = get_variable(g, "variance", {4});
    return std::array<tensor, 7>{
        layer_norm(x, {.gamma = gamma, .beta = beta}),
        layer_norm(x, {.over = {1, 2}}),
        group_norm(x, 2, {.gamma = gamma}),
        instance_norm(x, {.beta = beta}),
        batch_norm(x, mean, square(variance), beta, gamma),
        dropout(stop_gradient(x), 0.5),
        gather(stop_gradient(gamma), ids),
    };
  }
};

template <class Model>
void set_weights(Model& net) {
  std::mt19937 random(5);
  for (int i = 0; i < static_cast<int>(net.table().size()); ++i) {
    std::vector<float> values(static_cast<std::size_t>(net.table()[static_cast<std::size_t>(i)].shape.elements()));
    for (float& v : values) v = static_cast<float>(random() % 64) / 16.F - 1.F;
    net.write(i, values.data());
  }
}

template <template <int> class Model, int Batch>
void same_as_known(compiled<Model<dyn>{}>& any) {
  compiled<Model<Batch>{}> known;
  set_weights(known);
  std::mt19937 random(Batch);
  std::array<float, std::size_t{Batch} * 12> x;
  std::array<std::int32_t, std::size_t{Batch} * 2> ids;
  for (float& v : x) v = static_cast<float>(random() % 256) / 64.F - 2.F;
  for (std::int32_t& i : ids) i = static_cast<std::int32_t>(random() % 8) - 1;
  auto const expected = known.run(x, ids);
  auto const found = any.run(std::span<float const>(x), std::span<std::int32_t const>(ids));
  int output = 0;
  auto compare = [&](auto const& e, auto const& f) {
    BOOST_TEST_CONTEXT("output " << output << ", batch " << Batch) {
      BOOST_TEST_REQUIRE(e.size() == f.size());
      for (Eigen::Index i = 0; i < e.size(); ++i) BOOST_TEST(e.data()[i] == f.data()[i]);
    }
    ++output;
  };
  [&]<std::size_t... I>(std::index_sequence<I...>) { (compare(std::get<I>(expected), std::get<I>(found)), ...); }
  (std::make_index_sequence<std::tuple_size_v<std::remove_cvref_t<decltype(expected)>>>{});
}

template <template <int> class Model>
void same_for_every_batch() {
  compiled<Model<dyn>{}> any;
  set_weights(any);
  same_as_known<Model, 3>(any);
  same_as_known<Model, 1>(any);
  same_as_known<Model, 8>(any);
  auto const none = any.run(std::span<float const>(), std::span<std::int32_t const>());
  BOOST_TEST(std::get<0>(none).size() == 0);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ops_batches)

BOOST_AUTO_TEST_CASE(arrangement) { same_for_every_batch<arranged>(); }
BOOST_AUTO_TEST_CASE(normalization) { same_for_every_batch<normalized>(); }

BOOST_AUTO_TEST_SUITE_END()
