// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/core/shape.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace ambit {
inline namespace AMBIT_ABI {
namespace run_time {

/// An operand that broadcasts: brought into a block element by element, before the block's ops.
struct spread_operand {
  int from = 0;       // operand that holds its elements, whose `step` is 0
  int to = 0;         // the block
  int element = 0;    // bytes
  bool once = false;  // the same in every block
  int rank = 0;
  std::array<std::int64_t, shape::max_rank> extents{};  // of the result
  std::array<std::int64_t, shape::max_rank> steps{};    // elements of the operand, for each of them
};

template <class Bits>
void spread_elements(spread_operand const& s, std::byte const* from_bytes, void* to_bytes, std::int64_t first,
                     std::int64_t n) {
  Bits* to = static_cast<Bits*>(to_bytes);
  auto const read = [from_bytes](std::int64_t i) {
    Bits b;
    std::memcpy(&b, from_bytes + i * static_cast<std::int64_t>(sizeof(Bits)), sizeof(Bits));
    return b;
  };
  std::array<std::int64_t, shape::max_rank> place{};
  std::int64_t at = 0, rest = first;
  for (int a = s.rank; a-- > 0;) {
    auto const axis = static_cast<std::size_t>(a);
    place[axis] = rest % s.extents[axis];
    rest /= s.extents[axis];
    at += place[axis] * s.steps[axis];
  }
  if (s.rank == 0) {
    std::fill_n(to, n, read(0));
    return;
  }
  auto const last = static_cast<std::size_t>(s.rank - 1);
  while (n > 0) {
    std::int64_t const run = std::min(n, s.extents[last] - place[last]);
    if (s.steps[last] == 0)
      std::fill_n(to, run, read(at));
    else
      std::memcpy(to, from_bytes + at * static_cast<std::int64_t>(sizeof(Bits)),
                  static_cast<std::size_t>(run) * sizeof(Bits));
    to += run, n -= run;
    at += run * s.steps[last];
    place[last] += run;
    for (std::size_t a = last; place[a] == s.extents[a] && a > 0;) {  // carry
      at -= place[a] * s.steps[a];
      place[a] = 0;
      --a;
      ++place[a];
      at += s.steps[a];
    }
  }
}

/// Elements `first` to `first + n` of the result's, to a block.
inline void spread(spread_operand const& s, void const* from, void* to, std::int64_t first, std::int64_t n) {
  auto const* const bytes = static_cast<std::byte const*>(from);
  switch (s.element) {
  case 1: return spread_elements<std::uint8_t>(s, bytes, to, first, n);
  case 8: return spread_elements<std::uint64_t>(s, bytes, to, first, n);
  default: return spread_elements<std::uint32_t>(s, bytes, to, first, n);
  }
}

}  // namespace run_time
}  // namespace AMBIT_ABI
}  // namespace ambit
