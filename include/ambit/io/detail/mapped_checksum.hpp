// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/io/detail/crc32c.hpp>
#include <ambit/io/detail/mapped_file.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace ambit::detail::io {

/// The masked checksum of bytes that are mapped; nothing where they may go. Step by step, each of them fetched just before.
[[nodiscard]] inline std::optional<std::uint32_t> mapped_checksum(mapped_file const& map,
                                                                  std::span<std::byte const> bytes) {
  crc32c sum;
  while (!bytes.empty()) {
    std::span<std::byte const> const some = bytes.first(std::min(bytes.size(), mapped_file::step));
    if (!map.fetch(some)) return std::nullopt;
    sum.add(some.data(), some.size());
    bytes = bytes.subspan(some.size());
  }
  return sum.masked();
}

}  // namespace ambit::detail::io
