// SPDX-License-Identifier: BSL-1.0
// FIRST: partition_has_another_rank
// FIRST: ambit: the partitioner must return a number of parts for each axis of the shape [PARTITIONER_RANK]
// SHOWS: w
// SHOWS: (2, 4)
// SHOWS: [2]
#include "compile_fail/verify.hpp"

inline constexpr auto model = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 4});
#ifndef ACCEPT
  // [PARTITIONER_RANK wrong]
  auto halves = +[](shape const&, dtype, partitioner_parameters const&) { return partition{.parts = {2}}; };
  return x * get_variable(g, "w", {2, 4}, {.partitioner = halves});  // TRACE
  // [end]
#else
  // [PARTITIONER_RANK right]
  auto halves = +[](shape const&, dtype, partitioner_parameters const&) { return partition{.parts = {1, 2}}; };
  return x * get_variable(g, "w", {2, 4}, {.partitioner = halves});
  // [end]
#endif
};
static_assert(sizeof(ambit::detail::verified<model>) != 0);
