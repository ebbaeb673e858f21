// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/core/error.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdlib>

/// The error that a body raises; where it raises none the test ends.
template <class Body>
ambit::scope_error error_of(Body body) {
  try {
    body();
  } catch (ambit::scope_error const& e) {
    return e;
  }
  BOOST_FAIL("nothing was raised");
  std::abort();
}
