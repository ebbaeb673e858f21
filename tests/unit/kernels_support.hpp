// SPDX-License-Identifier: BSL-1.0
// What the tests of kernels share: memory that ends or begins at a page which nobody may touch, and numbers to put there.
#pragma once

#include <ambit/kernels/kernels.hpp>

#include <boost/test/unit_test.hpp>

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <new>
#include <random>
#include <type_traits>

namespace kernels_test {

/// Elements with an inaccessible page right behind the last one, or right before the first one: unlike a sanitizer it also
/// sees what masked instructions do.
template <class T>
class fenced {
 public:
  enum class fence { behind, before };

  explicit fenced(std::size_t size, T fill = T(0), fence where = fence::behind) : size_(size) {
    std::size_t const page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    std::size_t const bytes = (size * sizeof(T) + page - 1) / page * page;
    mapped_ = bytes + 2 * page;
    void* const all = mmap(nullptr, mapped_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (all == MAP_FAILED) throw std::bad_alloc();
    base_ = static_cast<std::byte*>(all);
    if (bytes > 0 && mprotect(base_ + page, bytes, PROT_READ | PROT_WRITE) != 0) throw std::bad_alloc();
    std::byte* const first = base_ + page + (where == fence::behind ? bytes - size * sizeof(T) : 0);
    data_ = reinterpret_cast<T*>(first);
    std::uninitialized_fill_n(data_, size, fill);
  }
  fenced(fenced const&) = delete;
  fenced& operator=(fenced const&) = delete;
  ~fenced() { munmap(base_, mapped_); }

  [[nodiscard]] T* data() { return data_; }
  [[nodiscard]] T const* data() const { return data_; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] T& operator[](std::size_t i) { return data_[i]; }
  [[nodiscard]] T const& operator[](std::size_t i) const { return data_[i]; }
  [[nodiscard]] T* begin() { return data_; }
  [[nodiscard]] T* end() { return data_ + size_; }

 private:
  std::byte* base_ = nullptr;
  T* data_ = nullptr;
  std::size_t size_ = 0;
  std::size_t mapped_ = 0;
};

/// Between -1 and 1; small integers.
template <class T>
T draw(std::mt19937& random) {
  if constexpr (std::is_same_v<T, bool>)
    return random() % 2 != 0;
  else if constexpr (std::is_integral_v<T>)
    return static_cast<T>(static_cast<int>(random() % 19) - 9);
  else
    return static_cast<T>(static_cast<double>(random()) / 2147483648.0 - 1);
}
template <class Array>
void fill(Array& all, std::mt19937& random) {
  for (auto& x : all) x = draw<std::remove_cvref_t<decltype(x)>>(random);
}

/// What a sum of products may be off by, for each unit of the sum of their absolute values.
template <class T>
inline constexpr double tolerance = std::is_same_v<T, float> ? 2e-6 : std::is_same_v<T, double> ? 4e-15 : 0;

}  // namespace kernels_test
