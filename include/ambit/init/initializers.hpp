// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/graph/variance_scaling.hpp>
#include <ambit/init/orthogonal.hpp>

namespace ambit {

namespace detail {
inline constexpr filling ones_kind{"ones", 1};
inline constexpr filling constant_kind{"constant", 0};

inline namespace AMBIT_ABI {

constexpr bool is_finite(double x) { return x - x == 0; }

struct AMBIT_LOCAL random_uniform_kind final : random_kind {
  constexpr random_uniform_kind() : random_kind("random_uniform") {}
  constexpr void draw(drawing const& d, initializer_parameters const& p, std::int64_t first,
                      std::span<double> values) const override {
    draw_uniform(d, first, values, p[0], p[1]);
  }
  [[nodiscard]] constexpr requirement unmet(shape const&, initializer_parameters const& p) const override {
    bool const good = is_finite(p[0]) && is_finite(p[1]) && p[0] <= p[1];
    return {.parameters = good ? nullptr : "a lower limit that is not above the upper one"};
  }
  constexpr ~random_uniform_kind() = default;
};
struct AMBIT_LOCAL random_normal_kind final : random_kind {
  constexpr random_normal_kind(std::string_view id, bool truncated) : random_kind(id), truncated_(truncated) {}
  constexpr void draw(drawing const& d, initializer_parameters const& p, std::int64_t first,
                      std::span<double> values) const override {
    draw_normal(d, first, values, p[0], p[1], truncated_);
  }
  [[nodiscard]] constexpr requirement unmet(shape const&, initializer_parameters const& p) const override {
    bool const good = is_finite(p[0]) && is_finite(p[1]) && p[1] >= 0;
    return {.parameters = good ? nullptr : "a deviation that is not negative"};
  }
  constexpr ~random_normal_kind() = default;

 private:
  bool truncated_;
};
inline constexpr random_uniform_kind random_uniform_object{};
inline constexpr random_normal_kind random_normal_object{"random_normal", false};
inline constexpr random_normal_kind truncated_normal_object{"truncated_normal", true};

}  // namespace AMBIT_ABI
}  // namespace detail

/// All zeros, all ones, all `value`; of any dtype.
[[nodiscard]] constexpr initializer zeros_initializer() { return detail::zeros_kind; }
[[nodiscard]] constexpr initializer ones_initializer() { return detail::ones_kind; }
[[nodiscard]] constexpr initializer constant_initializer(double value) { return {detail::constant_kind, {value}}; }

/// Uniform on [low, high). This and all random ones: floating dtypes only (INIT_FLOAT_ONLY).
[[nodiscard]] constexpr initializer random_uniform(double low, double high) {
  return {detail::random_uniform_object, {low, high}};
}
[[nodiscard]] constexpr initializer random_normal(double mean = 0, double deviation = 1) {
  return {detail::random_normal_object, {mean, deviation}};
}
/// Normal, drawn again where it is more than two deviations from the mean.
[[nodiscard]] constexpr initializer truncated_normal(double mean = 0, double deviation = 1) {
  return {detail::truncated_normal_object, {mean, deviation}};
}

/// `normal`: truncated at two deviations, as TensorFlow's are. Glorot and Bengio 2010.
[[nodiscard]] constexpr initializer glorot_normal() { return variance_scaling(1, fan::average); }
/// He, Zhang, Ren and Sun 2015: for layers with relu behind them.
[[nodiscard]] constexpr initializer he_uniform() { return variance_scaling(2, fan::in, random_distribution::uniform); }
[[nodiscard]] constexpr initializer he_normal() { return variance_scaling(2, fan::in); }
/// LeCun, Bottou, Orr and Mueller 1998.
[[nodiscard]] constexpr initializer lecun_uniform() {
  return variance_scaling(1, fan::in, random_distribution::uniform);
}
[[nodiscard]] constexpr initializer lecun_normal() { return variance_scaling(1, fan::in); }

}  // namespace ambit
