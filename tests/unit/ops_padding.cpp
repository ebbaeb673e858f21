// SPDX-License-Identifier: BSL-1.0
// More elements than there were: padding, tiles, stacks.
#include "evaluation.hpp"
#include "refusal.hpp"

#include <array>

using namespace ambit;
using evaluation_test::same_as_reference;

namespace {

template <dtype Type>
struct every_pad {
  constexpr auto operator()(graph& g) const {
    tensor v = placeholder(g, "v", {4}, Type);
    tensor c = placeholder(g, "c", {2, 3, 4}, Type);
    tensor d = placeholder(g, "d", {2, 1, 3, 2}, Type);
    tensor none = placeholder(g, "none", {0, 3}, Type);
    tensor s = placeholder(g, "s", {}, Type);
    return std::array<tensor, 20>{
        pad(v, {{0, 0}}),
        pad(v, {{2, 3}}),
        pad(c, {{1, 0}, {0, 0}, {0, 0}}),
        pad(c, {{0, 0}, {1, 2}, {0, 0}}),
        pad(c, {{0, 0}, {0, 0}, {2, 1}}),
        pad(c, {{1, 2}, {3, 0}, {0, 1}}),
        pad(d, {{0, 1}, {2, 2}, {1, 1}, {0, 0}}),
        pad(none, {{1, 1}, {0, 2}}),
        pad(s, {}),
        pad(pad(v, {{1, 1}}), {{2, 0}}),
        pad(v, {{3, 0}}, mirror::reflect),
        pad(v, {{4, 4}}, mirror::symmetric),
        pad(c, {{1, 1}, {2, 2}, {3, 3}}, mirror::reflect),
        pad(c, {{2, 2}, {3, 3}, {4, 4}}, mirror::symmetric),
        pad(c, {{0, 0}, {1, 0}, {0, 0}}, mirror::reflect),
        pad(d, {{1, 0}, {0, 0}, {0, 2}, {1, 1}}, mirror::reflect),
        pad(d, {{0, 2}, {1, 1}, {0, 0}, {2, 0}}, mirror::symmetric),
        pad(none, {{0, 0}, {1, 1}}, mirror::reflect),
        pad(none, {{0, 0}, {1, 1}}, mirror::symmetric),
        pad(s, {}, mirror::reflect),
    };
  }
};

constexpr auto values = [](graph& g) {
  tensor f = placeholder(g, "f", {2, 2});
  tensor d = placeholder(g, "d", {2, 2}, dtype::f64);
  tensor i = placeholder(g, "i", {2, 2}, dtype::i32);
  tensor b = placeholder(g, "b", {2, 2}, dtype::boolean);
  tensor none = placeholder(g, "none", {2, 0});
  return std::array<tensor, 6>{
      pad(f, {{1, 1}, {0, 2}}, -1.5F), pad(d, {{1, 1}, {0, 2}}, 1e300), pad(i, {{1, 1}, {0, 2}}, -7),
      pad(b, {{1, 1}, {0, 2}}, true),  pad(f, {{0, 1}, {0, 0}}, 0),     pad(none, {{0, 0}, {1, 2}}, 3),
  };
};

template <dtype Type>
struct every_repetition {
  constexpr auto operator()(graph& g) const {
    tensor v = placeholder(g, "v", {3}, Type);
    tensor w = placeholder(g, "w", {3}, Type);
    tensor c = placeholder(g, "c", {2, 1, 3}, Type);
    tensor b = placeholder(g, "b", {2, 1, 3}, Type);
    tensor none = placeholder(g, "none", {0, 2}, Type);
    tensor s = placeholder(g, "s", {}, Type);
    tensor r = placeholder(g, "r", {}, Type);
    return std::array<tensor, 18>{
        tile(v, 1),         tile(v, 3),         tile(v, 0),         tile(s, {}),        tile(c, {1, 1, 1}),
        tile(c, {2, 1, 1}), tile(c, {1, 4, 1}), tile(c, {1, 1, 2}), tile(c, {2, 3, 2}), tile(none, {2, 3}),
        stack({v, w, v}),   stack({v, w}, 1),   stack({c, b}, 0),   stack({c, b}, 2),   stack({c, b, c}, -1),
        stack({c, b}, -3),  stack({s, r, s}),   stack({none}, 1),
    };
  }
};

// The operands of a stack may be many, and computed.
constexpr auto steps = [](graph& g) {
  tensor x = placeholder(g, "x", {4});
  list<tensor> all;
  for (int i = 0; i < 20; ++i) all.push_back(x * i);
  return stack(all, 1);
};

}  // namespace

BOOST_AUTO_TEST_SUITE(ops_padding)

