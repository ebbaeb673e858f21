// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/io/detail/sized_file.hpp>

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>

namespace ambit::detail::io {

/// A whole file in memory.
struct file_bytes {
  std::unique_ptr<std::byte[]> owned{};  // from operator new, so aligned for every dtype
  std::span<std::byte const> bytes{};
};
[[nodiscard]] inline file_bytes read_file(std::filesystem::path const& path) {
  sized_file in(path);
  auto const size = static_cast<std::size_t>(in.size());
  file_bytes out{std::make_unique_for_overwrite<std::byte[]>(size)};
  in.read(0, out.owned.get(), size);
  out.bytes = {out.owned.get(), size};
  return out;
}

}  // namespace ambit::detail::io
