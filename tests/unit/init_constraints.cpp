// SPDX-License-Identifier: BSL-1.0
// Constraints, applied where a variable is assigned; regularizers, once for each variable.
#include "refusal.hpp"
#include <ambit/ambit.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <cmath>
#include <string>

using namespace ambit;

namespace {

struct clip_kind final : constraint_kind {
  constexpr clip_kind() : constraint_kind("clip") {}
  [[nodiscard]] constexpr tensor constrained(graph&, tensor value, constraint_parameters const& p) const override {
    return clip(value, p[0], p[1]);
  }
  constexpr ~clip_kind() = default;
};
inline constexpr clip_kind clip_object{};
constexpr constraint clipped(double least, double most) { return {clip_object, {least, most}}; }

std::string ops_of(graph const& g, std::string_view prefix = {}) {
  std::string names;
  detail::tables const& t = tables_of(g);
  for (detail::node const& n : t.nodes)
    if (text const name = t.symbols.to_text(n.name); name.view().starts_with(prefix))
      names += std::string(name.view()) + " ";
  return names;
}

template <int Which>
struct updated {
  constexpr tensor operator()(graph& g) const {
    tensor x = placeholder(g, "x", {3, 2});
    constraint const all[] = {{},          non_neg(),          max_norm(5),   max_norm(5, 1),
                              unit_norm(), unit_norm({-2, 1}), clipped(-1, 2)};
    tensor w = get_variable(g, "w", {3, 2}, {.initializer = zeros_initializer(), .constraint = all[Which]});
    return assign(w, x * 1.f, {.constrained = true});
  }
};
constexpr std::array<float, 6> given = {3, -4, 0, 8, 4, 0};

template <int Which>
void check(std::array<double, 6> const& wanted) {
  compiled<updated<Which>{}> net;
  auto const y = net.run(given);
  for (Eigen::Index i = 0; i < 6; ++i)
    BOOST_TEST(static_cast<double>(y(i / 2, i % 2)) == wanted[static_cast<std::size_t>(i)],
               boost::test_tools::tolerance(1e-6));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(init_constraints)

BOOST_AUTO_TEST_CASE(values) {
  check<0>({3, -4, 0, 8, 4, 0});  // none: the value as it is
  check<1>({3, 0, 0, 8, 4, 0});
  double const s = std::sqrt(80.);
  check<2>({3, -4 * 5 / s, 0, 8 * 5 / s, 4, 0});  // columns: of length 5 and sqrt(80)
  check<3>({3, -4, 0, 5, 4, 0});
  check<4>({0.6, -4 / s, 0, 8 / s, 0.8, 0});
  double const whole = std::sqrt(105.);
  check<5>({3 / whole, -4 / whole, 0, 8 / whole, 4 / whole, 0});
  check<6>({2, -1, 0, 2, 2, 0});
}

BOOST_AUTO_TEST_CASE(only_where_asked_for) {
  graph g;
  tensor w = get_variable(g, "w", {2}, {.initializer = zeros_initializer(), .constraint = non_neg()});
  tensor plain = assign(w, value(g, {-1.F, 1.F}));
  BOOST_TEST(plain.name().view() == "Assign:0");
  tensor kept = assign(w, value(g, {-1.F, 1.F}), {.constrained = false}, "kept");
  BOOST_TEST(kept.name().view() == "kept:0");
  tensor limited = assign(w, value(g, {-1.F, 1.F}), {.constrained = true}, "limited");
  BOOST_TEST(limited.name().view() == "limited:0");
  BOOST_TEST(ops_of(g) == "w Assign/value Assign kept/value kept Const non_neg/Relu limited ");
}

BOOST_AUTO_TEST_CASE(scalars) {
  graph g;
  tensor w = get_variable(g, "w", {}, {.initializer = zeros_initializer(), .constraint = non_neg()});
  tensor next = assign(w, -1, {.constrained = true});
  BOOST_TEST((next.dtype() == dtype::f32 && next.shape() == shape{}));
}

BOOST_AUTO_TEST_CASE(what_is_no_variable) {
  graph g;
  tensor w = get_variable(g, "w", {2}, {.constraint = non_neg()});
  BOOST_CHECK_EXCEPTION((void)assign(w * 1.f, w, {.constrained = true}), scope_error,
                        [](scope_error const& e) { return e.code() == errc::not_a_variable; });
}

BOOST_AUTO_TEST_CASE(axes_of_parameters) {
  for (axes const& all : {axes{}, axes{0}, axes{-1}, axes{0, 1, 2}, axes{-8, 7, 0, -1, 3, 2, 1, 6}}) {
    axes const back = detail::unpacked(detail::packed(all));
    BOOST_TEST(to_text(back).view() == to_text(all).view());
  }
  static_assert(detail::unpacked(detail::packed({2, -1}))[1] == -1);
}

BOOST_AUTO_TEST_CASE(losses_of_regularizers) {
  graph g;
  variable_scope s{g, "s", {.reuse = reuse::automatic, .regularizer = l1_l2(0.5, 0.25)}};
  for (int i = 0; i < 2; ++i) (void)get_variable(g, "a", {2});  // the second time it is shared, and adds nothing
  (void)get_variable(g, "b", {2}, {.regularizer = l1(0.5)});
  (void)get_variable(g, "c", {2}, {.regularizer = l1_l2(0, 0.5)});
  (void)get_variable(g, "d", {2}, {.regularizer = l1_l2(0.5, 0)});
  for (regularizer none : {l1(0), l2(0), l1_l2(0, 0), no_regularizer()}) {
    variable_scope inner{g, "inner"};
    (void)get_variable(g, "none", {2}, {.regularizer = none});
  }
  std::string names;
  for (tensor const& t : g.get_collection(collections::regularization_losses))
    names += std::string(t.name().view()) + " ";
  BOOST_TEST(names ==
             "s/a/Regularizer/l1_l2_regularizer:0 s/b/Regularizer/l1_regularizer:0 s/c/Regularizer/l1_l2_regularizer:0 "
             "s/d/Regularizer/l1_l2_regularizer:0 ");
  std::string const a = "s/a/Regularizer/l1_l2_regularizer", d = "s/d/Regularizer/l1_l2_regularizer";
  BOOST_TEST(ops_of(g, a) == a + "/l1_regularizer/scale " + a + "/l1_regularizer/Abs " + a + "/l1_regularizer/Sum " +
                                 a + "/l1_regularizer " + a + "/l2_regularizer/scale " + a + "/l2_regularizer/L2Loss " +
                                 a + "/l2_regularizer " + a + " ");
  BOOST_TEST(ops_of(g, d) == d + "/scale " + d + "/Abs " + d + "/Sum " + d + " ");
}

constexpr auto penalties = [](graph& g) {
  literal const values{{1.f, -2.f, 3.f}, {3}};
  (void)get_variable(g, "a", {.initializer = values, .regularizer = l1(0.5)});
  (void)get_variable(g, "b", {.initializer = values, .regularizer = l2(0.5)});
  (void)get_variable(g, "c", {.initializer = values, .regularizer = l1_l2(0.5, 0.25)});
  list<tensor> const losses = g.get_collection(collections::regularization_losses);
  return std::array<tensor, 3>{losses[0], losses[1], losses[2]};
};
BOOST_AUTO_TEST_CASE(values_of_regularizers) {
  compiled<penalties> net;
  auto const [a, b, c] = net.run();
  BOOST_TEST(a(0, 0) == 3);
  BOOST_TEST(b(0, 0) == 3.5);
  BOOST_TEST(c(0, 0) == 3 + 1.75);
}

BOOST_AUTO_TEST_SUITE_END()
