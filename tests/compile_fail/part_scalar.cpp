// SPDX-License-Identifier: BSL-1.0
// FIRST: scalar_cannot_be_partitioned
// FIRST: ambit: a scalar cannot be partitioned; drop the partitioner [PART_SCALAR]
// SHOWS: rate
#include "compile_fail/verify.hpp"

inline constexpr auto model = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 4});
#ifndef ACCEPT
  // [PART_SCALAR wrong]
  tensor start = constant(g, 0.1f, "start");
  return x * get_variable(g, "rate", {.initializer = start, .partitioner = fixed_size_partitioner(2)});  // TRACE
  // [end]
#else
  // [PART_SCALAR right]
  return x * get_variable(g, "rate", {.initializer = 0.1f});
  // [end]
#endif
};
static_assert(sizeof(ambit::detail::verified<model>) != 0);
