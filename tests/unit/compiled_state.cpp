// SPDX-License-Identifier: BSL-1.0
// Variables that the model itself changes: read as they were, written at the end of a run.
#include "evaluation.hpp"

#include <array>

using namespace ambit;

namespace {

constexpr auto counter = [](graph& g) {
  tensor n = get_variable(g, "n", {}, {.dtype = dtype::i32});
  tensor after = assign_add(n, 1);
  return std::array<tensor, 5>{n, after, n * 10, identity(n), reshape(n, {1, 1})};
};
// No output leads to the state op.
constexpr auto hidden = [](graph& g) {
  tensor x = placeholder(g, "x", {2});
  tensor last = get_variable(g, "last", {2}, {.initializer = constant_initializer(-1)});
  assign(last, x);
  return x - last;
};
constexpr auto swapped = [](graph& g) {
  tensor a = get_variable(g, "a", {3}, {.initializer = zeros_initializer()});
  tensor b = get_variable(g, "b", {3}, {.initializer = ones_initializer()});
  assign(a, b);
  assign(b, a);
  return std::array<tensor, 2>{a, b};
};
constexpr auto average = [](graph& g) {
  tensor x = placeholder(g, "x", {1, 3});
  variable_scope s{g, "average"};
  tensor m = get_variable(g, "m", {1, 3}, {.initializer = zeros_initializer()});
  tensor kernel = get_variable(g, "kernel", {3, 3}, {.initializer = ones_initializer()});
  return matmul(assign(m, m * 0.5 + x * 0.5), kernel);
};
// One variable twice: each value is of before the run, and the last one stays.
constexpr auto twice = [](graph& g) {
  tensor n = get_variable(g, "n", {2}, {.initializer = zeros_initializer()});
  tensor one = assign_add(n, value(g, {1.F, 1.F}));
  tensor ten = assign_add(n, value(g, {10.F, 10.F}));
  return std::array<tensor, 3>{one, ten, one + ten};
};

}  // namespace

BOOST_AUTO_TEST_SUITE(compiled_state)

BOOST_AUTO_TEST_CASE(a_run_sees_the_old_value) {
  compiled<counter> net;
  for (int i = 0; i < 3; ++i) {
    auto const [n, after, tenfold, same, view] = net.run();
    BOOST_TEST(n(0, 0) == i);
    BOOST_TEST(after(0, 0) == i + 1);
    BOOST_TEST(tenfold(0, 0) == 10 * i);
    BOOST_TEST(same(0, 0) == i);
    BOOST_TEST(view(0, 0) == i);
  }
  net.reset();
  BOOST_TEST(std::get<0>(net.run())(0, 0) == 0);
  net.edit("n"_n)(0, 0) = 40;  // the first value, from the next reset on
  BOOST_TEST(std::get<0>(net.run())(0, 0) == 1);
  net.reset();
  BOOST_TEST(std::get<0>(net.run())(0, 0) == 40);
}
BOOST_AUTO_TEST_CASE(state_ops_are_never_dropped) {
  compiled<hidden> net;
  BOOST_TEST(net.run(std::array<float, 2>{1, 2})(0, 1) == 3);
  BOOST_TEST(net.run(std::array<float, 2>{5, 5})(0, 1) == 3);
  BOOST_TEST(net.run(std::array<float, 2>{5, 5})(0, 1) == 0);
  static_assert(compiled<hidden>::memory().state == 64);
}
BOOST_AUTO_TEST_CASE(all_commits_are_at_the_end) {
  compiled<swapped> net;
  for (int i = 0; i < 4; ++i) {
    auto const [a, b] = net.run();
    BOOST_TEST(a(0, 2) == static_cast<float>(i % 2));
    BOOST_TEST(b(0, 0) == static_cast<float>((i + 1) % 2));
  }
}
BOOST_AUTO_TEST_CASE(weights_and_state) {
  compiled<average> net;
  std::array<float, 3> const x{8, 0, 0};
  BOOST_TEST(net.run(x)(0, 0) == 4);
  BOOST_TEST(net.run(x)(0, 0) == 6);
  net.edit("average/kernel"_n).setConstant(2);  // of a weight, seen at once
  BOOST_TEST(net.run(x)(0, 0) == 14);
  net.set("average/m"_n, Eigen::RowVector3f(2, 2, 2));  // of a state, which begins anew
  BOOST_TEST(net.run(x)(0, 0) == 14);
}
BOOST_AUTO_TEST_CASE(each_workspace_has_its_own) {
  parameters<hidden> p;
  workspace<hidden> one(p), two(p);
  std::array<float, 2> const x{1, 2};
  BOOST_TEST(run<hidden>(p, one, x)(0, 0) == 2);
  BOOST_TEST(run<hidden>(p, one, x)(0, 0) == 0);
  BOOST_TEST(run<hidden>(p, two, x)(0, 0) == 2);
  one.reset(p);
  BOOST_TEST(run<hidden>(p, one, x)(0, 0) == 2);
}
BOOST_AUTO_TEST_CASE(the_last_of_two_stays) {
  compiled<twice> net;
  auto const [one, ten, sum] = net.run();
  BOOST_TEST((one(0, 0) == 1 && ten(0, 1) == 10 && sum(0, 1) == 11));
  auto const [again, more, total] = net.run();
  BOOST_TEST((again(0, 0) == 11 && more(0, 1) == 20 && total(0, 1) == 31));
}
BOOST_AUTO_TEST_CASE(as_the_reference) {
  evaluation_test::same_as_reference<hidden>({}, 1, 1, 4);
  evaluation_test::same_as_reference<swapped>({}, 2, 1, 4);
  evaluation_test::same_as_reference<average>({}, 3, 1, 4);
}

BOOST_AUTO_TEST_SUITE_END()
