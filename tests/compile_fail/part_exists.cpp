// SPDX-License-Identifier: BSL-1.0
// FIRST: partitioned_variable_already_exists
// FIRST: ambit: a partitioned variable of this name already exists and its scope does not allow sharing; open the scope with reuse::yes or reuse::automatic, or give it another name [PART_EXISTS]
// SHOWS: w
#include "compile_fail/verify.hpp"

inline constexpr auto model = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 4});
#ifndef ACCEPT
  // [PART_EXISTS wrong]
  tensor w = get_variable(g, "w", {4}, {.partitioner = fixed_size_partitioner(2)});
  tensor v = get_variable(g, "w", {4}, {.partitioner = fixed_size_partitioner(2)});  // TRACE
  return x * w + v;
  // [end]
#else
  // [PART_EXISTS right]
  tensor w = get_variable(g, "w", {4}, {.partitioner = fixed_size_partitioner(2)});
  tensor v = get_variable(g, "v", {4}, {.partitioner = fixed_size_partitioner(2)});
  return x * w + v;
  // [end]
#endif
};
static_assert(sizeof(ambit::detail::verified<model>) != 0);
