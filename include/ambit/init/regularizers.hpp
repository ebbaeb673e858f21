// SPDX-License-Identifier: BSL-1.0
// With the ops and names of tf.contrib.layers. A scale of 0 adds no loss, a negative one is BAD_PARAMETER, both as there.
#pragma once

#include <ambit/graph/regularizer.hpp>
#include <ambit/ops/functions.hpp>
#include <ambit/ops/math.hpp>
#include <ambit/ops/nn.hpp>
#include <ambit/ops/reduce.hpp>
#include <ambit/ops/source.hpp>

#include <limits>
#include <string_view>

namespace ambit {

namespace detail {

// Templates of the type of a tensor, as files that include this and use none of it would else instantiate their ops.
/// `l1_regularizer/{scale,Abs,Sum}` and their product.
template <class Tensor>
constexpr Tensor l1_penalty(graph& g, Tensor variable, double scale, name const& scope) {
  if (scale == 0) return {};
  name_scope inside{g, scope};
  Tensor const factor = constant(g, literal(scale).converted(variable.dtype()), "scale");
  return multiply(factor, reduce_sum(abs(variable)), name(inside.path()));
}
/// `l2_regularizer/{scale,L2Loss}` and their product.
template <class Tensor>
constexpr Tensor l2_penalty(graph& g, Tensor variable, double scale, name const& scope) {
  if (scale == 0) return {};
  name_scope inside{g, scope};
  Tensor const factor = constant(g, literal(scale).converted(variable.dtype()), "scale");
  return multiply(factor, l2_loss(variable), name(inside.path()));
}

/// Parameters: the scale of |w|, the scale of w * w / 2.
struct norm_regularizer_kind : regularizer_kind {
  [[nodiscard]] constexpr std::string_view needed(regularizer_parameters const& p) const override {
    auto const good = [](double scale) { return scale >= 0 && scale <= std::numeric_limits<double>::max(); };
    return good(p[0]) && good(p[1]) ? std::string_view{} : "a scale that is not negative";
  }

 protected:
  constexpr ~norm_regularizer_kind() = default;
};
template <class Tensor>
struct l1_kind final : norm_regularizer_kind {
  [[nodiscard]] constexpr tensor penalty(graph& g, Tensor variable, regularizer_parameters const& p) const override {
    return l1_penalty(g, variable, p[0], "l1_regularizer");
  }
  constexpr ~l1_kind() = default;
};
template <class Tensor>
struct l2_kind final : norm_regularizer_kind {
  [[nodiscard]] constexpr tensor penalty(graph& g, Tensor variable, regularizer_parameters const& p) const override {
    return l2_penalty(g, variable, p[0], "l2_regularizer");
  }
  constexpr ~l2_kind() = default;
};
/// The sum of both, in a scope of its own; where one scale is 0, the other one alone in that scope.
template <class Tensor>
struct l1_l2_kind final : norm_regularizer_kind {
  [[nodiscard]] constexpr tensor penalty(graph& g, Tensor variable, regularizer_parameters const& p) const override {
    if (p[0] == 0) return l2_penalty(g, variable, p[1], "l1_l2_regularizer");
    if (p[1] == 0) return l1_penalty(g, variable, p[0], "l1_l2_regularizer");
    name_scope inside{g, "l1_l2_regularizer"};
    Tensor const l1 = l1_penalty(g, variable, p[0], "l1_regularizer");
    Tensor const l2 = l2_penalty(g, variable, p[1], "l2_regularizer");
    return add(l1, l2, name(inside.path()));
  }
  constexpr ~l1_l2_kind() = default;
};
template <class Kind>
inline constexpr Kind regularizer_object{};

}  // namespace detail

/// scale * sum(|w|).
template <class Tensor = tensor>
[[nodiscard]] constexpr regularizer l1(double scale) {
  return {detail::regularizer_object<detail::l1_kind<Tensor>>, {scale}};
}
/// scale * sum(w * w) / 2.
template <class Tensor = tensor>
[[nodiscard]] constexpr regularizer l2(double scale) {
  return {detail::regularizer_object<detail::l2_kind<Tensor>>, {scale}};
}
/// The sum of the two.
template <class Tensor = tensor>
[[nodiscard]] constexpr regularizer l1_l2(double scale_l1, double scale_l2) {
  return {detail::regularizer_object<detail::l1_l2_kind<Tensor>>, {scale_l1, scale_l2}};
}

}  // namespace ambit
