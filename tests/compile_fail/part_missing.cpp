// SPDX-License-Identifier: BSL-1.0
// FIRST: partitioned_variable_does_not_exist
// FIRST: ambit: there is no partitioned variable of this name and its scope only shares (reuse::yes); create it first, or open the scope with reuse::automatic [PART_MISSING]
// SHOWS: fc/w
#include "compile_fail/verify.hpp"

inline constexpr auto model = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 4});
#ifndef ACCEPT
  // [PART_MISSING wrong]
  variable_scope fc{g, "fc", {.reuse = reuse::yes, .partitioner = fixed_size_partitioner(2)}};
  return x * get_variable(g, "w", {4});  // TRACE
  // [end]
#else
  // [PART_MISSING right]
  variable_scope fc{g, "fc", {.reuse = reuse::automatic, .partitioner = fixed_size_partitioner(2)}};
  return x * get_variable(g, "w", {4});
  // [end]
#endif
};
static_assert(sizeof(ambit::detail::verified<model>) != 0);
