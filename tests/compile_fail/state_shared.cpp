// SPDX-License-Identifier: BSL-1.0
// FIRST: state_is_read_elsewhere
// FIRST: ambit: this op changes its state in place, so nothing else may read that variable; read the op's output [STATE_SHARED]
// SHOWS: gru
#include "compile_fail/verify.hpp"

inline constexpr auto model = [](graph& g) {
  tensor x = placeholder(g, "x", {5, 3});
  tensor w = get_variable(g, "w", {3, 12});
  tensor u = get_variable(g, "u", {4, 12});
  tensor b = get_variable(g, "b", {12});
#ifndef ACCEPT
  // [STATE_SHARED wrong]
  tensor h = get_variable(g, "h", {4}, {.trainable = false});
  tensor y = streaming_gru(x, h, {w, u, b}, gru_format::keras_reset_before);
  return y + h;
  // [end]
#else
  // [STATE_SHARED right]
  tensor h = get_variable(g, "h", {4}, {.trainable = false});
  tensor y = streaming_gru(x, h, {w, u, b}, gru_format::keras_reset_before);
  return y * 2;
  // [end]
#endif
};
static_assert(sizeof(ambit::detail::verified<model>) != 0);
