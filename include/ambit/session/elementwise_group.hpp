// SPDX-License-Identifier: BSL-1.0
// Elementwise ops of one shape, run block by block: what passes between them stays in the first level of the cache.
#pragma once

#include <ambit/core/shape.hpp>
#include <ambit/session/block_kernels.hpp>
#include <ambit/session/memory_block.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

namespace ambit {
inline namespace AMBIT_ABI {
namespace run_time {

/// Where an op of a group reads or writes: an array of the whole result, of which a block is used after the other, or one
/// block that is used again and again (`step` 0).
struct block_operand {
  std::byte* base = nullptr;
  std::int64_t step = 0;  // bytes of an element
};

/// Operands of a fused statement, at most.
inline constexpr int most_leaves = 16;

struct block_step {
  block_code code = nullptr;
  std::uint64_t const* attributes = nullptr;
  std::array<int, most_leaves> operands{};
  int count = 0;
  int result = 0;
};

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

class elementwise_group {
 public:
  std::vector<block_operand> operands;
  std::vector<block_step> steps;
  std::vector<spread_operand> spreads;
  std::int64_t size = 0;   // elements of the result
  std::int64_t block = 1;  // elements at a time

  void run() const {
    if (size <= block) return run_block(0, size);
    for (std::int64_t first = 0; first < size; first += block) run_block(first, std::min(block, size - first));
  }

 private:
  void run_block(std::int64_t first, std::int64_t n) const {
    for (spread_operand const& s : spreads)
      if (!s.once || first == 0) spread(s, first, n);
    for (block_step const& s : steps) {
      std::array<void const*, most_leaves> in;
      for (int k = 0; k < s.count; ++k) in[static_cast<std::size_t>(k)] = at(s.operands[static_cast<std::size_t>(k)], first);
      s.code(in.data(), at(s.result, first), n, s.attributes);
    }
  }
  [[nodiscard]] std::byte* at(int operand, std::int64_t first) const {
    block_operand const& o = operands[static_cast<std::size_t>(operand)];
    return o.base + first * o.step;
  }
  void spread(spread_operand const& s, std::int64_t first, std::int64_t n) const {
    std::byte const* const from = operands[static_cast<std::size_t>(s.from)].base;
    std::byte* const to = operands[static_cast<std::size_t>(s.to)].base;
    switch (s.element) {
      case 1: return spread_elements<std::uint8_t>(s, from, to, first, n);
      case 8: return spread_elements<std::uint64_t>(s, from, to, first, n);
      default: return spread_elements<std::uint32_t>(s, from, to, first, n);
    }
  }
  template <class Bits>
  static void spread_elements(spread_operand const& s, std::byte const* from_bytes, std::byte* to_bytes, std::int64_t first,
                              std::int64_t n) {
    Bits* to = reinterpret_cast<Bits*>(to_bytes);
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
        std::memcpy(to, from_bytes + at * static_cast<std::int64_t>(sizeof(Bits)), static_cast<std::size_t>(run) * sizeof(Bits));
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
};

}  // namespace run_time
}  // namespace AMBIT_ABI
}  // namespace ambit
