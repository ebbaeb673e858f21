// SPDX-License-Identifier: BSL-1.0
// Vectors of the compiler's, for what Eigen has no packets for: 64-bit integers, comparisons of integers, booleans, and
// conversions. g++ 12 makes no vectors of loops over a few elements.
#pragma once

#include <ambit/config.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace ambit {
inline namespace AMBIT_ABI {
namespace detail_lanes {

template <class T, int N>
struct AMBIT_LOCAL array {
  T at[static_cast<std::size_t>(N)];
};

#if defined(__GNUC__)
inline constexpr bool has_vectors = std::endian::native == std::endian::little;
/// Never passed by value, nor returned: where the target has no such registers, that is another calling convention.
template <class T, int N>
struct vector_of {
  typedef T type __attribute__((vector_size(sizeof(T) * N)));
};
#else
inline constexpr bool has_vectors = false;
template <class T, int N>
struct vector_of {
  using type = array<T, N>;
};
#endif
template <class T, int N>
using vector = typename vector_of<T, N>::type;

/// What comparing two vectors of T gives in each element: 0 or -1.
template <class T>
using flag = std::conditional_t<
    sizeof(T) == 8, std::int64_t,
    std::conditional_t<sizeof(T) == 4, std::int32_t, std::conditional_t<sizeof(T) == 2, std::int16_t, std::int8_t>>>;

/// What arithmetic on single elements is done in: integers wrap around, as packets of them do.
template <class T>
constexpr auto wrapping() {
  if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>)
    return std::make_unsigned<T>{};
  else
    return std::type_identity<T>{};
}
template <class T>
using wrapped = typename decltype(wrapping<T>())::type;

#if defined(__GNUC__)
/// From and to what lanes hold: arrays, packets that are such vectors, or packets that wrap one. Between vectors by a cast,
/// which stays in registers.
template <class Vector, class Storage>
AMBIT_INLINE void get(Storage const& from, Vector& out) {
  if constexpr (requires { from.m_val; })
    out = (Vector)from.m_val;
  else if constexpr (std::is_class_v<Storage>)
    std::memcpy(&out, &from, sizeof(out));
  else
    out = (Vector)from;
}
template <class Vector, class Storage>
AMBIT_INLINE void put(Vector const& from, Storage& out) {
  if constexpr (requires { out.m_val; })
    out.m_val = (decltype(out.m_val))from;
  else if constexpr (std::is_class_v<Storage>)
    std::memcpy(&out, &from, sizeof(out));
  else
    out = (Storage)from;
}
template <class To, class From, int N>
AMBIT_INLINE void convert(vector<From, N> const& x, vector<To, N>& out) {
  out = __builtin_convertvector(x, vector<To, N>);
}
#endif

/// Whether booleans of memory become flags by `spread`.
template <class Flag, int N>
inline constexpr bool spreads = has_vectors && N > 1 && N <= 16 && sizeof(Flag) >= 4;
/// N booleans as N flags: gathered into bits, which each element picks its own of. A multiplication moves byte i to bit
/// 56 + i, and no two terms of it to one place.
template <class Flag, int N>
AMBIT_INLINE void spread(bool const* from, vector<Flag, N>& out) {
  constexpr auto places = [] {
    array<Flag, N> p{};
    for (int i = 0; i < N; ++i) p.at[i] = static_cast<Flag>(Flag{1} << i);
    return p;
  }();
  std::uint64_t bits = 0;
  for (int first = 0; first < N; first += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, from + first, static_cast<std::size_t>(N < 8 ? N : 8));
    bits |= word * 0x0102040810204080U >> 56U << static_cast<unsigned>(first);
  }
  using flags = vector<Flag, N>;
  out = (__builtin_bit_cast(flags, places) & static_cast<Flag>(bits)) != 0;
}

/// The other way round. Few flags word by word, as their way through memory would be a wait for the store buffer.
template <class Flag, int N>
AMBIT_INLINE void gather(vector<Flag, N> const& flags, bool* to) {
  if constexpr (has_vectors && sizeof(Flag) >= 4 && N > 1 && N <= 4) {
    constexpr int words = N * static_cast<int>(sizeof(Flag)) / 8, per_word = N / words;
    auto const all = (vector<std::uint64_t, words>)flags;
    std::uint32_t bools = 0;
    for (int k = 0; k < words; ++k) {
      std::uint64_t const word = all[k] & 0x0000000100000001U;
      bools |= static_cast<std::uint32_t>(per_word == 2 ? (word | word >> 24U) & 0x0101U : word & 1U) << (8 * per_word * k);
    }
    std::memcpy(to, &bools, static_cast<std::size_t>(N));
  } else {
    array<Flag, N> all;
    std::memcpy(&all, &flags, sizeof(all));
    for (int i = 0; i < N; ++i) to[i] = all.at[i] != 0;
  }
}

}  // namespace detail_lanes
}  // namespace AMBIT_ABI
}  // namespace ambit
