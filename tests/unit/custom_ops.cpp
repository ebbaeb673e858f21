// SPDX-License-Identifier: BSL-1.0
// Ops of a user's own: the header of examples/custom_op.
#include "../examples/custom_op/acme_ops.hpp"
#include <ambit/ambit.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <cmath>

using namespace ambit;

namespace {

constexpr auto model = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 3});
  tensor d = placeholder(g, "d", {3}, dtype::f64);
  tensor i = placeholder(g, "i", {2, 1, 2}, dtype::i32);
  return std::array<tensor, 6>{
      acme::swish(x, 0.5F), relu(acme::swish(-x) + 1), acme::roll(x, 1), acme::roll(acme::roll(x * 2, 5), -5),
      acme::swish(d, 2),    acme::roll(i, -3),
  };
};
double swish(double x, double beta) { return x / (1 + std::exp(-beta * x)); }

}  // namespace

BOOST_AUTO_TEST_SUITE(custom_ops)

BOOST_AUTO_TEST_CASE(evaluated) {
  compiled<model, acme::swish_op, acme::roll_op> net;
  std::array<float, 6> const x{-2, -1, 0, 1, 2, 3};
  std::array<double, 3> const d{-3, 0.25, 7};
  auto const [a, b, c, e, h, r] = net.run(x, d, std::array<std::int32_t, 4>{1, 2, 3, 4});
  for (int i = 0; i < 6; ++i) {
    double const v = static_cast<double>(x[static_cast<std::size_t>(i)]);
    BOOST_TEST(std::abs(static_cast<double>(a.data()[i]) - swish(v, 0.5)) < 1e-6);
    BOOST_TEST(std::abs(static_cast<double>(b.data()[i]) - std::max(0.0, swish(-v, 1) + 1)) < 1e-6);
    BOOST_TEST(e.data()[i] == 2 * x[static_cast<std::size_t>(i)]);
  }
  for (int i = 0; i < 3; ++i) BOOST_TEST(std::abs(h(0, i) - swish(d[static_cast<std::size_t>(i)], 2)) < 1e-14);
  BOOST_TEST((c(0, 0) == 0 && c(0, 1) == -2 && c(0, 2) == -1 && c(1, 0) == 3));
  BOOST_TEST((r.data()[0] == 2 && r.data()[1] == 1 && r.data()[2] == 4 && r.data()[3] == 3));
}
BOOST_AUTO_TEST_CASE(named_and_checked) {
  graph g{on_error::keep};
  tensor x = placeholder(g, "x", {2});
  tensor a = acme::swish(x), b = acme::swish(x, 2), c = acme::roll(b, 1, "turned");
  BOOST_TEST(a.name().view() == "Swish:0");
  BOOST_TEST(b.name().view() == "Swish_1:0");
  BOOST_TEST(c.name().view() == "turned:0");
  BOOST_TEST(c.op() == "acme::Roll");
  tensor scalar = placeholder(g, "scalar", {});
  tensor refused = acme::roll(scalar, 1);
  BOOST_TEST((g.error().code == errc::op_shape));
  BOOST_TEST(!refused.valid());
}
// What the node keeps of the struct is the struct.
static_assert([] {
  graph g;
  tensor x = placeholder(g, "x", {2});
  tensor t = acme::swish(x, 0.75F);
  auto const& tables = tables_of(g);
  return detail::restore_op<acme::swish_op>(tables.slots.data() + tables.nodes[t.id()].first_slot).beta == 0.75F;
}());

BOOST_AUTO_TEST_SUITE_END()
