// SPDX-License-Identifier: BSL-1.0
// FIRST: op_name_is_not_valid
// FIRST: ambit: this is not a valid op name; use letters, digits and _ . - /, and begin with a letter, a digit or a dot [BAD_OP_NAME]
// SHOWS: learning rate
#include "compile_fail/verify.hpp"

inline constexpr auto model = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 4});
#ifndef ACCEPT
  // [BAD_OP_NAME wrong]
  return x * constant(g, 0.1f, "learning rate");  // TRACE
  // [end]
#else
  // [BAD_OP_NAME right]
  return x * constant(g, 0.1f, "learning_rate");
  // [end]
#endif
};
static_assert(sizeof(ambit::detail::verified<model>) != 0);
