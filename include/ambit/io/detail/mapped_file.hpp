// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <utility>

#if defined(__linux__) && __has_include(<sys/mman.h>)
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#endif

namespace ambit::detail::io {

/// A file mapped into memory for reading, where nobody can cut it meanwhile; empty where that cannot be had.
///
/// Reading a page of a mapping that the file has no longer kills the process (SIGBUS), and checking the size before does
/// not help: the file may shrink after. What helps is a lease (fcntl, F_SETLEASE): the kernel grants it only while nobody
/// has the file open for writing, and makes those wait who would open or truncate it, for up to
/// /proc/sys/fs/lease-break-time (45 s). It is granted to the owner of the file and to root, by local file systems of
/// Linux; elsewhere files are read as usual.
class mapped_file {
 public:
  mapped_file() = default;
#if defined(__linux__) && defined(F_SETLEASE)
  explicit mapped_file(std::filesystem::path const& path) {
    file_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);  // never waits, should it be a pipe
    if (file_ < 0) return;
    // Whom the lease hinders is told by a signal, SIGIO unless another one is named first: it would end the process.
    bool const leased = ::fcntl(file_, F_SETSIG, SIGURG) == 0 && ::fcntl(file_, F_SETLEASE, F_RDLCK) == 0;
    if (leased) (void)::fcntl(file_, F_SETOWN, 0);  // and now nobody is told
    struct ::stat status {};
    if (!leased || ::fstat(file_, &status) != 0 || !S_ISREG(status.st_mode) || status.st_size <= 0) {
      close();
      return;
    }
    auto const size = static_cast<std::size_t>(status.st_size);
    void* const at = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file_, 0);
    if (at == MAP_FAILED) {
      close();
      return;
    }
    bytes_ = {static_cast<std::byte const*>(at), size};
  }
  mapped_file(mapped_file&& other) noexcept
      : file_(std::exchange(other.file_, -1)), bytes_(std::exchange(other.bytes_, {})) {}
  mapped_file& operator=(mapped_file&& other) noexcept {
    std::swap(file_, other.file_);
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  ~mapped_file() { close(); }

  /// Nobody waits to change it. False means that within the 45 s somebody will.
  [[nodiscard]] bool held() const noexcept { return ::fcntl(file_, F_GETLEASE) == F_RDLCK; }

 private:
  void close() noexcept {
    if (!bytes_.empty()) ::munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
    if (file_ >= 0) ::close(file_);  // ends the lease
    bytes_ = {};
    file_ = -1;
  }
  int file_ = -1;
#else
  explicit mapped_file(std::filesystem::path const&) {}
  [[nodiscard]] bool held() const noexcept { return true; }

 private:
#endif
  std::span<std::byte const> bytes_{};

 public:
  /// The whole file; empty where it is not mapped.
  [[nodiscard]] std::span<std::byte const> bytes() const noexcept { return bytes_; }
};

}  // namespace ambit::detail::io
