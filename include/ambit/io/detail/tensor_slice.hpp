// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/core/shape.hpp>
#include <ambit/io/detail/ordered_code.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ambit::detail::io {

/// A part of a tensor: of each axis `length` from `start` on; a length of -1 is the whole axis.
struct tensor_slice {
  struct extent {
    std::int64_t start = 0, length = -1;
  };
  std::vector<extent> extents;

  /// As many, and each within its axis.
  [[nodiscard]] bool fits(shape const& whole) const {
    if (extents.size() != static_cast<std::size_t>(whole.rank())) return false;
    for (int i = 0; i < whole.rank(); ++i) {
      extent const& e = extents[static_cast<std::size_t>(i)];
      if (e.length == -1 ? e.start != 0
                         : e.start < 0 || e.length < 0 || e.start > whole[i] || e.length > whole[i] - e.start)
        return false;
    }
    return true;
  }
  /// Its own shape; it must fit.
  [[nodiscard]] shape of(shape const& whole) const {
    shape out;
    for (int i = 0; i < whole.rank(); ++i) {
      extent const& e = extents[static_cast<std::size_t>(i)];
      out.push_back(e.length == -1 ? whole[i] : static_cast<int>(e.length));
    }
    return out;
  }
  /// The key of its data: TensorFlow's EncodeTensorNameSlice (core/util/saved_tensor_slice_util.cc).
  [[nodiscard]] std::string key(std::string_view name) const {
    std::string out;
    append_ordered(out, std::uint64_t{0});
    append_ordered(out, name);
    append_ordered(out, std::uint64_t{extents.size()});
    for (extent const& e : extents) {
      append_ordered_signed(out, e.start);
      append_ordered_signed(out, e.length);
    }
    return out;
  }
};

}  // namespace ambit::detail::io
