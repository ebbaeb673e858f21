// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/io/detail/varint.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace ambit::detail::io {

/// The text of a raw Snappy block (google/snappy, format_description.txt), or nothing where it is none. Own code, so that
/// a header-only library asks nobody to link one; docs/design/checkpoint.md.
/// Memory: at most 22 times the block, whatever length it promises: no element of it yields more from fewer bytes.
[[nodiscard]] inline std::optional<std::string> unpack_snappy(std::string_view in) {
  std::optional<std::uint64_t> const length = take_varint(in);
  if (!length || *length > std::numeric_limits<std::uint32_t>::max() || *length > std::uint64_t{22} * in.size())
    return std::nullopt;
  std::string out;
  out.reserve(static_cast<std::size_t>(*length));
  auto const take = [&](std::size_t count) {  // a number of `count` bytes
    std::size_t value = 0;
    for (std::size_t i = 0; i < count; ++i) value |= std::size_t{static_cast<unsigned char>(in[i])} << (8 * i);
    in.remove_prefix(count);
    return value;
  };
  while (!in.empty()) {
    std::size_t const tag = take(1), kind = tag & 3, high = tag >> 2;
    std::size_t const extra = kind == 0 ? (high >= 60 ? high - 59 : 0) : kind == 3 ? 4 : kind;
    if (in.size() < extra) return std::nullopt;
    std::size_t const number = take(extra), room = static_cast<std::size_t>(*length) - out.size();
    if (kind == 0) {  // so many bytes as they are
      std::size_t const before = high >= 60 ? number : high;
      if (before >= in.size() || before >= room) return std::nullopt;
      out.append(in.substr(0, before + 1));
      in.remove_prefix(before + 1);
      continue;
    }
    std::size_t const count = kind == 1 ? 4 + (high & 7) : high + 1;
    std::size_t const back = kind == 1 ? (high >> 3) << 8 | number : number;
    if (back == 0 || back > out.size() || count > room) return std::nullopt;
    for (std::size_t i = 0; i < count; ++i) out += out[out.size() - back];  // may read what it has just written
  }
  if (out.size() != *length) return std::nullopt;
  return out;
}

}  // namespace ambit::detail::io
