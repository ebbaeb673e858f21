// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <utility>

namespace ambit {

/// An optional value kept apart, copied with its owner: one pointer where it is absent. Usable in constant expressions.
template <class T>
class box {
 public:
  constexpr box() = default;
  constexpr box(T value) : value_(new T(std::move(value))) {}
  constexpr box(box const& other) : value_(nullptr) {
    if (other.value_ != nullptr) value_ = new T(*other.value_);
  }
  constexpr box(box&& other) noexcept : value_(other.value_) { other.value_ = nullptr; }
  constexpr box& operator=(box const& other) {
    if (value_ != other.value_) {
      delete value_;
      value_ = other.value_ == nullptr ? nullptr : new T(*other.value_);
    }
    return *this;
  }
  constexpr box& operator=(box&& other) noexcept {
    T* const mine = value_;
    value_ = other.value_, other.value_ = mine;
    return *this;
  }
  constexpr ~box() { delete value_; }

  [[nodiscard]] constexpr T const* get() const { return value_; }

 private:
  T* value_ = nullptr;
};

}  // namespace ambit
