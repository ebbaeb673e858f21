// SPDX-License-Identifier: BSL-1.0
// The scope behaviours at run time: a test case each.
#include "behaviours/all.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(behaviours_at_run_time)

#define AMBIT_BEHAVIOUR(name)                                                                                          \
  BOOST_AUTO_TEST_CASE(name) { BOOST_TEST(behaviours::name()); }
#include "behaviours/table.inc"

BOOST_AUTO_TEST_SUITE_END()
