// SPDX-License-Identifier: BSL-1.0
// Comparisons, logic, where and cast.
#include "evaluation.hpp"
#include "refusal.hpp"

#include <array>
#include <limits>

using namespace ambit;
using evaluation_test::same_as_reference;

namespace {

/// Of dtypes whose numbers are drawn from few, so that some are equal: `few` makes them so.
constexpr tensor few(tensor x) {
  if (is_floating(x.dtype())) return round(x);
  return x;
}

/// Every comparison, alone and with logic, where and cast behind it, among which booleans are masks.
template <dtype Type>
struct comparisons {
  int rows = 1;
  int columns = 1;
  constexpr auto operator()(graph& g) const {
    tensor x = few(placeholder(g, "x", {rows, columns}, Type));
    tensor y = few(placeholder(g, "y", {rows, columns}, Type));
    tensor z = placeholder(g, "z", {columns}, Type);
    return std::array<tensor, 18>{
        equal(x, y), not_equal(x, y), less(x, y), less_equal(x, y), greater(x, y), greater_equal(x, y),
        x < y, x <= 1, 1 > x, x >= z,
        where(x < y, x, y), where(equal(x, y), z, -1), where(not_equal(x, 1), 2, y),
        where(logical_and(x < y, logical_not(z < y)), x, z), where(logical_or(x < y, equal(x, y)), x, z),
        where(logical_xor(x < y, y < z), x + 1, z * y), logical_not(logical_and(x <= y, y <= x)), cast(x < y, Type),
    };
  }
};

/// The condition read twice, so that it is stored; and conditions that are inputs.
template <dtype Type>
struct stored_conditions {
  int columns = 1;
  constexpr auto operator()(graph& g) const {
    tensor x = placeholder(g, "x", {3, columns}, Type);
    tensor y = placeholder(g, "y", {3, columns}, Type);
    tensor given = placeholder(g, "given", {3, columns}, dtype::boolean);
    tensor row = placeholder(g, "row", {columns}, dtype::boolean);
    tensor c = less(x, y, "c");
    return std::array<tensor, 8>{where(c, x, y), where(logical_not(c), x, y), where(given, x, y), where(row, y, x),
                                 where(logical_and(given, x < y), x, 0), logical_xor(row, given), c, where(given, 1, y)};
  }
};
/// Dtypes of different widths in one group.
template <int Columns>
constexpr auto mixed = [](graph& g) {
  tensor f = round(placeholder(g, "f", {2, Columns}));
  tensor d = round(placeholder(g, "d", {2, Columns}, dtype::f64));
  tensor i = placeholder(g, "i", {2, Columns}, dtype::i32);
  tensor l = placeholder(g, "l", {Columns}, dtype::i64);
  tensor b = placeholder(g, "b", {2, Columns}, dtype::boolean);
  return std::array<tensor, 16>{
      where(f < 1, d, d * 2),
      where(d < 1, f, f * 2),
      where(l < 1, f, -f),
      where(i < 1, l, l * 2),
      where(b, i, i + 1),
      where(logical_and(f < 1, d > 0), i, i * 3),
      where(logical_or(logical_xor(l < 0, i < 2), logical_and(b, d < 0)), f, f + 1),
      where(b, f < 1, d < 1),
      equal(b, f < 1),
      not_equal(i < 2, d < 1),
      cast(cast(f, dtype::i32) * i, dtype::f64) + d,
      cast(d, dtype::f32) * f,
      cast(l, dtype::f32) + cast(i, dtype::f32) * cast(b, dtype::f32),
      cast(f, dtype::boolean),
      logical_or(cast(i, dtype::boolean), cast(l, dtype::boolean)),
      cast(b, dtype::i64) * l + cast(f < 0, dtype::i64),
  };
};
/// Behind a product, which the groups begin at where they end in its dtype.
constexpr auto behind_products = [](graph& g) {
  tensor x = placeholder(g, "x", {3, 5});
  tensor w = get_variable(g, "w", {5, 9}), v = get_variable(g, "v", {9, 4});
  tensor h = matmul(x, w);
  tensor u = matmul(placeholder(g, "y", {3, 5}), w) + 1;
  return std::array<tensor, 4>{where(h > 0, h, h * 0.1), cast(u < 1, dtype::i32), matmul(where(x < 0, 0, x), w) * 2,
                               matmul(cast(cast(round(u), dtype::i32), dtype::f32), v)};
};
/// Every kind of tail.
struct tails {
  static constexpr int lengths[] = {1, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 64, 65, 100};
  constexpr auto operator()(graph& g) const {
    std::array<tensor, 2 * std::size(lengths)> out;
    std::size_t at = 0;
    for (int n : lengths) {
      tensor x = placeholder(g, name{"x_", n}, {n});
      tensor i = placeholder(g, name{"i_", n}, {n}, dtype::i32);
      tensor b = placeholder(g, name{"b_", n}, {n}, dtype::boolean);
      out[at++] = where(logical_and(x < 1, logical_not(b)), x * 2, cast(i, dtype::f32));
      out[at++] = logical_or(logical_xor(b, i > 2), equal(cast(x, dtype::i32), i));
    }
    return out;
  }
};
constexpr auto broadcast = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 3});
  tensor row = placeholder(g, "row", {3});
  tensor column = placeholder(g, "column", {2, 1});
  tensor b = placeholder(g, "b", {2, 1}, dtype::boolean), one = placeholder(g, "one", {}, dtype::boolean);
  return std::array<tensor, 7>{x < row,           column <= row,     where(b, x, row),           where(b, row, 1),
                               where(one, x, row), where(row < 0, column, x), logical_and(b, row < column)};
};

