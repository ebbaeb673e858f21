// SPDX-License-Identifier: BSL-1.0
#include "evaluation.hpp"

#include <array>

using namespace ambit;
using evaluation_test::same_as_reference;

namespace {

struct operand_shapes {
  shape x;
  shape y;
  shape result;
};
constexpr operand_shapes cases[] = {
    {{2, 3}, {}, {2, 3}},  // a scalar
    {{}, {2, 3}, {2, 3}},
    {{2, 3}, {3}, {2, 3}},  // a row
    {{2, 3}, {1, 3}, {2, 3}},
    {{2, 3}, {2, 1}, {2, 3}},  // a column
    {{2, 1}, {2, 3}, {2, 3}},
    {{2, 3}, {1, 1}, {2, 3}},
    {{3, 1}, {1, 4}, {3, 4}},  // both
    {{1, 4}, {3, 1}, {3, 4}},
    {{4}, {3, 1}, {3, 4}},
    {{2, 3, 4}, {3, 1}, {2, 3, 4}},  // an axis in the middle
    {{2, 3, 4}, {1, 3, 1}, {2, 3, 4}},
    {{2, 3, 4}, {2, 1, 4}, {2, 3, 4}},
    {{2, 1, 4}, {3, 1}, {2, 3, 4}},
    {{2, 3, 4}, {4}, {2, 3, 4}},  // ranks
    {{5, 1, 1}, {1, 6}, {5, 1, 6}},
    {{2, 1, 3, 1}, {4, 1, 5}, {2, 4, 3, 5}},  // alternating
    {{2, 3, 2, 3}, {3, 1, 3}, {2, 3, 2, 3}},
    {{2, 1, 2, 1, 2}, {3, 1, 3, 1}, {2, 3, 2, 3, 2}},
    {{1}, {4}, {4}},  // extents of one and zero
    {{1, 1}, {1}, {1, 1}},
    {{1, 1, 1}, {}, {1, 1, 1}},
    {{0, 3}, {3}, {0, 3}},
    {{2, 0}, {2, 1}, {2, 0}},
    {{0, 1}, {1, 4}, {0, 4}},
    {{3, 70}, {3, 1}, {3, 70}},  // long runs
    {{2, 65}, {65}, {2, 65}},
};

/// For each pair a difference, one the other way round with the chain that follows, and one that broadcasts in its middle.
template <dtype Type>
struct differences {
  int first;
  static constexpr int count = 9;

  constexpr auto operator()(graph& g) const {
    std::array<tensor, 3 * count> out;
    std::size_t at = 0;
    for (int i = first; i < first + count; ++i) {
      tensor x = placeholder(g, name{"x_", i}, cases[i].x, Type);
      tensor y = placeholder(g, name{"y_", i}, cases[i].y, Type);
      out[at++] = x - y;
      out[at++] = relu(y - x) * x + 2;
      out[at++] = square(x) - (-y) * (y + 1);
    }
    return out;
  }
  static std::vector<shape> shapes(int first) {
    std::vector<shape> all;
    for (int i = first; i < first + count; ++i) all.insert(all.end(), 3, cases[i].result);
    return all;
  }
};
static_assert(std::size(cases) == 3 * differences<dtype::f32>::count);

template <dtype Type, int First>
void check_cases() {
  same_as_reference<differences<Type>{First}>(differences<Type>::shapes(First));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ops_broadcast)

BOOST_AUTO_TEST_CASE(f32) {
  check_cases<dtype::f32, 0>();
  check_cases<dtype::f32, 9>();
  check_cases<dtype::f32, 18>();
}
BOOST_AUTO_TEST_CASE(f64) { check_cases<dtype::f64, 9>(); }
BOOST_AUTO_TEST_CASE(i32) { check_cases<dtype::i32, 5>(); }

BOOST_AUTO_TEST_SUITE_END()
