// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/core/box.hpp>
#include <ambit/core/literal.hpp>
#include <ambit/core/random_stream.hpp>
#include <ambit/graph/tensor.hpp>

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>

namespace ambit {

using initializer_parameters = double[4];

/// Where a part of a partitioned variable lies in the whole; axis -1: it is no part.
struct partition_info {
  int axis = -1;
  int offset = 0;  ///< at which it begins along the axis
  int extent = 0;  ///< of the whole along the axis
};

/// A variable whose initial value is drawn.
struct drawing {
  random_stream stream;
  ambit::dtype dtype = ambit::dtype::f32;
  ambit::shape shape{};
  partition_info part{};

  /// The shape of the variable, or of the partitioned one that it is a part of.
  [[nodiscard]] constexpr ambit::shape whole() const {
    ambit::shape s = shape;
    if (part.axis >= 0) s.set(part.axis, part.extent);
    return s;
  }
};

/// The elements of a variable, numbered row by row, whatever order and dtype they are stored in.
class value_array {
 public:
  /// Elements first, first + step, ...: as many as there are numbers.
  virtual void load(std::int64_t first, std::int64_t step, std::span<double> values) const = 0;
  virtual void store(std::int64_t first, std::int64_t step, std::span<double const> values) = 0;

 protected:
  constexpr ~value_array() = default;
};

/// What an initializer needs in place of what it is given, "two axes or more"; null where it is content. One function and
/// no strings, as it is asked for every variable: clang's constexpr steps are few.
struct requirement {
  char const* shape = nullptr;       ///< INIT_SHAPE
  char const* parameters = nullptr;  ///< BAD_PARAMETER
};

/// What an initializer does. Derive from it for one of your own; the object must outlive the graphs that use it.
class initializer_kind {
 public:
  constexpr explicit initializer_kind(std::string_view id) : id_(id) {}
  [[nodiscard]] constexpr std::string_view id() const { return id_; }

  /// Can produce this dtype; random ones refuse integers (INIT_FLOAT_ONLY).
  [[nodiscard]] constexpr virtual bool accepts(dtype) const { return true; }
  /// False where it determines shape and dtype by itself, through `initial_value`.
  [[nodiscard]] constexpr virtual bool needs_shape() const { return true; }
  /// The one number that it fills a variable with, where that is what it does; zero otherwise.
  [[nodiscard]] constexpr virtual double fill(initializer_parameters const&) const { return 0; }
  /// False where `initial_value` records nothing, and need not be called.
  [[nodiscard]] constexpr virtual bool records_ops() const { return true; }
  /// Records the ops that compute the value; an empty tensor where the value is filled in without ops.
  [[nodiscard]] constexpr virtual tensor initial_value(graph&, shape const&, dtype, initializer_parameters const&) const {
    return {};
  }

  /// True where `draw` computes the values, when a program asks for them (`initialize`): random ones.
  [[nodiscard]] constexpr virtual bool draws() const { return false; }
  /// Elements first, first + 1, ..., row by row, of which `first` is a multiple of 64. Each is a function of its index, so
  /// that nothing depends on how many are asked for at once.
  constexpr virtual void draw(drawing const&, initializer_parameters const&, std::int64_t /*first*/,
                              std::span<double> /*values*/) const {}
  /// What is left to do when all elements are drawn, for values that depend on each other. In place: there is no heap.
  virtual void arrange(drawing const&, initializer_parameters const&, value_array&) const {}
  /// What it needs, and this shape or these parameters are not.
  [[nodiscard]] constexpr virtual requirement unmet(shape const&, initializer_parameters const&) const { return {}; }

 protected:
  constexpr ~initializer_kind() = default;

 private:
  std::string_view id_;
};

/// The initial value of a variable: an initializer with parameters, a constant (`5`, `literal{...}`), or a tensor.
/// A small value; a default-constructed one is absent.
class initializer {
 public:
  constexpr initializer() = default;
  constexpr initializer(initializer_kind const& kind, std::initializer_list<double> parameters = {}) : kind_(&kind) {
    int i = 0;
    for (double p : parameters)
      if (i < 4) parameters_[i++] = p;
  }
  template <arithmetic T>
  constexpr initializer(T value) : value_(literal(value)) {}
  constexpr initializer(literal value) : value_(std::move(value)) {}
  constexpr initializer(tensor value) : tensor_(value) {}
  [[nodiscard]] constexpr bool given() const { return kind_ != nullptr || constant(); }
  /// A value, not a function: what TensorFlow calls non-callable.
  [[nodiscard]] constexpr bool constant() const { return value_.get() != nullptr || tensor_.valid(); }
  [[nodiscard]] constexpr initializer_kind const* kind() const { return kind_; }
  [[nodiscard]] constexpr initializer_parameters const& parameters() const { return parameters_; }
  /// The constant where it is a value; null where it is a tensor or a function.
  [[nodiscard]] constexpr literal const* value() const { return value_.get(); }
  [[nodiscard]] constexpr ambit::tensor value_tensor() const { return tensor_; }
  /// The dtype of a constant.
  [[nodiscard]] constexpr ambit::dtype dtype() const;
  /// The shape of a constant.
  [[nodiscard]] constexpr ambit::shape shape() const;

 private:
  initializer_kind const* kind_ = nullptr;
  initializer_parameters parameters_ = {};
  box<literal> value_;  // apart, because most initializers have none and are copied often
  ambit::tensor tensor_;
};

namespace detail {
// Fills with `base`, and its parameter on top.
struct filling final : initializer_kind {
  constexpr explicit filling(std::string_view id, double base) : initializer_kind(id), base_(base) {}
  [[nodiscard]] constexpr double fill(initializer_parameters const& p) const override { return base_ + p[0]; }
  [[nodiscard]] constexpr bool records_ops() const override { return false; }
  constexpr ~filling() = default;

 private:
  double base_;
};
inline constexpr filling zeros_kind{"zeros", 0};
}  // namespace detail

}  // namespace ambit
