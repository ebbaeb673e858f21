// SPDX-License-Identifier: BSL-1.0
// Activations beyond relu, tanh and sigmoid (nn.hpp). All are for floating dtypes and elementwise; their attributes are
// kept in double precision.
#pragma once

#include <ambit/ops/math.hpp>

#include <cstdint>
#include <type_traits>

namespace ambit {

/// gelu as x times the normal distribution function, or by the approximation of that with tanh.
enum class gelu_form : std::uint8_t { exact, tanh };

/// The line of `hard_sigmoid`: Keras' and ONNX's; PyTorch's has alpha 1 / 6.
struct hard_sigmoid_options {
  double alpha = 0.2;
  double beta = 0.5;
};

namespace detail {

struct activation_op {
  static constexpr std::string_view operands[] = {"features"};
  static constexpr bool elementwise = true;
  constexpr void infer(inference& i) const { i.elementwise_floating(); }
};
/// The numbers that mix with lanes.
template <class V>
using number_of = typename std::remove_cvref_t<V>::Scalar;
/// x where it matters beside a factor that falls as exp(x): there the factor of x < -100 is no number but 0, and x times
/// what an exponential leaves of it would not be small.
template <class V>
auto before_decay(V const& x) {
  return x.max(number_of<V>(-100));
}

}  // namespace detail

struct leaky_relu_op : detail::activation_op {
  static constexpr op_type type{"LeakyRelu"};
  static constexpr std::string_view default_name = "LeakyRelu";
  double alpha = 0.2;
  constexpr void attributes(auto& a) { a(alpha); }
  auto lower(auto const& x) const {
    using number = detail::number_of<decltype(x)>;
    auto const scaled = x * number(alpha);
    if (alpha <= 1) return x.max(scaled);
    return x.min(scaled);
  }
};
struct prelu_op {
  static constexpr op_type type{"PRelu"};
  static constexpr std::string_view default_name = "PRelu";
  static constexpr std::string_view operands[] = {"features", "alpha"};
  static constexpr bool elementwise = true;
  constexpr void infer(inference& i) const {
    i.elementwise_floating();
    if (!i.failed() && !compatible(i.output_shape(), i.shape(0)))
      i.refuse_shape("slopes that broadcast to the shape of the features");
  }
  auto lower(auto const& x, auto const& alpha) const {
    using number = detail::number_of<decltype(x)>;
    return x.max(number(0)) + alpha * x.min(number(0));
  }
};
struct elu_op : detail::activation_op {
  static constexpr op_type type{"Elu"};
  static constexpr std::string_view default_name = "Elu";
  double alpha = 1;
  constexpr void attributes(auto& a) { a(alpha); }
  auto lower(auto const& x) const {
    using number = detail::number_of<decltype(x)>;
    return x.max(number(0)) + x.min(number(0)).expm1() * number(alpha);
  }
};
struct selu_op : detail::activation_op {
  static constexpr op_type type{"Selu"};
  static constexpr std::string_view default_name = "Selu";
  auto lower(auto const& x) const {
    using number = detail::number_of<decltype(x)>;
    constexpr double scale = 1.0507009873554804934, alpha = 1.6732632423543772848;
    return x.max(number(0)) * number(scale) + x.min(number(0)).expm1() * number(scale * alpha);
  }
};
struct softplus_op : detail::activation_op {
  static constexpr op_type type{"Softplus"};
  static constexpr std::string_view default_name = "Softplus";
  auto lower(auto const& x) const {
    using number = detail::number_of<decltype(x)>;
    return x.max(number(0)) + (-x.abs()).exp().log1p();
  }
};
struct softsign_op : detail::activation_op {
  static constexpr op_type type{"Softsign"};
  static constexpr std::string_view default_name = "Softsign";
  auto lower(auto const& x) const {
    using number = detail::number_of<decltype(x)>;
    return x / (x.abs() + number(1));
  }
};
struct gelu_op : detail::activation_op {
  static constexpr op_type type{"Gelu"};
  static constexpr std::string_view default_name = "Gelu";
  gelu_form form = gelu_form::exact;
  constexpr void attributes(auto& a) { a(form); }
  auto lower(auto const& x) const {
    using number = detail::number_of<decltype(x)>;
    if (form == gelu_form::exact) {
      auto const half = (x * number(0.70710678118654752440)).erf() * number(0.5) + number(0.5);
      return detail::before_decay(x) * half;
    }
    // (1 + tanh(z)) / 2 is the logistic function of 2 z, which loses no digits where tanh is near -1.
    auto const z = x * (x * x * number(0.044715) + number(1)) * number(1.59576912160573071176);
    return detail::before_decay(x) * z.logistic();
  }
};
struct swish_op : detail::activation_op {
  static constexpr op_type type{"Swish"};
  static constexpr std::string_view default_name = "Swish";
  auto lower(auto const& x) const { return detail::before_decay(x) * x.logistic(); }
};
struct mish_op : detail::activation_op {
  static constexpr op_type type{"Mish"};
  static constexpr std::string_view default_name = "Mish";
  // tanh(log(1 + e)) is (e e + 2 e) / (e e + 2 e + 2): one exponential, and 1 for any number from 20 on.
  auto lower(auto const& x) const {
    using number = detail::number_of<decltype(x)>;
    auto const two = number(2);
    auto const e = x.min(number(20)).exp();
    auto const n = e * (e + two);
    return detail::before_decay(x) * (n / (n + two));
  }
};
struct hard_sigmoid_op : detail::activation_op {
  static constexpr op_type type{"HardSigmoid"};
  static constexpr std::string_view default_name = "HardSigmoid";
  double alpha = 0.2;
  double beta = 0.5;
  constexpr void attributes(auto& a) { a(alpha), a(beta); }
  auto lower(auto const& x) const {
    using number = detail::number_of<decltype(x)>;
    auto const line = x * number(alpha) + number(beta);
    return line.min(number(1)).max(number(0));
  }
};
struct hard_swish_op : detail::activation_op {
  static constexpr op_type type{"HardSwish"};
  static constexpr std::string_view default_name = "HardSwish";
  auto lower(auto const& x) const {
    using number = detail::number_of<decltype(x)>;
    auto const line = x * number(1.0 / 6) + number(0.5);
    return x.max(number(-3)) * line.min(number(1)).max(number(0));
  }
};

/// x where it is positive, alpha x elsewhere.
template <detail::graph_operand A>
constexpr auto leaky_relu(A&& a, double alpha = 0.2, name n = {}) {
  return apply(leaky_relu_op{{}, alpha}, n, std::forward<A>(a));
}
template <detail::graph_operand A>
constexpr auto leaky_relu(A&& a, name n) {
  return apply(leaky_relu_op{}, n, std::forward<A>(a));
}
/// leaky_relu with a slope that is a tensor, such as one for each channel. It broadcasts to the shape of the features:
/// OP_SHAPE where it would make that larger.
template <class A, class Alpha>
  requires operands<A, Alpha>
constexpr auto prelu(A&& a, Alpha&& alpha, name n = {}) {
  return apply(prelu_op{}, n, std::forward<A>(a), std::forward<Alpha>(alpha));
}
/// x where it is positive, alpha (exp(x) - 1) elsewhere. TensorFlow's has alpha 1.
template <detail::graph_operand A>
constexpr auto elu(A&& a, double alpha = 1, name n = {}) {
  return apply(elu_op{{}, alpha}, n, std::forward<A>(a));
}
template <detail::graph_operand A>
constexpr auto elu(A&& a, name n) {
  return apply(elu_op{}, n, std::forward<A>(a));
}
/// The self-normalising elu: scale elu(x, alpha) with the two numbers of Klambauer et al., 2017.
template <detail::graph_operand A>
constexpr auto selu(A&& a, name n = {}) {
  return apply(selu_op{}, n, std::forward<A>(a));
}
/// log(1 + exp(x)) as max(x, 0) + log1p(exp(-|x|)), which neither overflows nor loses digits.
template <detail::graph_operand A>
constexpr auto softplus(A&& a, name n = {}) {
  return apply(softplus_op{}, n, std::forward<A>(a));
}
/// x / (1 + |x|).
template <detail::graph_operand A>
constexpr auto softsign(A&& a, name n = {}) {
  return apply(softsign_op{}, n, std::forward<A>(a));
}
/// x Phi(x) by `erf`, or x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2 (tf.nn.gelu, approximate).
template <detail::graph_operand A>
constexpr auto gelu(A&& a, gelu_form form = gelu_form::exact, name n = {}) {
  return apply(gelu_op{{}, form}, n, std::forward<A>(a));
}
template <detail::graph_operand A>
constexpr auto gelu(A&& a, name n) {
  return apply(gelu_op{}, n, std::forward<A>(a));
}
/// x sigmoid(x), also called silu.
template <detail::graph_operand A>
constexpr auto swish(A&& a, name n = {}) {
  return apply(swish_op{}, n, std::forward<A>(a));
}
/// x tanh(softplus(x)).
template <detail::graph_operand A>
constexpr auto mish(A&& a, name n = {}) {
  return apply(mish_op{}, n, std::forward<A>(a));
}
/// max(0, min(1, alpha x + beta)).
template <detail::graph_operand A>
constexpr auto hard_sigmoid(A&& a, hard_sigmoid_options o = {}, name n = {}) {
  return apply(hard_sigmoid_op{{}, o.alpha, o.beta}, n, std::forward<A>(a));
}
template <detail::graph_operand A>
constexpr auto hard_sigmoid(A&& a, name n) {
  return apply(hard_sigmoid_op{}, n, std::forward<A>(a));
}
/// x max(0, min(1, x / 6 + 1 / 2)).
template <detail::graph_operand A>
constexpr auto hard_swish(A&& a, name n = {}) {
  return apply(hard_swish_op{}, n, std::forward<A>(a));
}

}  // namespace ambit
