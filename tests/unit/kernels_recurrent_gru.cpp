// SPDX-License-Identifier: BSL-1.0
#include "kernels_recurrent.hpp"

using namespace kernels_test;
using enum gru_format;

BOOST_AUTO_TEST_SUITE(kernels_recurrent_gru)

BOOST_AUTO_TEST_CASE(gru_tensorflow1) { check_cells<tensorflow1, float, 0, cell_count>(); }
BOOST_AUTO_TEST_CASE(gru_keras_reset_before) { check_cells<keras_reset_before, float, 0, cell_count>(); }
BOOST_AUTO_TEST_CASE(gru_keras_reset_after) { check_cells<keras_reset_after, float, 0, cell_count>(); }
BOOST_AUTO_TEST_CASE(gru_pytorch) { check_cells<pytorch, float, 0, cell_count>(); }
BOOST_AUTO_TEST_CASE(gru_f64) {
  check_cells<tensorflow1, double, 0, 4>();
  check_cells<keras_reset_before, double, 3, 3>();
  check_cells<keras_reset_after, double, 6, 4>();
  check_cells<pytorch, double, 9, 3>();
  check_cells<keras_reset_after, double, 13, 2>();
}

BOOST_AUTO_TEST_SUITE_END()
