// SPDX-License-Identifier: BSL-1.0
// Elementwise ops of one shape, run block by block: what passes between them stays in the first level of the cache.
#pragma once

#include <ambit/session/block_kernels.hpp>
#include <ambit/session/spread_operand.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace ambit {
inline namespace AMBIT_ABI {
namespace run_time {

/// Where an op of a group reads or writes: an array of the whole result, of which a block is used after the other, or one
/// block that is used again and again (`step` 0).
struct block_operand {
  void const* base = nullptr;
  std::int64_t step = 0;  // bytes of an element
};

struct block_step {
  block_code code = nullptr;
  std::uint64_t const* attributes = nullptr;
  std::vector<int> operands;
  int result = 0;
};

/// A group of more than one block; of a single one the plan keeps the calls themselves.
class elementwise_group {
 public:
  std::vector<block_operand> operands;
  std::vector<block_step> steps;
  std::vector<spread_operand> spreads;
  std::int64_t size = 0;        // elements of the result
  std::int64_t block = 1;       // elements at a time
  std::vector<void const*> in;  // room for the operands of a step

  void run() {
    for (std::int64_t first = 0; first < size; first += block) run_block(first, std::min(block, size - first));
  }

 private:
  void run_block(std::int64_t first, std::int64_t n) {
    for (spread_operand const& s : spreads)
      if (!s.once || first == 0) spread(s, at(s.from, 0), const_cast<void*>(at(s.to, 0)), first, n);
    for (block_step const& s : steps) {
      for (std::size_t k = 0; k < s.operands.size(); ++k) in[k] = at(s.operands[k], first);
      s.code(in.data(), const_cast<void*>(at(s.result, first)), n, s.attributes);
    }
  }
  [[nodiscard]] void const* at(int operand, std::int64_t first) const {
    block_operand const& o = operands[static_cast<std::size_t>(operand)];
    return static_cast<std::byte const*>(o.base) + first * o.step;
  }
};

}  // namespace run_time
}  // namespace AMBIT_ABI
}  // namespace ambit
