// SPDX-License-Identifier: BSL-1.0
// FIRST: partitioned_variables_under_a_getter
// FIRST: [PART_WITH_GETTER]
// SHOWS: fc/PartitionedVariable
#include "compile_fail/verify.hpp"

inline constexpr auto forward = [](auto& next, variable_request r) { return next(r); };

inline constexpr auto model = [](graph& g) {
  tensor x = placeholder(g, "x", {2});
#ifndef ACCEPT
  // [PART_WITH_GETTER wrong]
  variable_scope fc{g, "fc", {.custom_getter = forward}};
  list<tensor> parts = create_partitioned_variables(g, {4}, {2});
  return x * parts[0];
  // [end]
#else
  // [PART_WITH_GETTER right]
  variable_scope fc{g, "fc", {.custom_getter = forward}};
  list<tensor> parts = get_variable(g, "w", {4}, {.partitioner = fixed_size_partitioner(2)}).parts();
  return x * parts[0];
  // [end]
#endif
};
static_assert(sizeof(ambit::detail::verified<model>) != 0);
