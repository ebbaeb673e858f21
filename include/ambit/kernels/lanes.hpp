// SPDX-License-Identifier: BSL-1.0
// A register of elements. This header and lane_functions.hpp are the only ones that touch Eigen::internal. Tested with
// Eigen 3.4.
#pragma once

#include <ambit/config.hpp>
#include <ambit/kernels/lane_vectors.hpp>

#include <Eigen/Core>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace ambit {
inline namespace AMBIT_ABI {

template <class T, int N>
class lanes;

AMBIT_PACKETS_BEGIN
namespace detail_lanes {

template <class T>
inline constexpr bool has_packets =
    Eigen::internal::packet_traits<T>::Vectorizable != 0 && !std::is_same_v<T, bool> && !std::is_same_v<T, std::int64_t>;

// Eigen's packet of N elements of T: its widest one, or a half of it; otherwise an array.
template <class T, int N, class Packet>
constexpr auto find_packet() {
  using unpacked = Eigen::internal::unpacket_traits<Packet>;
  if constexpr (static_cast<int>(unpacked::size) == N)
    return std::type_identity<Packet>{};
  else if constexpr (static_cast<int>(unpacked::size) < N || std::is_same_v<typename unpacked::half, Packet>)
    return std::type_identity<void>{};
  else
    return find_packet<T, N, typename unpacked::half>();
}
template <class T, int N>
constexpr auto packet_of() {
  if constexpr (N > 1 && has_packets<T>)
    return find_packet<T, N, typename Eigen::internal::packet_traits<T>::type>();
  else
    return std::type_identity<void>{};
}
template <class T, int N>
using packet = typename decltype(packet_of<T, N>())::type;

}  // namespace detail_lanes

/// The number of elements of T that the target computes on at once; 1 where Eigen has no packet for T.
template <class T>
inline constexpr int native_lanes = [] {
  if constexpr (detail_lanes::has_packets<T>)
    return static_cast<int>(Eigen::internal::unpacket_traits<typename Eigen::internal::packet_traits<T>::type>::size);
  else
    return 1;
}();

/// The result of a comparison: each lane true or false.
template <class T, int N>
class AMBIT_LOCAL lane_mask {
 public:
  /// Eigen 3.4 compares packets of floating numbers only; those of integers the compiler does.
  static constexpr bool in_packet =
      !std::is_void_v<detail_lanes::packet<T, N>> && (std::is_floating_point_v<T> || detail_lanes::has_vectors);
  using storage = std::conditional_t<in_packet, detail_lanes::packet<T, N>, detail_lanes::array<bool, N>>;
  using Scalar = bool;

  explicit lane_mask(storage const& v) : v_(v) {}
  [[nodiscard]] storage const& raw() const { return v_; }
  /// 0 or -1 in each element.
  template <class Flag>
  void flags(detail_lanes::vector<Flag, N>& out) const;
  operator lanes<bool, N>() const;
  template <class To>
  [[nodiscard]] lanes<To, N> cast() const;

 private:
  storage v_;
};

/// N elements of T in registers, with the names of Eigen's arrays: what the `lower` of an op computes on. N is a power of
/// two; where the target has no packet of N elements, each operation is a loop over them. Mixes with numbers of T.
template <class T, int N>
class AMBIT_LOCAL lanes {
 public:
  using Scalar = T;
  using packet = detail_lanes::packet<T, N>;
  static constexpr bool in_packet = !std::is_void_v<packet>;
  static constexpr int size = N;
  static constexpr std::size_t width = static_cast<std::size_t>(N);
  using storage = std::conditional_t<in_packet, packet, detail_lanes::array<T, N>>;
  using wrapped = detail_lanes::wrapped<T>;
  /// Whether the target loads and stores a part of the lanes in one instruction; elsewhere that is a loop over them.
  static constexpr bool masked = [] {
    if constexpr (in_packet)
      return static_cast<bool>(Eigen::internal::unpacket_traits<packet>::masked_load_available) &&
             static_cast<bool>(Eigen::internal::unpacket_traits<packet>::masked_store_available);
    else
      return false;
  }();

  /// Whether arithmetic is the compiler's instead of Eigen's, so that clang, too, makes one instruction of a * b + c: with it
  /// 1000 elements of relu(a * b + c) * d - e take 63 ns, not 77: five instructions were the limit, three leave it to the
  /// loads.
  static constexpr bool contracted = [] {
#if defined(__clang__)
    if constexpr (in_packet && std::is_floating_point_v<T>) return !std::is_class_v<packet>;
#endif
    return false;
  }();

  lanes() = default;
  lanes(T all) {
    if constexpr (in_packet)
      v_ = Eigen::internal::pset1<packet>(all);
    else
      for (T& x : v_.at) x = all;
  }
  explicit lanes(storage const& v) : v_(v) {}
  [[nodiscard]] storage const& raw() const { return v_; }

  /// Any alignment.
  [[nodiscard]] static lanes load(T const* from) {
    lanes x;
    if constexpr (in_packet)
      x.v_ = Eigen::internal::ploadu<packet>(from);
    else
      std::memcpy(x.v_.at, from, sizeof(x.v_.at));
    return x;
  }
  void store(T* to) const {
    if constexpr (in_packet)
      Eigen::internal::pstoreu(to, v_);
    else
      std::memcpy(to, v_.at, sizeof(v_.at));
  }
  /// N / 2 elements, each in two lanes side by side.
  [[nodiscard]] static lanes load_twice(T const* from) requires(in_packet) {
    return lanes(Eigen::internal::ploaddup<packet>(from));
  }
  /// The first `count` elements; the others are zero. Touches no memory beyond. All of them without a mask, as what a masked
  /// store has written cannot be read before it has left the store buffer.
  [[nodiscard]] static lanes load(T const* from, int count) {
    if (count >= N) return load(from);
    if constexpr (masked) {
      return lanes(Eigen::internal::ploadu<packet>(from, mask_of(count)));
    } else {
      T all[width] = {};
      for (int i = 0; i < N; ++i)
        if (i < count) all[i] = from[i];
      return load(all);
    }
  }
  void store(T* to, int count) const {
    if (count >= N) return store(to);
    if constexpr (masked) {
      Eigen::internal::pstoreu(to, v_, mask_of(count));
    } else {
      T all[width];
      store(all);
      for (int i = 0; i < N; ++i)
        if (i < count) to[i] = all[i];
    }
  }

  /// Integers wrap around; Eigen's sum over the lanes of a packet is not defined beyond their range.
  [[nodiscard]] T sum() const {
    if constexpr (in_packet && std::is_floating_point_v<T>)
      return Eigen::internal::predux(v_);
    else
      return fold([](T a, T b) { return static_cast<T>(static_cast<wrapped>(a) + static_cast<wrapped>(b)); });
  }
  [[nodiscard]] T maxCoeff() const {
    if constexpr (in_packet)
      return Eigen::internal::predux_max(v_);
    else
      return fold([](T a, T b) { return a > b ? a : b; });
  }
  [[nodiscard]] T minCoeff() const {
    if constexpr (in_packet)
      return Eigen::internal::predux_min(v_);
    else
      return fold([](T a, T b) { return a < b ? a : b; });
  }
  [[nodiscard]] T prod() const {
    return fold([](T a, T b) { return static_cast<T>(static_cast<wrapped>(a) * static_cast<wrapped>(b)); });
  }

  // Arithmetic.
  friend lanes operator+(lanes const& a, lanes const& b) {
    if constexpr (contracted) {
      AMBIT_CONTRACT
      return lanes(a.v_ + b.v_);
    } else if constexpr (in_packet)
      return lanes(Eigen::internal::padd(a.v_, b.v_));
    else
      return each<wrapped>(a, b, [](auto& x, auto const& y) { x = static_cast<std::remove_reference_t<decltype(x)>>(x + y); });
  }
  friend lanes operator-(lanes const& a, lanes const& b) {
    if constexpr (contracted) {
      AMBIT_CONTRACT
      return lanes(a.v_ - b.v_);
    } else if constexpr (in_packet)
      return lanes(Eigen::internal::psub(a.v_, b.v_));
    else
      return each<wrapped>(a, b, [](auto& x, auto const& y) { x = static_cast<std::remove_reference_t<decltype(x)>>(x - y); });
  }
  friend lanes operator*(lanes const& a, lanes const& b) {
    if constexpr (contracted) {
      AMBIT_CONTRACT
      return lanes(a.v_ * b.v_);
    } else if constexpr (in_packet)
      return lanes(Eigen::internal::pmul(a.v_, b.v_));
    else
      return each<wrapped>(a, b, [](auto& x, auto const& y) { x = static_cast<std::remove_reference_t<decltype(x)>>(x * y); });
  }
  /// For integers each lane by itself: no packet instruction divides them. A division by zero gives zero, and the least of
  /// them by -1 wraps around: both would stop the program.
  friend lanes operator/(lanes const& a, lanes const& b) {
    if constexpr (in_packet && std::is_floating_point_v<T>)
      return lanes(Eigen::internal::pdiv(a.v_, b.v_));
    else if constexpr (std::is_floating_point_v<T>)
      return zip(a, b, [](T x, T y) { return x / y; });
    else
      return zip(a, b, [](T x, T y) {
        if (y == T(0)) return T(0);
        return y == T(-1) ? static_cast<T>(-static_cast<wrapped>(x)) : static_cast<T>(x / y);
      });
  }
  friend lanes operator-(lanes const& a) {
    if constexpr (in_packet)
      return lanes(Eigen::internal::pnegate(a.v_));
    else if constexpr (std::is_integral_v<T>)
      return lanes(T(0)) - a;
    else
      return a.map([](T x) { return -x; });
  }
  /// a * b + c, in one rounding where the target has such an instruction.
  friend lanes multiply_add(lanes const& a, lanes const& b, lanes const& c) {
    if constexpr (in_packet)
      return lanes(Eigen::internal::pmadd(a.v_, b.v_, c.v_));
    else
      return a * b + c;
  }
  [[nodiscard]] lanes max(lanes const& other) const {
    if constexpr (in_packet)
      return lanes(Eigen::internal::pmax(v_, other.v_));
    else
      return each<T>(*this, other, [](auto& x, auto const& y) { x = x < y ? y : x; });
  }
  [[nodiscard]] lanes min(lanes const& other) const {
    if constexpr (in_packet)
      return lanes(Eigen::internal::pmin(v_, other.v_));
    else
      return each<T>(*this, other, [](auto& x, auto const& y) { x = y < x ? y : x; });
  }
  [[nodiscard]] lanes square() const { return *this * *this; }
  [[nodiscard]] lanes cube() const { return square() * *this; }
  [[nodiscard]] lanes inverse() const { return lanes(T(1)) / *this; }

  // Functions. Those without a packet form are the standard library's, lane by lane; those only declared here are in
  // lane_functions.hpp.
  [[nodiscard]] lanes abs() const;
  [[nodiscard]] lanes exp() const { return apply(Eigen::internal::scalar_exp_op<T>()); }
  [[nodiscard]] lanes expm1() const;
  [[nodiscard]] lanes log() const { return apply(Eigen::internal::scalar_log_op<T>()); }
  [[nodiscard]] lanes log1p() const { return apply(Eigen::internal::scalar_log1p_op<T>()); }
  [[nodiscard]] lanes sqrt() const { return apply(Eigen::internal::scalar_sqrt_op<T>()); }
  [[nodiscard]] lanes rsqrt() const { return sqrt().inverse(); }  // Eigen's approximation loses two digits
  [[nodiscard]] lanes sin() const { return apply(Eigen::internal::scalar_sin_op<T>()); }
  [[nodiscard]] lanes cos() const { return apply(Eigen::internal::scalar_cos_op<T>()); }
  [[nodiscard]] lanes floor() const { return apply(Eigen::internal::scalar_floor_op<T>()); }
  [[nodiscard]] lanes ceil() const { return apply(Eigen::internal::scalar_ceil_op<T>()); }
  /// To the nearest integer, halves to the even one, as TensorFlow and NumPy round.
  [[nodiscard]] lanes rint() const { return apply(Eigen::internal::scalar_rint_op<T>()); }
  [[nodiscard]] lanes logistic() const;
  [[nodiscard]] lanes tanh() const;
  [[nodiscard]] lanes erf() const;
  [[nodiscard]] lanes pow(lanes const& exponent) const {
    return zip(*this, exponent, [](T x, T y) { return static_cast<T>(std::pow(x, y)); });
  }
  /// -1, 0 or 1; NaN stays NaN.
  [[nodiscard]] lanes sign() const;

  friend lane_mask<T, N> operator<(lanes const& a, lanes const& b) {
    if constexpr (in_packet && std::is_floating_point_v<T>)
      return lane_mask<T, N>(Eigen::internal::pcmp_lt(a.v_, b.v_));
    else
      return compare(a, b, [](auto const& x, auto const& y, auto& found) { found = x < y; });
  }
  friend lane_mask<T, N> operator<=(lanes const& a, lanes const& b) {
    if constexpr (in_packet && std::is_floating_point_v<T>)
      return lane_mask<T, N>(Eigen::internal::pcmp_le(a.v_, b.v_));
    else
      return compare(a, b, [](auto const& x, auto const& y, auto& found) { found = x <= y; });
  }
  friend lane_mask<T, N> operator==(lanes const& a, lanes const& b) {
    if constexpr (in_packet && std::is_floating_point_v<T>)
      return lane_mask<T, N>(Eigen::internal::pcmp_eq(a.v_, b.v_));
    else
      return compare(a, b, [](auto const& x, auto const& y, auto& found) { found = x == y; });
  }
  friend lane_mask<T, N> operator>(lanes const& a, lanes const& b) { return b < a; }
  friend lane_mask<T, N> operator>=(lanes const& a, lanes const& b) { return b <= a; }

  /// Each lane of `yes` or of `no`.
  template <class U>
  friend lanes select(lane_mask<U, N> const& mask, lanes const& yes, lanes const& no) {
    if constexpr (std::is_same_v<T, U> && in_packet && std::is_floating_point_v<T>)
      return lanes(Eigen::internal::pselect(mask.raw(), yes.v_, no.v_));
    else
      return choose(mask, yes, no);
  }
  friend lanes select(lanes<bool, N> const& mask, lanes const& yes, lanes const& no) {
    return choose(lane_mask<bool, N>(mask.raw()), yes, no);
  }

  /// Each lane by itself; `f` takes and gives a T.
  template <class F>
  [[nodiscard]] lanes map(F f) const {
    T x[width];
    store(x);
    for (T& each : x) each = static_cast<T>(f(each));
    return load(x);
  }
  template <class F>
  [[nodiscard]] lanes unaryExpr(F f) const {
    return map(f);
  }
  template <class To>
  [[nodiscard]] lanes<To, N> cast() const;
  template <class To>
  [[nodiscard]] lanes<To, N> convert() const;
  template <class F>
  friend lanes zip(lanes const& a, lanes const& b, F f) {
    T x[width], y[width];
    a.store(x), b.store(y);
    for (int i = 0; i < N; ++i) x[i] = f(x[i], y[i]);
    return load(x);
  }

 private:
  static constexpr auto mask_of(int count) {
    using bits = std::conditional_t<(N > 8), std::uint16_t, std::uint8_t>;
    return static_cast<bits>((1U << count) - 1U);
  }
  template <class Functor>
  [[nodiscard]] lanes apply(Functor const& f) const {
    if constexpr (in_packet && static_cast<bool>(Eigen::internal::functor_traits<Functor>::PacketAccess))
      return lanes(f.packetOp(v_));
    else
      return map([&f](T x) { return f(x); });
  }
  template <class F>
  T fold(F f) const {
    T all[width];
    store(all);
    for (int i = 1; i < N; ++i) all[0] = f(all[0], all[i]);
    return all[0];
  }
  // In vectors of the compiler's where these are integers, or element by element as numbers of Number.
  template <class Number, class F>
  static lanes each(lanes const& a, lanes const& b, F f);
  template <class F>
  static lane_mask<T, N> compare(lanes const& a, lanes const& b, F f);
  template <class U>
  static lanes choose(lane_mask<U, N> const& mask, lanes const& yes, lanes const& no);

  storage v_;
};

AMBIT_PACKETS_END

}  // namespace AMBIT_ABI
}  // namespace ambit

#include <ambit/kernels/lane_functions.hpp>
#include <ambit/kernels/lane_masks.hpp>