BOOST_AUTO_TEST_CASE(pads) {
  same_as_reference<every_pad<dtype::f32>{}>({
      {4}, {9},  {3, 3, 4},  {2, 6, 4},  {2, 3, 7}, {5, 6, 5},    {3, 5, 5, 2}, {2, 5}, {},     {8},
      {7}, {12}, {4, 7, 10}, {6, 9, 12}, {2, 4, 4}, {3, 1, 5, 4}, {4, 3, 3, 4}, {0, 5}, {0, 5}, {},
  });
  same_as_reference<every_pad<dtype::f64>{}>();
  same_as_reference<every_pad<dtype::i32>{}>();
  same_as_reference<every_pad<dtype::i64>{}>();
  same_as_reference<every_pad<dtype::boolean>{}>();
}
BOOST_AUTO_TEST_CASE(other_values) { same_as_reference<values>({{4, 4}, {4, 4}, {4, 4}, {4, 4}, {3, 2}, {2, 3}}); }
BOOST_AUTO_TEST_CASE(repetitions) {
  same_as_reference<every_repetition<dtype::f32>{}>({{3},
                                                     {9},
                                                     {0},
                                                     {},
                                                     {2, 1, 3},
                                                     {4, 1, 3},
                                                     {2, 4, 3},
                                                     {2, 1, 6},
                                                     {4, 3, 6},
                                                     {0, 6},
                                                     {3, 3},
                                                     {3, 2},
                                                     {2, 2, 1, 3},
                                                     {2, 1, 2, 3},
                                                     {2, 1, 3, 3},
                                                     {2, 2, 1, 3},
                                                     {3},
                                                     {0, 1, 2}});
  same_as_reference<every_repetition<dtype::f64>{}>();
  same_as_reference<every_repetition<dtype::i32>{}>();
  same_as_reference<every_repetition<dtype::boolean>{}>();
  same_as_reference<steps>({{4, 20}});
}

// numpy.pad with constant_values, mode='reflect', mode='symmetric'; numpy.tile(x, [2, 2]); numpy.stack([x, -x], 1)
BOOST_AUTO_TEST_CASE(known_numbers) {
  static constexpr auto known = [](graph& g) {
    tensor x = constant(g, literal{{1, 2, 3, 4, 5, 6}, {2, 3}});
    return std::array<tensor, 5>{pad(x, {{1, 0}, {0, 2}}, 9), pad(x, {{1, 1}, {2, 2}}, mirror::reflect),
                                 pad(x, {{1, 2}, {2, 1}}, mirror::symmetric), tile(x, {2, 2}),
                                 stack({x, tensor(-x)}, 1)};
  };
  compiled<known> net;
  auto check = [](auto const& map, std::initializer_list<int> expected) {
    BOOST_TEST_REQUIRE(static_cast<std::size_t>(map.size()) == expected.size());
    Eigen::Index at = 0;
    for (int e : expected) BOOST_TEST(map.data()[at++] == e);
  };
  auto const [a, b, c, d, e] = net.run();
  check(a, {9, 9, 9, 9, 9, 1, 2, 3, 9, 9, 4, 5, 6, 9, 9});
  check(b, {6, 5, 4, 5, 6, 5, 4, 3, 2, 1, 2, 3, 2, 1, 6, 5, 4, 5, 6, 5, 4, 3, 2, 1, 2, 3, 2, 1});
  check(c, {2, 1, 1, 2, 3, 3, 2, 1, 1, 2, 3, 3, 5, 4, 4, 5, 6, 6, 5, 4, 4, 5, 6, 6, 2, 1, 1, 2, 3, 3});
  check(d, {1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6, 1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6});
  check(e, {1, 2, 3, -1, -2, -3, 4, 5, 6, -4, -5, -6});
}

