// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/core/dtype.hpp>
#include <ambit/core/hash.hpp>
#include <ambit/core/philox.hpp>
#include <ambit/core/rounded.hpp>

#include <cstdint>
#include <span>
#include <string_view>

namespace ambit {

/// The random numbers of one variable: a function of seed, full name and index of the element, and of nothing else. So
/// they depend neither on the order in which variables are made or filled, nor on the compiler, its flags or the machine.
class random_stream {
 public:
  constexpr random_stream(std::uint64_t seed, std::uint64_t name_hash) : seed_(seed), name_(name_hash) {}
  /// The name is a scope path without ":0": "model/fc1/kernel".
  constexpr random_stream(std::uint64_t seed, std::string_view name) : random_stream(seed, detail::fnv1a(name)) {}

  /// Four words for elements 4 * group to 4 * group + 3. Seed and name are not mixed: the key is the one, the upper half of
  /// the counter the other, so that no two pairs meet.
  [[nodiscard]] constexpr detail::philox_block block(std::int64_t group) const {
    auto const low = [](std::uint64_t x) { return static_cast<std::uint32_t>(x); };
    auto const high = [](std::uint64_t x) { return static_cast<std::uint32_t>(x >> 32); };
    std::uint64_t const at = static_cast<std::uint64_t>(group);
    return detail::philox4x32_10({{low(at), high(at), low(name_), high(name_)}}, low(seed_), high(seed_));
  }

 private:
  std::uint64_t seed_;
  std::uint64_t name_;
};

namespace rounding {
inline namespace AMBIT_ABI {

/// Random bits of one element: 64 of them, or for what is narrower than a double 32, the upper ones.
struct random_bits {
  std::uint64_t bits;
  bool wide;

  /// [0, 1) in steps of 2^-53 or 2^-24, which the dtype holds exactly.
  [[nodiscard]] constexpr double uniform() const {
    return wide ? static_cast<double>(bits >> 11) * 0x1p-53 : static_cast<double>(bits >> 40) * 0x1p-24;
  }
  /// (0, 1/2), in the middles of steps; the first bit is the sign's.
  [[nodiscard]] constexpr double half() const {
    std::uint64_t const k = wide ? bits << 1 >> 12 : bits << 1 >> 33;
    return static_cast<double>(2 * k + 1) * (wide ? 0x1p-54 : 0x1p-33);
  }
  [[nodiscard]] constexpr double with_sign(double x) const { return bits >> 63 != 0 ? -x : x; }
  /// By the inverse of the distribution function: one number from one, so that each element stands by itself.
  [[nodiscard]] constexpr double normal() const { return with_sign(normal_quantile(0.5 - half(), half())); }
  /// Within two deviations: distributed as numbers that are drawn again where they lie beyond.
  [[nodiscard]] constexpr double truncated_normal() const {
    double const between = multiply(half(), 0.95449973610364158);  // of all numbers, so many lie within
    double const x = normal_quantile(between, 0.5 - between);
    return with_sign(x < 2 ? x : 2);
  }
};

/// values[i] = value(bits of element first + i); `first` is a multiple of 4.
template <class Value>
constexpr void for_each_random(random_stream const& from, dtype type, std::int64_t first, std::span<double> values,
                               Value value) {
  bool const wide = size_of(type) > 4;
  std::size_t const step = wide ? 2 : 4;
  std::int64_t group = first / static_cast<std::int64_t>(step);
  for (std::size_t i = 0; i < values.size(); i += step, ++group) {
    detail::philox_block const b = from.block(group);
    for (std::size_t k = 0; k < step && i + k < values.size(); ++k) {
      std::uint64_t const bits = std::uint64_t{b.word[wide ? 2 * k + 1 : k]} << 32 | (wide ? b.word[2 * k] : 0);
      values[i + k] = value(random_bits{bits, wide});
    }
  }
}

}  // namespace AMBIT_ABI
}  // namespace rounding
}  // namespace ambit
