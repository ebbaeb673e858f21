// SPDX-License-Identifier: BSL-1.0
#include "evaluation.hpp"
#include "refusal.hpp"

#include <array>

using namespace ambit;
using evaluation_test::same_as_reference;

namespace {

// Indices are drawn from -9 to 9: most of them name no element.
template <dtype Type, dtype Index>
struct every_gather {
  constexpr auto operator()(graph& g) const {
    tensor x = placeholder(g, "x", {5, 3, 4}, Type);
    tensor row = placeholder(g, "row", {7}, Type);
    tensor none = placeholder(g, "none", {0, 2}, Type);
    tensor i = placeholder(g, "i", {6}, Index);
    tensor matrix = placeholder(g, "matrix", {3, 2}, Index);
    tensor one = placeholder(g, "one", {}, Index);
    tensor no_index = placeholder(g, "no_index", {0}, Index);
    return std::array<tensor, 15>{
        gather(x, i),         gather(x, i, 1),       gather(x, i, 2),
        gather(x, i, -1),     gather(x, i, -3),      gather(x, matrix),
        gather(x, matrix, 1), gather(x, matrix, -1), gather(x, one),
        gather(x, one, 2),    gather(row, one),      gather(row, matrix),
        gather(none, i),      gather(x, no_index),   embedding_lookup(x, matrix),
    };
  }
};

template <dtype Index>
struct every_one_hot {
  constexpr auto operator()(graph& g) const {
    tensor i = placeholder(g, "i", {4, 3}, Index);
    tensor one = placeholder(g, "one", {}, Index);
    tensor none = placeholder(g, "none", {0, 3}, Index);
    return std::array<tensor, 11>{
        one_hot(i, 5),
        one_hot(i, 1),
        one_hot(i, 0),
        one_hot(one, 6),
        one_hot(none, 2),
        one_hot(i, 5, {.on = 2.5, .off = -0.5}),
        one_hot(i, 5, {.axis = 0}),
        one_hot(i, 5, {.axis = 1, .dtype = dtype::f64}),
        one_hot(i, 5, {.axis = -2, .dtype = dtype::i32}),
        one_hot(i, 5, {.on = -7, .off = 9, .dtype = dtype::i64}),
        one_hot(i, 5, {.dtype = dtype::boolean}),
    };
  }
};

// Tables that are parameters, and what depends on parameters alone.
constexpr auto embedding = [](graph& g) {
  tensor ids = placeholder(g, "ids", {4}, dtype::i32);
  tensor table = get_variable(g, "table", {6, 8});
  tensor rows = embedding_lookup(table, ids);
  tensor fixed = gather(table, value(g, {2, 0, 7, -1}), 1);
  return std::array<tensor, 3>{matmul(rows, get_variable(g, "w", {8, 3})), fixed, relu(gather(table, 3))};
};
constexpr auto partitioned = [](graph& g) {
  variable_scope parts{g, "parts", {.partitioner = fixed_size_partitioner(3)}};
  tensor table = get_variable(g, "table", {7, 4});
  return embedding_lookup(table, placeholder(g, "ids", {9}, dtype::i64));
};

}  // namespace

BOOST_AUTO_TEST_SUITE(ops_gather)

BOOST_AUTO_TEST_CASE(gathers) {
  same_as_reference<every_gather<dtype::f32, dtype::i32>{}>({
      {6, 3, 4},
      {5, 6, 4},
      {5, 3, 6},
      {5, 3, 6},
      {6, 3, 4},
      {3, 2, 3, 4},
      {5, 3, 2, 4},
      {5, 3, 3, 2},
      {3, 4},
      {5, 3},
      {},
      {3, 2},
      {6, 2},
      {0, 3, 4},
      {3, 2, 3, 4},
  });
  same_as_reference<every_gather<dtype::f64, dtype::i64>{}>();
  same_as_reference<every_gather<dtype::i32, dtype::i32>{}>();
  same_as_reference<every_gather<dtype::i64, dtype::i64>{}>();
  same_as_reference<every_gather<dtype::boolean, dtype::i32>{}>();
}
BOOST_AUTO_TEST_CASE(one_hots) {
  same_as_reference<every_one_hot<dtype::i32>{}>({{4, 3, 5},
                                                  {4, 3, 1},
                                                  {4, 3, 0},
                                                  {6},
                                                  {0, 3, 2},
                                                  {4, 3, 5},
                                                  {5, 4, 3},
                                                  {4, 5, 3},
                                                  {4, 5, 3},
                                                  {4, 3, 5},
                                                  {4, 3, 5}});
  same_as_reference<every_one_hot<dtype::i64>{}>();
}
BOOST_AUTO_TEST_CASE(embeddings) {
  same_as_reference<embedding>({{4, 3}, {6, 4}, {8}});
  same_as_reference<partitioned>({{9, 4}});
}

