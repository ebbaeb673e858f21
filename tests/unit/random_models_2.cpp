// SPDX-License-Identifier: BSL-1.0
#include "random_models.hpp"

BOOST_AUTO_TEST_SUITE(random_models_2)

BOOST_AUTO_TEST_CASE(short_ones) { random_models::check<200, 6, 8>(); }
BOOST_AUTO_TEST_CASE(long_ones) { random_models::check<250, 6, 20>(); }

BOOST_AUTO_TEST_SUITE_END()
