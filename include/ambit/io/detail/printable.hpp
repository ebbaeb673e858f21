// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace ambit::detail::io {

/// Length of the UTF-8 sequence at the front of a text; 0 where it is ill-formed (Unicode 15, table 3-7).
constexpr std::size_t utf8_length(std::string_view text) {
  auto const at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (text.empty()) return 0;
  unsigned const first = at(0);
  if (first < 0x80) return 1;
  std::size_t const length = first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
  if (length == 0 || text.size() < length) return 0;
  unsigned const low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
  unsigned const high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
  if (at(1) < low || at(1) > high) return 0;
  for (std::size_t i = 2; i < length; ++i)
    if (at(i) < 0x80 || at(i) > 0xBF) return 0;
  return length;
}

/// Index of the first byte that is not UTF-8; the size of the text where all of it is.
constexpr std::size_t utf8_end(std::string_view text) {
  std::size_t i = 0;
  while (i < text.size()) {
    std::size_t const length = utf8_length(text.substr(i));
    if (length == 0) break;
    i += length;
  }
  return i;
}

/// What a file says, made safe to print: names come from strangers. Control characters (a terminal obeys them, and a
/// NUL would end what()) and bytes that are not UTF-8 are escaped, and no more than `limit` bytes are shown.
inline std::string printable(std::string_view text, std::size_t limit = 200) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out;
  std::size_t i = 0;
  while (i < text.size()) {
    if (out.size() >= limit) return out + "...";
    std::size_t const length = utf8_length(text.substr(i));
    auto const c = static_cast<unsigned char>(text[i]);
    bool const c1 = length == 2 && c == 0xC2 && static_cast<unsigned char>(text[i + 1]) < 0xA0;
    if (length == 0 || c < 0x20 || c == 0x7F || c1) {
      for (std::size_t end = i + std::max<std::size_t>(length, 1); i < end; ++i) {
        auto const byte = static_cast<unsigned char>(text[i]);
        out += "\\x";
        out += digits[byte >> 4];
        out += digits[byte & 15];
      }
      continue;
    }
    if (c == '"' || c == '\\') out += '\\';
    out += text.substr(i, length);
    i += length;
  }
  return out;
}

inline std::string in_quotes(std::string_view text) { return '"' + printable(text) + '"'; }

}  // namespace ambit::detail::io
