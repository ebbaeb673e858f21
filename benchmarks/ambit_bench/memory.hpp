// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>

namespace bench {

inline constexpr std::size_t alignment = 64;

/// Memory for models and arrays, at a multiple of 64 bytes; large blocks in huge pages where the system has them. Which
/// small pages a block gets is a lottery that has made the same loads from a shared cache 1.7 times slower in one
/// process than in the next. Ends the program where there is none.
void* allocate(std::size_t bytes);
void release(void* block);

/// Blocks that are given back stay with the program. Eigen's large products and other libraries allocate on each call;
/// pages that go back to the system each time can cost them half of their speed, which a long-running program does not
/// see.
void keep_freed_memory();

}  // namespace bench
