// SPDX-License-Identifier: BSL-1.0
#include "evaluation.hpp"

#include <array>

using namespace ambit;
using evaluation_test::same_as_reference;

namespace {

/// Every elementwise op of floating numbers, each read directly.
template <dtype Type>
struct floating_ops {
  int rows = 1;
  int columns = 1;
  constexpr auto operator()(graph& g) const {
    shape const s{rows, columns};
    tensor x = placeholder(g, "x", s, Type);
    tensor y = placeholder(g, "y", s, Type);
    tensor p = placeholder(g, "positive", s, Type);
    return std::array<tensor, 20>{
        add(x, y), subtract(x, y), multiply(x, y), divide(x, p), negative(x),  identity(x), exp(x),
        log(p),    square(x),      sqrt(p),        relu(x),      relu6(x * 4), tanh(x),     sigmoid(x * 4),
        x + y,     x - y,          x * y,          x / p,        -x,           tanh(x * 6),
    };
  }
};

template <dtype Type>
struct integer_ops {
  constexpr auto operator()(graph& g) const {
    tensor x = placeholder(g, "x", {2, 3}, Type);
    tensor y = placeholder(g, "y", {2, 3}, Type);
    return std::array<tensor, 10>{x + y, x - y, x * y, -x, identity(x), square(x), relu(x), relu6(x), x + 2, 3 * y};
  }
};

constexpr auto copies = [](graph& g) {
  tensor b = placeholder(g, "b", {2, 3}, dtype::boolean);
  tensor c = placeholder(g, "c", {3}, dtype::boolean);
  return std::array<tensor, 3>{identity(b), reshape(identity(c), {3, 1}), identity(reshape(b, {6}))};
};

}  // namespace

BOOST_AUTO_TEST_SUITE(ops_elementwise)

BOOST_AUTO_TEST_CASE(f32) { same_as_reference<floating_ops<dtype::f32>{2, 3}>(std::vector<shape>(20, {2, 3})); }
BOOST_AUTO_TEST_CASE(f64) { same_as_reference<floating_ops<dtype::f64>{7, 1}>(std::vector<shape>(20, {7, 1})); }
// Longer than the longest run whose length is in its type.
BOOST_AUTO_TEST_CASE(long_runs) { same_as_reference<floating_ops<dtype::f32>{3, 67}>(); }
BOOST_AUTO_TEST_CASE(single_elements) { same_as_reference<floating_ops<dtype::f64>{1, 1}>(); }
BOOST_AUTO_TEST_CASE(no_elements) { same_as_reference<floating_ops<dtype::f32>{0, 3}>(); }
BOOST_AUTO_TEST_CASE(i32) { same_as_reference<integer_ops<dtype::i32>{}>(std::vector<shape>(10, {2, 3})); }
BOOST_AUTO_TEST_CASE(i64) { same_as_reference<integer_ops<dtype::i64>{}>(std::vector<shape>(10, {2, 3})); }
BOOST_AUTO_TEST_CASE(boolean) { same_as_reference<copies>({{2, 3}, {3, 1}, {6}}); }

BOOST_AUTO_TEST_SUITE_END()
