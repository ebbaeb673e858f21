// SPDX-License-Identifier: BSL-1.0
// Arithmetic of doubles whose results are the same bits with every compiler and flag, and in constant expressions: each
// operation is rounded by itself, and nothing comes from libm. It needs IEEE 754 doubles, which x87 does not have.
#pragma once

#include <ambit/config.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace ambit::rounding {
inline namespace AMBIT_ABI {

[[nodiscard]] constexpr double rounded(double x) {
  if (!std::is_constant_evaluated()) AMBIT_OPAQUE(x);
  return x;
}
[[nodiscard]] constexpr double add(double a, double b) { return rounded(rounded(a) + rounded(b)); }
[[nodiscard]] constexpr double subtract(double a, double b) { return rounded(rounded(a) - rounded(b)); }
[[nodiscard]] constexpr double multiply(double a, double b) { return rounded(rounded(a) * rounded(b)); }
[[nodiscard]] constexpr double divide(double a, double b) { return rounded(rounded(a) / rounded(b)); }

/// Newton's iteration from a halved exponent: within one unit in the last place. Of a normal number, or zero.
[[nodiscard]] constexpr double square_root(double x) {
  if (!(x > 0)) return 0;
  double root = std::bit_cast<double>((std::bit_cast<std::uint64_t>(x) >> 1) + 0x1FF8000000000000);
  for (int i = 0; i < 5; ++i) root = multiply(0.5, add(root, divide(x, root)));  // 6 % off at first, squared each time
  return root;
}

/// Coefficients from the lowest power on.
template <std::size_t Size>
[[nodiscard]] constexpr double polynomial(double const (&coefficients)[Size], double x) {
  double sum = coefficients[Size - 1];
  for (std::size_t i = Size - 1; i > 0; --i) sum = add(multiply(sum, x), coefficients[i - 1]);
  return sum;
}

/// The natural logarithm of a positive normal number: that of its mantissa, of [sqrt(1/2), sqrt(2)), by
/// 2 artanh((m - 1) / (m + 1)).
[[nodiscard]] constexpr double logarithm(double x) {
  // Of artanh(s) / s in s * s, which is below 0.0295: the next term is below 1e-18.
  constexpr double series[] = {1.0,      1.0 / 3,  1.0 / 5,  1.0 / 7,  1.0 / 9, 1.0 / 11,
                               1.0 / 13, 1.0 / 15, 1.0 / 17, 1.0 / 19, 1.0 / 21};
  std::uint64_t const bits = std::bit_cast<std::uint64_t>(x);
  int exponent = static_cast<int>(bits >> 52) - 1023;
  double mantissa = std::bit_cast<double>((bits & 0x000FFFFFFFFFFFFF) | 0x3FF0000000000000);
  if (mantissa >= 1.4142135623730951) {
    mantissa = multiply(mantissa, 0.5);
    ++exponent;
  }
  double const s = divide(subtract(mantissa, 1), add(mantissa, 1));
  double const small = multiply(multiply(2, s), polynomial(series, multiply(s, s)));
  return add(multiply(exponent, 0.69314718055994531), small);
}

/// The deviation that a standard normal variable exceeds with probability `tail`; `between` is 1/2 - tail, both at most
/// 1/2. Algorithm AS 241 (PPND16): Wichura, "The percentage points of the normal distribution", Applied Statistics 37
/// (1988); relative error 1e-16.
[[nodiscard]] constexpr double normal_quantile(double between, double tail) {
  constexpr double a[] = {3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3,
                          1.3731693765509461125e4, 4.5921953931549871457e4, 6.7265770927008700853e4,
                          3.3430575583588128105e4, 2.5090809287301226727e3};
  constexpr double b[] = {1.0,
                          4.2313330701600911252e1,
                          6.8718700749205790830e2,
                          5.3941960214247511077e3,
                          2.1213794301586595867e4,
                          3.9307895800092710610e4,
                          2.8729085735721942674e4,
                          5.2264952788528545610e3};
  constexpr double c[] = {1.42343711074968357734e0,  4.63033784615654529590e0, 5.76949722146069140550e0,
                          3.64784832476320460504e0,  1.27045825245236838258e0, 2.41780725177450611770e-1,
                          2.27238449892691845833e-2, 7.74545014278341407640e-4};
  constexpr double d[] = {1.0,
                          2.05319162663775882187e0,
                          1.67638483018380384940e0,
                          6.89767334985100004550e-1,
                          1.48103976427480074590e-1,
                          1.51986665636164571966e-2,
                          5.47593808499534494600e-4,
                          1.05075007164441684324e-9};
  constexpr double e[] = {6.65790464350110377720e0,  5.46378491116411436990e0,  1.78482653991729133580e0,
                          2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
                          2.71155556874348757815e-5, 2.01033439929228813265e-7};
  constexpr double f[] = {1.0,
                          5.99832206555887937690e-1,
                          1.36929880922735805310e-1,
                          1.48753612908506148525e-2,
                          7.86869131145613259100e-4,
                          1.84631831751005468180e-5,
                          1.42151175831644588870e-7,
                          2.04426310338993978564e-15};
  if (between <= 0.425) {
    double const r = subtract(0.180625, multiply(between, between));
    return divide(multiply(between, polynomial(a, r)), polynomial(b, r));
  }
  double const r = square_root(-logarithm(tail));
  return r <= 5 ? divide(polynomial(c, subtract(r, 1.6)), polynomial(d, subtract(r, 1.6)))
                : divide(polynomial(e, subtract(r, 5)), polynomial(f, subtract(r, 5)));
}

}  // namespace AMBIT_ABI
}  // namespace ambit::rounding
