// SPDX-License-Identifier: BSL-1.0
// What becomes of the sums of a recurrent cell's gates.
#pragma once

#include <ambit/kernels/lanes.hpp>

#include <cstddef>
#include <type_traits>

namespace ambit {
inline namespace AMBIT_ABI {
namespace loops {

/// The logistic function of a gate. For float by tanh, whose error is absolute, 1.7e-7: all that a gate needs. With the
/// exponential of `logistic` a step of an LSTM takes 2 % longer (SSE2: 13 %), of a GRU 12 % (21 %): it waits for it.
template <class V>
AMBIT_INLINE V gate(V const& x) {
  if constexpr (std::is_same_v<typename V::Scalar, float>) {
    auto const q = gate_quotient_in_parallel(x);
    return multiply_add(q.over, q.under.inverse(), V(0.5F));
  } else {
    return x.logistic();
  }
}
/// factor tanh(x), of which only one multiplication waits for the division.
template <class V>
AMBIT_INLINE V times_tanh(V const& factor, V const& x) {
  if constexpr (std::is_same_v<typename V::Scalar, float>) {
    auto const q = tanh_quotient_in_parallel(x);
    return factor * q.over * q.under.inverse();
  } else {
    return factor * x.tanh();
  }
}
/// gate h + (1 - gate) tanh(x), in the same way.
template <class V>
AMBIT_INLINE V towards_tanh(V const& gate, V const& h, V const& x) {
  V const other = V(1) - gate;
  if constexpr (std::is_same_v<typename V::Scalar, float>) {
    auto const q = tanh_quotient_in_parallel(x);
    return multiply_add(q.over * other, q.under.inverse(), gate * h);
  } else {
    return multiply_add(other, x.tanh(), gate * h);
  }
}
/// Two gates with one division: to divide a vector of 16 floats takes 16 cycles, to multiply it half a one.
template <class V>
AMBIT_INLINE void two_gates(V& a, V& b) {
  if constexpr (std::is_same_v<typename V::Scalar, float>) {
    auto const p = gate_quotient_in_parallel(a), q = gate_quotient_in_parallel(b);
    V const inverse = (p.under * q.under).inverse();
    a = multiply_add(p.over * q.under, inverse, V(0.5F));
    b = multiply_add(q.over * p.under, inverse, V(0.5F));
  } else {
    a = gate(a), b = gate(b);
  }
}
/// Three gates, and the tanh of a candidate, with one division.
template <class V>
AMBIT_INLINE void gates_and_candidate(V& a, V& b, V& c, V& candidate) {
  if constexpr (std::is_same_v<typename V::Scalar, float>) {
    auto const p = gate_quotient_in_parallel(a), q = gate_quotient_in_parallel(b);
    auto const r = gate_quotient_in_parallel(c), s = tanh_quotient_in_parallel(candidate);
    V const left = p.under * q.under, right = r.under * s.under;
    V const inverse = (left * right).inverse();
    V const of_left = inverse * right, of_right = inverse * left;
    a = multiply_add(p.over * q.under, of_left, V(0.5F));
    b = multiply_add(q.over * p.under, of_left, V(0.5F));
    c = multiply_add(r.over * s.under, of_right, V(0.5F));
    candidate = s.over * r.under * of_right;
  } else {
    a = gate(a), b = gate(b), c = gate(c), candidate = candidate.tanh();
  }
}

/// The constants for lanes that are gates of `Units` units each, side by side in registers of N; of gate `Candidate` the
/// tanh is wanted.
template <int N, int Units, int Candidate, int Register>
struct AMBIT_LOCAL constants_of_gates {
  struct table {
    static constexpr auto n = static_cast<std::size_t>(N);
    alignas(64) float limits[n], least_ones[n], squares[n], overs[7][n], unders[4][n], offsets[n];
  };
  static constexpr table value = [] {
    table t{};
    for (int i = 0; i < N; ++i) {
      bool const gate = (Register * N + i) / Units != Candidate;
      detail_lanes::tanh_constants const c(gate);
      t.limits[i] = c.limit, t.least_ones[i] = -c.limit, t.squares[i] = c.limit * c.limit, t.offsets[i] = gate ? 0.5F : 0.F;
      for (int k = 0; k < 7; ++k) t.overs[k][i] = c.over[k];
      for (int k = 0; k < 4; ++k) t.unders[k][i] = c.under[k];
    }
    return t;
  }();
  static lanes<float, N> limit() { return lanes<float, N>::load(value.limits); }
  static lanes<float, N> least() { return lanes<float, N>::load(value.least_ones); }
  static lanes<float, N> square() { return lanes<float, N>::load(value.squares); }
  static lanes<float, N> over(int k) { return lanes<float, N>::load(value.overs[k]); }
  static lanes<float, N> under(int k) { return lanes<float, N>::load(value.unders[k]); }
  static lanes<float, N> offset() { return lanes<float, N>::load(value.offsets); }
};

/// Gates of `Units` units each, side by side in one or two registers, with one rational function for each register and one
/// division: of gate `Candidate` the tanh, of the others the logistic function.
template <int Units, int Candidate, int N>
AMBIT_INLINE void packed_gates(lanes<float, N>& a) {
  using constants = constants_of_gates<N, Units, Candidate, 0>;
  auto const p = detail_lanes::quotient_in_parallel(a, constants());
  a = multiply_add(p.over, p.under.inverse(), constants::offset());
}
template <int Units, int Candidate, int N>
AMBIT_INLINE void packed_gates(lanes<float, N>& a, lanes<float, N>& b) {
  using first = constants_of_gates<N, Units, Candidate, 0>;
  using second = constants_of_gates<N, Units, Candidate, 1>;
  auto const p = detail_lanes::quotient_in_parallel(a, first());
  auto const q = detail_lanes::quotient_in_parallel(b, second());
  lanes<float, N> const inverse = (p.under * q.under).inverse();
  a = multiply_add(p.over * q.under, inverse, first::offset());
  b = multiply_add(q.over * p.under, inverse, second::offset());
}

}  // namespace loops
}  // namespace AMBIT_ABI
}  // namespace ambit
