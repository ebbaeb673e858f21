// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "buffer.hpp"
#include "workloads.hpp"

#include <vector>

namespace bench {

/// The inputs of a workload's successive runs, and what must come out: plain loops in double precision.
struct exercise {
  workload const* what = nullptr;
  std::vector<buffer> inputs;
  std::vector<std::vector<double>> expected;
  double scale = 1;  ///< the largest magnitude in `expected`, at least 1
};

std::vector<buffer> make_inputs(workload const& w);
exercise make_exercise(workload const& w);

}  // namespace bench
