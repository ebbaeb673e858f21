// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/io/file_error.hpp>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>
#include <system_error>

#if __has_include(<unistd.h>)
#include <unistd.h>
#endif

namespace ambit::detail::io {

/// A file that is written beside the one it replaces and renamed onto it when all of it is on the disk. Until then, and
/// whatever goes wrong, the old file is whole; a process that is killed leaves a ".ambit-*.tmp" behind.
class replaced_file {
 public:
  explicit replaced_file(std::filesystem::path const& path) : shown_(path.string()), target_(path) {
    std::error_code error;
    std::filesystem::file_status const old = std::filesystem::status(path, error);
    if (std::filesystem::exists(old)) {
      // Renaming onto a device would replace the device.
      if (!std::filesystem::is_regular_file(old))
        raise(
            file_error("write", "FILE_ACCESS",
                       {.file = shown_, .problem = "expected a regular file to replace, found a folder or a device"}));
      target_ = std::filesystem::canonical(path, error);  // what a symbolic link names, not the link
      if (error) raise_system("write", shown_, error);
    }
    static std::atomic<std::uint64_t> count{0};
    for (int attempt = 0; attempt < 100 && file_ == nullptr; ++attempt) {
      auto const ticks = std::chrono::steady_clock::now().time_since_epoch().count();
      temporary_ = target_;
      temporary_.replace_filename(".ambit-" + std::to_string(ticks) + '-' + std::to_string(++count) + ".tmp");
      errno = 0;
      file_ = std::fopen(temporary_.string().c_str(), "wbx");  // x: never a file that is there already
      if (file_ == nullptr && errno != EEXIST) break;
    }
    if (file_ == nullptr) raise_errno();
    if (std::filesystem::exists(old)) std::filesystem::permissions(temporary_, old.permissions(), error);
  }
  replaced_file(replaced_file const&) = delete;
  replaced_file& operator=(replaced_file const&) = delete;
  ~replaced_file() {
    if (file_ != nullptr) std::fclose(file_);
    if (committed_) return;
    std::error_code ignored;
    std::filesystem::remove(temporary_, ignored);
  }

  void write(void const* data, std::size_t size) {
    errno = 0;
    if (size != 0 && std::fwrite(data, 1, size, file_) != size) fail();
  }
  /// All that was written is on the disk, still under the other name: of files that belong together, first all of them.
  void sync() {
    errno = 0;
    bool written = std::fflush(file_) == 0;
#if __has_include(<unistd.h>)
    written = written && ::fsync(::fileno(file_)) == 0;  // else a crash may keep the rename and lose the data
#endif
    if (!written) fail();
  }
  void commit() {
    sync();
    if (std::fclose(std::exchange(file_, nullptr)) != 0) fail();
    std::error_code error;
    std::filesystem::rename(temporary_, target_, error);
    if (error) raise_system("write", shown_, error);
    committed_ = true;
  }

 private:
  [[noreturn]] void raise_errno() const {
    raise_system("write", shown_, {errno != 0 ? errno : EIO, std::generic_category()});
  }
  // Not left to the destructor: where errors are fatal it never runs.
  [[noreturn]] void fail() {
    int const reason = errno;
    if (file_ != nullptr) std::fclose(std::exchange(file_, nullptr));
    std::error_code ignored;
    std::filesystem::remove(temporary_, ignored);
    errno = reason;
    raise_errno();
  }

  std::string shown_;
  std::filesystem::path target_, temporary_;
  std::FILE* file_ = nullptr;
  bool committed_ = false;
};

}  // namespace ambit::detail::io
