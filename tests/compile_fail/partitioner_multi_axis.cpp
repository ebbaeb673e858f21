// SPDX-License-Identifier: BSL-1.0
// FIRST: partition_divides_two_axes
// FIRST: ambit: the partitioner may divide one axis only; return 1 for the others [PARTITIONER_MULTI_AXIS]
// SHOWS: w
// SHOWS: (2, 4)
// SHOWS: [2, 2]
#include "compile_fail/verify.hpp"

inline constexpr auto model = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 4});
#ifndef ACCEPT
  // [PARTITIONER_MULTI_AXIS wrong]
  auto blocks = +[](shape const&, dtype, partitioner_parameters const&) { return partition{.parts = {2, 2}}; };
  return x * get_variable(g, "w", {2, 4}, {.partitioner = blocks});  // TRACE
  // [end]
#else
  // [PARTITIONER_MULTI_AXIS right]
  auto columns = +[](shape const&, dtype, partitioner_parameters const&) { return partition{.parts = {1, 2}}; };
  return x * get_variable(g, "w", {2, 4}, {.partitioner = columns});
  // [end]
#endif
};
static_assert(sizeof(ambit::detail::verified<model>) != 0);
