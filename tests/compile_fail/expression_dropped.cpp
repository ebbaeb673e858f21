// SPDX-License-Identifier: BSL-1.0
// Nothing is dropped silently: an expression that is not used is a warning.
// FIRST-GCC: ignoring returned value of type 'ambit::expression<
// FIRST-CLANG: ignoring return value of function declared with 'nodiscard' attribute
#include "compile_fail/verify.hpp"

#pragma GCC diagnostic error "-Wunused-result"
#pragma GCC diagnostic error "-Wunused-value"

inline constexpr auto model = [](graph& g) {
  tensor a = placeholder(g, "a", {4});
#ifdef ACCEPT
  a = relu(a);
#else
  relu(a);  // TRACE
#endif
  return a;
};
static_assert(sizeof(ambit::detail::verified<model>) != 0);
