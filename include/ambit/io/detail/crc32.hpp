// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace ambit::detail::io {

/// Eight tables, so that eight bytes take one step: byte by byte the checksum would take longer than reading the file.
[[nodiscard]] constexpr std::array<std::array<std::uint32_t, 256>, 8> make_crc32_tables() {
  std::array<std::array<std::uint32_t, 256>, 8> out{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320U : 0U);
    out[0][i] = crc;
  }
  for (std::size_t t = 1; t < 8; ++t)
    for (std::size_t i = 0; i < 256; ++i) out[t][i] = out[t - 1][i] >> 8 ^ out[0][out[t - 1][i] & 0xFF];
  return out;
}
inline constexpr std::array<std::array<std::uint32_t, 256>, 8> crc32_tables = make_crc32_tables();

/// The CRC-32 of zip and PNG (ISO 3309), continued from the one of what came before.
[[nodiscard]] constexpr std::uint32_t crc32(std::span<std::byte const> bytes, std::uint32_t before = 0) {
  std::uint32_t crc = ~before;
  auto const at = [&](std::size_t i) { return std::to_integer<std::uint32_t>(bytes[i]); };
  auto const& t = crc32_tables;
  std::size_t i = 0;
  for (; i + 8 <= bytes.size(); i += 8) {
    std::uint32_t const low = crc ^ (at(i) | at(i + 1) << 8 | at(i + 2) << 16 | at(i + 3) << 24);
    crc = t[7][low & 0xFF] ^ t[6][low >> 8 & 0xFF] ^ t[5][low >> 16 & 0xFF] ^ t[4][low >> 24] ^ t[3][at(i + 4)] ^
          t[2][at(i + 5)] ^ t[1][at(i + 6)] ^ t[0][at(i + 7)];
  }
  for (; i < bytes.size(); ++i) crc = crc >> 8 ^ t[0][(crc ^ at(i)) & 0xFF];
  return ~crc;
}

}  // namespace ambit::detail::io
