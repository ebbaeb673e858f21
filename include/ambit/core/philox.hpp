// SPDX-License-Identifier: BSL-1.0
// Philox4x32-10: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
#pragma once

#include <cstdint>

namespace ambit::detail {

struct philox_block {
  std::uint32_t word[4];
  friend constexpr bool operator==(philox_block const&, philox_block const&) = default;
};

/// 128 random bits for a counter and a key; no state, so any block can be drawn first.
[[nodiscard]] constexpr philox_block philox4x32_10(philox_block counter, std::uint32_t key0, std::uint32_t key1) {
  for (int round = 0; round < 10; ++round) {
    std::uint64_t const a = std::uint64_t{0xD2511F53} * counter.word[0];
    std::uint64_t const b = std::uint64_t{0xCD9E8D57} * counter.word[2];
    counter = {{static_cast<std::uint32_t>(b >> 32) ^ counter.word[1] ^ key0, static_cast<std::uint32_t>(b),
                static_cast<std::uint32_t>(a >> 32) ^ counter.word[3] ^ key1, static_cast<std::uint32_t>(a)}};
    key0 += 0x9E3779B9;
    key1 += 0xBB67AE85;
  }
  return counter;
}

}  // namespace ambit::detail
