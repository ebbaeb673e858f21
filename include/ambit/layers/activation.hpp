// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/ops/activations.hpp>
#include <ambit/ops/nn.hpp>

#include <concepts>
#include <type_traits>

namespace ambit {

/// What a layer does with its sums last: one of those below, or a function of your own on a tensor, a lambda without
/// captures say; nothing where it is left open.
///
///   layers::dense(g, "fc1", x, 32, {.activation = activation::relu});
///   layers::dense(g, "fc2", x, 32, {.activation = [](tensor x) { return leaky_relu(x, 0.3); }});
class activation {
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

  static const activation relu, relu6, elu, selu, gelu, gelu_tanh, swish, mish, tanh, sigmoid, hard_sigmoid, hard_swish,
      softplus, softsign, softmax;

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

namespace detail {
template <class Op>
constexpr tensor activated(tensor x) {
  return {apply(Op{}, {}, x), nullptr, 0};
}
constexpr tensor activated_by_gelu_tanh(tensor x) { return {ambit::gelu(x, gelu_form::tanh), nullptr, 0}; }
}  // namespace detail

inline constexpr activation activation::relu{&detail::activated<relu_op>};
inline constexpr activation activation::relu6{&detail::activated<relu6_op>};
inline constexpr activation activation::elu{&detail::activated<elu_op>};
inline constexpr activation activation::selu{&detail::activated<selu_op>};
inline constexpr activation activation::gelu{&detail::activated<gelu_op>};
inline constexpr activation activation::gelu_tanh{&detail::activated_by_gelu_tanh};
inline constexpr activation activation::swish{&detail::activated<swish_op>};
inline constexpr activation activation::mish{&detail::activated<mish_op>};
inline constexpr activation activation::tanh{&detail::activated<tanh_op>};
inline constexpr activation activation::sigmoid{&detail::activated<sigmoid_op>};
inline constexpr activation activation::hard_sigmoid{&detail::activated<hard_sigmoid_op>};
inline constexpr activation activation::hard_swish{&detail::activated<hard_swish_op>};
inline constexpr activation activation::softplus{&detail::activated<softplus_op>};
inline constexpr activation activation::softsign{&detail::activated<softsign_op>};
inline constexpr activation activation::softmax{&detail::activated<softmax_op>};

}  // namespace ambit
