// SPDX-License-Identifier: BSL-1.0
#include "kernels_product.hpp"
#include <ambit/ambit.hpp>

#include <cstdlib>
#include <memory>

using namespace ambit;
using namespace ambit::loops;
using namespace kernels_test;

namespace {

// One model for batches of several sizes.
template <int Rows>
constexpr auto layers = [](graph& g) {
  tensor x = placeholder(g, "x", {Rows, 19});
  tensor h = relu(matmul(x, get_variable(g, "w", {19, 37})) + get_variable(g, "b", {37}));
  return matmul(h, get_variable(g, "v", {37, 11}));
};
using matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
struct weights {
  matrix x = matrix::Random(64, 19), w = matrix::Random(19, 37), b = matrix::Random(1, 37), v = matrix::Random(37, 11);
  /// What rounding may do to a row of the result.
  Eigen::MatrixXd bound() const {
    Eigen::MatrixXd const inner = x.cast<double>().cwiseAbs() * w.cast<double>().cwiseAbs() +
                                  Eigen::VectorXd::Ones(64) * b.cast<double>().cwiseAbs();
    return 2 * tolerance<float> * inner * v.cast<double>().cwiseAbs();
  }
  Eigen::MatrixXd expected() const {
    Eigen::MatrixXd const h = x.cast<double>() * w.cast<double>() + Eigen::VectorXd::Ones(64) * b.cast<double>();
    return h.cwiseMax(0) * v.cast<double>();
  }
};
template <int Rows>
void check_batch(weights const& all) {
  auto const net = std::make_unique<compiled<layers<Rows>>>();
  net->set("w"_n, all.w), net->set("b"_n, all.b), net->set("v"_n, all.v);
  Eigen::MatrixXd const expected = all.expected(), bound = all.bound();
  for (int first = 0; first + Rows <= 64; first += Rows) {
    matrix const part = all.x.middleRows(first, Rows);
    Eigen::MatrixXd const found = net->run(part).template cast<double>();
    Eigen::ArrayXXd const off = (found - expected.middleRows(first, Rows)).cwiseAbs();
    BOOST_TEST((off <= bound.middleRows(first, Rows).array()).all(), Rows << " rows, from row " << first);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(kernels_product)

BOOST_AUTO_TEST_CASE(tiles) { check_all<float, blocks>(); }
BOOST_AUTO_TEST_CASE(one_row) { check_all<float, single_rows>(); }
BOOST_AUTO_TEST_CASE(more_than_the_cache_holds) { check_all<float, large>(); }
BOOST_AUTO_TEST_CASE(rows_known_when_it_runs) { check_open_ones<float>(); }
BOOST_AUTO_TEST_CASE(batches_of_several_sizes) {
  std::srand(1);  // Eigen draws from it
  weights const all;
  check_batch<1>(all);
  check_batch<2>(all);
  check_batch<7>(all);
  check_batch<64>(all);
}

BOOST_AUTO_TEST_SUITE_END()
