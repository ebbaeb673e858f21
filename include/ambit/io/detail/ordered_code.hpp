// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

// Keys that sort as what they encode: TensorFlow's core/lib/strings/ordered_code.cc.
namespace ambit::detail::io {

/// A count of bytes, then these, the highest first.
inline void append_ordered(std::string& out, std::uint64_t value) {
  int const bytes = (static_cast<int>(std::bit_width(value)) + 7) / 8;
  out += static_cast<char>(bytes);
  for (int i = bytes; i-- > 0;) out += static_cast<char>(value >> (8 * i) & 0xFF);
}

/// The text with 00 as 00 ff and ff as ff 00; then 00 01, which sorts before both.
inline void append_ordered(std::string& out, std::string_view text) {
  for (char const c : text) {
    out += c;
    if (c == '\0') out += '\xff';
    if (c == '\xff') out += '\0';
  }
  out.append("\0\1", 2);
}

/// As many leading ones as bytes, then the sign's opposite, then the value; all inverted where it is negative.
inline void append_ordered_signed(std::string& out, std::int64_t value) {
  auto const bits = static_cast<std::uint64_t>(value);
  int const bytes = static_cast<int>(std::bit_width(value < 0 ? ~bits : bits)) / 7 + 1;  // 1 to 10
  unsigned char const sign = value < 0 ? 0xFF : 0;
  unsigned char buffer[10] = {sign, sign};
  for (int i = 0; i < 8; ++i) buffer[2 + i] = static_cast<unsigned char>(bits >> (56 - 8 * i) & 0xFF);
  unsigned const header = (0xFFFF0000U >> bytes) & 0xFFFF;  // `bytes` ones in front of sixteen bits
  unsigned char* const first = buffer + 10 - bytes;
  first[0] = static_cast<unsigned char>(first[0] ^ header >> 8);
  if (bytes > 1) first[1] = static_cast<unsigned char>(first[1] ^ (header & 0xFF));
  out.append(reinterpret_cast<char const*>(first), static_cast<std::size_t>(bytes));
}

}  // namespace ambit::detail::io
