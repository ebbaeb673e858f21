// SPDX-License-Identifier: BSL-1.0
// The framework itself is compiled here and nowhere else: it costs 2.5 s a file.
#define BOOST_TEST_MODULE ambit
#include <boost/test/included/unit_test.hpp>
