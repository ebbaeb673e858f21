// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/core/dtype.hpp>
#include <ambit/core/list.hpp>
#include <ambit/core/shape.hpp>

#include <bit>
#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <type_traits>

namespace ambit {

/// A number or a bool; what may stand for a scalar operand. Not char, whose numbers are never meant.
template <class T>
concept arithmetic = std::is_arithmetic_v<T> && !std::same_as<std::remove_cv_t<T>, char> && dtype_of<T> != dtype::none;

/// Constant values with a dtype and a shape, row-major. Each element is a 64-bit pattern: the bits of a double for the
/// floating dtypes, a sign-extended integer for the others, so that one type serves every dtype in constant expressions.
class literal {
  // The two conversions come first: clang does not run a member template in a constant expression before its definition.
  template <arithmetic T>
  static constexpr std::uint64_t pattern(T value) {
    if constexpr (std::floating_point<T>)
      return std::bit_cast<std::uint64_t>(static_cast<double>(value));
    else
      return static_cast<std::uint64_t>(static_cast<std::int64_t>(value));
  }

 public:
  /// The pattern of an element read back as a C++ value.
  template <class T>
  [[nodiscard]] static constexpr T value_of(dtype type, std::uint64_t bits) {
    if (is_floating(type)) return static_cast<T>(std::bit_cast<double>(bits));
    return static_cast<T>(static_cast<std::int64_t>(bits));
  }

  constexpr literal() = default;
  template <arithmetic T>
  constexpr literal(T value) : type_(dtype_of<T>), given_(true) {
    elements_.push_back(pattern(value));
  }
  /// A vector.
  template <arithmetic T>
  constexpr literal(std::initializer_list<T> values) : literal(values, {static_cast<int>(values.size())}) {}
  /// Values in row-major order; their number must be the shape's.
  template <arithmetic T>
  constexpr literal(std::initializer_list<T> values, shape s) : literal(dtype_of<T>, s) {
    for (T value : values) elements_.push_back(pattern(value));
  }
  /// No elements yet; fill with `push_back`.
  constexpr literal(dtype type, shape s) : shape_(s), type_(type), given_(true) {}

  template <arithmetic T>
  constexpr void push_back(T value) {
    elements_.push_back(is_floating(type_) ? pattern(static_cast<double>(value)) : pattern(value));
  }
  constexpr void push_pattern(std::uint64_t bits) { elements_.push_back(bits); }

  [[nodiscard]] constexpr bool given() const { return given_; }
  [[nodiscard]] constexpr dtype type() const { return type_; }
  [[nodiscard]] constexpr ambit::shape const& shape() const { return shape_; }
  [[nodiscard]] constexpr int size() const { return elements_.size(); }
  [[nodiscard]] constexpr std::uint64_t bits(int i) const { return elements_[i]; }
  [[nodiscard]] constexpr double number(int i) const { return value_of<double>(type_, elements_[i]); }
  /// As many elements as the shape says.
  [[nodiscard]] constexpr bool consistent() const { return shape_.elements() == elements_.size(); }

  /// The same values as another dtype, rounded as static_cast rounds.
  [[nodiscard]] constexpr literal converted(dtype type) const {
    literal out(type, shape_);
    for (int i = 0; i < size(); ++i) {
      if (is_floating(type) || type == dtype::boolean)
        out.push_back(number(i));
      else
        out.push_pattern(is_floating(type_) ? static_cast<std::uint64_t>(static_cast<std::int64_t>(number(i)))
                                            : elements_[i]);
    }
    return out;
  }
  /// Elements [offset, offset + count) of an axis.
  [[nodiscard]] constexpr literal sliced(int axis, int offset, int count) const {
    ambit::shape s = shape_;
    s.set(axis, count);
    literal out(type_, s);
    int inner = 1;
    for (int i = axis + 1; i < shape_.rank(); ++i) inner *= shape_[i];
    int const block = inner * shape_[axis];
    for (int start = offset * inner; block > 0 && start < size(); start += block)
      for (int i = 0; i < count * inner; ++i) out.elements_.push_back(elements_[start + i]);
    return out;
  }

 private:
  list<std::uint64_t> elements_;
  ambit::shape shape_;
  dtype type_ = dtype::none;
  bool given_ = false;
};

}  // namespace ambit
