// SPDX-License-Identifier: BSL-1.0
// Logic of what lanes were compared to. Included by lanes.hpp.
#pragma once

#include <ambit/kernels/lanes.hpp>

#include <cstdint>
#include <cstring>
#include <type_traits>

namespace ambit {
inline namespace AMBIT_ABI {

AMBIT_PACKETS_BEGIN

template <class T, int N>
template <class Flag>
void lane_mask<T, N>::flags(detail_lanes::vector<Flag, N>& out) const {
  if constexpr (!in_packet) {
    detail_lanes::spread<Flag, N>(v_.at, out);
  } else if constexpr (sizeof(Flag) == sizeof(T)) {
    detail_lanes::get(v_, out);
  } else {
    detail_lanes::vector<detail_lanes::flag<T>, N> own;
    detail_lanes::get(v_, own);
    detail_lanes::convert<Flag, detail_lanes::flag<T>, N>(own, out);
  }
}

template <class T, int N>
lane_mask<T, N>::operator lanes<bool, N>() const {
  if constexpr (in_packet) {
    detail_lanes::array<bool, N> out;
    if constexpr (detail_lanes::has_vectors) {
      detail_lanes::vector<detail_lanes::flag<T>, N> own;
      detail_lanes::get(v_, own);
      detail_lanes::gather<detail_lanes::flag<T>, N>(own, out.at);
    } else {
      detail_lanes::array<detail_lanes::flag<T>, N> own;
      std::memcpy(&own, &v_, sizeof(own));
      for (int i = 0; i < N; ++i) out.at[i] = own.at[i] != 0;
    }
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
/// Two masks as one: in flags of one of them that is a packet, or in bytes.
template <class A, class B, int N, class F>
AMBIT_INLINE auto combine(lane_mask<A, N> const& a, lane_mask<B, N> const& b, F f) {
  using number = std::conditional_t<lane_mask<A, N>::in_packet, A, B>;
  if constexpr (lane_mask<number, N>::in_packet && has_vectors) {
    vector<flag<number>, N> x, y;
    a.template flags<flag<number>>(x), b.template flags<flag<number>>(y);
    f(x, y);
    typename lane_mask<number, N>::storage out;
    put(x, out);
    return lane_mask<number, N>(out);
  } else {
    lanes<bool, N> const first(a), second(b);
    array<bool, N> out;
    if constexpr (has_vectors && N > 1) {
      vector<std::uint8_t, N> x, y;
      get(first.raw(), x), get(second.raw(), y);
      f(x, y);
      x &= 1;
      put(x, out);
    } else {
      for (int i = 0; i < N; ++i) {
        int x = first.raw().at[i] ? 1 : 0;
        f(x, second.raw().at[i] ? 1 : 0);
        out.at[i] = (x & 1) != 0;
      }
    }
    return lane_mask<bool, N>(out);
  }
}
}  // namespace detail_lanes

template <class A, class B, int N>
AMBIT_INLINE auto operator&&(lane_mask<A, N> const& a, lane_mask<B, N> const& b) {
  return detail_lanes::combine(a, b, [](auto& x, auto const& y) { x &= y; });
}
template <class A, class B, int N>
AMBIT_INLINE auto operator||(lane_mask<A, N> const& a, lane_mask<B, N> const& b) {
  return detail_lanes::combine(a, b, [](auto& x, auto const& y) { x |= y; });
}
template <class A, class B, int N>
AMBIT_INLINE auto operator^(lane_mask<A, N> const& a, lane_mask<B, N> const& b) {
  return detail_lanes::combine(a, b, [](auto& x, auto const& y) { x ^= y; });
}
template <class T, int N>
AMBIT_INLINE auto operator!(lane_mask<T, N> const& a) {
  return detail_lanes::combine(a, a, [](auto& x, auto const&) { x = ~x; });
}

/// Lanes First to First + Count of x, and zeros.
template <int First, int Count, class T, int N>
AMBIT_INLINE lanes<T, N> keep_lanes(lanes<T, N> const& x) {
  constexpr auto keep = [] {
    detail_lanes::array<detail_lanes::flag<T>, N> k{};
    for (int i = First; i < First + Count; ++i) k.at[i] = -1;
    return k;
  }();
  if constexpr (detail_lanes::has_vectors && N > 1) {
    using flags = detail_lanes::vector<detail_lanes::flag<T>, N>;
    flags bits;
    detail_lanes::get(x.raw(), bits);
    bits &= __builtin_bit_cast(flags, keep);
    typename lanes<T, N>::storage out;
    detail_lanes::put(bits, out);
    return lanes<T, N>(out);
  } else {
    T all[static_cast<std::size_t>(N)];
    x.store(all);
    for (int i = 0; i < N; ++i)
      if (keep.at[i] == 0) all[i] = T(0);
    return lanes<T, N>::load(all);
  }
}

AMBIT_PACKETS_END

}  // namespace AMBIT_ABI
}  // namespace ambit
