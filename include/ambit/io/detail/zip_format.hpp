// SPDX-License-Identifier: BSL-1.0
// Numbers of the zip format that reading and writing share: PKWARE APPNOTE 6.3.10, sections 4.3 and 4.5.3.
#pragma once

#include <ambit/io/detail/printable.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace ambit::detail::io {

inline constexpr std::uint32_t zip_local = 0x04034b50, zip_central = 0x02014b50, zip_end = 0x06054b50,
                               zip64_end = 0x06064b50, zip64_locator = 0x07064b50;
inline constexpr std::uint32_t zip32_full = 0xFFFFFFFF;  // the value is in the zip64 field
inline constexpr std::uint16_t zip16_full = 0xFFFF;
inline constexpr std::size_t zip_local_size = 30, zip_central_size = 46, zip_end_size = 22, zip64_end_size = 56,
                             zip64_locator_size = 20;

/// A little-endian number of `size` bytes, which must be there.
[[nodiscard]] inline std::uint64_t zip_number(std::span<std::byte const> bytes, std::uint64_t at, int size) {
  std::uint64_t out = 0;
  for (int i = size; i-- > 0;)
    out = out << 8 | std::to_integer<std::uint64_t>(bytes[static_cast<std::size_t>(at) + static_cast<std::size_t>(i)]);
  return out;
}
inline void append_number(std::string& out, std::uint64_t value, int size) {
  for (int i = 0; i < size; ++i) out += static_cast<char>(value >> (8 * i) & 0xFF);
}

/// Why a name cannot be that of a member: nothing here is ever unpacked into a folder, but other programs do that with
/// the same file. Empty where it can.
[[nodiscard]] inline std::string zip_name_problem(std::string_view name) {
  if (name.empty()) return "expected a name, found an empty one";
  if (utf8_end(name) != name.size()) return "expected a name in UTF-8, found " + in_quotes(name);
  if (name.find('\0') != std::string_view::npos) return "expected a name without NUL, found " + in_quotes(name);
  bool climbs = name.front() == '/' || name.find('\\') != std::string_view::npos || (name.size() > 1 && name[1] == ':');
  for (std::size_t begin = 0; begin <= name.size();) {
    std::size_t const end = std::min(name.find('/', begin), name.size());
    climbs = climbs || name.substr(begin, end - begin) == "..";
    begin = end + 1;
  }
  if (climbs) return "expected a name that stays inside of a folder, found " + in_quotes(name);
  return {};
}

}  // namespace ambit::detail::io
