// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace ambit::detail::io {

/// An unsigned number at the front of a text, which must have its bytes.
template <class Unsigned>
[[nodiscard]] constexpr Unsigned little_endian(std::string_view text) {
  Unsigned out = 0;
  for (std::size_t i = sizeof(Unsigned); i-- > 0;)
    out = static_cast<Unsigned>(static_cast<std::uint64_t>(out) << 8 | static_cast<unsigned char>(text[i]));
  return out;
}
template <class Unsigned>
void append_little_endian(std::string& out, Unsigned value) {
  for (std::size_t i = 0; i < sizeof(Unsigned); ++i)
    out += static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * i) & 0xFF);
}

}  // namespace ambit::detail::io
