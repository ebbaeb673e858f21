// SPDX-License-Identifier: BSL-1.0
// Graphs drawn by lot, to find what nobody thought of: values laid over others, groups that are cut wrongly, views of what
// has died, state that is read too late.
#pragma once

#include "evaluation.hpp"

#include <array>
#include <utility>

namespace random_models {

using namespace ambit;

class dice {
 public:
  constexpr explicit dice(unsigned seed) : state_(seed * 2654435761U + 12345U) {
    for (int i = 0; i < 4; ++i) (*this)(2);
  }
  constexpr int operator()(int sides) {
    state_ = state_ * 1664525U + 1013904223U;
    return static_cast<int>((state_ >> 8) % static_cast<unsigned>(sides));
  }

 private:
  unsigned state_;
};

template <dtype Type>
struct model {
  unsigned seed;
  int ops;

  constexpr std::array<tensor, 3> operator()(graph& g) const {
    dice roll(seed);
    list<tensor> all;
    all.push_back(placeholder(g, "x", {3, 4}, Type));
    all.push_back(placeholder(g, "y", {1 + roll(3), 6}, Type));
    all.push_back(get_variable(g, "w", {4, 3 + roll(3)}, {.dtype = Type}));
    all.push_back(get_variable(g, "count", {3, 4}, {.dtype = Type}));
    tensor const state = all.back();
    for (int i = 0; i < ops; ++i) {
      // Recent values more often, so that long chains come about as well as values with many readers.
      int const recent = all.size() > 4 ? 4 : all.size();
      tensor const a = roll(3) == 0 ? all[roll(all.size())] : all[all.size() - 1 - roll(recent)];
      tensor const t = step(g, roll, a, all);
      if (t.shape().elements() <= 400) all.push_back(t);
      if (t.shape() == state.shape() && roll(3) == 0)
        all.push_back(roll(2) == 0 ? assign(state, t) : assign_add(state, t));
    }
    int const second = roll(all.size());
    int const third = roll(all.size());
    return {all.back(), all[second], all[third]};
  }

 private:
  // Values stay small, or errors of rounding would grow along the graph.
  static constexpr tensor step(graph& g, dice& roll, tensor a, list<tensor> const& all) {
    shape const& s = a.shape();
    int const axis = s.rank() > 0 ? roll(s.rank()) : 0;
    keepdims const keep = roll(2) == 0 ? keepdims::no : keepdims::yes;
    switch (roll(17)) {
    case 0: return relu(a);
    case 1: return tanh(a);
    case 2: return sigmoid(a * 2) - 0.5;
    case 3: return square(tanh(a));
    case 4: return identity(-a);
    case 5: return reshape(a, {-1});
    case 6: return reshape(a, {1, static_cast<int>(s.elements()), 1});
    case 7: return s.rank() > 1 ? reshape(a, {s[-1], -1}) : reshape(a, {-1, 1});
    case 8: return transpose(a);
    case 9: return reduce_mean(a, s.rank() > 0 ? axes(axis) : axes(), keep);
    case 10: return reduce_max(a, s.rank() > 0 ? axes(axis) : axes(), keepdims::yes) - a;
    case 11: return s.rank() > 0 ? tensor(softmax(a, axis)) : tensor(exp(-square(a)));
    case 12: return s.rank() > 0 ? tensor(concat({a, a}, axis)) : a;
    case 13: return product(g, roll, a);
    default: return binary(roll, a, partner(roll, a, all));
    }
  }
  static constexpr tensor product(graph& g, dice& roll, tensor a) {
    if (a.shape().rank() != 2) return tanh(a * 0.5);
    if (roll(2) == 0) return tanh(matmul(a, a, {.transpose_b = true}));
    int const number = roll(1000);  // drawn apart: the order of arguments is the compiler's
    int const rows = 2 + roll(4);
    tensor const w = get_variable(g, name{"w_", number}, {rows, a.shape()[1]}, {.dtype = Type});
    return tanh(matmul(a, w, {.transpose_b = true}));
  }
  static constexpr tensor binary(dice& roll, tensor a, tensor b) {
    switch (roll(5)) {
    case 0: return a + b;
    case 1: return b - a;
    case 2: return tanh(a) * tanh(b);
    case 3: return relu(a - b) * 0.5 + b;
    default: return a / (square(b) + 1);
    }
  }
  /// Something that broadcasts with `a`: another value if one is drawn that fits, or a part of `a`.
  static constexpr tensor partner(dice& roll, tensor a, list<tensor> const& all) {
    for (int tries = 0; tries < 6; ++tries) {
      tensor const b = all[roll(all.size())];
      if (fits(a.shape(), b.shape())) return b;
    }
    if (a.shape().rank() == 0) return a;
    return reduce_mean(a, roll(a.shape().rank()), keepdims::yes);
  }
  static constexpr bool fits(shape const& a, shape const& b) {
    for (int k = 1; k <= a.rank() && k <= b.rank(); ++k)
      if (a[-k] != b[-k] && a[-k] != 1 && b[-k] != 1) return false;
    return true;
  }
};

/// Seeds [First, First + Count), in both floating dtypes by turns, with three runs each, for the state.
template <unsigned First, unsigned Count, int Ops>
void check() {
  [&]<unsigned... I>(std::integer_sequence<unsigned, I...>) {
    auto one = [&]<unsigned Seed>() {
      constexpr dtype type = Seed % 3 == 0 ? dtype::f32 : dtype::f64;
      BOOST_TEST_CONTEXT("seed " << Seed)
      evaluation_test::same_as_reference<model<type>{Seed, Ops}>({}, Seed, type == dtype::f32 ? 200 : 1e4, 3);
      constexpr memory_report m = compiled<model<type>{Seed, Ops}>::memory();
      BOOST_TEST(m.arena >= m.arena_bound);
      BOOST_TEST(m.arena * 10 <= m.arena_bound * 11,
                 "seed " << Seed << ": " << m.arena << " bytes of arena for " << m.arena_bound);
    };
    (one.template operator()<First + I>(), ...);
  }
  (std::make_integer_sequence<unsigned, Count>{});
}

}  // namespace random_models
