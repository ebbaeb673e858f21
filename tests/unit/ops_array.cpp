// SPDX-License-Identifier: BSL-1.0
#include "evaluation.hpp"

#include <array>

using namespace ambit;
using evaluation_test::same_as_reference;

namespace {

template <dtype Type>
struct every_transpose {
  constexpr auto operator()(graph& g) const {
    tensor m = placeholder(g, "m", {2, 3}, Type);
    tensor c = placeholder(g, "c", {2, 3, 4}, Type);
    tensor d = placeholder(g, "d", {2, 1, 3, 4}, Type);
    tensor none = placeholder(g, "none", {2, 0, 3}, Type);
    return std::array<tensor, 19>{
        transpose(m),
        transpose(m, {0, 1}),
        transpose(m, {1, 0}),
        transpose(c),
        transpose(c, {0, 1, 2}),
        transpose(c, {0, 2, 1}),
        transpose(c, {1, 0, 2}),
        transpose(c, {1, 2, 0}),
        transpose(c, {2, 0, 1}),
        transpose(c, {2, 1, 0}),
        transpose(c, {-1, 0, -2}),
        transpose(d),
        transpose(d, {0, 1, 3, 2}),
        transpose(d, {0, 2, 1, 3}),
        transpose(d, {1, 3, 0, 2}),
        transpose(d, {3, 0, 2, 1}),
        transpose(d, {2, 3, 0, 1}),
        transpose(none),
        transpose(transpose(c, {1, 2, 0}), {2, 0, 1}),
    };
  }
};

template <dtype Type>
struct every_concat {
  constexpr auto operator()(graph& g) const {
    tensor a = placeholder(g, "a", {2, 3, 2}, Type);
    tensor b = placeholder(g, "b", {2, 3, 2}, Type);
    tensor tall = placeholder(g, "tall", {4, 3, 2}, Type);
    tensor wide = placeholder(g, "wide", {2, 1, 2}, Type);
    tensor deep = placeholder(g, "deep", {2, 3, 5}, Type);
    tensor none = placeholder(g, "none", {2, 0, 2}, Type);
    tensor v = placeholder(g, "v", {3}, Type);
    return std::array<tensor, 14>{
        concat({a, b}, 0),       concat({a, b}, 1),           concat({a, b}, 2),       concat({a, tall, b}, 0),
        concat({a, wide, b}, 1), concat({deep, b, a}, 2),     concat({a, deep}, -1),   concat({wide, a}, -2),
        concat({tall, a}, -3),   concat({none, a}, 1),        concat({none, none}, 1), concat({v, v, v}, 0),
        concat({a}, 1),          concat({identity(v), v}, 0),
    };
  }
};

constexpr auto reshapes = [](graph& g) {
  tensor x = placeholder(g, "x", {4, 6});
  tensor w = get_variable(g, "w", {2, 3});
  tensor s = placeholder(g, "s", {});
  tensor none = placeholder(g, "none", {0, 4});
  tensor flat = reshape(x, {-1});
  tensor cube = reshape(flat, {2, -1, 4});
  return std::array<tensor, 14>{
      flat,  // of an input
      cube,  // of a view
      reshape(x, {24, 1}),
      reshape(x, {3, dyn}),
      reshape(w, {3, 2}),     // of a variable
      reshape(s, {1, 1, 1}),  // from and to a scalar
      reshape(reshape(s, {1}), {}),
      reshape(none, {4, 0, 3}),
      reshape(x + 1, {6, 4}),  // of a value, and used on
      reshape(relu(x), {24}) * flat,
      matmul(reshape(w, {3, 2}), reshape(x, {2, -1})),
      reshape(transpose(x), {4, 6}) + x,
      reduce_sum(cube, 1),
      reshape(constant(g, {1.f, 2.f, 3.f, 4.f}), {2, 2}),
  };
};

}  // namespace

BOOST_AUTO_TEST_SUITE(ops_array)

BOOST_AUTO_TEST_CASE(transposes) {
  same_as_reference<every_transpose<dtype::f32>{}>({
      {3, 2},       {2, 3},       {3, 2},       {4, 3, 2}, {2, 3, 4},    {2, 4, 3},    {3, 2, 4},
      {3, 4, 2},    {4, 2, 3},    {4, 3, 2},    {4, 2, 3}, {4, 3, 1, 2}, {2, 1, 4, 3}, {2, 3, 1, 4},
      {1, 4, 2, 3}, {4, 2, 3, 1}, {3, 4, 2, 1}, {3, 0, 2}, {2, 3, 4},
  });
  same_as_reference<every_transpose<dtype::f64>{}>();
  same_as_reference<every_transpose<dtype::i32>{}>();
  same_as_reference<every_transpose<dtype::boolean>{}>();
}
BOOST_AUTO_TEST_CASE(concats) {
  same_as_reference<every_concat<dtype::f32>{}>({
      {4, 3, 2},
      {2, 6, 2},
      {2, 3, 4},
      {8, 3, 2},
      {2, 7, 2},
      {2, 3, 9},
      {2, 3, 7},
      {2, 4, 2},
      {6, 3, 2},
      {2, 3, 2},
      {2, 0, 2},
      {9},
      {2, 3, 2},
      {6},
  });
  same_as_reference<every_concat<dtype::f64>{}>();
  same_as_reference<every_concat<dtype::i64>{}>();
  same_as_reference<every_concat<dtype::boolean>{}>();
}
BOOST_AUTO_TEST_CASE(views) {
  same_as_reference<reshapes>({
      {24},
      {2, 3, 4},
      {24, 1},
      {3, 8},
      {3, 2},
      {1, 1, 1},
      {},
      {4, 0, 3},
      {6, 4},
      {24},
      {3, 12},
      {4, 6},
      {2, 4},
      {2, 2},
  });
  // Views cost nothing: five values are stored, and each of the five is an output or dies in its step.
  static_assert(compiled<reshapes>::memory().arena <= 1024);
}

BOOST_AUTO_TEST_SUITE_END()
