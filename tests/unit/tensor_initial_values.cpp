// SPDX-License-Identifier: BSL-1.0
// A variable whose initial value is a constant tensor begins with it in a compiled model.
#include <ambit/ambit.hpp>

#include <boost/test/unit_test.hpp>

using namespace ambit;

namespace {

constexpr auto builder = [](graph& g) {
  tensor x = placeholder(g, "x", {3});
  tensor t = constant(g, {1.F, 2.F, 3.F}, "t");
  tensor w = get_variable(g, "w", {.initializer = t});
  tensor p = get_variable(g, "p", {.initializer = t, .partitioner = fixed_size_partitioner(2)});
  return x * w + p;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(tensor_initial_values)

BOOST_AUTO_TEST_CASE(constants_are_taken) {
  compiled<builder> net;
  float const x[3] = {10, 10, 10};
  auto const y = net.run(x);
  for (int i = 0; i < 3; ++i) BOOST_TEST(y(i) == 11.F * static_cast<float>(i + 1));
  BOOST_TEST(net["w"_n](2) == 3);
  BOOST_TEST(net["p/part_1"_n](0) == 3);
}

BOOST_AUTO_TEST_SUITE_END()