// numpy: x[[2, 0]], and zeros for what numpy refuses.
BOOST_AUTO_TEST_CASE(known_numbers) {
  static constexpr auto known = [](graph& g) {
    tensor x = constant(g, literal{{1.F, 2.F, 3.F, 4.F, 5.F, 6.F}, {3, 2}});
    tensor i = placeholder(g, "i", {4}, dtype::i64);
    return std::array<tensor, 3>{gather(x, i), gather(x, i, 1),
                                 one_hot(i, 3, {.on = 5, .off = 1, .dtype = dtype::i32})};
  };
  compiled<known> net;
  auto check = [](auto const& map, std::initializer_list<int> expected) {
    BOOST_TEST_REQUIRE(static_cast<std::size_t>(map.size()) == expected.size());
    Eigen::Index at = 0;
    for (int e : expected) BOOST_TEST(map.data()[at++] == e);
  };
  std::int64_t const far = std::int64_t{1} << 40;  // beyond 32 bits: not taken for 0
  auto const [rows, columns, hot] = net.run(std::array<std::int64_t, 4>{2, -1, far, 0});
  check(rows, {5, 6, 0, 0, 0, 0, 1, 2});
  check(columns, {0, 0, 0, 1, 0, 0, 0, 3, 0, 0, 0, 5});
  check(hot, {1, 1, 5, 1, 1, 1, 1, 1, 1, 5, 1, 1});
}

BOOST_AUTO_TEST_CASE(named) {
  graph g;
  tensor x = placeholder(g, "x", {2, 3});
  tensor i = placeholder(g, "i", {4}, dtype::i32);
  tensor a = gather(x, i), b = gather(x, i, 1, "columns"), c = gather(x, 1), d = gather(x, i, "rows");
  tensor e = embedding_lookup(x, i), f = one_hot(i, 3), h = one_hot(i, 3, "hot");
  BOOST_TEST(a.name().view() == "GatherV2:0");
  BOOST_TEST(a.op() == "GatherV2");
  BOOST_TEST(b.name().view() == "columns:0");
  BOOST_TEST(c.name().view() == "GatherV2_1:0");
  BOOST_TEST(g.find("GatherV2_1/indices").valid());
  BOOST_TEST((g.find("GatherV2_1/indices").dtype() == dtype::i32));
  BOOST_TEST(d.name().view() == "rows:0");
  BOOST_TEST(e.name().view() == "embedding_lookup:0");
  BOOST_TEST(e.op() == "GatherV2");
  BOOST_TEST(f.name().view() == "one_hot:0");
  BOOST_TEST(h.name().view() == "hot:0");
}
BOOST_AUTO_TEST_CASE(unknown_extents) {
  graph g;
  tensor x = placeholder(g, "x", {dyn, 3}), any = placeholder(g, "any");
  tensor i = placeholder(g, "i", {dyn, 2}, dtype::i32);
  BOOST_TEST((tensor(gather(x, i)).shape() == shape{dyn, 2, 3}));
  BOOST_TEST((tensor(gather(x, i, -1)).shape() == shape{dyn, dyn, 2}));
  BOOST_TEST((tensor(gather(any, i)).shape() == unknown_shape));
  BOOST_TEST((tensor(one_hot(i, 4)).shape() == shape{dyn, 2, 4}));
}
BOOST_AUTO_TEST_CASE(refusals) {
  auto index = [](graph& g) { return placeholder(g, "i", {4}, dtype::i32); };
  BOOST_TEST(refusal([&](graph& g, tensor x) { return gather(x, index(g), 2); }) ==
             "OP_ATTRIBUTE GatherV2: axis 2 of a tensor of rank 2; an axis from -rank to rank - 1");
  BOOST_TEST(refusal([&](graph&, tensor x) { return gather(x, x); }) ==
             R"(OP_DTYPE GatherV2: "x:0" float32, "x:0" float32; indices of int32 or int64)");
  BOOST_TEST(refusal([&](graph& g, tensor) { return gather(placeholder(g, "s", {}), index(g)); }) ==
             R"(OP_SHAPE GatherV2: "s:0" (), "i:0" (4,); parameters of at least one axis)");
  BOOST_TEST(
      refusal([&](graph& g, tensor) {
        tensor deep = placeholder(g, "deep", {1, 1, 1, 1, 1, 1, 1, 1}), at = placeholder(g, "at", {1, 1}, dtype::i32);
        return gather(deep, at);
      }) ==
      R"(OP_SHAPE GatherV2: "deep:0" (1, 1, 1, 1, 1, 1, 1, 1), "at:0" (1, 1); shapes whose result has at most 8 axes)");
  BOOST_TEST(refusal([&](graph& g, tensor) { return one_hot(index(g), -2, "hot"); }) ==
             "OP_ATTRIBUTE hot: depth -2; a depth of at least 0");
  BOOST_TEST(refusal([&](graph& g, tensor) { return one_hot(index(g), 2, {.axis = 2}); }) ==
             "OP_ATTRIBUTE one_hot: axis 2 of a tensor of rank 2; an axis from -rank to rank - 1");
  BOOST_TEST(refusal([&](graph& g, tensor) { return one_hot(index(g), 2, {.on = 0.5, .dtype = dtype::i32}); }) ==
             "OP_ATTRIBUTE one_hot: values with a fraction; whole numbers for an integer dtype");
  BOOST_TEST(refusal([&](graph& g, tensor) { return one_hot(index(g), 2, {.dtype = dtype::f16}); }) ==
             "OP_ATTRIBUTE one_hot: float16; a dtype that evaluation has code for");
  BOOST_TEST(refusal([&](graph&, tensor x) { return one_hot(x, 2); }) ==
             R"(OP_DTYPE one_hot: "x:0" float32; indices of int32 or int64)");
}

BOOST_AUTO_TEST_SUITE_END()
