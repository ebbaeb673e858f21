// SPDX-License-Identifier: BSL-1.0
#include "memory.hpp"

#include <cstdio>
#include <cstdlib>

#if defined(__linux__)
#include <sys/mman.h>
#endif
#if defined(__GLIBC__)
#include <malloc.h>
#endif

namespace bench {
namespace {
constexpr std::size_t huge_page = std::size_t{1} << 21;
}

void* allocate(std::size_t bytes) {
  bool const large = bytes >= huge_page / 8;
  std::size_t const unit = large ? huge_page : alignment;
  std::size_t const size = (bytes + unit - 1) / unit * unit;
  void* const block = std::aligned_alloc(unit, size == 0 ? unit : size);
  if (block == nullptr) {
    std::fprintf(stderr, "no memory for %zu bytes\n", bytes);
    std::exit(EXIT_FAILURE);
  }
#if defined(MADV_HUGEPAGE)
  if (large) madvise(block, size, MADV_HUGEPAGE);  // refused: small pages
#endif
  return block;
}

void release(void* block) { std::free(block); }

void keep_freed_memory() {
#if defined(__GLIBC__)
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
#endif
}

}  // namespace bench
