// SPDX-License-Identifier: BSL-1.0
// The registry in the compiler.
#include "registry/rules.hpp"

#define AMBIT_RULE(name) static_assert(registry::name());
#include "registry/table.inc"
