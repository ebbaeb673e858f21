// SPDX-License-Identifier: BSL-1.0
// FIRST: variable_has_another_dtype
// FIRST: ambit: the variable exists with another dtype; pass the dtype of the first call [DTYPE_MISMATCH]
// SHOWS: fc/n
// SHOWS: float32
// SHOWS: int32
#include "compile_fail/verify.hpp"

inline constexpr auto model = [](graph& g) {
#ifndef ACCEPT
  // [DTYPE_MISMATCH wrong]
  variable_scope fc{g, "fc", {.reuse = reuse::automatic}};
  get_variable(g, "n", {.initializer = 3});  // int32, as its value
  tensor n = get_variable(g, "n");  // TRACE
  return n + 1;
  // [end]
#else
  // [DTYPE_MISMATCH right]
  variable_scope fc{g, "fc", {.reuse = reuse::automatic}};
  get_variable(g, "n", {.initializer = 3});
  tensor n = get_variable(g, "n", {.dtype = dtype::i32});
  return n + 1;
  // [end]
#endif
};
static_assert(sizeof(ambit::detail::verified<model>) != 0);
