// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/core/shape.hpp>
#include <ambit/io/load_options.hpp>

#include <cstddef>
#include <cstring>

namespace ambit::detail::io {

template <std::size_t Size>
void permute_elements(std::byte const* in, std::byte* out, shape const& to, std::size_t const* strides) {
  int const rank = to.rank();
  std::size_t index[shape::max_rank] = {};
  std::size_t const inner = static_cast<std::size_t>(to[-1]), step = strides[rank - 1] * Size;
  std::size_t offset = 0;  // of the elements in front of the last axis
  for (;;) {
    std::byte const* from = in + offset * Size;
    for (std::size_t i = 0; i < inner; ++i, out += Size, from += step) std::memcpy(out, from, Size);
    int axis = rank - 2;
    for (; axis >= 0; --axis) {
      offset += strides[axis];
      if (++index[axis] < static_cast<std::size_t>(to[axis])) break;
      offset -= strides[axis] * index[axis];
      index[axis] = 0;
    }
    if (axis < 0) return;
  }
}

/// Writes the elements of a row-major array of `from` in the order that `axes` (which fits it) gives, each of so many
/// bytes (1, 2, 4, 8 or 16, what dtypes have). One pass; `in` and `out` do not overlap.
inline void permute(std::byte const* in, shape const& from, axis_order const& axes, std::size_t size, std::byte* out) {
  if (from.elements() == 0) return;
  int const rank = from.rank();
  if (rank == 0) {
    std::memcpy(out, in, size);
    return;
  }
  std::size_t strides[shape::max_rank] = {}, moved[shape::max_rank] = {};
  std::size_t stride = 1;
  for (int i = rank; i-- > 0; stride *= static_cast<std::size_t>(from[i])) strides[i] = stride;
  for (int i = 0; i < rank; ++i) moved[i] = strides[axes(i, rank)];
  shape const to = axes.of(from);
  switch (size) {
  case 1: return permute_elements<1>(in, out, to, moved);
  case 2: return permute_elements<2>(in, out, to, moved);
  case 4: return permute_elements<4>(in, out, to, moved);
  case 8: return permute_elements<8>(in, out, to, moved);
  case 16: return permute_elements<16>(in, out, to, moved);
  default: return;
  }
}

}  // namespace ambit::detail::io
