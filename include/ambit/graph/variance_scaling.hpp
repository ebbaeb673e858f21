// SPDX-License-Identifier: BSL-1.0
// Random numbers whose variance fits the size of a layer. Here and not in init/, as Glorot's are the default of variables.
#pragma once

#include <ambit/graph/initializer.hpp>

#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

namespace ambit {

/// What the variance is divided by: inputs of a unit, its outputs, or the mean of the two.
enum class fan { in, out, average };
/// TensorFlow's `normal` is the truncated one.
enum class random_distribution { uniform, truncated_normal, untruncated_normal };

namespace detail {
inline namespace AMBIT_ABI {

/// Initializers that draw floating-point numbers and record no ops.
class AMBIT_LOCAL random_kind : public initializer_kind {
 public:
  using initializer_kind::initializer_kind;
  [[nodiscard]] constexpr bool accepts(dtype type) const override { return is_floating(type); }
  [[nodiscard]] constexpr bool records_ops() const override { return false; }
  [[nodiscard]] constexpr bool draws() const override { return true; }

 protected:
  constexpr ~random_kind() = default;
};

/// [low, high) in the dtype itself: what is rounded up to `high` becomes `low`.
constexpr void draw_uniform(drawing const& d, std::int64_t first, std::span<double> values, double low, double high) {
  double const width = rounding::subtract(high, low);
  rounding::for_each_random(d.stream, d.dtype, first, values, [&](rounding::random_bits random) {
    double const x = rounding::add(low, rounding::multiply(random.uniform(), width));
    if (random.wide) return x < high || low == high ? x : low;
    float const narrow = static_cast<float>(x);
    return static_cast<double>(narrow) < high || low == high ? static_cast<double>(narrow) : low;
  });
}
constexpr void draw_normal(drawing const& d, std::int64_t first, std::span<double> values, double mean,
                           double deviation, bool truncated) {
  rounding::for_each_random(d.stream, d.dtype, first, values, [&](rounding::random_bits random) {
    double const x = truncated ? random.truncated_normal() : random.normal();
    return rounding::add(mean, rounding::multiply(deviation, x));
  });
}

/// TensorFlow's fans: a convolution's kernel has its channels last, and each counts once a place of the window.
constexpr double fan_of(shape const& s, fan f) {
  if (s.rank() == 0) return 1;
  if (s.rank() == 1) return s[0];
  double window = 1;
  for (int i = 0; i < s.rank() - 2; ++i) window *= s[i];
  double const in = window * s[-2], out = window * s[-1];
  return f == fan::in ? in : f == fan::out ? out : (in + out) / 2;
}

/// The variance is scale / max(1, fan), of truncated numbers too: what two deviations leave of a normal distribution has
/// the deviation 0.87962566103423978.
constexpr void draw_scaled(drawing const& d, std::int64_t first, std::span<double> values, double scale, fan f,
                           random_distribution distribution) {
  double const n = fan_of(d.whole(), f);
  double const variance = rounding::divide(scale, n > 1 ? n : 1);
  if (distribution == random_distribution::uniform) {
    double const limit = rounding::square_root(rounding::multiply(3, variance));
    return draw_uniform(d, first, values, -limit, limit);
  }
  bool const truncated = distribution == random_distribution::truncated_normal;
  double const deviation = rounding::square_root(variance);
  draw_normal(d, first, values, 0, truncated ? rounding::divide(deviation, 0.87962566103423978) : deviation, truncated);
}

/// Parameters: scale, fan, distribution.
struct AMBIT_LOCAL variance_scaling_kind final : random_kind {
  using random_kind::random_kind;
  constexpr void draw(drawing const& d, initializer_parameters const& p, std::int64_t first,
                      std::span<double> values) const override {
    draw_scaled(d, first, values, p[0], static_cast<fan>(static_cast<int>(p[1])),
                static_cast<random_distribution>(static_cast<int>(p[2])));
  }
  [[nodiscard]] constexpr requirement unmet(shape const&, initializer_parameters const& p) const override {
    bool const good = p[0] > 0 && p[0] <= std::numeric_limits<double>::max();
    return {.parameters = good ? nullptr : "a positive scale"};
  }
  constexpr ~variance_scaling_kind() = default;
};
inline constexpr variance_scaling_kind variance_scaling_object{"variance_scaling"};
/// One without parameters, as most variables of a graph have it.
struct AMBIT_LOCAL glorot_uniform_kind final : random_kind {
  using random_kind::random_kind;
  constexpr void draw(drawing const& d, initializer_parameters const&, std::int64_t first,
                      std::span<double> values) const override {
    draw_scaled(d, first, values, 1, fan::average, random_distribution::uniform);
  }
  constexpr ~glorot_uniform_kind() = default;
};
inline constexpr glorot_uniform_kind glorot_uniform_object{"glorot_uniform"};

}  // namespace AMBIT_ABI
}  // namespace detail

/// Variance scale / fan, by any of three distributions; Glorot's, He's and LeCun's initializers are instances. Only for
/// floating dtypes (INIT_FLOAT_ONLY); the scale is positive (BAD_PARAMETER).
[[nodiscard]] constexpr initializer
variance_scaling(double scale = 1, fan f = fan::in,
                 random_distribution distribution = random_distribution::truncated_normal) {
  return {detail::variance_scaling_object, {scale, static_cast<double>(f), static_cast<double>(distribution)}};
}
/// Uniform on [-limit, limit) with limit = sqrt(6 / (fan_in + fan_out)); Glorot and Bengio 2010. The default for
/// floating dtypes.
[[nodiscard]] constexpr initializer glorot_uniform() { return detail::glorot_uniform_object; }

}  // namespace ambit
