// SPDX-License-Identifier: BSL-1.0
// How much memory a thread holds from operator new, which memory.cpp replaces.
#pragma once

#include <cstddef>

namespace fuzz {

/// Bytes beyond those that were held when it was made.
class memory_watch {
 public:
  memory_watch();
  [[nodiscard]] std::size_t most() const;

 private:
  std::size_t before_;
};

}  // namespace fuzz
