// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/io/file_error.hpp>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <ios>
#include <limits>
#include <string>
#include <string_view>
#include <system_error>

namespace ambit::detail::io {

/// A file to be read, and the size that it had when it was opened.
class sized_file {
 public:
  explicit sized_file(std::filesystem::path const& path) : name_(path.string()) {
    std::error_code error;
    std::filesystem::file_status const status = std::filesystem::status(path, error);
    // A device or a pipe has no size to check what it holds against, and opening one may never return.
    if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status))
      raise(file_error("read", "FILE_ACCESS",
                       {.file = name_, .problem = "expected a regular file, found a folder or a device"}));
    errno = 0;
    in_.open(path, std::ios::binary | std::ios::ate);
    if (!in_) raise_system("read", name_, {errno != 0 ? errno : EIO, std::generic_category()});
    size_ = static_cast<std::uint64_t>(std::streamoff(in_.tellg()));
    if (size_ > std::numeric_limits<std::size_t>::max() / 2)
      raise(file_error(
          {.file = name_,
           .problem = "expected a file that fits into the address space, found " + std::to_string(size_) + " bytes"}));
  }

  [[nodiscard]] std::string const& name() const { return name_; }
  [[nodiscard]] std::uint64_t size() const { return size_; }
  /// `key` is what the bytes are, for the message where they have gone.
  void read(std::uint64_t offset, std::byte* into, std::size_t count, std::string_view key = {}) {
    if (count == 0) return;
    in_.clear();
    in_.seekg(static_cast<std::streamoff>(offset));
    in_.read(reinterpret_cast<char*>(into), static_cast<std::streamsize>(count));
    if (auto const got = static_cast<std::size_t>(in_.gcount()); got != count)
      raise(file_error({.file = name_,
                        .key = std::string(key),
                        .offset = offset + got,
                        .problem = "expected " + std::to_string(count - got) +
                                   " more bytes, found the end; the file changed while it was read"}));
  }
  /// Refuses a file that has another size by now.
  void require_size() {
    in_.clear();
    in_.seekg(0, std::ios::end);
    if (auto const now = static_cast<std::uint64_t>(std::streamoff(in_.tellg())); now != size_)
      raise(file_error({.file = name_,
                        .offset = now < size_ ? now : size_,
                        .problem = "expected " + std::to_string(size_) + " bytes, as when it was opened, found " +
                                   std::to_string(now) + "; the file changed while it was read"}));
  }

 private:
  std::string name_;
  std::ifstream in_;
  std::uint64_t size_ = 0;
};

}  // namespace ambit::detail::io
