// SPDX-License-Identifier: BSL-1.0
// FIRST: ambit: a builder returns a tensor, an expression, or a tuple, array or aggregate of them
#include "compile_fail/verify.hpp"

inline constexpr auto model = [](graph& g) {
  tensor a = placeholder(g, "a", {4});
#ifdef ACCEPT
  return a;
#else
  return &g == a.graph();
#endif
};
static_assert(sizeof(ambit::detail::verified<model>) != 0);
