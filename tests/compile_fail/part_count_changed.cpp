// SPDX-License-Identifier: BSL-1.0
// FIRST: partitioned_variable_has_another_count
// FIRST: ambit: parts of this variable exist already, in another number; use as many parts as there are, or give it another name [PART_COUNT_CHANGED]
// SHOWS: w
#include "compile_fail/verify.hpp"

inline constexpr auto model = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 4});
#ifndef ACCEPT
  // [PART_COUNT_CHANGED wrong]
  tensor first = get_variable(g, "w/part_0", {2});
  tensor w = get_variable(g, "w", {4}, {.partitioner = fixed_size_partitioner(2)});  // TRACE
  return x * w + reduce_sum(first);
  // [end]
#else
  // [PART_COUNT_CHANGED right]
  tensor first = get_variable(g, "first", {2});
  tensor w = get_variable(g, "w", {4}, {.partitioner = fixed_size_partitioner(2)});
  return x * w + reduce_sum(first);
  // [end]
#endif
};
static_assert(sizeof(ambit::detail::verified<model>) != 0);
