// SPDX-License-Identifier: BSL-1.0
// The model of the rom_*.cpp, and what `ambit embed` would write of its weights.
#pragma once

#include <ambit/ambit.hpp>

using namespace ambit;

inline constexpr auto model = [](graph& g) {
  tensor x = placeholder(g, "x", {1, 2});
  variable_scope m{g, "model"};
  return x + get_variable(g, "bias", {2});
};
inline constexpr auto renamed = [](graph& g) {
  tensor x = placeholder(g, "x", {1, 2});
  variable_scope m{g, "model"};
  return x + get_variable(g, "offset", {2});
};
inline constexpr rom_word trained_block[8] = {};
inline constexpr embedded_variable trained_variables[] = {
    {"model/bias", detail::fnv1a("model/bias"), dtype::f32, {2}, 0},
};
inline constexpr embedded_weights trained{.file = "trained.safetensors",
                                          .version = weight_layout_version,
                                          .bytes = 64,
                                          .variables = trained_variables,
                                          .block = trained_block};
inline constexpr embedded_variable panelled_variables[] = {
    {"model/bias", detail::fnv1a("model/bias"), dtype::f32, {2}, 0, {.form = loops::weight_form::kind::panels, .depth = 1, .outputs = 2, .lanes = 32}},
};
inline constexpr embedded_weights for_wider_vectors{.file = "trained.safetensors",
                                                    .version = weight_layout_version,
                                                    .bytes = 128,
                                                    .variables = panelled_variables,
                                                    .block = trained_block};
