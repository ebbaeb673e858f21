// SPDX-License-Identifier: BSL-1.0
// EXPECT-GCC: use of deleted function
// EXPECT-CLANG: call to deleted constructor
#include "compile_fail/verify.hpp"

inline constexpr auto model = [](graph& g) {
  tensor a = placeholder(g, "a", {4});
#ifdef ACCEPT
  auto e = a + 1;
  auto f = std::move(e);
#else
  auto e = a + 1;
  auto f = e;  // TRACE
#endif
  return tensor(std::move(f));
};
static_assert(sizeof(ambit::detail::verified<model>) != 0);
