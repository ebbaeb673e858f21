// SPDX-License-Identifier: BSL-1.0
// FIRST: constant_has_another_number_of_values
// FIRST: ambit: this constant is given another number of values than its shape has elements [BAD_LITERAL]
// SHOWS: table
#include "compile_fail/verify.hpp"

inline constexpr auto model = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 4});
#ifndef ACCEPT
  // [BAD_LITERAL wrong]
  return x + constant(g, literal{{1.f, 2.f, 3.f}, {4}}, "table");  // TRACE
  // [end]
#else
  // [BAD_LITERAL right]
  return x + constant(g, literal{{1.f, 2.f, 3.f, 4.f}, {4}}, "table");
  // [end]
#endif
};
static_assert(sizeof(ambit::detail::verified<model>) != 0);
