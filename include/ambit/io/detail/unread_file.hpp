// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/io/detail/mapped_file.hpp>
#include <ambit/io/file_error.hpp>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace ambit::detail::io {

/// A file that was checked while it was mapped, and is to be read later: then it is as it was, or is refused.
///
/// Nobody is kept from changing it in between. A write sets the time of change of its inode, so what `mapped_file::settled`
/// says suffices to tell. That time changes too when another file takes the name of this one, which changes no byte: where
/// the number of its names is another one, the time of modification decides alone.
class unread_file {
 public:
#if defined(__linux__) && defined(F_SETLEASE)
  /// `map` is held and settled. It stays mapped, and nobody looks at it without a lease.
  unread_file(std::string path, mapped_file&& map) : path_(std::move(path)), map_(std::move(map)) { map_.end_lease(); }

  /// Its bytes under a lease, while this lives; empty where that cannot be had, or another file has the name by now.
  [[nodiscard]] mapped_file mapped() const { return {path_, map_}; }
  /// What is read is the old file's where `require_unchanged` says so afterwards.
  void read(std::uint64_t offset, std::byte* into, std::size_t count, std::string_view key) const {
    while (count > 0) {
      ::ssize_t const got = ::pread(map_.descriptor(), into, count, static_cast<::off_t>(offset));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) raise_system("read", path_, {errno, std::generic_category()});
      if (got == 0) refuse(offset, key);
      into += got;
      offset += static_cast<std::uint64_t>(got);
      count -= static_cast<std::size_t>(got);
    }
  }
  void require_unchanged() const {
    struct ::stat status {};
    bool const known = ::fstat(map_.descriptor(), &status) == 0;
    file_state const now = mapped_file::state_of(status), old = map_.state();
    bool const same = known && now.size == old.size && now.modified == old.modified &&
                      (now.changed == old.changed || now.links != old.links);
    if (!same) refuse(0, {});
  }

 private:
  [[noreturn]] void refuse(std::uint64_t offset, std::string_view key) const {
    raise(
        file_error({.file = path_,
                    .key = std::string(key),
                    .offset = offset,
                    .problem = "expected the file as it was when it was opened, found that it has changed since; open "
                               "it again"}));
  }

  std::string path_;
  mapped_file map_;
#else  // no file is settled here
  unread_file(std::string const&, mapped_file&&) {}
  [[nodiscard]] mapped_file mapped() const { return {}; }
  void read(std::uint64_t, std::byte*, std::size_t, std::string_view) const {}
  void require_unchanged() const {}
#endif
};

}  // namespace ambit::detail::io
