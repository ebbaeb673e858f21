// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/config.hpp>

#include <cstdint>

namespace ambit {
inline namespace AMBIT_ABI {
namespace loops {

/// Where blocks of memory and the values in them begin: at multiples of a line of the cache, and of the widest register.
inline constexpr std::int64_t block_alignment = 64;
[[nodiscard]] constexpr std::int64_t aligned(std::int64_t bytes) {
  return (bytes + block_alignment - 1) / block_alignment * block_alignment;
}

}  // namespace loops
}  // namespace AMBIT_ABI
}  // namespace ambit
