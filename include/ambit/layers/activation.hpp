// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/ops/activations.hpp>
#include <ambit/ops/nn.hpp>

#include <concepts>
#include <type_traits>

namespace ambit {

namespace detail {

template <class Op>
constexpr tensor activated(tensor x) {
  return {apply(Op{}, {}, x), nullptr, 0};
}
template <class Tensor>
constexpr Tensor activated_by_gelu_tanh(Tensor x) {
  return {ambit::gelu(x, gelu_form::tanh), nullptr, 0};
}
template <class Activation, class Op>
inline constexpr Activation activation_by{&activated<Op>};
template <class Activation>
inline constexpr Activation activation_by_gelu_tanh{&activated_by_gelu_tanh<tensor>};

/// The activations that have a name. References, as those of a template are bound where they are used: a file
/// instantiates the ops of those that it names, not of all.
template <class Activation>
struct named_activations {
  static constexpr Activation const& relu = activation_by<Activation, relu_op>;
  static constexpr Activation const& relu6 = activation_by<Activation, relu6_op>;
  static constexpr Activation const& elu = activation_by<Activation, elu_op>;
  static constexpr Activation const& selu = activation_by<Activation, selu_op>;
  static constexpr Activation const& gelu = activation_by<Activation, gelu_op>;
  static constexpr Activation const& gelu_tanh = activation_by_gelu_tanh<Activation>;
  static constexpr Activation const& swish = activation_by<Activation, swish_op>;
  static constexpr Activation const& mish = activation_by<Activation, mish_op>;
  static constexpr Activation const& tanh = activation_by<Activation, tanh_op>;
  static constexpr Activation const& sigmoid = activation_by<Activation, sigmoid_op>;
  static constexpr Activation const& hard_sigmoid = activation_by<Activation, hard_sigmoid_op>;
  static constexpr Activation const& hard_swish = activation_by<Activation, hard_swish_op>;
  static constexpr Activation const& softplus = activation_by<Activation, softplus_op>;
  static constexpr Activation const& softsign = activation_by<Activation, softsign_op>;
  static constexpr Activation const& softmax = activation_by<Activation, softmax_op>;
};

}  // namespace detail

/// What a layer does with its sums last: one of those below, or a function of your own on a tensor, a lambda without
/// captures say; nothing where it is left open.
///
///   layers::dense(g, "fc1", x, 32, {.activation = activation::relu});
///   layers::dense(g, "fc2", x, 32, {.activation = [](tensor x) { return leaky_relu(x, 0.3); }});
class activation : public detail::named_activations<activation> {
 public:
  constexpr activation() = default;
  constexpr activation(tensor (*function)(tensor)) : function_(function) {}
  template <class Function>
  requires(std::is_empty_v<Function>&& std::default_initializable<Function>&&
               std::invocable<Function, tensor>) constexpr activation(Function)
      : function_(&call<Function>) {}

  [[nodiscard]] constexpr bool given() const { return function_ != nullptr; }
  /// Records its ops; the tensor itself where there is no function.
  constexpr tensor operator()(tensor x) const { return function_ == nullptr ? x : function_(x); }

 private:
  // The line that counts is the layer's, not one of these.
  template <class Function>
  static constexpr tensor call(tensor x) {
    if constexpr (detail::unrecorded<std::invoke_result_t<Function, tensor>>)
      return {Function{}(x), nullptr, 0};
    else
      return Function{}(x);
  }

  tensor (*function_)(tensor) = nullptr;
};

}  // namespace ambit
