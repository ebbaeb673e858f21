// SPDX-License-Identifier: BSL-1.0
// FIRST: ambit: an expression is recorded once, where it is written: store it as a tensor, `tensor e = a + b;` instead of `auto e = a + b;`
#include "compile_fail/verify.hpp"

inline constexpr auto model = [](graph& g) {
  tensor a = placeholder(g, "a", {4});
  tensor b = placeholder(g, "b", {4});
#ifdef ACCEPT
  tensor e = a + b;
  return e * e;
#else
  auto e = a + b;
  return e * e;  // TRACE
#endif
};
static_assert(sizeof(ambit::detail::verified<model>) != 0);
