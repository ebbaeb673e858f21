// SPDX-License-Identifier: BSL-1.0
// FIRST: tensor_of_no_graph
// FIRST: ambit: this op is given a tensor that belongs to no graph; use tensors that a builder function returned [EMPTY_TENSOR]
// SHOWS: Add
#include "compile_fail/verify.hpp"

inline constexpr auto model = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 4});
#ifndef ACCEPT
  // [EMPTY_TENSOR wrong]
  tensor bias;  // stands for nothing
  tensor y = x + bias;  // TRACE
  return y;
  // [end]
#else
  // [EMPTY_TENSOR right]
  tensor bias = get_variable(g, "bias", {4});
  tensor y = x + bias;
  return y;
  // [end]
#endif
};
static_assert(sizeof(ambit::detail::verified<model>) != 0);
