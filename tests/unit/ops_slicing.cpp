// SPDX-License-Identifier: BSL-1.0
#include "evaluation.hpp"
#include "refusal.hpp"

#include <array>

using namespace ambit;
using evaluation_test::same_as_reference;

namespace {

template <dtype Type>
struct every_slice {
  constexpr auto operator()(graph& g) const {
    tensor v = placeholder(g, "v", {5}, Type);
    tensor c = placeholder(g, "c", {4, 3, 6}, Type);
    tensor d = placeholder(g, "d", {2, 1, 3, 4}, Type);
    tensor none = placeholder(g, "none", {2, 0, 3}, Type);
    tensor s = placeholder(g, "s", {}, Type);
    return std::array<tensor, 20>{
        slice(v, {1}, {3}),
        slice(v, {0}, {dyn}),
        slice(v, {5}, {dyn}),
        slice(v, {2}, {0}),
        slice(c, {0, 0, 0}, {dyn, dyn, dyn}),
        slice(c, {1, 0, 0}, {2, dyn, dyn}),  // one run
        slice(c, {1, 1, 0}, {2, 1, 6}),
        slice(c, {0, 1, 2}, {4, 2, 3}),
        slice(c, {3, 2, 5}, {1, 1, 1}),
        slice(d, {0, 0, 1, 0}, {dyn, dyn, 2, dyn}),
        slice(none, {1, 0, 1}, {1, dyn, 2}),
        slice(s, {}, {}),
        slice(v, {4}, {5}, {-1}),
        slice(v, {-1}, {dyn}, {-2}),
        slice(c, {0, 0, 0}, {dyn, dyn, dyn}, {2, 1, 5}),
        slice(c, {1, 0, 1}, {dyn, 3, 2}, {2, 1, 3}),
        slice(c, {-1, 2, -2}, {2, 2, 3}, {-3, -2, -2}),
        slice(d, {1, 0, 0, 3}, {2, 1, 2, 4}, {-1, 1, 2, -1}),
        slice(none, {0, -1, 0}, {dyn, dyn, dyn}, {1, -1, 1}),
        slice(slice(c, {1, 0, 0}, {2, dyn, dyn}), {0, 1, 1}, {dyn, 2, 4}),
    };
  }
};

template <dtype Type>
struct every_reverse {
  constexpr auto operator()(graph& g) const {
    tensor v = placeholder(g, "v", {5}, Type);
    tensor c = placeholder(g, "c", {2, 3, 4}, Type);
    tensor one = placeholder(g, "one", {1, 3, 1}, Type);
    tensor none = placeholder(g, "none", {0, 3}, Type);
    return std::array<tensor, 12>{
        reverse(v, 0),         reverse(v, {}),       reverse(c, 0),        reverse(c, 1),
        reverse(c, 2),         reverse(c, {0, 1}),   reverse(c, {-1, -3}), reverse(c, {1, 2}),
        reverse(c, {0, 1, 2}), reverse(one, {0, 2}), reverse(one, 1),      reverse(none, {0, 1}),
    };
  }
};

template <dtype Type>
struct every_part {
  constexpr auto operator()(graph& g) const {
    tensor c = placeholder(g, "c", {4, 3, 6}, Type);
    tensor v = placeholder(g, "v", {3}, Type);
    list<tensor> const halves = split(c, 2), thirds = split(c, 3, -1), uneven = split(c, {1, 0, dyn, 2}, 2);
    auto const [a, b] = split<2>(c, 0);
    list<tensor> const rows = unstack(v), planes = unstack(c, 1), deep = unstack(c, -1, "deep");
    return std::array<tensor, 17>{halves[0], halves[1], thirds[0], thirds[2], uneven[0],     uneven[1],
                                  uneven[2], uneven[3], a,         b,         rows[0],       rows[2],
                                  planes[0], planes[2], deep[0],   deep[5],   split(v, 1)[0]};
  }
};

constexpr auto views = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 1, 3, 1});
  tensor i = placeholder(g, "i", {2, 3}, dtype::boolean);
  tensor none = placeholder(g, "none", {0, 3, 2});
  tensor s = placeholder(g, "s", {});
  return std::array<tensor, 14>{
      squeeze(x),
      squeeze(x, 1),
      squeeze(x, {-1, 1}),
      squeeze(s),
      expand_dims(x, 0),
      expand_dims(x, 4),
      expand_dims(x, -1),
      expand_dims(s, 0),
      expand_dims(i, -2),
      flatten(x),
      flatten(none),
      flatten(i),
      squeeze(expand_dims(relu(x), 1) * 2),
      matmul(flatten(x), get_variable(g, "w", {3, 2})),
  };
};

}  // namespace

