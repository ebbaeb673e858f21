// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "formats.hpp"
#include "weight_file.hpp"
#include <ambit/core/variable_entry.hpp>
#include <ambit/io/detail/tensor_bytes.hpp>
#include <ambit/io/write_safetensors.hpp>

#include <cstddef>
#include <cstring>
#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

namespace ambit_tool {

class stored_tensors {
 public:
  explicit stored_tensors(weight_file const& file) : file_(file) {
    for (ambit::file_tensor const& t : file.tensors()) table_.push_back({t.name, t.dtype, t.shape, true});
  }
  [[nodiscard]] std::span<ambit::variable_entry const> table() const { return table_; }
  void read(int i, void* out) const {
    auto const index = static_cast<std::size_t>(i);
    std::vector<std::byte> scratch;
    std::span<std::byte const> const bytes = ambit::detail::io::tensor_bytes(file_, index, scratch);
    if (bytes.empty()) return;
    std::memcpy(out, bytes.data(), bytes.size());
    ambit::detail::io::convert_order(static_cast<std::byte*>(out), bytes.size(), table_[index].dtype);
  }

 private:
  weight_file const& file_;
  std::vector<ambit::variable_entry> table_;
};

inline void write_as_safetensors(std::filesystem::path const& path, stored_tensors const& tensors,
                                 weight_file::metadata_map const& metadata) {
  ambit::write_safetensors(path, tensors, metadata);
}

/// Every tensor of one file, as it is, in another.
inline void convert(weight_file const& from, std::filesystem::path const& to, std::string_view format) {
  weight_format const& target = format_of(to, format);
  if (target.write == nullptr)
    throw usage_error("files of the format \"" + std::string(target.name) + "\" can be read, but not written");
  target.write(to, stored_tensors(from), from.metadata());
}

}  // namespace ambit_tool
