// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "contender.hpp"
#include "reference.hpp"

namespace bench {

struct verdict {
  double error;  ///< the largest difference from the reference
  double allowed;
  [[nodiscard]] bool passed() const { return error <= allowed; }  // a NaN does not
};

/// Runs all frames of the exercise, and the first one again after a reset.
verdict check(running const& r, exercise const& e);

/// What to call one that failed, for the user.
void report_failure(running const& r, verdict const& v);

}  // namespace bench
