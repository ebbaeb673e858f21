// SPDX-License-Identifier: BSL-1.0
// FIRST: partitioned_variable_has_other_parts
// FIRST: ambit: the partitioned variable exists in other parts; use the partitioner of the first call [PART_LAYOUT_MISMATCH]
// SHOWS: fc/w
// SHOWS: [4]
// SHOWS: [2]
#include "compile_fail/verify.hpp"

inline constexpr auto model = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 4});
#ifndef ACCEPT
  // [PART_LAYOUT_MISMATCH wrong]
  variable_scope fc{g, "fc", {.reuse = reuse::automatic, .partitioner = fixed_size_partitioner(2)}};
  tensor w = get_variable(g, "w", {4});
  tensor v = get_variable(g, "w", {4}, {.partitioner = fixed_size_partitioner(4)});  // TRACE
  return x * w + v;
  // [end]
#else
  // [PART_LAYOUT_MISMATCH right]
  variable_scope fc{g, "fc", {.reuse = reuse::automatic, .partitioner = fixed_size_partitioner(2)}};
  tensor w = get_variable(g, "w", {4});
  tensor v = get_variable(g, "w", {4}, {.partitioner = fixed_size_partitioner(2)});
  return x * w + v;
  // [end]
#endif
};
static_assert(sizeof(ambit::detail::verified<model>) != 0);
