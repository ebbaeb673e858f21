// SPDX-License-Identifier: BSL-1.0
// What keeps the axis that it works along: softmax and its logarithm, running sums; and where along it the extremes are.
#pragma once

#include <ambit/core/shape.hpp>
#include <ambit/kernels/reduction.hpp>
#include <ambit/ops/evaluation.hpp>

#include <cstdint>

namespace ambit {
inline namespace AMBIT_ABI {
namespace loops {

namespace detail_along {

/// A tensor as [outer, extent, inner] around an axis, negative ones counted from the end.
struct around {
  std::int64_t outer = 1, extent = 1, inner = 1;

  constexpr around(shape const& s, int axis) {
    if (axis < 0) axis += s.rank();
    for (int k = 0; k < s.rank(); ++k) (k < axis ? outer : k > axis ? inner : extent) *= s[k];
  }
  [[nodiscard]] std::int64_t block() const { return extent * inner; }
};

/// A vector of columns, of which `count` exist.
template <class T, int N>
struct AMBIT_LOCAL column {
  std::int64_t step;
  int count;
  AMBIT_INLINE lanes<T, N> load(T const* from, std::int64_t row) const {
    return count == N ? lanes<T, N>::load(from + row * step) : lanes<T, N>::load(from + row * step, count);
  }
  AMBIT_INLINE void store(lanes<T, N> const& x, T* to, std::int64_t row) const {
    if (count == N)
      x.store(to + row * step);
    else
      x.store(to + row * step, count);
  }
};
/// Calls `f` for the columns of a matrix, whole vectors first.
template <class T, class F>
AMBIT_INLINE void each_column(std::int64_t columns, F const& f) {
  constexpr int N = loop_lanes<T>;
  std::int64_t i = 0;
  for (; i + N <= columns; i += N) f(i, column<T, N>{columns, N});
  if (i < columns) f(i, column<T, N>{columns, static_cast<int>(columns - i)});
}

/// What softmax_run and softmax_columns compute: exp(x - maximum) / sum, or x - maximum - log(sum). The first keeps the
/// exponentials in the result until their sum is known.
struct AMBIT_LOCAL as_probabilities {
  static constexpr bool log = false;
  template <class V>
  AMBIT_INLINE static V of_sum(V const& sum) {
    return sum.inverse();
  }
  template <class V>
  AMBIT_INLINE static V result(V const& kept, V const&, V const& of_sum) {
    return kept * of_sum;
  }
};
struct AMBIT_LOCAL as_logarithms {
  static constexpr bool log = true;
  template <class V>
  AMBIT_INLINE static V of_sum(V const& sum) {
    return sum.log();
  }
  template <class V>
  AMBIT_INLINE static V result(V const& x, V const& most, V const& of_sum) {
    return x - most - of_sum;
  }
};
template <class Form, class T>
AMBIT_INLINE void softmax_run(T const* x, T* out, std::int64_t n) {
  namespace reduction = detail_reduction;
  constexpr int N = loop_lanes<T>;
  using vector = lanes<T, N>;
  vector const most(reduction::run<reduction::maximum>(x, n));
  std::int64_t const whole = n / N * N;
  int const rest = static_cast<int>(n - whole);
  vector sums(T(0));
  for (std::int64_t i = 0; i < whole; i += N) {
    vector const e = decay(vector::load(x + i) - most);
    if constexpr (!Form::log) e.store(out + i);
    sums = sums + e;
  }
  if (rest > 0) {
    vector const e = decay(reduction::load_beside<T, N>(x + whole, rest, lowest<T>) - most);
    if constexpr (!Form::log) e.store(out + whole, rest);
    sums = sums + e;
  }
  vector const of_sum = Form::of_sum(vector(sums.sum()));
  T const* const from = Form::log ? x : out;
  for (std::int64_t i = 0; i < whole; i += N) Form::result(vector::load(from + i), most, of_sum).store(out + i);
  if (rest > 0) Form::result(vector::load(from + whole, rest), most, of_sum).store(out + whole, rest);
}
/// The same down vectors of columns.
template <class Form, class T>
AMBIT_INLINE void softmax_columns(T const* x, T* out, std::int64_t extent, std::int64_t columns) {
  each_column<T>(columns, [&]<int N>(std::int64_t at, column<T, N> const& c) {
    T const* const from = x + at;
    T* const to = out + at;
    lanes<T, N> most = c.load(from, 0), sum(T(0));
    for (std::int64_t k = 1; k < extent; ++k) most = most.max(c.load(from, k));
    for (std::int64_t k = 0; k < extent; ++k) {
      lanes<T, N> const e = decay(c.load(from, k) - most);
      if constexpr (!Form::log) c.store(e, to, k);
      sum = sum + e;
    }
    sum = Form::of_sum(sum);
    T const* const kept = Form::log ? from : to;
    for (std::int64_t k = 0; k < extent; ++k) c.store(Form::result(c.load(kept, k), most, sum), to, k);
  });
}

// Functions of their own: a compiled model has the one that it needs, and each takes 0.05 s to compile.
template <class Form, class T>
AMBIT_FLATTEN void softmax_of_rows(T const* x, T* out, std::int64_t rows, std::int64_t extent) {
  for (std::int64_t r = 0; r < rows; ++r) softmax_run<Form>(x + r * extent, out + r * extent, extent);
}
template <class Form, class T>
AMBIT_FLATTEN void softmax_of_columns(T const* x, T* out, around const& a) {
  for (std::int64_t o = 0; o < a.outer; ++o, x += a.block(), out += a.block())
    softmax_columns<Form>(x, out, a.extent, a.inner);
}
template <class Form, class T>
AMBIT_LOCAL void softmax(T const* x, T* out, shape const& s, int axis) {
  if (s.elements() == 0) return;
  around const a(s, axis);
  if (a.inner == 1)
    softmax_of_rows<Form>(x, out, a.outer, a.extent);
  else
    softmax_of_columns<Form>(x, out, a);
}
/// The same where the axis and, but for a batch, the shape are constants.
template <class Form, class T, class Facts>
AMBIT_LOCAL void softmax_of(evaluation const& e) {
  constexpr around a(Facts::output_shape(), Facts::op::value.axis);
  if (e.output_shape->elements() == 0) return;
  if constexpr (a.inner == 1)
    softmax_of_rows<Form>(e.input<T>(0), e.out<T>(), e.output_shape->elements() / a.extent, a.extent);
  else
    softmax_of_columns<Form>(e.input<T>(0), e.out<T>(), around(*e.output_shape, Facts::op::value.axis));
}

/// The place of the first element that none comes `before`, along an axis that is not empty.
template <class T, class Before>
AMBIT_FLATTEN void first_extreme(T const* x, shape const& s, int axis, std::int64_t* out, Before before) {
  if (s.elements() == 0) return;
  around const a(s, axis);
  for (std::int64_t o = 0; o < a.outer; ++o, x += a.block(), out += a.inner) {
    for (std::int64_t i = 0; i < a.inner; ++i) out[i] = 0;
    if (a.inner == 1) {
      T best = x[0];
      for (std::int64_t k = 1; k < a.extent; ++k)
        if (before(x[k], best)) best = x[k], *out = k;
    } else {
      for (std::int64_t k = 1; k < a.extent; ++k)
        for (std::int64_t i = 0; i < a.inner; ++i)
          if (before(x[k * a.inner + i], x[out[i] * a.inner + i])) out[i] = k;
    }
  }
}

/// Sums of the elements up to each along an axis, without it where they are exclusive; from the end where reversed.
template <class T>
AMBIT_FLATTEN void cumulate(T const* x, T* out, shape const& s, int axis, bool exclusive, bool reverse) {
  if (s.elements() == 0) return;
  around const a(s, axis);
  std::int64_t const first = reverse ? a.extent - 1 : 0, step = reverse ? -1 : 1;
  for (std::int64_t o = 0; o < a.outer; ++o, x += a.block(), out += a.block()) {
    if (a.inner == 1) {
      using wrapped = detail_lanes::wrapped<T>;
      T sum(0);
      for (std::int64_t n = 0, k = first; n < a.extent; ++n, k += step) {
        T const next = static_cast<T>(static_cast<wrapped>(sum) + static_cast<wrapped>(x[k]));
        out[k] = exclusive ? sum : next;
        sum = next;
      }
    } else {
      each_column<T>(a.inner, [&]<int N>(std::int64_t at, column<T, N> const& c) {
        lanes<T, N> sum(T(0));
        for (std::int64_t n = 0, k = first; n < a.extent; ++n, k += step) {
          lanes<T, N> const next = sum + c.load(x + at, k);
          c.store(exclusive ? sum : next, out + at, k);
          sum = next;
        }
      });
    }
  }
}

}  // namespace detail_along

/// The same as `evaluate` of an op sees it.
struct AMBIT_LOCAL axis_kernels {
  template <class T>
  static void softmax(T const* x, T* out, shape const& s, int axis) {
    detail_along::softmax<detail_along::as_probabilities>(x, out, s, axis);
  }
  template <class T, class Facts>
  static void softmax(Facts, evaluation const& e) {
    detail_along::softmax_of<detail_along::as_probabilities, T, Facts>(e);
  }
  template <class T>
  static void log_softmax(T const* x, T* out, shape const& s, int axis) {
    detail_along::softmax<detail_along::as_logarithms>(x, out, s, axis);
  }
  template <class T, class Facts>
  static void log_softmax(Facts, evaluation const& e) {
    detail_along::softmax_of<detail_along::as_logarithms, T, Facts>(e);
  }
  template <class T>
  static void argmax(T const* x, shape const& s, int axis, std::int64_t* out) {
    detail_along::first_extreme(x, s, axis, out, [](T a, T b) { return a > b; });
  }
  template <class T>
  static void argmin(T const* x, shape const& s, int axis, std::int64_t* out) {
    detail_along::first_extreme(x, s, axis, out, [](T a, T b) { return a < b; });
  }
  template <class T>
  static void cumsum(T const* x, T* out, shape const& s, int axis, bool exclusive, bool reverse) {
    detail_along::cumulate(x, out, s, axis, exclusive, reverse);
  }
};

}  // namespace loops
}  // namespace AMBIT_ABI
}  // namespace ambit
