// SPDX-License-Identifier: BSL-1.0
// FIRST: partitioned_shape_is_unknown
// FIRST: ambit: a partitioned variable needs a fully known shape; give every extent [PART_SHAPE_UNKNOWN]
// SHOWS: w
// SHOWS: (?,)
#include "compile_fail/verify.hpp"

inline constexpr auto model = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 4});
#ifndef ACCEPT
  // [PART_SHAPE_UNKNOWN wrong]
  return x * get_variable(g, "w", {dyn}, {.partitioner = fixed_size_partitioner(2)});  // TRACE
  // [end]
#else
  // [PART_SHAPE_UNKNOWN right]
  return x * get_variable(g, "w", {4}, {.partitioner = fixed_size_partitioner(2)});
  // [end]
#endif
};
static_assert(sizeof(ambit::detail::verified<model>) != 0);
