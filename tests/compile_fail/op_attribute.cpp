// SPDX-License-Identifier: BSL-1.0
// FIRST: op_attribute_is_not_valid
// FIRST: ambit: an attribute of this op, such as an axis, cannot work; the trace below leads to the line [OP_ATTRIBUTE]
// SHOWS: Sum
// SHOWS: axis 2 of a tensor of rank 2
#include "compile_fail/verify.hpp"

inline constexpr auto model = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 4});
#ifndef ACCEPT
  // [OP_ATTRIBUTE wrong]
  tensor y = reduce_sum(x, 2);  // TRACE
  return y;
  // [end]
#else
  // [OP_ATTRIBUTE right]
  tensor y = reduce_sum(x, 1);
  return y;
  // [end]
#endif
};
static_assert(sizeof(ambit::detail::verified<model>) != 0);
