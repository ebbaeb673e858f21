// SPDX-License-Identifier: BSL-1.0
// FIRST: more_parts_than_elements
// FIRST: ambit: a partitioned variable has fewer elements along the axis than parts; use fewer parts [PART_OFFSET_RANGE]
// SHOWS: w
// SHOWS: (4,)
#include "compile_fail/verify.hpp"

inline constexpr auto model = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 4});
#ifndef ACCEPT
  // [PART_OFFSET_RANGE wrong]
  auto five = +[](shape const&, dtype, partitioner_parameters const&) { return partition{.parts = {5}}; };
  return x * get_variable(g, "w", {4}, {.partitioner = five});  // TRACE
  // [end]
#else
  // [PART_OFFSET_RANGE right]
  return x * get_variable(g, "w", {4}, {.partitioner = fixed_size_partitioner(5)});  // as many as there are elements
  // [end]
#endif
};
static_assert(sizeof(ambit::detail::verified<model>) != 0);
