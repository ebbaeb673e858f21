// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/core/box.hpp>
#include <ambit/core/literal.hpp>
#include <ambit/graph/tensor.hpp>

#include <concepts>
#include <initializer_list>
#include <string_view>

namespace ambit {

using initializer_parameters = double[4];

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
struct random_filling final : initializer_kind {
  using initializer_kind::initializer_kind;
  [[nodiscard]] constexpr bool accepts(dtype type) const override { return is_floating(type); }
  [[nodiscard]] constexpr bool records_ops() const override { return false; }
  constexpr ~random_filling() = default;
};
inline constexpr filling zeros_kind{"zeros", 0};
inline constexpr random_filling glorot_uniform_kind{"glorot_uniform"};
}  // namespace detail

}  // namespace ambit
