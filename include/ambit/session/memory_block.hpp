// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/kernels/alignment.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>
#include <utility>

namespace ambit {
inline namespace AMBIT_ABI {
namespace run_time {

using namespace loops;

/// Memory on the heap, 64-byte aligned and zero at first. Behind its size lie 64 bytes more, because kernels read the
/// last elements of a row of biases as a whole vector.
class memory_block {
 public:
  memory_block() = default;
  explicit memory_block(std::int64_t bytes) : size_(aligned(bytes) + block_alignment) {
    data_ = static_cast<std::byte*>(::operator new(static_cast<std::size_t>(size_), std::align_val_t{block_alignment}));
    std::memset(data_, 0, static_cast<std::size_t>(size_));
  }
  memory_block(memory_block&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  memory_block& operator=(memory_block&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~memory_block() {
    if (data_ != nullptr) ::operator delete(data_, std::align_val_t{block_alignment});
  }

  [[nodiscard]] std::byte* data() const { return data_; }
  [[nodiscard]] std::int64_t size() const { return size_; }

 private:
  std::byte* data_ = nullptr;
  std::int64_t size_ = 0;
};

}  // namespace run_time
}  // namespace AMBIT_ABI
}  // namespace ambit
