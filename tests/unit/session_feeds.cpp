// SPDX-License-Identifier: BSL-1.0
// How nodes are named in a session's runs, and what is fed to them.
#include "error_of.hpp"
#include <ambit/ambit.hpp>
#include <ambit/session.hpp>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

using namespace ambit;
extern template class ambit::session<>;

BOOST_AUTO_TEST_SUITE(session_feeds)

BOOST_AUTO_TEST_CASE(names_and_tensors_in_turn) {
  graph g;
  tensor const x = placeholder(g, "x", {dyn, 2}), z = placeholder(g, "z", {dyn, 2});
  tensor const y = x - 2 * z;
  session s{g};
  Eigen::Matrix<float, 2, 2, Eigen::RowMajor> m;
  m << 1, 2, 3, 4;
  std::array<float, 4> const ones{1, 1, 1, 1};
  std::string name = "x";
  for (int i = 0; i < 3; ++i) {
    BOOST_TEST(s.run(y, {{x, m}, {z, ones}}).at(3) == 2);
    BOOST_TEST(s.run("sub", {{name, m}, {"z:0", ones}}).at(3) == 2);
    BOOST_TEST(s.run(y, {{name, ones}, {z, m}}).at(3) == -7);
    BOOST_TEST(s.run(y, {{z, m}, {x, ones}}).at(3) == -7);
    BOOST_TEST((s.run(y, {{x, ones, {2, 2}}, {z, m}}).shape() == shape{2, 2}));
    BOOST_TEST((error_of([&] { (void)s.run(y, {{x, ones, {4, 1}}, {z, m}}); }).code() == errc::feed_shape));
  }
  name[0] = 'z';  // the same characters' place
  BOOST_TEST((error_of([&] { (void)s.run(y, {{name, ones}, {z, m}}); }).code() == errc::fed_twice));
}
BOOST_AUTO_TEST_CASE(long_names) {
  graph g;
  std::string const megabyte(1'000'000, 'n');
  tensor const x = placeholder(g, megabyte, {1});
  session s{g};
  BOOST_TEST(s.run(megabyte, {{megabyte, std::array{2.F}}}).at() == 2);
  BOOST_TEST((error_of([&] { (void)s.run(megabyte + "m"); }).code() == errc::unknown_tensor));
  BOOST_TEST((error_of([&] { (void)s.run(std::string("a\0b", 3)); }).code() == errc::unknown_tensor));
  BOOST_TEST((error_of([&] { (void)s.run("\xc3\xa4"); }).code() == errc::unknown_tensor));
  BOOST_TEST(s.run(x, {{x, 1.F}}).at() == 1);
}
/// More rows than the words of a feed have room for, and one that no step reads, and one that several do.
BOOST_AUTO_TEST_CASE(many_rows_and_many_readers) {
  graph g;
  tensor const x = placeholder(g, "x", {dyn, dyn}), unread = placeholder(g, "unread", {2}),
               v = placeholder(g, "v", {3});
  tensor const rows = reduce_sum(x, {0}), y = v + reduce_sum(v) * v;
  session s{g};
  Eigen::Matrix<float, Eigen::Dynamic, 1> const half = Eigen::VectorXf::Constant((1 << 23) + 2, 0.5F);
  Eigen::Map<Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> const> tall(half.data(), half.size(),
                                                                                               1);
  std::array<float, 2> const pair{};
  for (int i = 0; i < 3; ++i) {
    std::array<float, 3> const some{1, 2, static_cast<float>(i)};
    auto const found = s.run({rows, y, v}, {{x, tall}, {unread, pair}, {v, some}});
    BOOST_TEST((found[0].shape() == shape{1}));
    BOOST_TEST(found[0].at() == static_cast<float>((1 << 22) + 1));
    BOOST_TEST(found[1].at(1) == 2 + (3 + static_cast<float>(i)) * 2);
    BOOST_TEST(found[2].at(2) == static_cast<float>(i));
  }
  feed const copied = feed("v", std::array<float, 3>{}, {3});
  std::vector<feed> const kept{copied, feed(x, tall)};
  BOOST_TEST(kept[0].node().name() == "v");
  BOOST_TEST((kept[0].shape() == shape{3}));
  BOOST_TEST(kept[1].rows() == (1 << 23) + 2);
  BOOST_TEST((kept[1].node().tensor() == x));
}

BOOST_AUTO_TEST_SUITE_END()
