// SPDX-License-Identifier: BSL-1.0
// Two ops of one's own. Nothing of the library changes: an op is one struct, and a function that applies it.
#pragma once

#include <ambit/ops.hpp>

#include <algorithm>
#include <utility>

namespace acme {

/// x * sigmoid(beta * x). Elementwise: fused with its neighbours.
struct swish_op {
  static constexpr ambit::op_type type{"acme::Swish"};
  static constexpr std::string_view default_name = "Swish";
  static constexpr std::string_view operands[] = {"x"};
  static constexpr bool elementwise = true;

  float beta = 1;
  constexpr void attributes(auto& a) { a(beta); }
  constexpr void infer(ambit::inference& i) const { i.elementwise_floating(); }
  auto lower(auto const& x) const {
    using scalar = typename std::remove_cvref_t<decltype(x)>::Scalar;
    return x * (x * static_cast<scalar>(beta)).logistic();
  }
};

/// Rolls the elements along the last axis, forwards by `shift`, the last ones to the front (numpy.roll).
struct roll_op {
  static constexpr ambit::op_type type{"acme::Roll"};
  static constexpr std::string_view default_name = "Roll";
  static constexpr std::string_view operands[] = {"input"};

  int shift = 0;
  constexpr void attributes(auto& a) { a(shift); }
  constexpr void infer(ambit::inference& i) const {
    if (i.shape(0).rank() == 0) return i.refuse_shape("at least one axis");
    i.output(i.shape(0), i.dtype(0));
  }
  template <class T>
  void evaluate(auto, ambit::evaluation const& e) const {
    ambit::shape const& s = *e.output_shape;
    int const row = s[-1];
    if (row == 0) return;
    int const by = ((shift % row) + row) % row;
    T const* from = e.input<T>(0);
    T* to = e.out<T>();
    for (T const* const end = from + s.elements(); from != end; from += row, to += row)
      std::rotate_copy(from, from + (row - by), from + row, to);
  }
};

template <ambit::detail::graph_operand A>
constexpr auto swish(A&& a, float beta = 1, ambit::name n = {}) {
  return ambit::apply(swish_op{beta}, n, std::forward<A>(a));
}
template <ambit::detail::graph_operand A>
constexpr auto roll(A&& a, int shift, ambit::name n = {}) {
  return ambit::apply(roll_op{shift}, n, std::forward<A>(a));
}

}  // namespace acme
