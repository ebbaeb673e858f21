// SPDX-License-Identifier: BSL-1.0
// Lanes as arrays of their elements, for every type and width, whether the target has a packet for it or not.
#pragma once

#include "kernels_support.hpp"

#include <array>
#include <cmath>
#include <type_traits>
#include <utility>

namespace kernels_test {

using namespace ambit;
using namespace ambit::loops;

inline constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
inline constexpr double infinity = std::numeric_limits<double>::infinity();

/// Calls f<T, N>() for all of them.
template <class... T, class F>
void each_of(F f) {
  auto widths = [&]<class E>() {
    f.template operator()<E, 1>(), f.template operator()<E, 2>(), f.template operator()<E, 4>();
    f.template operator()<E, 8>(), f.template operator()<E, 16>();
  };
  (widths.template operator()<T>(), ...);
}
template <class F>
void each_type(F f) {
  each_of<float, double, std::int32_t, std::int64_t, bool>(f);
}
template <class F>
void each_number(F f) {
  each_of<float, double, std::int32_t, std::int64_t>(f);
}

template <class T, int N>
using elements = std::array<T, static_cast<std::size_t>(N)>;
template <class T, int N>
elements<T, N> stored(lanes<T, N> const& x) {
  elements<T, N> all;
  x.store(all.data());
  return all;
}
template <class T, int N>
elements<bool, N> stored(lane_mask<T, N> const& x) {
  return stored(lanes<bool, N>(x));
}
template <class T, int N>
lanes<T, N> loaded(elements<T, N> const& all) {
  return lanes<T, N>::load(all.data());
}
template <class T, int N>
elements<T, N> drawn(std::mt19937& random) {
  elements<T, N> all;
  fill(all, random);
  return all;
}
template <class T>
inline constexpr char const* type_name = std::is_same_v<T, float>          ? "float"
                                  : std::is_same_v<T, double>       ? "double"
                                  : std::is_same_v<T, std::int32_t> ? "int32"
                                  : std::is_same_v<T, std::int64_t> ? "int64"
                                                                    : "bool";
template <class T>
bool alike(T a, T b) {
  if constexpr (std::is_floating_point_v<T>) {
    if (std::isnan(a) && std::isnan(b)) return true;
    return a <= b && a >= b;
  } else {
    return a == b;
  }
}

// Not a template: hundreds of checks are compiled.
inline void report(char const* what, int n, char const* type, int lane, long double found, long double expected) {
  BOOST_ERROR(what << " of " << n << " " << type << "s: lane " << lane << " is " << found << ", expected " << expected);
}
/// One result for each lane.
template <class Result, int N, class Found, class Expected>
void check(char const* what, Found const& found, Expected const& expected) {
  auto const all = stored(found);
  static_assert(std::is_same_v<decltype(all), elements<Result, N> const>);
  for (int i = 0; i < N; ++i) {
    auto const k = static_cast<std::size_t>(i);
    auto const want = static_cast<Result>(expected(k));
    if (alike(all[k], want)) continue;
    return report(what, N, type_name<Result>, i, static_cast<long double>(all[k]), static_cast<long double>(want));
  }
}
template <class T>
void check_number(char const* what, int n, T found, T expected) {
  if (!alike(found, expected))
    report(what, n, type_name<T>, -1, static_cast<long double>(found), static_cast<long double>(expected));
}
/// Within a distance.
inline void check_close(char const* what, int n, char const* type, long double found, long double expected, long double most) {
  if (!(std::abs(found - expected) <= most)) report(what, n, type, -1, found, expected);
}

}  // namespace kernels_test
