// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/io/detail/mapped_file.hpp>
#include <ambit/io/file_error.hpp>
#include <ambit/io/file_tensor.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ambit::detail::io {

/// The tensors of a weight file with their bytes, for as long as one load takes: in memory, or in files that are mapped.
class held_tensors {
 public:
  /// Those of a reader, which outlives this, and what it has mapped.
  held_tensors(std::string_view file, std::span<file_tensor const> tensors, std::span<mapped_file const> maps = {})
      : file_(file), tensors_(tensors), maps_(maps) {
    fetch_bools();
  }
  /// Those of files that are mapped only for now.
  held_tensors(std::string_view file, std::vector<file_tensor> tensors, std::vector<mapped_file> maps)
      : file_(file), own_tensors_(std::move(tensors)), own_maps_(std::move(maps)), tensors_(own_tensors_),
        maps_(own_maps_) {
    fetch_bools();
  }
  held_tensors(held_tensors const&) = delete;
  held_tensors& operator=(held_tensors const&) = delete;

  [[nodiscard]] std::span<file_tensor const> tensors() const& noexcept { return tensors_; }
  [[nodiscard]] std::string_view file() const noexcept { return file_; }

  /// To be called before bytes are looked at: reads them from the disk, and raises `file_error` where they may go.
  void fetch(std::span<std::byte const> bytes) const {
    if (bytes.empty()) return;
    std::less<> const before;  // of any two addresses
    for (mapped_file const& map : maps_) {
      std::byte const* const begin = map.bytes().data();
      if (before(bytes.data(), begin) || !before(bytes.data(), begin + map.bytes().size())) continue;
      if (map.fetch(bytes)) return;
      if (!map.held()) refuse();
      raise(file_error({.file = std::string(file_),
                        .offset = static_cast<std::uint64_t>(bytes.data() - begin),
                        .problem = "expected " + std::to_string(bytes.size()) +
                                   " bytes from here on, found that the system cannot read them"}));
    }
  }
  /// Raises `file_error` where another program waits to change a mapped file.
  void require_unchanged() const {
    for (mapped_file const& map : maps_)
      if (!map.bytes().empty() && !map.held()) refuse();
  }

 private:
  // The binder looks at their values.
  void fetch_bools() const {
    for (file_tensor const& t : tensors_)
      if (t.dtype == dtype::boolean) fetch(t.bytes);
  }
  [[noreturn]] void refuse() const {
    raise(file_error({.file = std::string(file_),
                      .offset = 0,
                      .problem = "expected nobody to change the file while it is mapped, found that somebody is about "
                                 "to; load it again when that is done"}));
  }

  std::string_view file_;
  std::vector<file_tensor> own_tensors_;
  std::vector<mapped_file> own_maps_;
  std::span<file_tensor const> tensors_;
  std::span<mapped_file const> maps_;
};

}  // namespace ambit::detail::io
