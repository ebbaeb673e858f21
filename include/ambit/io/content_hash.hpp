// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/core/hash.hpp>
#include <ambit/io/detail/tensor_bytes.hpp>
#include <ambit/io/file_tensor.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <string_view>
#include <vector>

namespace ambit {

/// A number that tells the contents of one weight file from another's: names, dtypes, shapes and values. The same for the
/// same tensors in another order or another format. Text beside them ("__metadata__") does not count, nor do the values
/// of strings, which no model has. Not a signature: FNV-1a, 64 bits, finds accidents, not attacks.
///
/// Complexity: O(bytes). Memory: the largest tensor, of files that are compressed.
template <weight_source Source>
[[nodiscard]] std::uint64_t content_hash(Source const& source) {
  std::span<file_tensor const> const tensors = source.tensors();
  std::vector<std::size_t> order(tensors.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return tensors[a].name < tensors[b].name; });

  std::uint64_t hash = detail::fnv_basis;
  auto const add = [&hash](std::string_view text) {
    for (char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * detail::fnv_prime;
    hash *= detail::fnv_prime;  // as a NUL: "ab", "c" is not "a", "bc"
  };
  std::vector<std::byte> scratch;
  for (std::size_t const i : order) {
    file_tensor const& t = tensors[i];
    add(t.name);
    add(to_string(t.dtype));
    add(to_text(t.shape));
    std::span<std::byte const> const bytes = detail::io::tensor_bytes(source, i, scratch);
    add({reinterpret_cast<char const*>(bytes.data()), bytes.size()});
  }
  return hash;
}

}  // namespace ambit