BOOST_AUTO_TEST_CASE(named) {
  graph g;
  tensor x = placeholder(g, "x", {2, 3});
  tensor a = pad(x, {{0, 0}, {1, 1}}), b = pad(x, {{0, 0}, {1, 1}}, 0), c = pad(x, {{0, 0}, {1, 1}}, mirror::reflect);
  tensor d = pad(x, {{0, 0}, {1, 1}}, "wider"), e = tile(x, {1, 2}), f = stack({x, x}), h = stack({x, x}, 1, "pair");
  BOOST_TEST(a.name().view() == "Pad:0");
  BOOST_TEST(b.name().view() == "PadV2:0");
  BOOST_TEST(c.name().view() == "MirrorPad:0");
  BOOST_TEST(d.name().view() == "wider:0");
  BOOST_TEST(d.op() == "Pad");
  BOOST_TEST(e.name().view() == "Tile:0");
  BOOST_TEST(f.name().view() == "stack:0");
  BOOST_TEST(f.op() == "Pack");
  BOOST_TEST(h.name().view() == "pair:0");
}
BOOST_AUTO_TEST_CASE(unknown_extents) {
  graph g;
  tensor x = placeholder(g, "x", {dyn, 3}), any = placeholder(g, "any"), y = placeholder(g, "y", {2, 3});
  BOOST_TEST((tensor(pad(x, {{1, 1}, {1, 1}})).shape() == shape{dyn, 5}));
  BOOST_TEST((tensor(pad(any, {{1, 1}, {1, 1}})).shape() == shape{dyn, dyn}));
  BOOST_TEST((tensor(pad(x, {{1, 1}, {1, 1}}, mirror::reflect)).shape() == shape{dyn, 5}));
  BOOST_TEST((tensor(tile(x, {2, 2})).shape() == shape{dyn, 6}));
  BOOST_TEST((tensor(stack({x, y}, -1)).shape() == unknown_shape));
  BOOST_TEST((tensor(stack({x, x})).shape() == shape{2, dyn, 3}));
  BOOST_TEST((tensor(stack({any, any})).shape() == unknown_shape));
}
BOOST_AUTO_TEST_CASE(refusals) {
  BOOST_TEST(refusal([](graph&, tensor x) {
               return pad(x, {{1, 1}});
             }) == "OP_ATTRIBUTE Pad: before [1], after [1] of (2, 3); two numbers of at least 0 for each axis");
  BOOST_TEST(refusal([](graph&, tensor x) {
               return pad(x, {{1, 1}, {-1, 0}}, 5);
             }) ==
             "OP_ATTRIBUTE PadV2: before [1, -1], after [1, 0] of (2, 3); two numbers of at least 0 for each axis");
  BOOST_TEST(
      refusal([](graph&, tensor x) {
        return pad(x, {{0, 0}, {0, 2147483646}});
      }) ==
      "OP_ATTRIBUTE Pad: before [0, 0], after [0, 2147483646] of (2, 3); two numbers of at least 0 for each axis");
  BOOST_TEST(refusal([](graph&, tensor x) {
               return pad(x, {{2, 0}, {0, 0}}, mirror::reflect);
             }) == "OP_ATTRIBUTE MirrorPad: before [2, 0], after [0, 0] of (2, 3); "
                   "for each axis two numbers from 0 to its extent - 1, which are repeated");
  BOOST_TEST(refusal([](graph&, tensor x) {
               return pad(x, {{0, 0}, {0, 4}}, mirror::symmetric);
             }) == "OP_ATTRIBUTE MirrorPad: before [0, 0], after [0, 4] of (2, 3); "
                   "for each axis two numbers from 0 to its extent, which are repeated");
  BOOST_TEST(refusal([](graph&, tensor x) { return pad(x, {{2, 2}, {3, 3}}, mirror::symmetric); }) == "");
  BOOST_TEST(refusal([](graph& g, tensor) {
               return pad(placeholder(g, "i", {2}, dtype::i32), {{1, 1}}, 0.5);
             }) == R"(OP_DTYPE PadV2: "i:0" int32; a tensor that can hold the value)");
  BOOST_TEST(refusal([](graph&, tensor x) {
               return pad(x, {{1, 1}, {1, 1}}, true);
             }) == R"(OP_DTYPE PadV2: "x:0" float32; a tensor that can hold the value)");
  BOOST_TEST(refusal([](graph&, tensor x) { return tile(x, 2); }) ==
             "OP_ATTRIBUTE Tile: multiples [2] of (2, 3); a multiple of at least 0 for each axis");
  BOOST_TEST(refusal([](graph&, tensor x) {
               return tile(x, {1, -1});
             }) == "OP_ATTRIBUTE Tile: multiples [1, -1] of (2, 3); a multiple of at least 0 for each axis");
  BOOST_TEST(refusal([](graph&, tensor x) {
               return tile(x, {1, 2000000000});
             }) == "OP_ATTRIBUTE Tile: multiples [1, 2000000000] of (2, 3); a multiple of at least 0 for each axis");
  BOOST_TEST(refusal([](graph&, tensor x) {
               return stack({x, x}, 3);
             }) == "OP_ATTRIBUTE stack: axis 3 of a tensor of rank 3; an axis from -rank to rank - 1");
  BOOST_TEST(refusal([](graph& g, tensor x) {
               return stack({x, placeholder(g, "y", {3, 2})});
             }) == R"(OP_SHAPE stack: "x:0" (2, 3), "y:0" (3, 2); equal shapes)");
  BOOST_TEST(refusal([](graph& g, tensor x) {
               return stack({x, placeholder(g, "d", {2, 3}, dtype::f64)});
             }) == R"(OP_DTYPE stack: "x:0" float32, "d:0" float64; operands of one dtype)");
}

BOOST_AUTO_TEST_SUITE_END()
