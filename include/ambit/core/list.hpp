// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <initializer_list>
#include <utility>

namespace ambit {

/// A growable array that works in constant expressions: std::vector is not constexpr in libstdc++ 11 and costs 2.3
/// times the constexpr steps in clang (837,000 against 360,000 for 256 layers in a prototype). Grows fourfold, because
/// every moved element costs steps too; clang counts statements and calls, so the bodies here are long expressions on
/// purpose. Indices are int, as everywhere in ambit.
template <class T>
class list {
 public:
  using value_type = T;

  constexpr list() = default;
  constexpr list(std::initializer_list<T> values) {
    reserve(static_cast<int>(values.size()));
    for (T const& value : values) data_[size_++] = value;
  }
  constexpr list(list const& other) { append(other); }
  constexpr list(list&& other) noexcept : data_(other.data_), size_(other.size_), capacity_(other.capacity_) {
    other.data_ = nullptr, other.size_ = other.capacity_ = 0;
  }
  constexpr list& operator=(list const& other) {
    if (this != &other) {
      size_ = 0;
      append(other);
    }
    return *this;
  }
  constexpr list& operator=(list&& other) noexcept {
    T* const old = data_;
    data_ = other.data_, size_ = other.size_, capacity_ = other.capacity_;
    other.data_ = nullptr, other.size_ = other.capacity_ = 0;
    delete[] old;
    return *this;
  }
  constexpr ~list() { delete[] data_; }

  constexpr T& push_back(T value) {
    if (size_ == capacity_) reserve(capacity_ == 0 ? 16 : capacity_ < doubled_from ? capacity_ * 4 : capacity_ * 2);
    return data_[size_++] = static_cast<T&&>(value);
  }
  constexpr void insert(int position, T value) {
    push_back(std::move(value));
    for (int i = size_ - 1; i > position; --i) std::swap(data_[i], data_[i - 1]);
  }
  constexpr void append(list const& other) {
    if (other.size_ == 0) return;
    reserve(size_ + other.size_);
    for (int i = 0; i < other.size_; ++i) data_[size_++] = other.data_[i];
  }
  constexpr void reserve(int capacity) {
    if (capacity <= capacity_) return;
    int const size = size_;  // before `new`: g++ 12 thinks that it could change this list, and warns of an overflow
    T* grown = new T[static_cast<unsigned>(capacity)];
    for (int i = 0; i < size; ++i) grown[i] = static_cast<T&&>(data_[i]);
    delete[] data_;
    data_ = grown;
    capacity_ = capacity;
  }
  /// Room for `more` elements, growing at least to the double.
  constexpr void make_room(int more) {
    if (int const wanted = size_ + more; wanted > capacity_) reserve(wanted > 2 * capacity_ ? wanted : 2 * capacity_);
  }
  constexpr void truncate(int size) { size_ = size; }
  constexpr void clear() { size_ = 0; }

  [[nodiscard]] constexpr T& operator[](int i) { return data_[i]; }
  [[nodiscard]] constexpr T const& operator[](int i) const { return data_[i]; }
  [[nodiscard]] constexpr T& back() { return data_[size_ - 1]; }
  [[nodiscard]] constexpr T const& back() const { return data_[size_ - 1]; }
  [[nodiscard]] constexpr T* begin() { return data_; }
  [[nodiscard]] constexpr T* end() { return data_ + size_; }
  [[nodiscard]] constexpr T const* begin() const { return data_; }
  [[nodiscard]] constexpr T const* end() const { return data_ + size_; }
  [[nodiscard]] constexpr T* data() { return data_; }
  [[nodiscard]] constexpr T const* data() const { return data_; }
  [[nodiscard]] constexpr int size() const { return size_; }
  [[nodiscard]] constexpr bool empty() const { return size_ == 0; }

  friend constexpr bool operator==(list const& a, list const& b) {
    if (a.size_ != b.size_) return false;
    for (int i = 0; i < a.size_; ++i)
      if (!(a.data_[i] == b.data_[i])) return false;
    return true;
  }

 private:
  static constexpr int doubled_from = 4096;

  T* data_ = nullptr;
  int size_ = 0;
  int capacity_ = 0;
};

}  // namespace ambit
