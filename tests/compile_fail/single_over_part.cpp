// SPDX-License-Identifier: BSL-1.0
// FIRST: variable_is_partitioned
// FIRST: ambit: the variable exists partitioned; pass the partitioner, or open the scope with reuse::yes [SINGLE_OVER_PART]
// SHOWS: fc/w
#include "compile_fail/verify.hpp"

inline constexpr auto model = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 4});
#ifndef ACCEPT
  // [SINGLE_OVER_PART wrong]
  variable_scope fc{g, "fc", {.reuse = reuse::automatic}};
  tensor w = get_variable(g, "w", {4}, {.partitioner = fixed_size_partitioner(2)});
  tensor v = get_variable(g, "w", {4});  // TRACE
  return x * w + v;
  // [end]
#else
  // [SINGLE_OVER_PART right]
  variable_scope fc{g, "fc", {.reuse = reuse::automatic}};
  tensor w = get_variable(g, "w", {4}, {.partitioner = fixed_size_partitioner(2)});
  tensor v = get_variable(g, "w", {4}, {.partitioner = fixed_size_partitioner(2)});
  return x * w + v;
  // [end]
#endif
};
static_assert(sizeof(ambit::detail::verified<model>) != 0);
