// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/core/shape.hpp>
#include <ambit/io/detail/bind.hpp>
#include <ambit/io/detail/crc32c.hpp>
#include <ambit/io/detail/little_endian.hpp>
#include <ambit/io/detail/varint.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace ambit::detail::io {

/// The masked checksum of strings as tensor_bundle.cc (WriteStringTensor) stores them: a varint for each length, the
/// masked checksum of the lengths, the characters. It is of the lengths as fixed numbers, and of all that follows them;
/// numbers that are not varints have the byte order of the machine that wrote. Nothing where the bytes are not that.
[[nodiscard]] inline std::optional<std::uint32_t> string_checksum(std::span<std::byte const> bytes, shape const& s,
                                                                  bool big_endian = false) {
  std::string_view in(reinterpret_cast<char const*>(bytes.data()), bytes.size());
  std::optional<std::uint64_t> const count = bytes_of(dtype::u8, s);
  if (!count || *count > in.size()) return std::nullopt;
  crc32c sum;
  std::uint64_t characters = 0;
  for (std::uint64_t i = 0; i < *count; ++i) {
    std::optional<std::uint64_t> const length = take_varint(in);
    if (!length || *length > bytes.size() - characters) return std::nullopt;
    characters += *length;
    std::string fixed;
    if (*length <= std::numeric_limits<std::uint32_t>::max())
      append_little_endian(fixed, static_cast<std::uint32_t>(*length));
    else
      append_little_endian(fixed, *length);
    if (big_endian) std::reverse(fixed.begin(), fixed.end());
    sum.add(fixed.data(), fixed.size());
  }
  if (in.size() < 4 || in.size() - 4 != characters) return std::nullopt;
  std::string stored(in.substr(0, 4));
  if (big_endian) std::reverse(stored.begin(), stored.end());
  if (sum.masked() != little_endian<std::uint32_t>(stored)) return std::nullopt;
  sum.add(in.data(), in.size());
  return sum.masked();
}

}  // namespace ambit::detail::io