constexpr float infinite = std::numeric_limits<float>::infinity();
constexpr float none = std::numeric_limits<float>::quiet_NaN();  // no number

template <class Map>
std::vector<long long> integers(Map const& m) {
  return {m.data(), m.data() + m.size()};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ops_comparison)

BOOST_AUTO_TEST_CASE(f32) { same_as_reference<comparisons<dtype::f32>{2, 3}>(std::vector<shape>(18, {2, 3})); }
BOOST_AUTO_TEST_CASE(f64) { same_as_reference<comparisons<dtype::f64>{3, 7}>(std::vector<shape>(18, {3, 7})); }
BOOST_AUTO_TEST_CASE(i32) { same_as_reference<comparisons<dtype::i32>{2, 67}>(std::vector<shape>(18, {2, 67})); }
BOOST_AUTO_TEST_CASE(i64) { same_as_reference<comparisons<dtype::i64>{2, 5}>(std::vector<shape>(18, {2, 5})); }
BOOST_AUTO_TEST_CASE(no_elements) { same_as_reference<comparisons<dtype::f32>{0, 3}>(); }
BOOST_AUTO_TEST_CASE(conditions_in_memory) {
  same_as_reference<stored_conditions<dtype::f32>{11}>(std::vector<shape>(8, {3, 11}));
  same_as_reference<stored_conditions<dtype::f64>{70}>();
  same_as_reference<stored_conditions<dtype::i32>{4}>();
  same_as_reference<stored_conditions<dtype::i64>{9}>();
}
BOOST_AUTO_TEST_CASE(mixed_dtypes) {
  same_as_reference<mixed<5>>(std::vector<shape>(16, {2, 5}));
  same_as_reference<mixed<68>>();
}
BOOST_AUTO_TEST_CASE(products) { same_as_reference<behind_products>({{3, 9}, {3, 9}, {3, 9}, {3, 4}}, 1, 4); }
BOOST_AUTO_TEST_CASE(every_length) { same_as_reference<tails{}>(); }
BOOST_AUTO_TEST_CASE(broadcasting) { same_as_reference<broadcast>(std::vector<shape>(7, {2, 3})); }

