// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <utility>

#if defined(__linux__) && __has_include(<sys/mman.h>)
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <ctime>
#endif

namespace ambit::detail::io {

/// Which file it is, and how it was: what differs after any write. Times in nanoseconds.
struct file_state {
  std::uint64_t device = 0, number = 0, links = 0, size = 0;
  std::int64_t modified = 0, changed = 0;
  friend bool operator==(file_state const&, file_state const&) = default;
};

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
  explicit mapped_file(std::filesystem::path const& path) : mapped_file() {  // whole, should what follows throw
    if (!lease(path.c_str())) return;
    auto const size = static_cast<std::size_t>(state_.size);
    void* const at = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file_, 0);
    if (at == MAP_FAILED) return;
    mapping_ = {at, [size](void* mapped) { ::munmap(mapped, size); }};
    bytes_ = {static_cast<std::byte const*>(at), size};
  }
  /// Where the file is as `other` found it, the same bytes under a lease of their own; empty where it is not. The mapping
  /// is shared, not made again, as the page tables of 1 GB alone are 30 ms.
  mapped_file(std::string const& path, mapped_file const& other) {
    if (!lease(path.c_str()) || state_ != other.state_) return;
    mapping_ = other.mapping_;
    bytes_ = other.bytes_;
  }
  mapped_file(mapped_file&& other) noexcept
      : file_(std::exchange(other.file_, -1)), mapping_(std::move(other.mapping_)), state_(other.state_),
        bytes_(std::exchange(other.bytes_, {})) {}
  mapped_file& operator=(mapped_file&& other) noexcept {
    std::swap(file_, other.file_);
    std::swap(mapping_, other.mapping_);
    std::swap(state_, other.state_);
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  ~mapped_file() {
    // By closing alone it would end with the last copy of the descriptor: a process forked meanwhile has one.
    end_lease();
    if (file_ >= 0) ::close(file_);
  }

  /// Nobody waits to change it. False means that within the 45 s somebody will.
  [[nodiscard]] bool held() const noexcept { return ::fcntl(file_, F_GETLEASE) == F_RDLCK; }

  /// Brings some of the file into memory, so that using it next takes no 45 s and finds no error of the disk, which would
  /// be a signal too. False where that fails, or somebody waits to change it.
  [[nodiscard]] bool fetch(std::span<std::byte const> part) const noexcept {
    for (; !part.empty(); part = part.subspan(std::min(part.size(), step)))
      if (!held() || !(populate(part.first(std::min(part.size(), step))) || errno == EINVAL)) return false;
    return held();
  }
  /// As many bytes are read within 45 s from any disk, so asking before each step is soon enough.
  static constexpr std::size_t step = std::size_t{64} << 20;

  [[nodiscard]] file_state const& state() const noexcept { return state_; }
  static file_state state_of(struct ::stat const& s) noexcept {
    auto const nanoseconds = [](::timespec const& t) { return std::int64_t{t.tv_sec} * 1'000'000'000 + t.tv_nsec; };
    return {s.st_dev,
            s.st_ino,
            s.st_nlink,
            static_cast<std::uint64_t>(s.st_size),
            nanoseconds(s.st_mtim),
            nanoseconds(s.st_ctim)};
  }
  /// Whether the bytes may be left in the file: any change after the lease will show in its state; `fetch` finds errors
  /// (Linux 5.14); and copying all of them takes no 45 s.
  ///
  /// The time of the last change, which nobody can set, has the resolution of the kernel's tick and of the file system,
  /// each at most 10 ms, or of whole seconds (2 on FAT) where there is no room for more. The next change of a younger file
  /// could come within the same tick.
  [[nodiscard]] bool settled() const noexcept {
    if (bytes_.empty() || bytes_.size() > most || !populate(bytes_.first(1))) return false;
    ::timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    std::int64_t const age = std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec - state_.changed;
    return age > (state_.changed % 1'000'000'000 != 0 ? 30'000'000 : 3'000'000'000);
  }
  /// From here on the bytes are not to be looked at: whoever wants to change the file may.
  void end_lease() const noexcept {
    if (file_ >= 0) (void)::fcntl(file_, F_SETLEASE, F_UNLCK);
  }
  /// The file, which stays open; -1 where there is none.
  [[nodiscard]] int descriptor() const noexcept { return file_; }

 private:
  static constexpr std::uint64_t most = std::uint64_t{16} << 30;

  bool lease(char const* path) {
    file_ = ::open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);  // never waits, should it be a pipe
    if (file_ < 0) return false;
    // Whom the lease hinders is told by a signal, SIGIO unless another one is named first: it would end the process.
    if (::fcntl(file_, F_SETSIG, SIGURG) != 0 || ::fcntl(file_, F_SETLEASE, F_RDLCK) != 0) return false;
    (void)::fcntl(file_, F_SETOWN, 0);  // and now nobody is told
    struct ::stat status {};
    if (::fstat(file_, &status) != 0 || !S_ISREG(status.st_mode) || status.st_size <= 0) {
      end_lease();
      return false;
    }
    state_ = state_of(status);
    return true;
  }
  static bool populate([[maybe_unused]] std::span<std::byte const> part) noexcept {
#if defined(MADV_POPULATE_READ)
    static auto const page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
    auto const at = reinterpret_cast<std::uintptr_t>(part.data()), first = at / page * page;
    int failed = 0;
    do failed = ::madvise(reinterpret_cast<void*>(first), at + part.size() - first, MADV_POPULATE_READ);
    while (failed != 0 && errno == EINTR);
    return failed == 0;
#else
    errno = EINVAL;
    return false;
#endif
  }
  int file_ = -1;
  std::shared_ptr<void const> mapping_;  // for as long as anybody looks at its bytes
  file_state state_{};
#else
  explicit mapped_file(std::filesystem::path const&) {}
  [[nodiscard]] bool held() const noexcept { return true; }
  [[nodiscard]] bool fetch(std::span<std::byte const>) const noexcept { return true; }
  static constexpr std::size_t step = std::size_t{64} << 20;
  [[nodiscard]] bool settled() const noexcept { return false; }

 private:
#endif
  std::span<std::byte const> bytes_{};

 public:
  /// The whole file; empty where it is not mapped.
  [[nodiscard]] std::span<std::byte const> bytes() const noexcept { return bytes_; }
};

}  // namespace ambit::detail::io
