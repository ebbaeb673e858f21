// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/graph/regularizer.hpp>
#include <ambit/ops/nn.hpp>
#include <ambit/ops/source.hpp>

namespace ambit {

namespace detail {
/// The ops and names of tf.contrib.layers.l2_regularizer: `l2_regularizer/{scale,L2Loss}` and their product.
struct l2_kind final : regularizer_kind {
  [[nodiscard]] constexpr tensor penalty(graph& g, tensor variable, regularizer_parameters const& p) const override {
    name_scope inside{g, "l2_regularizer"};
    tensor const scale = constant(g, literal(p[0]).converted(variable.dtype()), "scale");
    return multiply(scale, l2_loss(variable), name(inside.path()));
  }
  constexpr ~l2_kind() = default;
};
inline constexpr l2_kind l2_object{};
}  // namespace detail

/// scale * sum(w * w) / 2.
[[nodiscard]] constexpr regularizer l2(double scale) { return {detail::l2_object, {scale}}; }

}  // namespace ambit