// Booleans among the ops of one group take no memory.
BOOST_AUTO_TEST_CASE(masks_are_not_stored) {
  static constexpr auto model = [](graph& g) {
    tensor x = placeholder(g, "x", {1000});
    return where(logical_and(x > 0, logical_not(x > 1)), x, 0);
  };
  static_assert(compiled<model>::memory().arena == 4032);  // the result
  compiled<model> net;
  std::vector<float> const x(1000, 0.5F);
  BOOST_TEST(net.run(x)(999) == 0.5F);
}
BOOST_AUTO_TEST_CASE(comparisons_with_nan) {
  static constexpr auto model = [](graph& g) {
    tensor x = placeholder(g, "x", {5}), y = placeholder(g, "y", {5});
    return std::array<tensor, 7>{equal(x, y), not_equal(x, y), x < y, x <= y, x > y, x >= y, where(x < y, 1, x)};
  };
  compiled<model> net;
  auto const found = net.run(std::array<float, 5>{none, none, -infinite, infinite, 0.F},
                             std::array<float, 5>{none, 1.F, infinite, infinite, -0.F});
  using list = std::vector<long long>;
  BOOST_TEST((integers(std::get<0>(found)) == list{0, 0, 0, 1, 1}));
  BOOST_TEST((integers(std::get<1>(found)) == list{1, 1, 1, 0, 0}));
  BOOST_TEST((integers(std::get<2>(found)) == list{0, 0, 1, 0, 0}));
  BOOST_TEST((integers(std::get<3>(found)) == list{0, 0, 1, 1, 1}));
  BOOST_TEST((integers(std::get<4>(found)) == list{0, 0, 0, 0, 0}));
  BOOST_TEST((integers(std::get<5>(found)) == list{0, 0, 0, 1, 1}));
  BOOST_TEST((std::isnan(std::get<6>(found)(0)) && std::get<6>(found)(2) == 1));
}
BOOST_AUTO_TEST_CASE(casts_saturate) {
  static constexpr auto model = [](graph& g) {
    tensor x = placeholder(g, "x", {9}), d = placeholder(g, "d", {9}, dtype::f64);
    return std::array<tensor, 6>{cast(x, dtype::i32), cast(x, dtype::i64),     cast(d, dtype::i32),
                                 cast(d, dtype::i64), cast(d, dtype::boolean), cast(d, dtype::f32)};
  };
  compiled<model> net;
  std::array<float, 9> const x{0.9F, -0.9F, -7.5F, 2147483520.F, 2147483648.F, -3e9F, 1e20F, -infinite, none};
  std::array<double, 9> const d{2147483647.9, -2147483648.9, 1e300, -1e300, 9223372036854774784.0, 9223372036854775808.0,
                                std::numeric_limits<double>::infinity(), -0.0, std::numeric_limits<double>::quiet_NaN()};
  constexpr long long most = std::numeric_limits<std::int64_t>::max(), least = std::numeric_limits<std::int64_t>::min();
  auto const found = net.run(x, d);
  using list = std::vector<long long>;
  BOOST_TEST((integers(std::get<0>(found)) == list{0, 0, -7, 2147483520, 2147483647, -2147483648, 2147483647, -2147483648, 0}));
  BOOST_TEST((integers(std::get<1>(found)) == list{0, 0, -7, 2147483520, 2147483648, -3000000000, most, least, 0}));
  BOOST_TEST((integers(std::get<2>(found)) ==
              list{2147483647, -2147483648, 2147483647, -2147483648, 2147483647, 2147483647, 2147483647, 0, 0}));
  BOOST_TEST((integers(std::get<3>(found)) ==
              list{2147483647, -2147483648, most, least, 9223372036854774784, most, most, 0, 0}));
  BOOST_TEST((integers(std::get<4>(found)) == list{1, 1, 1, 1, 1, 1, 1, 0, 1}));
  BOOST_TEST((std::get<5>(found)(2) == infinite && std::get<5>(found)(0) == 2147483648.F && std::isnan(std::get<5>(found)(8))));
}
BOOST_AUTO_TEST_CASE(names) {
  graph g;
  tensor x = placeholder(g, "x", {2});
  tensor c = x < 1, d = greater_equal(x, 0);
  BOOST_TEST(c.name().view() == "Less:0");
  BOOST_TEST((c.dtype() == dtype::boolean));
  BOOST_TEST(d.name().view() == "GreaterEqual:0");
  tensor w = where(c, x, 0), both = where(d, 1.5, 2);
  BOOST_TEST(w.name().view() == "Select:0");
  BOOST_TEST(tables_of(g).tensor_name(w.id() - 1).view() == "Select/e:0");
  BOOST_TEST((both.dtype() == dtype::f64));
  BOOST_TEST((tensor(where(d, 1, 2)).dtype() == dtype::i32));
  BOOST_TEST(tensor(where(value(g, true), x, 0)).valid());
  tensor k = cast(x, dtype::i64);
  BOOST_TEST(k.name().view() == "Cast:0");
  BOOST_TEST((k.dtype() == dtype::i64));
  BOOST_TEST(tensor(logical_xor(c, d)).op() == "LogicalXor");
}
BOOST_AUTO_TEST_CASE(refused) {
  auto const of = [](graph& g, dtype type) { return placeholder(g, "i", {2, 3}, type); };
  BOOST_TEST(refusal([&](graph& g, tensor x) { return x < of(g, dtype::i32); }) ==
             "OP_DTYPE Less: \"x:0\" float32, \"i:0\" int32; operands of one dtype");
  BOOST_TEST(refusal([&](graph& g, tensor x) { return equal(x, of(g, dtype::boolean)); }).starts_with("OP_DTYPE Equal"));
  BOOST_TEST(refusal([&](graph& g, tensor) { return of(g, dtype::boolean) < of(g, dtype::boolean); }).starts_with("OP_DTYPE Less"));
  BOOST_TEST(refusal([&](graph&, tensor x) { return logical_not(x); }) ==
             "OP_DTYPE LogicalNot: \"x:0\" float32; boolean operands");
  BOOST_TEST(refusal([&](graph& g, tensor x) { return logical_and(of(g, dtype::boolean), x); }).starts_with("OP_DTYPE LogicalAnd"));
  BOOST_TEST(refusal([&](graph&, tensor x) { return where(x, x, x); }).starts_with("OP_DTYPE Select"));
  BOOST_TEST(refusal([&](graph& g, tensor x) { return where(x < 0, x, of(g, dtype::i32)); }).starts_with("OP_DTYPE Select"));
  BOOST_TEST(refusal([&](graph& g, tensor x) { return where(x < 0, of(g, dtype::i32), 0.5); }).starts_with("OP_DTYPE Select"));
  BOOST_TEST(refusal([&](graph& g, tensor x) { return where(placeholder(g, "c", {2}, dtype::boolean), x, x); }).starts_with("OP_SHAPE Select"));
  BOOST_TEST(refusal([&](graph& g, tensor x) { return x < placeholder(g, "y", {2}); }).starts_with("OP_SHAPE Less"));
  BOOST_TEST(refusal([&](graph&, tensor x) { return cast(x, dtype::string); }) == "OP_ATTRIBUTE Cast: string; a dtype of numbers or bool");
  BOOST_TEST(refusal([&](graph& g, tensor) { return cast(of(g, dtype::string), dtype::f32); }).starts_with("OP_DTYPE Cast"));
  BOOST_TEST(refusal([&](graph&, tensor x) { return cast(x, dtype::bf16); }) == "");
}

BOOST_AUTO_TEST_SUITE_END()
