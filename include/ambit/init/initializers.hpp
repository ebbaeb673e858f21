// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/graph/initializer.hpp>

namespace ambit {

namespace detail {
inline constexpr filling ones_kind{"ones", 1};
inline constexpr filling constant_kind{"constant", 0};
inline constexpr random_filling random_uniform_kind{"random_uniform"};
inline constexpr random_filling random_normal_kind{"random_normal"};
inline constexpr random_filling truncated_normal_kind{"truncated_normal"};
}  // namespace detail

/// All zeros, all ones, all `value`; of any dtype.
[[nodiscard]] constexpr initializer zeros_initializer() { return detail::zeros_kind; }
[[nodiscard]] constexpr initializer ones_initializer() { return detail::ones_kind; }
[[nodiscard]] constexpr initializer constant_initializer(double value) { return {detail::constant_kind, {value}}; }
/// Uniform on [-limit, limit] with limit = sqrt(6 / (fan_in + fan_out)); Glorot and Bengio 2010. The default for
/// floating dtypes, and only for them (INIT_FLOAT_ONLY).
[[nodiscard]] constexpr initializer glorot_uniform() { return detail::glorot_uniform_kind; }
/// Uniform on [low, high).
[[nodiscard]] constexpr initializer random_uniform(double low, double high) {
  return {detail::random_uniform_kind, {low, high}};
}
[[nodiscard]] constexpr initializer random_normal(double mean = 0, double deviation = 1) {
  return {detail::random_normal_kind, {mean, deviation}};
}
/// Normal, drawn again where it is more than two deviations from the mean.
[[nodiscard]] constexpr initializer truncated_normal(double mean = 0, double deviation = 1) {
  return {detail::truncated_normal_kind, {mean, deviation}};
}

}  // namespace ambit
