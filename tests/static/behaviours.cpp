// SPDX-License-Identifier: BSL-1.0
// The scope behaviours in the compiler: an assertion each, so that a failure names it and each has a budget of its own.
#include "behaviours/all.hpp"

#define AMBIT_BEHAVIOUR(name) static_assert(behaviours::name());
#include "behaviours/table.inc"
