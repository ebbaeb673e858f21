// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace ambit {

/// What came of inflating.
struct npz_inflated {
  enum status {
    ended,    ///< the stream ended, and took all of its input
    more,     ///< there is more than there was room for
    damaged,  ///< no deflate stream, one that is cut, or one with bytes after its end
    failed,   ///< no memory
    absent,   ///< compiled without a library that inflates
  };
  status is = absent;
  std::size_t made = 0;  ///< bytes
};

/// Inflates a raw deflate stream (RFC 1951) into `head` and then `rest`, up to both being full: `zlib_inflate` of
/// <ambit/io/zlib.hpp>.
using npz_inflate = npz_inflated (*)(std::span<std::byte const> packed, std::span<std::byte> head,
                                     std::span<std::byte> rest);

/// Deflates `head` and `rest` into one raw stream; false where it cannot: `zlib_deflate` of <ambit/io/zlib.hpp>.
using npz_deflate = bool (*)(std::span<std::byte const> head, std::span<std::byte const> rest,
                             std::vector<std::byte>& packed);

}  // namespace ambit
