// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <bit>
#include <cstdint>

namespace ambit::detail::io {

/// IEEE 754 binary16 as a float, exactly; a NaN keeps its payload.
[[nodiscard]] constexpr float from_half(std::uint16_t half) {
  std::uint32_t const sign = std::uint32_t{half} >> 15 << 31;
  std::uint32_t const exponent = half >> 10 & 31U;
  std::uint32_t const fraction = half & 1023U;
  if (exponent == 31) return std::bit_cast<float>(sign | 0x7F800000U | fraction << 13);
  if (exponent != 0) return std::bit_cast<float>(sign | (exponent + 112) << 23 | fraction << 13);
  // Subnormal: a multiple of 2^-24, which a float holds and no product rounds.
  float const magnitude = static_cast<float>(fraction) * 0x1p-24F;
  return std::bit_cast<float>(sign | std::bit_cast<std::uint32_t>(magnitude));
}

/// bfloat16 as a float, exactly: the upper half of its bits.
[[nodiscard]] constexpr float from_bfloat(std::uint16_t bits) {
  return std::bit_cast<float>(std::uint32_t{bits} << 16);
}

}  // namespace ambit::detail::io
