// SPDX-License-Identifier: BSL-1.0
// Reading and writing single arrays of NumPy: numpy.save, numpy.load.
#pragma once

#include <ambit/io/detail/file_bytes.hpp>
#include <ambit/io/detail/npy_array.hpp>
#include <ambit/io/detail/npy_header.hpp>
#include <ambit/io/file_tensor.hpp>
#include <ambit/io/weights.hpp>
#include <ambit/io/write_npy.hpp>

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace ambit {

/// One array, read and checked, as a weight file of one tensor:
/// `load(net, npy{"kernel.npy", "model/fc1/kernel"}, {.scope = "model/fc1/kernel"})`.
///
/// Versions 1.0 to 3.0 of the format; all of NumPy's numbers but long double; C and Fortran order; both byte orders.
/// Python objects (a pickle, which runs code), text, dates and dtypes with fields are refused.
///
/// Errors: `file_error` with file, key and byte offset. Complexity: O(file). Memory: the file.
class npy {
 public:
  /// Reads a file; `name` is what its array is called.
  npy(std::filesystem::path const& path, std::string name) : file_(path.string()) {
    read_ = detail::io::read_file(path);
    adopt(std::move(name));
  }
  /// Reads a file that is in memory already. The bytes are not copied: they must outlive this.
  [[nodiscard]] static npy from_bytes(std::span<std::byte const> bytes, std::string name,
                                      std::string file = "<memory>") {
    npy out;
    out.file_ = std::move(file);
    out.read_.bytes = bytes;
    out.adopt(std::move(name));
    return out;
  }

  /// One; its bytes are there where the file holds them row-major and little endian.
  [[nodiscard]] std::span<file_tensor const> tensors() const& noexcept { return {&tensor_, 1}; }
  void tensors() const&& = delete;  // would point into a file that is gone
  /// The values, row-major and little endian; `tensor` is 0.
  void read([[maybe_unused]] std::size_t tensor, std::byte* out) const {
    detail::io::npy_values(header_, read_.bytes.subspan(header_.length), out);
  }
  /// The path as given, for messages.
  [[nodiscard]] std::string_view file() const noexcept { return file_; }

 private:
  npy() = default;
  void adopt(std::string name) {
    detail::io::file_part const part{file_, {}, 0};
    header_ = detail::io::parse_npy_header(read_.bytes, read_.bytes.size(), part);
    detail::io::check_npy_size(header_, read_.bytes.size(), part);
    tensor_ = detail::io::npy_tensor(std::move(name), header_, read_.bytes.subspan(header_.length));
  }

  std::string file_;
  detail::io::file_bytes read_;
  detail::io::npy_header header_;
  file_tensor tensor_;
};

static_assert(deferred_source<npy>);

}  // namespace ambit