BOOST_AUTO_TEST_SUITE(ops_slicing)

BOOST_AUTO_TEST_CASE(slices) {
  same_as_reference<every_slice<dtype::f32>{}>({
      {3},       {5}, {0}, {0}, {4, 3, 6}, {2, 3, 6}, {2, 1, 6}, {4, 2, 3},    {1, 1, 1}, {2, 1, 2, 4},
      {1, 0, 2}, {},  {5}, {3}, {2, 3, 2}, {2, 3, 2}, {2, 2, 3}, {2, 1, 2, 4}, {2, 0, 3}, {2, 2, 4},
  });
  same_as_reference<every_slice<dtype::f64>{}>();
  same_as_reference<every_slice<dtype::i32>{}>();
  same_as_reference<every_slice<dtype::i64>{}>();
  same_as_reference<every_slice<dtype::boolean>{}>();
}
BOOST_AUTO_TEST_CASE(reversals) {
  same_as_reference<every_reverse<dtype::f32>{}>({{5},
                                                  {5},
                                                  {2, 3, 4},
                                                  {2, 3, 4},
                                                  {2, 3, 4},
                                                  {2, 3, 4},
                                                  {2, 3, 4},
                                                  {2, 3, 4},
                                                  {2, 3, 4},
                                                  {1, 3, 1},
                                                  {1, 3, 1},
                                                  {0, 3}});
  same_as_reference<every_reverse<dtype::i64>{}>();
  same_as_reference<every_reverse<dtype::boolean>{}>();
}
BOOST_AUTO_TEST_CASE(parts) {
  same_as_reference<every_part<dtype::f32>{}>({{2, 3, 6},
                                               {2, 3, 6},
                                               {4, 3, 2},
                                               {4, 3, 2},
                                               {4, 3, 1},
                                               {4, 3, 0},
                                               {4, 3, 3},
                                               {4, 3, 2},
                                               {2, 3, 6},
                                               {2, 3, 6},
                                               {},
                                               {},
                                               {4, 6},
                                               {4, 6},
                                               {4, 3},
                                               {4, 3},
                                               {3}});
  same_as_reference<every_part<dtype::i32>{}>();
  same_as_reference<every_part<dtype::boolean>{}>();
}
BOOST_AUTO_TEST_CASE(other_views) {
  same_as_reference<views>({{2, 3},
                            {2, 3, 1},
                            {2, 3},
                            {},
                            {1, 2, 1, 3, 1},
                            {2, 1, 3, 1, 1},
                            {2, 1, 3, 1, 1},
                            {1},
                            {2, 1, 3},
                            {2, 3},
                            {0, 6},
                            {2, 3},
                            {2, 3},
                            {2, 2}});
  static_assert(compiled<views>::memory().arena <= 3 * 64);  // what is computed: two values and a product
}

