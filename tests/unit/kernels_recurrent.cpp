// SPDX-License-Identifier: BSL-1.0
#include "kernels_recurrent.hpp"

using namespace kernels_test;
using enum lstm_format;

BOOST_AUTO_TEST_SUITE(kernels_recurrent)

BOOST_AUTO_TEST_CASE(lstm_tensorflow1) { check_cells<tensorflow1, float, 0, cell_count>(); }
BOOST_AUTO_TEST_CASE(lstm_keras) { check_cells<keras, float, 0, cell_count>(); }
BOOST_AUTO_TEST_CASE(lstm_pytorch) { check_cells<pytorch, float, 0, cell_count>(); }
BOOST_AUTO_TEST_CASE(lstm_f64) {
  check_cells<tensorflow1, double, 0, 4>();
  check_cells<keras, double, 4, 4>();
  check_cells<pytorch, double, 8, 4>();
  check_cells<keras, double, 13, 2>();
}

BOOST_AUTO_TEST_SUITE_END()
