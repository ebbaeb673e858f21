// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/io/file_error.hpp>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <system_error>

namespace ambit::detail::io {

/// A regular file, opened; its size is that at opening.
class opened_file {
 public:
  explicit opened_file(std::filesystem::path const& path) : file_(path.string()) {
    std::error_code error;
    std::filesystem::file_status const status = std::filesystem::status(path, error);
    // A device or a pipe has no size to check a header against, and opening one may never return.
    if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status))
      raise(file_error("read", "FILE_ACCESS",
                       {.file = file_, .problem = "expected a regular file, found a folder or a device"}));
    errno = 0;
    in_.open(path, std::ios::binary | std::ios::ate);
    if (!in_) raise_system("read", file_, {errno != 0 ? errno : EIO, std::generic_category()});
    size_ = static_cast<std::uint64_t>(std::streamoff(in_.tellg()));
    in_.seekg(0);
    if (size_ > std::numeric_limits<std::size_t>::max() / 2)
      raise(file_error(
          {.file = file_,
           .problem = "expected a file that fits into the address space, found " + std::to_string(size_) + " bytes"}));
  }
  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
  /// The next bytes, which begin at `offset`.
  void fill(std::span<std::byte> into, std::uint64_t offset) {
    in_.read(reinterpret_cast<char*>(into.data()), static_cast<std::streamsize>(into.size()));
    if (auto const count = static_cast<std::size_t>(in_.gcount()); count != into.size())
      raise(file_error({.file = file_,
                        .offset = offset + count,
                        .problem = "expected " + std::to_string(into.size() - count) +
                                   " more bytes, found the end; the file changed while it was read"}));
  }

 private:
  std::string file_;
  std::ifstream in_;
  std::uint64_t size_ = 0;
};

/// A whole file in memory.
struct file_bytes {
  std::unique_ptr<std::byte[]> owned{};  // from operator new, so aligned for every dtype
  std::span<std::byte const> bytes{};
};
[[nodiscard]] inline file_bytes read_file(std::filesystem::path const& path) {
  opened_file in(path);
  auto const size = static_cast<std::size_t>(in.size());
  file_bytes out{std::make_unique_for_overwrite<std::byte[]>(size)};
  in.fill({out.owned.get(), size}, 0);
  out.bytes = {out.owned.get(), size};
  return out;
}

}  // namespace ambit::detail::io
