// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <new>

namespace bench {

inline constexpr std::size_t alignment = 64;

/// The size of an array of a layer; template arguments of Eigen's are int.
constexpr std::size_t area(int rows, int columns) {
  return static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns);
}

struct free_aligned {
  void operator()(float* p) const { ::operator delete[](p, std::align_val_t{alignment}); }
};

/// Zeroed floats at a multiple of 64 bytes.
class buffer {
 public:
  buffer() = default;
  explicit buffer(std::size_t floats)
      : data_(static_cast<float*>(::operator new[](std::max<std::size_t>(floats, 1) * sizeof(float),
                                                   std::align_val_t{alignment}))),
        size_(floats) {
    std::fill_n(data_.get(), floats, 0.0F);
  }
  [[nodiscard]] float* data() const { return data_.get(); }
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  std::unique_ptr<float[], free_aligned> data_;
  std::size_t size_ = 0;
};

}  // namespace bench
