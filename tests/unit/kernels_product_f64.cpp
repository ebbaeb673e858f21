// SPDX-License-Identifier: BSL-1.0
#include "kernels_product.hpp"

using namespace kernels_test;

BOOST_AUTO_TEST_SUITE(kernels_product_f64)

BOOST_AUTO_TEST_CASE(tiles) { check_all<double, blocks>(); }
BOOST_AUTO_TEST_CASE(one_row) { check_all<double, single_rows>(); }
BOOST_AUTO_TEST_CASE(more_than_the_cache_holds) { check_all<double, large>(); }
BOOST_AUTO_TEST_CASE(rows_known_when_it_runs) { check_open_ones<double>(); }

BOOST_AUTO_TEST_SUITE_END()
