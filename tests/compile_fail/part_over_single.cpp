// SPDX-License-Identifier: BSL-1.0
// FIRST: variable_is_not_partitioned
// FIRST: ambit: the variable exists unpartitioned; drop the partitioner, or give this one another name [PART_OVER_SINGLE]
// SHOWS: fc/w
#include "compile_fail/verify.hpp"

inline constexpr auto model = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 4});
#ifndef ACCEPT
  // [PART_OVER_SINGLE wrong]
  variable_scope fc{g, "fc", {.reuse = reuse::automatic}};
  tensor w = get_variable(g, "w", {4});
  tensor v = get_variable(g, "w", {4}, {.partitioner = fixed_size_partitioner(2)});  // TRACE
  return x * w + v;
  // [end]
#else
  // [PART_OVER_SINGLE right]
  variable_scope fc{g, "fc", {.reuse = reuse::automatic, .partitioner = fixed_size_partitioner(2)}};
  tensor w = get_variable(g, "w", {4});
  tensor v = get_variable(g, "w", {4});
  return x * w + v;
  // [end]
#endif
};
static_assert(sizeof(ambit::detail::verified<model>) != 0);
