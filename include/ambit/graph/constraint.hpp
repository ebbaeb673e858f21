// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/graph/tensor.hpp>

#include <initializer_list>
#include <string_view>

namespace ambit {

using constraint_parameters = double[2];

/// What a constraint does to the values of a variable. Derive from it for one of your own; the object must outlive the
/// graphs that use it.
class constraint_kind {
 public:
  constexpr explicit constraint_kind(std::string_view id) : id_(id) {}
  [[nodiscard]] constexpr std::string_view id() const { return id_; }

  /// Records the ops that turn a new value of a variable into one that is allowed, of its shape and dtype.
  [[nodiscard]] constexpr virtual tensor constrained(graph&, tensor value, constraint_parameters const&) const {
    return value;
  }
  /// What it needs and a variable of this shape or these parameters are not; empty where they fit (BAD_PARAMETER).
  [[nodiscard]] constexpr virtual std::string_view needed(shape const&, constraint_parameters const&) const {
    return {};
  }

 protected:
  constexpr ~constraint_kind() = default;

 private:
  std::string_view id_;
};

/// A constraint kept with a variable, applied by `assign` where it is asked for. Not inherited by scopes (SPEC 7.4). A
/// default-constructed one is absent.
class constraint {
 public:
  constexpr constraint() = default;
  constexpr constraint(constraint_kind const& kind, std::initializer_list<double> parameters = {}) : kind_(&kind) {
    int i = 0;
    for (double p : parameters)
      if (i < 2) parameters_[i++] = p;
  }
  [[nodiscard]] constexpr bool given() const { return kind_ != nullptr; }
  [[nodiscard]] constexpr constraint_kind const* kind() const { return kind_; }
  [[nodiscard]] constexpr std::string_view needed(shape const& s) const { return kind_->needed(s, parameters_); }
  [[nodiscard]] constexpr tensor constrained(graph& g, tensor value) const {
    return kind_->constrained(g, value, parameters_);
  }
  friend constexpr bool operator==(constraint const&, constraint const&) = default;

 private:
  constraint_kind const* kind_ = nullptr;
  constraint_parameters parameters_ = {};
};

}  // namespace ambit
