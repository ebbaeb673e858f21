// SPDX-License-Identifier: BSL-1.0
// Statements with code of their own: every elementwise op in one, against the reference, in each dtype that has code.
#include "error_of.hpp"
#include "evaluation.hpp"
#include <ambit/session/fused.hpp>

#include <cstring>
#include <string>
#include <vector>

using namespace ambit;

namespace {

/// Placeholders of a graph, and the statements on them.
template <dtype Type>
struct statements {
  graph g;
  tensor x, y, positive, row, column, one, m, n;
  list<tensor> outputs;

  explicit statements(shape const& s)
      : x(placeholder(g, "x", s, Type)), y(placeholder(g, "y", s, Type)), positive(placeholder(g, "positive", s, Type)),
        row(placeholder(g, "row", {s[-1]}, Type)), column(placeholder(g, "column", {s[0], 1}, Type)),
        one(placeholder(g, "one", {}, Type)), m(placeholder(g, "m", s, dtype::boolean)),
        n(placeholder(g, "n", {s[-1]}, dtype::boolean)) {}
  /// A statement that becomes one op less than it has is not fused, and not tested: each of these has code.
  template <class Expression>
  void add(Expression&& e) {
    outputs.push_back(fused(std::forward<Expression>(e)));
  }
};

/// A byte of 1 for each element: what no statement's own code leaves, and yet a bool.
void other_code(void const* const*, void* out, std::int64_t n, std::uint64_t const*) {
  std::memset(out, 1, static_cast<std::size_t>(n));
}
/// The first element that `other_code` leaves of `elements`; none where that is not a whole one.
std::vector<double> first_of_other_code(dtype type, std::int64_t elements) {
  if (elements < size_of(type)) return {};
  std::uint64_t const bytes = 0x0101010101010101;
  float f32;
  double f64;
  std::memcpy(&f32, &bytes, sizeof(f32));
  std::memcpy(&f64, &bytes, sizeof(f64));
  return {type == dtype::f32   ? static_cast<double>(f32)
          : type == dtype::f64 ? f64
          : type == dtype::i32 ? 0x01010101
                               : 1};
}

/// The outputs are those of the reference, and come from the statements' own code.
template <dtype Type>
void check(statements<Type>& s, unsigned seed, double slack = 4) {
  std::mt19937 random(seed);
  std::vector<reference::array> inputs;
  for (int i = 0; i < s.g.size(); ++i)
    if (s.g[i].op() == "Placeholder")
      inputs.push_back(evaluation_test::draw(random, s.g[i].shape(), s.g[i].dtype(), s.g[i].name().view()));
  reference::variables none;
  auto const expected = reference::run(s.g, s.outputs, inputs, none);
  auto const found = session_test::runs(s.g).run(s.outputs, inputs);
  for (std::size_t i = 0; i < found.size(); ++i) {
    tensor const t = s.outputs[static_cast<int>(i)];
    evaluation_test::check_close(found[i], expected[i], t.dtype(),
                                 std::string(t.name().view()) + " " + std::string(to_string(Type)), slack);
  }
  // Once more with other code in the place of theirs.
  std::vector<std::vector<detail::fused_code>> replaced;
  for (detail::fused_statement& f : tables_of(s.g).fused) {
    replaced.emplace_back(f.codes, f.codes + f.count);
    for (detail::fused_code& c : replaced.back())
      if (c.code != nullptr) c.code = &other_code;
    f.codes = replaced.back().data();
  }
  BOOST_TEST(static_cast<int>(replaced.size()) == s.outputs.size());
  auto const others = session_test::runs(s.g).run(s.outputs, inputs);
  for (std::size_t i = 0; i < others.size(); ++i) {
    tensor const t = s.outputs[static_cast<int>(i)];
    for (double const first : first_of_other_code(t.dtype(), t.shape().elements()))
      BOOST_TEST(others[i][0] == first, t.name().view() << " of " << to_string(Type) << " ran op by op");
  }
}

template <dtype Type>
void add_arithmetic(statements<Type>& s) {
  s.add(s.x + s.y);
  s.add(s.x - s.row);
  s.add(s.x * s.column);
  s.add(-s.x);
  s.add(square(s.x));
  s.add(bias_add(s.x, s.row));
  s.add(identity(s.x) + stop_gradient(s.y));
  s.add(relu(s.x));
  s.add(relu6(s.x * 3));
  s.add(abs(s.x) - sign(s.y));
  s.add(maximum(s.x, s.one));
  s.add(minimum(2, s.x));
  s.add(clip(s.x, -1, 1));
  s.add(clip(s.x, s.row, maximum(s.row, s.column)));
  s.add(relu(s.x * s.y + s.row) * s.column - s.one);
}
/// Comparisons, logic, choices and casts, whose masks stay masks.
template <dtype Type>
void add_masks(statements<Type>& s) {
  s.add(where(s.x < s.y, s.x, s.y));
  s.add(where(s.m, s.x, s.row));
  s.add(where(s.n, s.x * 2, 1));
  s.add(where(logical_and(s.x <= s.row, logical_not(s.m)), s.x + s.y, s.column));
  s.add(where(logical_or(s.x > s.y, s.n), s.x, -s.y));
  s.add(where(logical_xor(s.x >= s.y, equal(s.x, s.one)), s.x, s.y));
  s.add(where(not_equal(s.m, s.x < 1), s.x, s.y));
  s.add(s.x < s.y);
  s.add(logical_and(s.m, s.n));
  s.add(equal(s.m, logical_not(s.n)));
  s.add(cast(s.x < s.y, Type) * s.x);
  s.add(cast(s.m, Type) + cast(s.n, Type));
  s.add(where(cast(s.x, dtype::boolean), s.x, s.y));
  s.add(cast(cast(s.x, dtype::i32) * 2, Type) + s.y);
  s.add(cast(cast(s.x, dtype::f32) * 0.5F, Type) - s.y);
  s.add(cast(s.x, dtype::f64));
  s.add(cast(s.x * s.y, dtype::boolean));
}
template <dtype Type>
void add_functions(statements<Type>& s) {
  s.add(s.x / s.positive);
  s.add(exp(s.x) + log(s.positive));
  s.add(sqrt(s.positive) - rsqrt(s.positive));
  s.add(tanh(s.x) * sigmoid(s.y));
  s.add(floor(s.x) + ceil(s.y));
  s.add(round(s.x) * reciprocal(s.positive));
  s.add(log1p(s.positive) + expm1(s.x));
  s.add(erf(s.x) - sin(s.y));
  s.add(cos(s.x) + pow(s.positive, s.y));
}
template <dtype Type>
void add_activations(statements<Type>& s) {
  s.add(leaky_relu(s.x, 0.25) + s.y);
  s.add(prelu(s.x, s.row));
  s.add(elu(s.x, 0.5) + selu(s.y));
  s.add(softplus(s.x) * softsign(s.y));
  s.add(gelu(s.x) + gelu(s.y, gelu_form::tanh));
  s.add(swish(s.x) - mish(s.y));
  s.add(hard_sigmoid(s.x, {.alpha = 0.3, .beta = 0.4}) * hard_swish(s.y));
}
/// Every kind of tail, whole blocks, and more than a block.
std::vector<shape> shapes() {
  std::vector<shape> all{{1, 1}, {2, 3}, {1, 4}, {5, 1}, {1, 31}, {3, 33}, {2, 64}, {70, 71}};
  std::mt19937 random(3);
  for (int i = 0; i < 4; ++i) all.push_back({1 + static_cast<int>(random() % 7), 1 + static_cast<int>(random() % 90)});
  return all;
}
template <dtype Type, class Add>
void check_all(Add const& add) {
  unsigned seed = 1;
  for (shape const& s : shapes()) {
    statements<Type> all(s);
    add(all);
    BOOST_TEST_CONTEXT("shape " << to_text(s).view()) check(all, seed++);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(session_fused)

BOOST_AUTO_TEST_CASE(arithmetic) {
  check_all<dtype::f32>([](auto& s) { add_arithmetic(s); });
  check_all<dtype::f64>([](auto& s) { add_arithmetic(s); });
  check_all<dtype::i32>([](auto& s) { add_arithmetic(s); });
}
BOOST_AUTO_TEST_CASE(masks) {
  check_all<dtype::f32>([](auto& s) { add_masks(s); });
  check_all<dtype::f64>([](auto& s) { add_masks(s); });
  check_all<dtype::i32>([](auto& s) { add_masks(s); });
}
BOOST_AUTO_TEST_CASE(functions) {
  check_all<dtype::f32>([](auto& s) { add_functions(s); });
  check_all<dtype::f64>([](auto& s) { add_functions(s); });
}
BOOST_AUTO_TEST_CASE(activations) {
  check_all<dtype::f32>([](auto& s) { add_activations(s); });
  check_all<dtype::f64>([](auto& s) { add_activations(s); });
}
/// Other dtypes, constants of several elements and values that something else needs: op by op, with the same results.
BOOST_AUTO_TEST_CASE(what_runs_op_by_op) {
  graph g;
  tensor const x = placeholder(g, "x", {4}, dtype::i64), y = placeholder(g, "y", {4});
  list<tensor> outputs;
  outputs.push_back(fused(x * 2 - x));
  outputs.push_back(fused(y * value(g, {1, 2, 3, 4}) + 1));
  reference::variables none;
  std::vector<reference::array> const inputs{{{4}, {1, 2, 3, 4}}, {{4}, {5, 6, 7, 8}}};
  auto const found = session_test::runs(g).run(outputs, inputs);
  auto const expected = reference::run(g, outputs, inputs, none);
  for (std::size_t i = 0; i < found.size(); ++i)
    BOOST_TEST(found[i] == expected[i].values, boost::test_tools::per_element());
}
/// Shapes that are known only when fed are found by the ops' own rules.
BOOST_AUTO_TEST_CASE(shapes_that_are_fed) {
  graph g;
  tensor const x = placeholder(g, "x", {dyn, dyn}), row = placeholder(g, "row", {dyn});
  list<tensor> outputs;
  outputs.push_back(fused(tanh(bias_add(x, row) * 2)));
  session_test::runs runs(g);
  auto const found = runs.run(outputs, {{{2, 3}, {1, 2, 3, 4, 5, 6}}, {{3}, {0, 1, 2}}});
  BOOST_TEST(found[0].size() == 6U);
  // Elementwise these would broadcast.
  scope_error const e = error_of([&] { (void)runs.run(outputs, {{{2, 1}, {1, 2}}, {{3}, {0, 1, 2}}}); });
  BOOST_TEST((e.code() == errc::op_shape));
  BOOST_TEST(e.name() == "BiasAdd");
}

BOOST_AUTO_TEST_SUITE_END()
