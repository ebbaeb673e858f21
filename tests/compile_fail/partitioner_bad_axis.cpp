// SPDX-License-Identifier: BSL-1.0
// FIRST: partition_axis_does_not_exist
// FIRST: ambit: the partitioner divides an axis that the shape does not have; choose another axis [PARTITIONER_BAD_AXIS]
// SHOWS: w
// SHOWS: (4,)
#include "compile_fail/verify.hpp"

inline constexpr auto model = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 4});
#ifndef ACCEPT
  // [PARTITIONER_BAD_AXIS wrong]
  return x * get_variable(g, "w", {4}, {.partitioner = fixed_size_partitioner(2, 1)});  // TRACE
  // [end]
#else
  // [PARTITIONER_BAD_AXIS right]
  return x * get_variable(g, "w", {4}, {.partitioner = fixed_size_partitioner(2, 0)});
  // [end]
#endif
};
static_assert(sizeof(ambit::detail::verified<model>) != 0);
