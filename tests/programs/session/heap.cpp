// SPDX-License-Identifier: BSL-1.0
// A run like one before allocates nothing. The script replaces malloc and its family by these counters.
#include <ambit/ambit.hpp>
#include <ambit/session.hpp>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <vector>

namespace {
long calls = 0;
}
extern "C" {
void* __real_malloc(std::size_t);
void* __wrap_malloc(std::size_t size) {
  ++calls;
  return __real_malloc(size);
}
void* __real_aligned_alloc(std::size_t, std::size_t);
void* __wrap_aligned_alloc(std::size_t alignment, std::size_t size) {
  ++calls;
  return __real_aligned_alloc(alignment, size);
}
}
// The standard library is linked dynamically, so its operator new would call the other malloc.
void* operator new(std::size_t size) { return std::malloc(size); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  auto const a = static_cast<std::size_t>(alignment);
  return std::aligned_alloc(a, (size + a - 1) / a * a);
}
void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
void operator delete(void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }

using namespace ambit;

int main() {
  graph g;
  tensor const x = placeholder(g, "x", {dyn, 4});
  tensor const kernel = get_variable(g, "kernel", {4, 12});
  tensor const h = tanh(matmul(x, kernel) * 2 + get_variable(g, "bias", {12}));
  tensor const y = softmax(matmul(transpose(h), h), "y");  // packs the second operand on each run
  session s{g};
  s.initialize(1);
  long const before = calls;
  if (before == 0) return 2;  // the counters do not count
  std::vector<float> const one(4, 0.5F), three(12, 0.25F);
  (void)s.run(y, {{x, one}});
  (void)s.run({y, h}, {{x, three}});
  (void)s.run("y:0", {{"x:0", three}});
  long const warm = calls;
  for (int i = 0; i < 10; ++i) {
    (void)s.run(y, {{x, one}});
    (void)s.run({y, h}, {{x, three}});
    (void)s.run("y:0", {{"x:0", three}});
  }
  std::printf("%ld calls while runs were new, %ld when they were not\n", warm - before, calls - warm);
  return calls == warm ? 0 : 1;
}
