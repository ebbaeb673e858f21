// SPDX-License-Identifier: BSL-1.0
// Functions of lanes that Eigen has no packet form of, or none that does here, and logic. Included by lanes.hpp.
#pragma once

#include <ambit/kernels/lanes.hpp>

#include <cmath>
#include <cstddef>
#include <limits>
#include <type_traits>

namespace ambit {
inline namespace AMBIT_ABI {

AMBIT_PACKETS_BEGIN

namespace detail_lanes {

/// c + x (next + x (...)).
template <class V, class... More>
AMBIT_INLINE V polynomial(V const& x, typename V::Scalar c, More... next) {
  if constexpr (sizeof...(More) == 0)
    return V(c);
  else
    return multiply_add(x, polynomial(x, next...), V(c));
}

}  // namespace detail_lanes

/// Beyond it the rational form of tanh is 1 in float.
#if defined(EIGEN_VECTORIZE_FMA)
inline constexpr float tanh_limit = 7.99881172180175781F;
#else
inline constexpr float tanh_limit = 7.90531110763549805F;
#endif
/// tanh of floats before the division: a kernel that needs several divides once. `under` is between 0.0048 and 1.
template <class T, int N>
struct AMBIT_LOCAL lane_quotient {
  lanes<T, N> over, under;
};
template <int N>
lane_quotient<float, N> tanh_quotient(lanes<float, N> const& a);
/// The same in half the latency and two multiplications more: for a recurrence, which waits for it.
template <int N>
lane_quotient<float, N> tanh_quotient_in_parallel(lanes<float, N> const& a);

template <class T, int N>
lanes<T, N> lanes<T, N>::abs() const {
  if constexpr (in_packet)
    return lanes(Eigen::internal::pabs(v_));
  else if constexpr (std::is_floating_point_v<T>)
    return map([](T x) { return std::abs(x); });
  else
    return map([](T x) { return x < 0 ? static_cast<T>(-static_cast<wrapped>(x)) : x; });
}

template <class T, int N>
lanes<T, N> lanes<T, N>::sign() const {
  if constexpr (in_packet && std::is_floating_point_v<T>)
    return select(*this > lanes(T(0)), lanes(T(1)), select(*this < lanes(T(0)), lanes(T(-1)), *this));
  else
    return map([](T x) { return x > T(0) ? T(1) : x < T(0) ? T(-1) : x; });
}

/// For float the Taylor series below 0.35, where exp(x) - 1 would lose digits; within 4 units in the last place. Eigen's
/// form takes a logarithm and a division.
template <class T, int N>
lanes<T, N> lanes<T, N>::expm1() const {
  if constexpr (std::is_same_v<T, float>) {
    lanes const series = detail_lanes::polynomial(*this, T(1), T(1) / 2, T(1) / 6, T(1) / 24, T(1) / 120, T(1) / 720, T(1) / 5040);
    return select(abs() < lanes(T(0.35)), *this * series, exp() - lanes(T(1)));
  } else {
    return apply(Eigen::internal::scalar_expm1_op<T>());
  }
}

/// For float Eigen's rational form: 13th over 6th degree between -8 and 8, within 3 units in the last place.
template <class T, int N>
lanes<T, N> lanes<T, N>::tanh() const {
  if constexpr (std::is_same_v<T, float>) {
    auto const q = tanh_quotient(*this);
    return q.over / q.under;
  } else {
    return map([](T x) { return std::tanh(x); });
  }
}
template <int N>
AMBIT_INLINE lane_quotient<float, N> tanh_quotient(lanes<float, N> const& a) {
  using vector = lanes<float, N>;
  vector const x = a.max(vector(-tanh_limit)).min(vector(tanh_limit));
  vector const s = x * x;
  vector const odd = detail_lanes::polynomial(s, 4.89352455891786e-03F, 6.37261928875436e-04F, 1.48572235717979e-05F,
                                              5.12229709037114e-08F, -8.60467152213735e-11F, 2.00018790482477e-13F,
                                              -2.76076847742355e-16F);
  vector const even = detail_lanes::polynomial(s, 4.89352518554385e-03F, 2.26843463243900e-03F, 1.18534705686654e-04F,
                                               1.19825839466702e-06F);
  return {x * odd, even};
}
template <int N>
AMBIT_INLINE lane_quotient<float, N> tanh_quotient_in_parallel(lanes<float, N> const& a) {
  using vector = lanes<float, N>;
  using detail_lanes::polynomial;
  vector const x = a.max(vector(-tanh_limit)).min(vector(tanh_limit));
  vector const s = x * x, s2 = s * s;
  vector const low = multiply_add(s2, polynomial(s, 1.48572235717979e-05F, 5.12229709037114e-08F),
                                  polynomial(s, 4.89352455891786e-03F, 6.37261928875436e-04F));
  vector const high = multiply_add(s2, vector(-2.76076847742355e-16F), polynomial(s, -8.60467152213735e-11F, 2.00018790482477e-13F));
  vector const even = multiply_add(s2, polynomial(s, 1.18534705686654e-04F, 1.19825839466702e-06F),
                                   polynomial(s, 4.89352518554385e-03F, 2.26843463243900e-03F));
  return {x * multiply_add(s2 * s2, high, low), even};
}

/// For float a polynomial below 1 and 1 - exp(-x x) p(1 / (1 + |x| / 2)) above, fitted to 4e-8; within 1.2e-7. Odd, and
/// exactly 1 from 4 on. For double the standard library's, lane by lane.
template <class T, int N>
lanes<T, N> lanes<T, N>::erf() const {
  if constexpr (std::is_same_v<T, float>) {
    lanes const one(T(1)), x = abs(), s = x * x;
    lanes const t = multiply_add(x, lanes(T(0.5)), one).inverse();
    lanes const tail = (-s).exp() * detail_lanes::polynomial(t, -0.00864228699F, 0.359613776F, 0.0214562323F, 0.630947232F);
    lanes const series = detail_lanes::polynomial(s, 1.12837911F, -0.376123548F, 0.112804115F, -0.0267177075F, 0.00492479F,
                                                  -0.00056601566F);
    return select(x < one, *this * series, select(*this < lanes(T(0)), tail - one, one - tail));
  } else {
    return map([](T x) { return std::erf(x); });
  }
}

/// As static_cast, but for what the integers do not hold: the nearest of them, and 0 for NaN. To bool: whether it is not 0.
template <class T, int N>
template <class To>
lanes<To, N> lanes<T, N>::cast() const {
  if constexpr (std::is_same_v<To, T>) {
    return *this;
  } else {
    T x[width];
    To y[width];
    store(x);
    if constexpr (std::is_same_v<To, bool>) {
      for (std::size_t i = 0; i < width; ++i) y[i] = x[i] != T(0);
    } else if constexpr (std::is_floating_point_v<T> && std::is_integral_v<To>) {
      constexpr T beyond = -static_cast<T>(std::numeric_limits<To>::min());  // the first one
      constexpr T last = beyond * (T(1) - std::numeric_limits<T>::epsilon() / 2);
      T inside[width];
      select(*this == *this, *this, lanes(T(0))).max(lanes(-beyond)).min(lanes(last)).store(inside);
      for (std::size_t i = 0; i < width; ++i) y[i] = static_cast<To>(inside[i]);
      for (std::size_t i = 0; i < width; ++i) y[i] = x[i] >= beyond ? std::numeric_limits<To>::max() : y[i];
    } else {
      for (std::size_t i = 0; i < width; ++i) y[i] = static_cast<To>(x[i]);
    }
    return lanes<To, N>::load(y);
  }
}

// ---- logic

template <class T, int N>
lane_mask<T, N>::operator lanes<bool, N>() const {
  if constexpr (in_packet) {
    T ones[static_cast<std::size_t>(N)];
    select(*this, lanes<T, N>(T(1)), lanes<T, N>(T(0))).store(ones);
    detail_lanes::array<bool, N> out;
    for (int i = 0; i < N; ++i) out.at[i] = ones[i] != T(0);
    return lanes<bool, N>(out);
  } else {
    return lanes<bool, N>(v_);
  }
}

template <class T, int N>
template <class To>
lanes<To, N> lane_mask<T, N>::cast() const {
  if constexpr (in_packet && std::is_same_v<To, T>)
    return select(*this, lanes<To, N>(To(1)), lanes<To, N>(To(0)));
  else
    return lanes<bool, N>(*this).template cast<To>();
}

/// Elements to compute with: the lanes themselves, or what was compared, as bools.
template <class T, int N>
AMBIT_INLINE lanes<T, N> const& as_lanes(lanes<T, N> const& x) {
  return x;
}
template <class T, int N>
AMBIT_INLINE lanes<bool, N> as_lanes(lane_mask<T, N> const& x) {
  return x;
}
/// The other way round: what was compared, or read from memory, as a mask.
template <class T, int N>
AMBIT_INLINE lane_mask<T, N> const& as_mask(lane_mask<T, N> const& x) {
  return x;
}
template <int N>
AMBIT_INLINE lane_mask<bool, N> as_mask(lanes<bool, N> const& x) {
  return lane_mask<bool, N>(x.raw());
}

namespace detail_lanes {
template <class A, class B, int N, class F>
AMBIT_INLINE lane_mask<bool, N> logic(lane_mask<A, N> const& a, lane_mask<B, N> const& b, F f) {
  lanes<bool, N> const x(a), y(b);
  array<bool, N> out;
  for (int i = 0; i < N; ++i) out.at[i] = f(x.raw().at[i], y.raw().at[i]);
  return lane_mask<bool, N>(out);
}
template <class A, class B, int N>
inline constexpr bool alike = std::is_same_v<A, B> && lane_mask<A, N>::in_packet;
}  // namespace detail_lanes

template <class A, class B, int N>
AMBIT_INLINE auto operator&&(lane_mask<A, N> const& a, lane_mask<B, N> const& b) {
  if constexpr (detail_lanes::alike<A, B, N>)
    return lane_mask<A, N>(Eigen::internal::pand(a.raw(), b.raw()));
  else
    return detail_lanes::logic(a, b, [](bool x, bool y) { return x && y; });
}
template <class A, class B, int N>
AMBIT_INLINE auto operator||(lane_mask<A, N> const& a, lane_mask<B, N> const& b) {
  if constexpr (detail_lanes::alike<A, B, N>)
    return lane_mask<A, N>(Eigen::internal::por(a.raw(), b.raw()));
  else
    return detail_lanes::logic(a, b, [](bool x, bool y) { return x || y; });
}
template <class A, class B, int N>
AMBIT_INLINE auto operator^(lane_mask<A, N> const& a, lane_mask<B, N> const& b) {
  if constexpr (detail_lanes::alike<A, B, N>)
    return lane_mask<A, N>(Eigen::internal::pxor(a.raw(), b.raw()));
  else
    return detail_lanes::logic(a, b, [](bool x, bool y) { return x != y; });
}
template <class T, int N>
AMBIT_INLINE auto operator!(lane_mask<T, N> const& a) {
  if constexpr (lane_mask<T, N>::in_packet)
    return lane_mask<T, N>(Eigen::internal::pxor(a.raw(), Eigen::internal::ptrue(a.raw())));
  else
    return detail_lanes::logic(a, a, [](bool x, bool) { return !x; });
}

AMBIT_PACKETS_END

}  // namespace AMBIT_ABI
}  // namespace ambit