// numpy: x[0:2, 1:3], x[::-1, ::2], numpy.flip(x, 1), numpy.split(x, [1], 1)[1]
BOOST_AUTO_TEST_CASE(known_numbers) {
  static constexpr auto known = [](graph& g) {
    tensor x = constant(g, literal{{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, {3, 4}});
    return std::array<tensor, 5>{slice(x, {0, 1}, {2, 2}), slice(x, {-1, 0}, {dyn, dyn}, {-1, 2}), reverse(x, 1),
                                 split(x, {1, dyn}, 1)[1], unstack(x, 1)[3]};
  };
  compiled<known> net;
  auto check = [](auto const& map, std::initializer_list<int> expected) {
    BOOST_TEST_REQUIRE(static_cast<std::size_t>(map.size()) == expected.size());
    Eigen::Index at = 0;
    for (int e : expected) BOOST_TEST(map.data()[at++] == e);
  };
  auto const [a, b, c, d, e] = net.run();
  check(a, {1, 2, 5, 6});
  check(b, {8, 10, 4, 6, 0, 2});
  check(c, {3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8});
  check(d, {1, 2, 3, 5, 6, 7, 9, 10, 11});
  check(e, {3, 7, 11});
}

BOOST_AUTO_TEST_CASE(named) {
  graph g;
  tensor x = placeholder(g, "x", {2, 1, 6});
  tensor a = slice(x, {0, 0, 0}, {1, 1, 1}), b = slice(x, {0, 0, 0}, {1, 1, 1}, {1, 1, 1}), c = reverse(x, 0);
  tensor d = squeeze(x), e = squeeze(x, "flat"), f = expand_dims(x, 0), h = flatten(x), i = flatten(x, "flat_2");
  BOOST_TEST(a.name().view() == "Slice:0");
  BOOST_TEST(b.name().view() == "strided_slice:0");
  BOOST_TEST(b.op() == "StridedSlice");
  BOOST_TEST(c.name().view() == "ReverseV2:0");
  BOOST_TEST(d.name().view() == "Squeeze:0");
  BOOST_TEST(e.name().view() == "flat:0");
  BOOST_TEST(f.name().view() == "ExpandDims:0");
  BOOST_TEST(h.name().view() == "flatten/Reshape:0");
  BOOST_TEST(i.name().view() == "flat_2/Reshape:0");
  auto const [p, q] = split<2>(x, 2);
  list<tensor> const r = split(x, {2, 4}, 2, "uneven"), u = unstack(x), w = unstack(x, 0);
  BOOST_TEST(p.name().view() == "split/Slice:0");
  BOOST_TEST(q.name().view() == "split/Slice_1:0");
  BOOST_TEST(r[1].name().view() == "uneven/Slice_1:0");
  BOOST_TEST(u[0].name().view() == "unstack/Squeeze:0");
  BOOST_TEST(u[1].name().view() == "unstack/Squeeze_1:0");
  BOOST_TEST(w[0].name().view() == "unstack_1/Squeeze:0");
  BOOST_TEST(g.find("unstack_1/Slice_1").valid());
  BOOST_TEST(g.current_name_scope().view() == "");
}
BOOST_AUTO_TEST_CASE(unknown_extents) {
  graph g;
  tensor x = placeholder(g, "x", {dyn, 4}), any = placeholder(g, "any");
  BOOST_TEST((tensor(slice(x, {1, 1}, {dyn, dyn})).shape() == shape{dyn, 3}));
  BOOST_TEST((tensor(slice(x, {1, 1}, {7, 2})).shape() == shape{dyn, 2}));
  BOOST_TEST((tensor(slice(any, {0, 0}, {dyn, 2})).shape() == shape{dyn, dyn}));
  BOOST_TEST((tensor(slice(x, {-1, -1}, {dyn, dyn}, {-1, -1})).shape() == shape{dyn, 4}));
  BOOST_TEST((tensor(reverse(any, 3)).shape() == unknown_shape));
  BOOST_TEST((tensor(squeeze(x)).shape() == unknown_shape));
  BOOST_TEST((tensor(squeeze(x, 0)).shape() == unknown_shape));
  BOOST_TEST((tensor(expand_dims(x, 1)).shape() == shape{dyn, 1, 4}));
  BOOST_TEST((flatten(expand_dims(x, -1)).shape() == shape{dyn, 4}));
  BOOST_TEST((split(x, 2, 1)[1].shape() == shape{dyn, 2}));
  BOOST_TEST((split(x, {2, 3})[1].shape() == shape{dyn, 4}));
}
BOOST_AUTO_TEST_CASE(refusals) {
  std::string const lengths = "; a begin, and a size of at least 0 or -1, for each axis";
  BOOST_TEST(refusal([](graph&, tensor x) { return slice(x, {0}, {1}); }) ==
             "OP_ATTRIBUTE Slice: begin [0], size (1,) of (2, 3)" + lengths);
  BOOST_TEST(refusal([](graph&, tensor x) {
               return slice(x, {0, 0}, {1, -2}, "part");
             }) == "OP_ATTRIBUTE part: begin [0, 0], size (1, ?) of (2, 3)" + lengths);
  BOOST_TEST(refusal([](graph&, tensor x) {
               return slice(x, {0, 2}, {1, 2});
             }) == "OP_ATTRIBUTE Slice: begin [0, 2], size (1, 2) of (2, 3); a part of the tensor");
  BOOST_TEST(refusal([](graph&, tensor x) {
               return slice(x, {-1, 0}, {1, 1});
             }) == "OP_ATTRIBUTE Slice: begin [-1, 0], size (1, 1) of (2, 3); a part of the tensor");
  BOOST_TEST(refusal([](graph&, tensor x) {
               return slice(x, {0, 4}, {1, dyn});
             }) == "OP_ATTRIBUTE Slice: begin [0, 4], size (1, ?) of (2, 3); a part of the tensor");
  BOOST_TEST(refusal([](graph&, tensor x) {
               return slice(x, {0, 0}, {1, 1}, {1, 0});
             }) == "OP_ATTRIBUTE strided_slice: begin [0, 0], size (1, 1), steps [1, 0] of (2, 3); steps other than 0");
  BOOST_TEST(refusal([](graph&, tensor x) {
               return slice(x, {1, 1}, {1, 3}, {1, -1});
             }) ==
             "OP_ATTRIBUTE strided_slice: begin [1, 1], size (1, 3), steps [1, -1] of (2, 3); a part of the tensor");
  BOOST_TEST(refusal([](graph&, tensor x) {
               return slice(x, {0, -4}, {1, 1}, {1, 1});
             }) ==
             "OP_ATTRIBUTE strided_slice: begin [0, -4], size (1, 1), steps [1, 1] of (2, 3); a part of the tensor");
  BOOST_TEST(refusal([](graph&, tensor x) {
               return slice(x, {0, 0}, {1, 1}, {1});
             }) == "OP_ATTRIBUTE strided_slice: begin [0, 0], size (1, 1), steps [1] of (2, 3); "
                   "a begin, a step, and a size of at least 0 or -1, for each axis");
  BOOST_TEST(refusal([](graph&, tensor x) { return reverse(x, -3); }) ==
             "OP_ATTRIBUTE ReverseV2: axis -3 of a tensor of rank 2; an axis from -rank to rank - 1");
  BOOST_TEST(refusal([](graph&, tensor x) {
               return reverse(x, {0, -2});
             }) == "OP_ATTRIBUTE ReverseV2: an axis given twice; each axis once");
  BOOST_TEST(refusal([](graph&, tensor x) {
               return squeeze(x, {0, 1});
             }) == "OP_ATTRIBUTE Squeeze: [0, 1] of (2, 3); axes of extent 1");
  BOOST_TEST(refusal([](graph&, tensor x) { return expand_dims(x, 3); }) ==
             "OP_ATTRIBUTE ExpandDims: axis 3 of a tensor of rank 3; an axis from -rank to rank - 1");
  BOOST_TEST(refusal([](graph& g, tensor) { return flatten(placeholder(g, "s", {})); }) ==
             "OP_SHAPE flatten: s:0 (); at least one axis");
}
BOOST_AUTO_TEST_CASE(refused_parts) {
  BOOST_TEST(refusal([](graph&, tensor x) { return split(x, 2, 1); }) ==
             "OP_ATTRIBUTE split: 2 parts of axis 1 of (2, 3); a number of parts that divides the extent");
  BOOST_TEST(refusal([](graph&, tensor x) { return split(x, 0, 1); }) ==
             "OP_ATTRIBUTE split: 0 parts of axis 1 of (2, 3); a number of parts that divides the extent");
  BOOST_TEST(refusal([](graph&, tensor x) { return split<2>(x, 2, "parts"); }) ==
             "OP_ATTRIBUTE parts: axis 2 of (2, 3); an axis from -rank to rank - 1");
  BOOST_TEST(
      refusal([](graph&, tensor x) {
        return split(x, {1, 1}, 1);
      }) == "OP_ATTRIBUTE split: sizes 1 1 of axis 1 of (2, 3); sizes whose sum is the extent, at most one of them -1");
  BOOST_TEST(
      refusal([](graph&, tensor x) {
        return split(x, {dyn, 1, dyn}, 1);
      }) ==
      "OP_ATTRIBUTE split: sizes -1 1 -1 of axis 1 of (2, 3); sizes whose sum is the extent, at most one of them -1");
  BOOST_TEST(
      refusal([](graph&, tensor x) {
        return split(x, {4, dyn}, 1);
      }) ==
      "OP_ATTRIBUTE split: sizes 4 -1 of axis 1 of (2, 3); sizes whose sum is the extent, at most one of them -1");
  BOOST_TEST(refusal([](graph&, tensor x) { return unstack(x, 2); }) ==
             "OP_ATTRIBUTE unstack: axis 2 of (2, 3); an axis from -rank to rank - 1, of known extent");
  BOOST_TEST(refusal([](graph& g, tensor) { return unstack(placeholder(g, "open", {dyn})); }) ==
             "OP_ATTRIBUTE unstack: axis 0 of (?,); an axis from -rank to rank - 1, of known extent");
  // Code that goes on with the parts finds as many tensors, which are not valid.
  graph g{on_error::keep};
  tensor x = placeholder(g, "x", {2, 3});
  list<tensor> const parts = split(x, 4, 1);
  BOOST_TEST(parts.size() == 4);
  tensor sum = parts[3] + parts[0];
  BOOST_TEST(!sum.valid());
  BOOST_TEST((g.error().code == errc::op_attribute));
}
BOOST_AUTO_TEST_CASE(empty_tensors) {
  auto code = [](auto call) {
    try {
      static_cast<void>(call());
    } catch (scope_error const& e) {
      return e.code();
    }
    return errc::op_shape;
  };
  BOOST_TEST((code([] { return split(tensor{}, 2); }) == errc::empty_tensor));
  BOOST_TEST((code([] { return split<2>(tensor{}); }) == errc::empty_tensor));
  BOOST_TEST((code([] { return unstack(tensor{}); }) == errc::empty_tensor));
  BOOST_TEST((code([] { return flatten(tensor{}); }) == errc::empty_tensor));
}

BOOST_AUTO_TEST_SUITE_END()
