// SPDX-License-Identifier: BSL-1.0
// FIRST: partitioner_is_a_null_pointer
// FIRST: ambit: the partitioner is a null pointer; pass a function [PARTITIONER_NOT_CALLABLE]
// SHOWS: w
#include "compile_fail/verify.hpp"

inline constexpr auto model = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 4});
#ifndef ACCEPT
  // [PARTITIONER_NOT_CALLABLE wrong]
  partitioner_function none = nullptr;
  return x * get_variable(g, "w", {4}, {.partitioner = none});  // TRACE
  // [end]
#else
  // [PARTITIONER_NOT_CALLABLE right]
  return x * get_variable(g, "w", {4});
  // [end]
#endif
};
static_assert(sizeof(ambit::detail::verified<model>) != 0);
