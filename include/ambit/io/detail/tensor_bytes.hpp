// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/io/file_tensor.hpp>

#include <cstddef>
#include <span>
#include <vector>

namespace ambit::detail::io {

/// The values of a tensor, row-major and little endian: the file's own bytes or, where the reader makes them only when it
/// is asked (compressed files), `scratch`, which they are read to.
template <weight_source Source>
[[nodiscard]] std::span<std::byte const> tensor_bytes(Source const& source, std::size_t i,
                                                      [[maybe_unused]] std::vector<std::byte>& scratch) {
  std::span<file_tensor const> const tensors = source.tensors();
  file_tensor const& t = tensors[i];
  if constexpr (requires(std::byte* out) { source.read(i, out); }) {
    if (t.bytes.empty() && t.shape.elements() > 0 && t.dtype != dtype::string) {
      scratch.resize(static_cast<std::size_t>(t.shape.elements()) * static_cast<std::size_t>(size_of(t.dtype)));
      source.read(i, scratch.data());
      return scratch;
    }
  }
  return t.bytes;
}

}  // namespace ambit::detail::io
