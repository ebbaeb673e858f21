// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/io/file_tensor.hpp>

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace ambit_tool {

/// A weight file of a format that is known when the tool runs; a `deferred_source` like the reader that it holds.
class weight_file {
 public:
  using metadata_map = std::map<std::string, std::string, std::less<>>;

  template <ambit::weight_source Source>
  weight_file(std::string_view format, std::shared_ptr<Source const> source)
      : format_(format), file_(source->file()), tensors_(source->tensors()) {
    if constexpr (requires(std::byte* out) { source->read(std::size_t{}, out); })
      read_ = [source](std::size_t i, std::byte* out) { source->read(i, out); };
    if constexpr (requires { metadata_map(source->metadata()); }) metadata_ = source->metadata();
    keep_ = std::move(source);
  }

  [[nodiscard]] std::string_view format() const { return format_; }
  [[nodiscard]] std::string_view file() const { return file_; }
  [[nodiscard]] std::span<ambit::file_tensor const> tensors() const { return tensors_; }
  [[nodiscard]] metadata_map const& metadata() const { return metadata_; }
  void read(std::size_t i, std::byte* out) const {
    if (read_) read_(i, out);
  }

 private:
  std::string_view format_;
  std::string file_;
  std::shared_ptr<void const> keep_;
  std::span<ambit::file_tensor const> tensors_;
  std::function<void(std::size_t, std::byte*)> read_;
  metadata_map metadata_;
};

}  // namespace ambit_tool
