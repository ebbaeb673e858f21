// SPDX-License-Identifier: BSL-1.0
// FIRST: partitioned_variable_has_another_shape
// FIRST: ambit: the partitioned variable exists with another shape; ask for the shape that it has [PART_SHAPE_MISMATCH]
// SHOWS: fc/w
// SHOWS: (2,)
// SHOWS: (4,)
#include "compile_fail/verify.hpp"

inline constexpr auto model = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 4});
#ifndef ACCEPT
  // [PART_SHAPE_MISMATCH wrong]
  variable_scope fc{g, "fc", {.reuse = reuse::automatic, .partitioner = fixed_size_partitioner(2)}};
  tensor w = get_variable(g, "w", {4});
  tensor v = get_variable(g, "w", {2});  // TRACE
  return x * w + v;
  // [end]
#else
  // [PART_SHAPE_MISMATCH right]
  variable_scope fc{g, "fc", {.reuse = reuse::automatic, .partitioner = fixed_size_partitioner(2)}};
  tensor w = get_variable(g, "w", {4});
  tensor v = get_variable(g, "w", {4});
  return x * w + v;
  // [end]
#endif
};
static_assert(sizeof(ambit::detail::verified<model>) != 0);
