// SPDX-License-Identifier: BSL-1.0
// FIRST: scope_name_is_not_valid
// FIRST: ambit: this is not a valid scope name; use letters, digits and _ . - /, and begin with a letter, a digit or a dot [BAD_SCOPE_NAME]
// SHOWS: fully connected
#include "compile_fail/verify.hpp"

inline constexpr auto model = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 4});
#ifndef ACCEPT
  // [BAD_SCOPE_NAME wrong]
  variable_scope fc{g, "fully connected"};  // TRACE
  return x + get_variable(g, "bias", {4});
  // [end]
#else
  // [BAD_SCOPE_NAME right]
  variable_scope fc{g, "fully_connected"};
  return x + get_variable(g, "bias", {4});
  // [end]
#endif
};
static_assert(sizeof(ambit::detail::verified<model>) != 0);
