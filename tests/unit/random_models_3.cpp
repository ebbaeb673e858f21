// SPDX-License-Identifier: BSL-1.0
#include "random_models.hpp"

BOOST_AUTO_TEST_SUITE(random_models_3)

BOOST_AUTO_TEST_CASE(short_ones) { random_models::check<300, 6, 8>(); }
BOOST_AUTO_TEST_CASE(long_ones) { random_models::check<350, 6, 20>(); }

BOOST_AUTO_TEST_SUITE_END()
