// SPDX-License-Identifier: BSL-1.0
#include "memory.hpp"

#include <malloc.h>

#include <cstdlib>
#include <new>

namespace {

thread_local std::size_t held = 0, most_held = 0;

void* take(std::size_t size) noexcept {
  void* const at = std::malloc(size == 0 ? 1 : size);
  if (at == nullptr) return nullptr;
  held += malloc_usable_size(at);
  if (held > most_held) most_held = held;
  return at;
}
void* take_or_throw(std::size_t size) {
  void* const at = take(size);
  if (at == nullptr) throw std::bad_alloc();
  return at;
}
void give(void* at) noexcept {
  if (at == nullptr) return;
  held -= malloc_usable_size(at);
  std::free(at);
}

}  // namespace

// Those that do not throw, too: AddressSanitizer has its own, which do not call these.
void* operator new(std::size_t size) { return take_or_throw(size); }
void* operator new[](std::size_t size) { return take_or_throw(size); }
void* operator new(std::size_t size, std::nothrow_t const&) noexcept { return take(size); }
void* operator new[](std::size_t size, std::nothrow_t const&) noexcept { return take(size); }
void operator delete(void* at) noexcept { give(at); }
void operator delete[](void* at) noexcept { give(at); }
void operator delete(void* at, std::size_t) noexcept { give(at); }
void operator delete[](void* at, std::size_t) noexcept { give(at); }
void operator delete(void* at, std::nothrow_t const&) noexcept { give(at); }
void operator delete[](void* at, std::nothrow_t const&) noexcept { give(at); }

namespace fuzz {

memory_watch::memory_watch() : before_(held) { most_held = held; }
std::size_t memory_watch::most() const { return most_held > before_ ? most_held - before_ : 0; }

}  // namespace fuzz
