// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "memory.hpp"

#include <algorithm>
#include <cstddef>
#include <memory>

namespace bench {

/// The size of an array of a layer; template arguments of Eigen's are int.
constexpr std::size_t area(int rows, int columns) {
  return static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns);
}

/// Zeroed floats at a multiple of 64 bytes.
class buffer {
 public:
  buffer() = default;
  explicit buffer(std::size_t floats) : data_(static_cast<float*>(allocate(floats * sizeof(float)))), size_(floats) {
    std::fill_n(data_.get(), floats, 0.0F);
  }
  [[nodiscard]] float* data() const { return data_.get(); }
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  struct deleter {
    void operator()(float* p) const { release(p); }
  };
  std::unique_ptr<float[], deleter> data_;
  std::size_t size_ = 0;
};

}  // namespace bench
