// SPDX-License-Identifier: BSL-1.0
// What Keras calls constraints; `assign` applies them where it is asked to.
#pragma once

#include <ambit/core/axes.hpp>
#include <ambit/graph/constraint.hpp>
#include <ambit/ops/functions.hpp>
#include <ambit/ops/math.hpp>
#include <ambit/ops/nn.hpp>
#include <ambit/ops/reduce.hpp>

#include <cstdint>
#include <string_view>

namespace ambit {

namespace detail {

/// Axes in a parameter: a digit to the base 32 each, behind a leading 1; at most 8 of them, so that a double is exact.
constexpr double packed(axes const& all) {
  double p = 1;
  for (int i = 0; i < all.size(); ++i) {
    int const axis = all[i] >= -shape::max_rank && all[i] < shape::max_rank ? all[i] : shape::max_rank;
    p = p * 32 + (axis + shape::max_rank);
  }
  return p;
}
constexpr axes unpacked(double p) {
  int digits[axes::capacity] = {};
  int n = 0;
  for (std::int64_t rest = static_cast<std::int64_t>(p); rest > 1 && n < axes::capacity; rest /= 32)
    digits[n++] = static_cast<int>(rest % 32) - shape::max_rank;
  axes all;
  while (n > 0) all.push_back(digits[--n]);
  return all;
}

// Templates of the type of a tensor, as the regularizers are.
template <class Tensor>
struct non_negative_kind final : constraint_kind {
  constexpr non_negative_kind() : constraint_kind("non_neg") {}
  [[nodiscard]] constexpr tensor constrained(graph& g, Tensor value, constraint_parameters const&) const override {
    name_scope inside{g, "non_neg"};
    return relu(value);
  }
  constexpr ~non_negative_kind() = default;
};

/// Parameters: the axes, and of `max_norm` the norm.
struct norm_kind : constraint_kind {
  using constraint_kind::constraint_kind;
  [[nodiscard]] constexpr std::string_view needed(shape const& s, constraint_parameters const& p) const override {
    axes const over = unpacked(p[0]);
    for (int i = 0; i < over.size(); ++i)
      if (s.known() && (over[i] < -s.rank() || over[i] >= s.rank())) return "axes that the variable has";
    return p[1] >= 0 ? std::string_view{} : "a norm that is not negative";
  }

 protected:
  constexpr ~norm_kind() = default;
  // Keras' backend.epsilon(): a vector of zeros stays one.
  static constexpr double epsilon = 1e-7;
  template <class Tensor>
  [[nodiscard]] static constexpr Tensor norms(Tensor value, double packed_axes) {
    return sqrt(reduce_sum(square(value), unpacked(packed_axes), keepdims::yes));
  }
};
/// w * (clip(n, 0, max) / (epsilon + n)) with the norm n.
template <class Tensor>
struct max_norm_kind final : norm_kind {
  constexpr max_norm_kind() : norm_kind("max_norm") {}
  [[nodiscard]] constexpr tensor constrained(graph& g, Tensor value, constraint_parameters const& p) const override {
    name_scope inside{g, "max_norm"};
    Tensor const n = norms(value, p[0]);
    return value * (minimum(n, p[1]) / (epsilon + n));
  }
  constexpr ~max_norm_kind() = default;
};
/// w / (epsilon + n).
template <class Tensor>
struct unit_norm_kind final : norm_kind {
  constexpr unit_norm_kind() : norm_kind("unit_norm") {}
  [[nodiscard]] constexpr tensor constrained(graph& g, Tensor value, constraint_parameters const& p) const override {
    name_scope inside{g, "unit_norm"};
    return value / (epsilon + norms(value, p[0]));
  }
  constexpr ~unit_norm_kind() = default;
};
template <class Kind>
inline constexpr Kind constraint_object{};

}  // namespace detail

/// Negative numbers become 0.
template <class Tensor = tensor>
[[nodiscard]] constexpr constraint non_neg() {
  return detail::constraint_object<detail::non_negative_kind<Tensor>>;
}
/// Vectors along `over` become no longer than `most`: along the first axis by default, that of the inputs of a dense kernel;
/// {0, 1, 2} of a convolution's.
template <class Tensor = tensor>
[[nodiscard]] constexpr constraint max_norm(double most = 2, axes const& over = 0) {
  return {detail::constraint_object<detail::max_norm_kind<Tensor>>, {detail::packed(over), most}};
}
/// Vectors along `over` get length 1.
template <class Tensor = tensor>
[[nodiscard]] constexpr constraint unit_norm(axes const& over = 0) {
  return {detail::constraint_object<detail::unit_norm_kind<Tensor>>, {detail::packed(over)}};
}

}  // namespace ambit
