// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "formats.hpp"
#include "weight_file.hpp"
#include <ambit/core/variable_entry.hpp>
#include <ambit/io/detail/tensor_bytes.hpp>
#include <ambit/io/write_npz.hpp>
#include <ambit/io/write_safetensors.hpp>
#if __has_include(<protozero/pbf_reader.hpp>)
#include <ambit/io/write_checkpoint.hpp>
#endif

#include <cstddef>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ambit_tool {

class stored_tensors {
 public:
  stored_tensors(weight_file const& file, std::vector<std::string> const& ignore) : file_(file) {
    for (ambit::file_tensor const& t : file.tensors())
      table_.push_back({t.name, t.dtype, t.shape, !ignored(ignore, t.name)});
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

inline void warn_of_metadata(weight_file::metadata_map const& metadata, std::string_view format) {
  if (!metadata.empty())
    std::cerr << "ambit: warning: the metadata of the file is left out, as " << format << " has none\n";
}
inline void write_as_npz(std::filesystem::path const& path, stored_tensors const& tensors,
                         weight_file::metadata_map const& metadata) {
  ambit::write_npz(path, tensors);
  warn_of_metadata(metadata, "npz");
}
#if __has_include(<protozero/pbf_reader.hpp>)
inline void write_as_checkpoint(std::filesystem::path const& path, stored_tensors const& tensors,
                                weight_file::metadata_map const& metadata) {
  ambit::write_checkpoint(prefix_of(path), tensors);
  warn_of_metadata(metadata, "checkpoint");
}
#endif

/// Every tensor of one file that no pattern leaves out, as it is, in another.
inline void convert(weight_file const& from, std::filesystem::path const& to, std::string_view format,
                    std::vector<std::string> const& ignore) {
  weight_format const& target = format_of(to, format);
  if (target.write == nullptr)
    throw usage_error("files of the format \"" + std::string(target.name) + "\" can be read, but not written");
  target.write(to, stored_tensors(from, ignore), from.metadata());
}

}  // namespace ambit_tool
