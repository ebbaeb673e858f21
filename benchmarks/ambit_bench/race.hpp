// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "buffer.hpp"
#include "contender.hpp"

#include <vector>

namespace bench {

struct race_options {
  int rounds = 31;
  double slice_ms = 3;  ///< of one contender's turn in a round
};

/// Nanoseconds of one run, of each contender in each round.
using lap_times = std::vector<std::vector<double>>;

/// Throughput: independent runs back to back. The contenders take turns in each round, and each round begins with
/// another one, so that a change of the clock or a noisy neighbour meets all of them.
lap_times race(std::vector<running> const& field, buffer const& in, race_options const& options);

double median(std::vector<double> values);
/// Of the quotients of each round.
double median_ratio(std::vector<double> const& a, std::vector<double> const& b);

}  // namespace bench
