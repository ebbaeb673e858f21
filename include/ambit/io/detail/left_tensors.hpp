// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/io/detail/held_tensors.hpp>
#include <ambit/io/detail/mapped_file.hpp>
#include <ambit/io/detail/unread_file.hpp>
#include <ambit/io/file_tensor.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace ambit::detail::io {

/// Tensors that were checked and then left in their files. A load takes them from there, mapped for as long as it lasts:
/// memory of their own costs a page fault for each 4 KB and one more copy, 4 times the time of reading the file into
/// memory that is there. They are read, once, when somebody looks at their bytes, or where files cannot be mapped.
class left_tensors {
 public:
  /// Where a tensor's bytes begin.
  struct place {
    std::size_t file = 0;
    std::uint64_t offset = 0;
    std::size_t size = 0;
  };
  /// Tensors without a place have their bytes already.
  left_tensors(std::vector<file_tensor> tensors, std::vector<std::optional<place>> places,
               std::vector<unread_file> files)
      : tensors_(std::move(tensors)), places_(std::move(places)), files_(std::move(files)) {}

  /// With their bytes, in memory. Error: `file_error`, where a file has changed since.
  [[nodiscard]] std::span<file_tensor const> read() const {
    std::lock_guard const lock(mutex_);
    return read_once();
  }
  /// For one load; this outlives it.
  [[nodiscard]] held_tensors hold(std::string_view file) const {
    std::lock_guard const lock(mutex_);
    std::vector<mapped_file> maps = map();
    if (maps.empty()) return {file, read_once()};
    std::vector<file_tensor> tensors = tensors_;
    for (std::size_t i = 0; i < tensors.size(); ++i)
      if (auto const& p = places_[i])
        tensors[i].bytes = maps[p->file].bytes().subspan(static_cast<std::size_t>(p->offset), p->size);
    return {file, std::move(tensors), std::move(maps)};
  }

 private:
  static std::size_t aligned(std::size_t size) {
    constexpr std::size_t word = alignof(std::max_align_t);
    return (size + word - 1) / word * word;
  }
  // All files, or none.
  std::vector<mapped_file> map() const {
    std::vector<mapped_file> maps;
    for (unread_file const& file : files_)
      if (maps.emplace_back(file.mapped()).bytes().empty()) return {};
    return maps;
  }
  std::span<file_tensor const> read_once() const {
    if (files_.empty()) return tensors_;
    std::vector<file_tensor> tensors = tensors_;
    std::size_t total = 0;
    for (auto const& p : places_) total += p ? aligned(p->size) : 0;
    std::unique_ptr<std::byte[]> owned = std::make_unique_for_overwrite<std::byte[]>(total);
    std::byte* at = owned.get();
    for (std::size_t i = 0; i < tensors.size(); ++i)
      if (auto const& p = places_[i]) {
        files_[p->file].read(p->offset, at, p->size, tensors[i].name);
        tensors[i].bytes = {at, p->size};
        at += aligned(p->size);
      }
    for (unread_file const& file : files_) file.require_unchanged();
    tensors_ = std::move(tensors);
    owned_ = std::move(owned);
    files_.clear();
    return tensors_;
  }

  mutable std::mutex mutex_;  // a reader that is const is for several threads, as all that is const
  mutable std::vector<file_tensor> tensors_;
  std::vector<std::optional<place>> places_;
  mutable std::vector<unread_file> files_;  // none, once they are read
  mutable std::unique_ptr<std::byte[]> owned_;
};

}  // namespace ambit::detail::io
