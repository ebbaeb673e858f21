// SPDX-License-Identifier: BSL-1.0
// The model of the manifest_*.cpp.
#pragma once

#include <ambit/ambit.hpp>
#include <ambit/io/manifest.hpp>

using namespace ambit;

inline constexpr auto model = [](graph& g) {
  tensor x = placeholder(g, "x", {1, 2});
  variable_scope m{g, "model"};
  tensor kernel = get_variable(g, "kernel", {2, 3});
  return matmul(x, kernel) + get_variable(g, "bias", {3});
};
