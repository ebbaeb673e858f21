// SPDX-License-Identifier: BSL-1.0
// Functions of lanes that Eigen has no packet form of, or none that does here. Included by lanes.hpp.
#pragma once

#include <ambit/kernels/lanes.hpp>

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
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
/// logistic(a) - 1/2, which is tanh(a / 2) / 2, in the same way: the halves are in the constants, and exact.
template <int N>
lane_quotient<float, N> gate_quotient_in_parallel(lanes<float, N> const& a);

/// exp of floats before the last multiplication, as which an addition may follow: `fraction` is between 0.7 and 1.42.
template <int N>
struct AMBIT_LOCAL lane_exponential {
  lanes<float, N> fraction, power;
};
/// Of x between -87 and 89; infinity from 88.4 on. NaN stays.
template <int N>
lane_exponential<N> exponential(lanes<float, N> const& x);

template <class T, int N>
lanes<T, N> lanes<T, N>::abs() const {
  if constexpr (in_packet)
    return lanes(Eigen::internal::pabs(v_));
  else if constexpr (std::is_floating_point_v<T>)
    return map([](T x) { return std::abs(x); });
  else
    return max(-*this);
}

template <class T, int N>
lanes<T, N> lanes<T, N>::sign() const {
  if constexpr (std::is_integral_v<T>)
    return max(lanes(T(-1))).min(lanes(T(1)));
  else
    return select(*this > lanes(T(0)), lanes(T(1)), select(*this < lanes(T(0)), lanes(T(-1)), *this));
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
namespace detail_lanes {

/// Of tanh(a), or of logistic(a) - 1/2 = tanh(a / 2) / 2: the halves are in the constants, where they are exact.
struct tanh_constants {
  float limit = tanh_limit;
  float over[7] = {4.89352455891786e-03F,  6.37261928875436e-04F, 1.48572235717979e-05F, 5.12229709037114e-08F,
                   -8.60467152213735e-11F, 2.00018790482477e-13F, -2.76076847742355e-16F};
  float under[4] = {4.89352518554385e-03F, 2.26843463243900e-03F, 1.18534705686654e-04F, 1.19825839466702e-06F};
  constexpr explicit tanh_constants(bool gate) {
    if (!gate) return;
    limit *= 2;
    float scale = 1;
    for (int k = 0; k < 7; ++k) {
      if (k < 4) under[k] *= scale;
      scale /= 4;
      over[k] *= scale;
    }
  }
};
/// The same for all lanes.
template <int N, bool Gate>
struct AMBIT_LOCAL constants_of_all {
  static constexpr tanh_constants value{Gate};
  static lanes<float, N> limit() { return value.limit; }
  static lanes<float, N> least() { return -value.limit; }
  static lanes<float, N> square() { return value.limit * value.limit; }
  static lanes<float, N> over(int k) { return value.over[k]; }
  static lanes<float, N> under(int k) { return value.under[k]; }
};
template <class Constants, int N>
AMBIT_INLINE lane_quotient<float, N> quotient_in_parallel(lanes<float, N> const& a, Constants const& c) {
  using vector = lanes<float, N>;
  vector const x = a.max(c.least()).min(c.limit());
  vector const s = (a * a).min(c.square()), s2 = s * s;  // x * x, but does not wait for x
  vector const low = multiply_add(s2, multiply_add(s, c.over(3), c.over(2)), multiply_add(s, c.over(1), c.over(0)));
  vector const high = multiply_add(s2, c.over(6), multiply_add(s, c.over(5), c.over(4)));
  vector const even = multiply_add(s2, multiply_add(s, c.under(3), c.under(2)), multiply_add(s, c.under(1), c.under(0)));
  return {x * multiply_add(s2 * s2, high, low), even};
}

}  // namespace detail_lanes

template <int N>
AMBIT_INLINE lane_quotient<float, N> tanh_quotient_in_parallel(lanes<float, N> const& a) {
  return detail_lanes::quotient_in_parallel(a, detail_lanes::constants_of_all<N, false>());
}
template <int N>
AMBIT_INLINE lane_quotient<float, N> gate_quotient_in_parallel(lanes<float, N> const& a) {
  return detail_lanes::quotient_in_parallel(a, detail_lanes::constants_of_all<N, true>());
}

namespace detail_lanes {

/// 2^n of n + 127, which is in the last bits.
template <int N>
AMBIT_INLINE lanes<float, N> power_of_two(lanes<float, N> const& biased) {
  if constexpr (has_vectors && N > 1) {
    vector<std::uint32_t, N> bits;
    get(biased.raw(), bits);
    bits <<= 23;
    typename lanes<float, N>::storage out;
    put(bits, out);
    return lanes<float, N>(out);
  } else {
    return biased.map([](float x) { return std::bit_cast<float>(std::bit_cast<std::uint32_t>(x) << 23U); });
  }
}

}  // namespace detail_lanes

/// x = n log 2 + r: 2^n times a polynomial of r of the sixth degree, fitted to 3e-9. Adding 1.5 * 2^23 rounds n to an
/// integer, and leaves it in the last bits; half of the instructions of Eigen's exp, which takes all of float.
template <int N>
AMBIT_INLINE lane_exponential<N> exponential(lanes<float, N> const& x) {
  using vector = lanes<float, N>;
  vector const shift(12582912.F + 127);
  auto rounded = multiply_add(x, vector(1.44269504F), shift).raw();
  if constexpr (vector::in_packet)
    AMBIT_OPAQUE(rounded);
  else
    for (float& each : rounded.at) AMBIT_OPAQUE(each);
  vector const biased(rounded), n = biased - shift;
  vector const r = multiply_add(n, vector(2.12194440e-4F), multiply_add(n, vector(-0.693359375F), x));
  vector const fraction = detail_lanes::polynomial(r, 1.F, 1.F, 0.499999934F, 0.166665205F, 0.0416683899F, 0.00836873577F,
                                                   0.00138145577F);
  return {fraction, detail_lanes::power_of_two(biased)};
}

/// For float 1 / (1 + exp(-x)), within 1.6e-7 of the value, and 0 below -88.4. Eigen's rational form takes as many
/// instructions for an error that is absolute: 1.5e-7, which is a thousandth of the value at -9.
template <class T, int N>
lanes<T, N> lanes<T, N>::logistic() const {
  if constexpr (std::is_same_v<T, float>) {
    auto const e = exponential(-max(lanes(T(-89))).min(lanes(T(87))));
    return multiply_add(e.fraction, e.power, lanes(T(1))).inverse();
  } else {
    return apply(Eigen::internal::scalar_logistic_op<T>());
  }
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

// ---- in vectors of the compiler's

template <class T, int N>
template <class Number, class F>
lanes<T, N> lanes<T, N>::each(lanes const& a, lanes const& b, F f) {
  lanes out;
  if constexpr (detail_lanes::has_vectors && N > 1 && std::is_integral_v<T> && !std::is_same_v<T, bool>) {
    detail_lanes::vector<Number, N> x, y;
    detail_lanes::get(a.v_, x), detail_lanes::get(b.v_, y);
    f(x, y);
    detail_lanes::put(x, out.v_);
  } else {
    for (int i = 0; i < N; ++i) {
      Number x = static_cast<Number>(a.v_.at[i]);
      f(x, static_cast<Number>(b.v_.at[i]));
      out.v_.at[i] = static_cast<T>(x);
    }
  }
  return out;
}

template <class T, int N>
template <class F>
lane_mask<T, N> lanes<T, N>::compare(lanes const& a, lanes const& b, F f) {
  typename lane_mask<T, N>::storage out;
  if constexpr (detail_lanes::has_vectors && N > 1 && std::is_integral_v<T>) {
    using number = std::conditional_t<std::is_same_v<T, bool>, std::uint8_t, T>;
    detail_lanes::vector<number, N> x, y;
    detail_lanes::get(a.v_, x), detail_lanes::get(b.v_, y);
    detail_lanes::vector<detail_lanes::flag<T>, N> found;
    f(x, y, found);
    if constexpr (lane_mask<T, N>::in_packet) {
      detail_lanes::put(found, out);
    } else {
      detail_lanes::gather<detail_lanes::flag<T>, N>(found, out.at);
    }
  } else {
    for (int i = 0; i < N; ++i) f(a.v_.at[i], b.v_.at[i], out.at[i]);
  }
  return lane_mask<T, N>(out);
}

template <class T, int N>
template <class U>
lanes<T, N> lanes<T, N>::choose(lane_mask<U, N> const& mask, lanes const& yes, lanes const& no) {
  using flag = detail_lanes::flag<T>;
  if constexpr (detail_lanes::spreads<flag, N>) {
    detail_lanes::vector<flag, N> m, x, y;
    mask.template flags<flag>(m);
    detail_lanes::get(yes.v_, x), detail_lanes::get(no.v_, y);
    x = m ? x : y;
    lanes out;
    detail_lanes::put(x, out.v_);
    return out;
  } else {
    lanes<bool, N> const bools = mask;
    T x[width], y[width];
    yes.store(x), no.store(y);
    for (int i = 0; i < N; ++i) x[i] = bools.raw().at[i] ? x[i] : y[i];
    return load(x);
  }
}

/// As static_cast, but for what the integers do not hold: the nearest of them, and 0 for NaN. To bool: whether it is not 0.
template <class T, int N>
template <class To>
lanes<To, N> lanes<T, N>::cast() const {
  constexpr bool to_integer = std::is_floating_point_v<T> && std::is_integral_v<To>;
  if constexpr (std::is_same_v<To, T>) {
    return *this;
  } else if constexpr (std::is_same_v<To, bool>) {
    return !(*this == lanes(T(0)));
  } else if constexpr (std::is_same_v<T, bool>) {
    return select(*this, lanes<To, N>(To(1)), lanes<To, N>(To(0)));
  } else if constexpr (to_integer) {
    constexpr T beyond = -static_cast<T>(std::numeric_limits<To>::min());  // the first one
    constexpr T last = beyond * (T(1) - std::numeric_limits<T>::epsilon() / 2);
    lanes const inside = select(*this == *this, *this, lanes(T(0))).max(lanes(-beyond)).min(lanes(last));
    return select(*this >= lanes(beyond), lanes<To, N>(std::numeric_limits<To>::max()), inside.template convert<To>());
  } else {
    return convert<To>();
  }
}
/// Element by element as static_cast, which must be defined for all of them.
template <class T, int N>
template <class To>
lanes<To, N> lanes<T, N>::convert() const {
  // Of float to double g++ 12 makes a vector better out of the loop.
  if constexpr (detail_lanes::has_vectors && N > 1 && (std::is_integral_v<T> || std::is_integral_v<To>)) {
    detail_lanes::vector<T, N> from;
    detail_lanes::vector<To, N> to;
    detail_lanes::get(v_, from);
    detail_lanes::convert<To, T, N>(from, to);
    typename lanes<To, N>::storage out;
    detail_lanes::put(to, out);
    return lanes<To, N>(out);
  } else {
    T x[width];
    To y[width];
    store(x);
    for (std::size_t i = 0; i < width; ++i) y[i] = static_cast<To>(x[i]);
    return lanes<To, N>::load(y);
  }
}

AMBIT_PACKETS_END

}  // namespace AMBIT_ABI
}  // namespace ambit
