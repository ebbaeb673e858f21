// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/core/text.hpp>

#include <initializer_list>

namespace ambit {

/// A short list of axes (at most 8), negative ones counted from the end; empty means all where an op reduces.
class axes {
 public:
  static constexpr int capacity = 8;

  constexpr axes() = default;
  constexpr axes(int axis) { push_back(axis); }
  constexpr axes(std::initializer_list<int> values) {
    for (int v : values) push_back(v);
  }
  constexpr void push_back(int axis) {
    if (size_ < capacity)
      values_[size_++] = axis;
    else
      valid_ = false;
  }
  [[nodiscard]] constexpr int size() const { return size_; }
  [[nodiscard]] constexpr bool empty() const { return size_ == 0; }
  [[nodiscard]] constexpr int operator[](int i) const { return values_[i]; }
  /// False where more than 8 were given.
  [[nodiscard]] constexpr bool valid() const { return valid_; }
  [[nodiscard]] constexpr bool contains(int axis) const {
    for (int i = 0; i < size_; ++i)
      if (values_[i] == axis) return true;
    return false;
  }

 private:
  int values_[capacity] = {};
  int size_ = 0;
  bool valid_ = true;
};

/// "[1, -2]", "[]".
[[nodiscard]] constexpr text to_text(axes const& a) {
  text out{"["};
  for (int i = 0; i < a.size(); ++i) {
    if (i > 0) out += ", ";
    out.append(a[i]);
  }
  out += ']';
  return out;
}

}  // namespace ambit
