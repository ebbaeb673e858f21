// SPDX-License-Identifier: BSL-1.0
// FIRST: partitioned_variable_has_another_dtype
// FIRST: ambit: the partitioned variable exists with another dtype; ask for the dtype that it has [PART_DTYPE_MISMATCH]
// SHOWS: fc/w
// SHOWS: float64
// SHOWS: float32
#include "compile_fail/verify.hpp"

inline constexpr auto model = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 4});
#ifndef ACCEPT
  // [PART_DTYPE_MISMATCH wrong]
  variable_scope fc{g, "fc", {.reuse = reuse::automatic, .partitioner = fixed_size_partitioner(2)}};
  tensor w = get_variable(g, "w", {4});
  tensor v = get_variable(g, "w", {4}, {.dtype = dtype::f64});  // TRACE
  return x * w + v;
  // [end]
#else
  // [PART_DTYPE_MISMATCH right]
  variable_scope fc{g, "fc", {.reuse = reuse::automatic, .partitioner = fixed_size_partitioner(2)}};
  tensor w = get_variable(g, "w", {4});
  tensor v = get_variable(g, "w", {4}, {.dtype = dtype::f32});
  return x * w + v;
  // [end]
#endif
};
static_assert(sizeof(ambit::detail::verified<model>) != 0);
