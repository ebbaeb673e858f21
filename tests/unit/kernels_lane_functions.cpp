// SPDX-License-Identifier: BSL-1.0
// The functions of lanes against the standard library's, over grids.
#include "kernels_lanes.hpp"

using namespace kernels_test;

namespace {

/// Within `relative` of the value or within `absolute`, for floats; doubles within 1e-15 times `factor` of either.
struct function {
  char const* name;
  double (*exact)(double);
  double low, high;
  double relative, absolute;
  double factor;
};
template <class T, int N>
using member = lanes<T, N> (lanes<T, N>::*)() const;

template <class T, int N>
void check_function(function const& f, member<T, N> of, int points) {
  constexpr auto width = lanes<T, N>::width;
  bool const single = std::is_same_v<T, float>;
  double const relative = single ? f.relative : 1e-15 * f.factor, absolute = single ? f.absolute : 1e-15 * f.factor;
  for (int p = 0; p < points; p += N) {
    elements<T, N> x;
    for (std::size_t i = 0; i < width; ++i)
      x[i] = static_cast<T>(f.low + (f.high - f.low) * (p + static_cast<int>(i)) / points);
    auto const found = stored((loaded<T, N>(x).*of)());
    for (std::size_t i = 0; i < width; ++i) {
      double const expected = f.exact(static_cast<double>(x[i]));
      double const off = std::abs(static_cast<double>(found[i]) - expected);
      if (off <= relative * std::abs(expected) + (f.absolute > 0 ? absolute : 0) || alike(static_cast<double>(found[i]), expected)) continue;
      report(f.name, N, type_name<T>, static_cast<int>(i), static_cast<long double>(found[i]), expected);
      BOOST_TEST_MESSAGE("  at " << x[i]);
      return;
    }
  }
}

struct functions {
  template <class T, int N>
  void operator()() const {
    using all = lanes<T, N>;
    auto one = [](function const& f, member<T, N> of) { check_function<T, N>(f, of, 20000); };
    one({"exp", std::exp, -80, 80, 4e-7, 0, 4}, &all::exp);
    one({"expm1", std::expm1, -30, 30, 6e-7, 0, 4}, &all::expm1);
    one({"expm1", std::expm1, -0.5, 0.5, 6e-7, 0, 4}, &all::expm1);
    one({"log", std::log, 1e-3, 1000, 4e-7, 1e-7, 4}, &all::log);
    one({"log1p", std::log1p, -0.9, 1000, 4e-7, 0, 4}, &all::log1p);
    one({"log1p", std::log1p, -0.01, 0.01, 4e-7, 0, 4}, &all::log1p);
    one({"sqrt", std::sqrt, 0, 1000, 3e-7, 0, 1}, &all::sqrt);
    one({"rsqrt", [](double x) { return 1 / std::sqrt(x); }, 1e-3, 1000, 3e-7, 0, 2}, &all::rsqrt);
    one({"inverse", [](double x) { return 1 / x; }, 1e-3, 1000, 1.3e-7, 0, 1}, &all::inverse);
    one({"sin", std::sin, -50, 50, 0, 4e-7, 4}, &all::sin);
    one({"cos", std::cos, -50, 50, 0, 4e-7, 4}, &all::cos);
    one({"floor", std::floor, -50, 50, 0, 0, 0}, &all::floor);
    one({"ceil", std::ceil, -50, 50, 0, 0, 0}, &all::ceil);
    one({"rint", std::nearbyint, -50, 50, 0, 0, 0}, &all::rint);
    one({"logistic", [](double x) { return 1 / (1 + std::exp(-x)); }, -87, 40, 1.6e-7, 0, 8}, &all::logistic);
    one({"logistic", [](double x) { return 1 / (1 + std::exp(-x)); }, -3, 3, 1.4e-7, 0, 8}, &all::logistic);
    one({"erf", std::erf, -6, 6, 0, 1.5e-7, 4}, &all::erf);
    check_function<T, N>({"tanh", std::tanh, -10, 10, 4e-7, 0, 4}, &all::tanh, 400000);
    check_function<T, N>({"tanh", std::tanh, -1e-3, 1e-3, 4e-7, 0, 4}, &all::tanh, 20000);
    check_function<T, N>({"tanh", std::tanh, -1e-30, 1e-30, 4e-7, 0, 4}, &all::tanh, 2000);
    // Without a packet the last rounding may be another one.
    double const ends = static_cast<double>(stored(all(T(infinity)).tanh() - all(T(-infinity)).tanh())[0]);
    check_close("tanh at the ends", N, type_name<T>, ends, 2, all::in_packet ? 0 : 4e-7);
    check<T, N>("erf at the ends", all(T(9)).erf() - all(T(-9)).erf(), [](std::size_t) { return 2; });
    std::mt19937 random(6);
    for (int round = 0; round < 40; ++round) {
      auto x = drawn<T, N>(random), y = drawn<T, N>(random);
      for (T& v : x) v = std::abs(v) * 4 + T(0.25);
      auto const found = stored(loaded<T, N>(x).pow(loaded<T, N>(y)));
      for (std::size_t i = 0; i < found.size(); ++i) {
        double const exact = std::pow(static_cast<double>(x[i]), static_cast<double>(y[i]));
        check_close("pow", N, type_name<T>, static_cast<long double>(found[i]), exact,
                    (std::is_same_v<T, float> ? 3e-7 : 1e-15) * exact);
      }
    }
    not_numbers<T, N>();
  }
  /// NaN is neither hidden nor made.
  template <class T, int N>
  static void not_numbers() {
    using all = lanes<T, N>;
    all const x{T(not_a_number)}, zero{T(0)};
    auto stays = [](char const* what, all const& found) { check<T, N>(what, found, [](std::size_t) { return T(not_a_number); }); };
    stays("NaN + 0", x + zero), stays("tanh of NaN", x.tanh()), stays("exp of NaN", x.exp()), stays("sign of NaN", x.sign());
    stays("max(NaN, 0)", x.max(zero)), stays("min(NaN, 0)", x.min(zero)), stays("erf of NaN", x.erf());
    stays("log of -1", all(T(-1)).log()), stays("sqrt of -1", all(T(-1)).sqrt()), stays("0 / 0", zero / zero);
    stays("expm1 of NaN", x.expm1()), stays("logistic of NaN", x.logistic()), stays("rint of NaN", x.rint());
    auto never = [](char const* what, lane_mask<T, N> const& found) { check<bool, N>(what, found, [](std::size_t) { return false; }); };
    never("NaN < 0", x < zero), never("NaN <= 0", x <= zero), never("NaN > 0", x > zero), never("NaN >= 0", x >= zero);
    never("NaN == NaN", x == x);
    check<bool, N>("! of NaN < 0", !(x < zero), [](std::size_t) { return true; });
    check<T, N>("1 / 0", all(T(1)) / zero, [](std::size_t) { return T(infinity); });
    check<T, N>("rsqrt of 0", zero.rsqrt(), [](std::size_t) { return T(infinity); });
    // Eigen's ends at the least number of full precision.
    T const least = std::numeric_limits<T>::min();
    check<bool, N>("exp of -infinity", all(T(-infinity)).exp() < all(least), [](std::size_t) { return true; });
    check<T, N>("exp of infinity", all(T(infinity)).exp(), [](std::size_t) { return T(infinity); });
    check<T, N>("logistic of infinity", all(T(infinity)).logistic(), [](std::size_t) { return T(1); });
    check<T, N>("logistic of -infinity", all(T(-infinity)).logistic(), [](std::size_t) { return T(0); });
    check<T, N>("logistic of -1000", all(T(-1000)).logistic(), [](std::size_t) { return T(0); });
  }
};

/// Quotients before their division: their product is what a kernel divides by.
struct quotients {
  template <class T, int N>
  void operator()() const {
    using all = lanes<float, N>;
    for (int p = -200000; p <= 200000; p += 7) {
      auto const x = static_cast<float>(p) / 10000;
      double const exact = std::tanh(static_cast<double>(x)), of_half = std::tanh(static_cast<double>(x) / 2) / 2;
      bool const fits = one("tanh_quotient", x, tanh_quotient(all(x)), exact, 4e-7) &&
                        one("tanh_quotient_in_parallel", x, tanh_quotient_in_parallel(all(x)), exact, 4e-7) &&
                        one("gate_quotient_in_parallel", x, gate_quotient_in_parallel(all(x)), of_half, 2e-7);
      if (!fits) return;
    }
    check<float, N>("gate of NaN", gate_quotient_in_parallel(all(not_a_number)).over, [](std::size_t) { return not_a_number; });
  }
  template <int N>
  static bool one(char const* what, float x, lane_quotient<float, N> const& q, double exact, double off) {
    double const over = static_cast<double>(stored(q.over)[0]), under = static_cast<double>(stored(q.under)[0]);
    bool const fits = under >= 0.0048 && under <= 1 && std::abs(over / under - exact) <= off;
    if (!fits) BOOST_ERROR(what << " at " << x << ": " << over << " / " << under);
    return fits;
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(kernels_lane_functions)

BOOST_AUTO_TEST_CASE(functions_of_floating_numbers) { each_of<float, double>(functions{}); }
BOOST_AUTO_TEST_CASE(quotients_of_tanh) { each_of<float>(quotients{}); }

BOOST_AUTO_TEST_SUITE_END()
