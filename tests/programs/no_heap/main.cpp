// SPDX-License-Identifier: BSL-1.0
// See ../no_heap.sh, which links with --wrap=malloc and the like.
#include "model.hpp"

#include <cstdio>
#include <cstdlib>
#include <new>

namespace {
volatile int allocations = 0;  // compilers hold that malloc leaves it alone
void count() { allocations = allocations + 1; }
}  // namespace

extern "C" {
void* __real_malloc(std::size_t);
void* __real_calloc(std::size_t, std::size_t);
void* __real_realloc(void*, std::size_t);
void* __real_aligned_alloc(std::size_t, std::size_t);
int __real_posix_memalign(void**, std::size_t, std::size_t);

void* __wrap_malloc(std::size_t n) { return count(), __real_malloc(n); }
void* __wrap_calloc(std::size_t n, std::size_t size) { return count(), __real_calloc(n, size); }
void* __wrap_realloc(void* p, std::size_t n) { return count(), __real_realloc(p, n); }
void* __wrap_aligned_alloc(std::size_t alignment, std::size_t n) { return count(), __real_aligned_alloc(alignment, n); }
int __wrap_posix_memalign(void** p, std::size_t alignment, std::size_t n) {
  return count(), __real_posix_memalign(p, alignment, n);
}
}
// The library's own are in a shared object, which --wrap does not reach.
void* operator new(std::size_t n) { return count(), __real_malloc(n); }
void* operator new(std::size_t n, std::align_val_t) { return count(), __real_malloc(n); }
void* operator new[](std::size_t n) { return count(), __real_malloc(n); }
void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
void operator delete(void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }
void operator delete[](void* p) noexcept { std::free(p); }
void operator delete[](void* p, std::size_t) noexcept { std::free(p); }

namespace {

compiled<model> net;

template <class Function>
bool watch(char const* what, Function f) {
  int const before = allocations;
  f();
  if (allocations == before) return true;
  std::printf("%s: %d allocations\n", what, allocations - before);
  return false;
}

}  // namespace

int main() {
  float const x[2 * 40] = {1, 2, 3};
  // The counters count, or the rest would prove nothing.
  static void* volatile kept;
  if (watch("malloc, on purpose", [] { kept = std::malloc(1), std::free(kept); })) return 2;
  if (watch("new, on purpose", [] { kept = ::operator new(1), ::operator delete(kept); })) return 2;

  float sum = 0;
  bool good = watch("run", [&] { sum += std::get<0>(net.run(x)).sum(); });
  good &= watch("set", [&] { net.set("fc/bias"_n, Eigen::Matrix<float, 1, 70>::Constant(2)); });
  good &= watch("edit", [&] { net.edit("fc/kernel"_n).setConstant(3); });
  good &= watch("read", [&] { sum += net["fc/kernel"_n].sum(); });
  good &= watch("write", [&] { net.write(2, x); });
  good &= watch("reset", [&] { net.reset(); });
  good &= watch("variables", [&] {
    boost::hana::for_each(net.variables(), [&](auto const& v) { sum += static_cast<float>(v.value().size()); });
  });
  good &= watch("parts", [&] {
    static parameters<model> p;
    static workspace<model> w(p);
    sum += std::get<0>(run<model>(p, w, x)).sum();
  });
  good &= watch("run again", [&] { sum += std::get<1>(net.run(x)).sum(); });
  return good && sum != 0 ? 0 : 1;
}
