// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/graph/tensor.hpp>

#include <initializer_list>
#include <string_view>

namespace ambit {

using regularizer_parameters = double[2];

/// What a regularizer does. Derive from it for one of your own; the object must outlive the graphs that use it.
class regularizer_kind {
 public:
  /// Records the penalty for a variable; an empty tensor adds nothing to the losses.
  [[nodiscard]] constexpr virtual tensor penalty(graph&, tensor variable, regularizer_parameters const&) const = 0;
  /// What it needs and these parameters are not; empty where they are good (BAD_PARAMETER).
  [[nodiscard]] constexpr virtual std::string_view needed(regularizer_parameters const&) const { return {}; }

 protected:
  constexpr ~regularizer_kind() = default;
};

/// A penalty on a variable, added to the collection `regularization_losses` when the variable is created (SPEC 10).
/// A default-constructed one is absent, and inherits.
class regularizer {
 public:
  constexpr regularizer() = default;
  constexpr regularizer(regularizer_kind const& kind, std::initializer_list<double> parameters = {}) : kind_(&kind) {
    int i = 0;
    for (double p : parameters)
      if (i < 2) parameters_[i++] = p;
  }
  [[nodiscard]] constexpr bool given() const { return kind_ != nullptr; }
  [[nodiscard]] constexpr regularizer_kind const* kind() const { return kind_; }
  [[nodiscard]] constexpr std::string_view needed() const { return kind_->needed(parameters_); }
  [[nodiscard]] constexpr tensor penalty(graph& g, tensor variable) const {
    return kind_->penalty(g, variable, parameters_);
  }

 private:
  regularizer_kind const* kind_ = nullptr;
  regularizer_parameters parameters_ = {};
};

/// Switches an inherited regularizer off (SPEC 10.2).
struct no_regularizer_kind final : regularizer_kind {
  [[nodiscard]] constexpr tensor penalty(graph&, tensor, regularizer_parameters const&) const override { return {}; }
  constexpr ~no_regularizer_kind() = default;
};
namespace detail {
inline constexpr no_regularizer_kind no_regularizer_object{};
}
[[nodiscard]] constexpr regularizer no_regularizer() { return detail::no_regularizer_object; }

}  // namespace ambit
