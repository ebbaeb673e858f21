// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "options.hpp"

namespace bench {

/// Races the contenders of each workload that the options want, and prints a line for it. Returns how many contenders
/// were wrong.
int print_table(contenders const& all, options const& o);

}  // namespace bench
