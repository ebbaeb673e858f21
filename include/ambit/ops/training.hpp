// SPDX-License-Identifier: BSL-1.0
// Ops that matter while a model is trained, and pass their operand on where it is evaluated.
#pragma once

#include <ambit/ops/expression.hpp>

namespace ambit {

/// Whether a layer behaves as it does while weights are learnt.
enum class training { no, yes };

struct stop_gradient_op {
  static constexpr bool elementwise = true;
  static constexpr op_type type{"StopGradient"};
  static constexpr std::string_view default_name = "StopGradient";
  static constexpr std::string_view operands[] = {"input"};
  constexpr void infer(inference& i) const { i.elementwise(); }
  auto lower(auto const& x) const { return x; }
};

/// The same value, which gradients take for a constant (tf.stop_gradient). All dtypes.
template <detail::graph_operand A>
constexpr auto stop_gradient(A&& a, name n = {}) {
  return apply(stop_gradient_op{}, n, std::forward<A>(a));
}

/// The value itself: an identity below the name scope `dropout`, "dropout/Identity" (tf.layers.dropout). `rate` is the
/// share of the elements that training drops, from 0 to below 1. All dtypes. Records at once.
///
/// OP_ATTRIBUTE for another rate, and for training::yes: dropping elements is not evaluated yet.
template <class Tensor = tensor>
constexpr tensor dropout(tensor x, double rate, training mode = training::no, name n = {}) {
  if (x.graph() == nullptr) {
    raise({errc::empty_tensor, "dropout", {}, {}, n.where(), {}});
    return {};
  }
  graph& g = *x.graph();
  name_scope scope{g, n, {.default_name = "dropout"}};
  bool const rate_fits = rate >= 0 && rate < 1;
  if (rate_fits && mode == training::no) return {identity(Tensor(x)), nullptr, 0};
  if (rate_fits)
    tables_of(g).fail({errc::op_attribute,
                       g.current_name_scope(),
                       "training::no: dropping elements is not evaluated yet",
                       "training::yes",
                       n.where(),
                       {}});
  else
    tables_of(g).fail({errc::op_attribute,
                       g.current_name_scope(),
                       "a rate from 0 to below 1",
                       "a rate outside of [0, 1)",
                       n.where(),
                       {}});
  g.settle();
  return {g, -1};
}
template <class Tensor = tensor>
constexpr tensor dropout(tensor x, double rate, name n) { return dropout<Tensor>(x, rate, training::no, n); }

}  // namespace ambit
