// SPDX-License-Identifier: BSL-1.0
// FIRST: partition_has_no_parts
// FIRST: ambit: the partitioner must return at least one part for each axis [PARTITIONER_ZERO]
// SHOWS: w
// SHOWS: (4,)
// SHOWS: [0]
#include "compile_fail/verify.hpp"

inline constexpr auto model = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 4});
#ifndef ACCEPT
  // [PARTITIONER_ZERO wrong]
  return x * get_variable(g, "w", {4}, {.partitioner = fixed_size_partitioner(0)});  // TRACE
  // [end]
#else
  // [PARTITIONER_ZERO right]
  return x * get_variable(g, "w", {4}, {.partitioner = fixed_size_partitioner(1)});
  // [end]
#endif
};
static_assert(sizeof(ambit::detail::verified<model>) != 0);
