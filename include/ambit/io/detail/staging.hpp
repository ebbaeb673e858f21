// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/core/dtype.hpp>
#include <ambit/io/file_tensor.hpp>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

namespace ambit::detail::io {

/// Bytes that are swapped together: a complex number is two.
constexpr std::size_t word_of(dtype type) {
  return static_cast<std::size_t>(is_complex(type) ? size_of(type) / 2 : size_of(type));
}

/// Little endian to the host's order and back; does nothing on little-endian hosts.
inline void convert_order([[maybe_unused]] std::byte* data, [[maybe_unused]] std::size_t size,
                          [[maybe_unused]] dtype type) {
  if constexpr (std::endian::native == std::endian::big)
    for (std::size_t word = word_of(type), i = 0; word > 1 && i + word <= size; i += word)
      std::reverse(data + i, data + i + word);
}

/// Gives stores what they may read as an array: the tensor's own bytes where they are aligned and in the host's order,
/// else a copy. A file may put a tensor at any address, and a float at an odd one is undefined behaviour.
class staging {
 public:
  /// Takes all the memory that `host` will need for this tensor, so that `host` itself cannot fail.
  void prepare(file_tensor const& tensor) {
    if (!direct(tensor)) copy_.resize(std::max(copy_.size(), tensor.bytes.size()));
  }
  [[nodiscard]] void const* host(file_tensor const& tensor) noexcept {
    if (direct(tensor)) return tensor.bytes.data();
    std::memcpy(copy_.data(), tensor.bytes.data(), tensor.bytes.size());
    convert_order(copy_.data(), tensor.bytes.size(), tensor.dtype);
    return copy_.data();
  }

 private:
  static bool direct(file_tensor const& tensor) {
    std::size_t const word = word_of(tensor.dtype);
    bool const ordered = std::endian::native == std::endian::little || word <= 1;
    return tensor.bytes.empty() ||
           (ordered && reinterpret_cast<std::uintptr_t>(tensor.bytes.data()) % std::max<std::size_t>(word, 1) == 0);
  }
  std::vector<std::byte> copy_;  // from operator new, so aligned for every dtype
};

}  // namespace ambit::detail::io
