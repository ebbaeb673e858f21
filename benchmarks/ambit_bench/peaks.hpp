// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "contender.hpp"

namespace bench {

/// What the machine can do: runs that take part in a race like contenders, so that both meet the same clock and the
/// same neighbours.
struct peak {
  contender who;
  double work;  ///< of one run, floating-point operations or bytes
};

/// Multiply-adds in the widest registers of this build.
peak fma_peak(workload const& w);
/// Loads of as many bytes as the workload moves, over and over. In the first cache stores go beside loads, so that D3
/// can do more than that.
peak load_peak(workload const& w);

}  // namespace bench
