// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/ambit.hpp>

inline constexpr auto builder = [](ambit::graph& g) {
  ambit::tensor x = placeholder(g, "x", {1, 2});
  ambit::variable_scope model{g, "model"};
  return matmul(x, ambit::get_variable(g, "kernel", {2, 2}));
};
