// SPDX-License-Identifier: BSL-1.0
// Sums, maxima and the like over axes, on lanes.
#pragma once

#include <ambit/core/axes.hpp>
#include <ambit/core/shape.hpp>
#include <ambit/kernels/lanes.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>

namespace ambit {
inline namespace AMBIT_ABI {

/// Lanes of a loop that is not a product's: the native ones, or as many as make 32 bytes.
template <class T>
inline constexpr int loop_lanes = native_lanes<T> > 1 || std::is_floating_point_v<T> ? native_lanes<T>
                                                                                      : 32 / static_cast<int>(sizeof(T));
/// exp(x) for x up to 0: nothing but 0 where Eigen's would stay at a subnormal number, which is slow to compute with and
/// no -infinity to a logarithm.
template <class T, int N>
AMBIT_INLINE lanes<T, N> decay(lanes<T, N> const& x) {
  lanes<T, N> const least(static_cast<T>(std::is_same_v<T, float> ? -87 : -708));
  return select(x < least, lanes<T, N>(T(0)), x.max(least).exp());
}

template <class T>
inline constexpr T lowest = std::numeric_limits<T>::has_infinity ? -std::numeric_limits<T>::infinity()
                                                                 : std::numeric_limits<T>::lowest();
template <class T>
inline constexpr T highest = std::numeric_limits<T>::has_infinity ? std::numeric_limits<T>::infinity()
                                                                  : std::numeric_limits<T>::max();

namespace detail_reduction {

/// A reduction: what results begin at, what becomes of an element before it joins them, how two join, and how those of a
/// register do. `neutral` is an element that changes nothing. An element sees a number of its result where the reduction
/// `has_offset`.
struct AMBIT_LOCAL sum {
  static constexpr bool has_offset = false;
  template <class T>
  static constexpr T start = T(0);
  template <class T>
  static constexpr T neutral = T(0);
  template <class V>
  AMBIT_INLINE static V element(V const& x, V const&) {
    return x;
  }
  template <class V>
  AMBIT_INLINE static V join(V const& a, V const& b) {
    return a + b;
  }
  template <class V>
  AMBIT_INLINE static auto across(V const& x) {
    return x.sum();
  }
};
struct AMBIT_LOCAL sum_of_magnitudes : sum {
  template <class V>
  AMBIT_INLINE static V element(V const& x, V const&) {
    return x.abs();
  }
};
struct AMBIT_LOCAL sum_of_squares : sum {
  template <class V>
  AMBIT_INLINE static V element(V const& x, V const&) {
    return x * x;
  }
};
/// Of exp(x - most).
struct AMBIT_LOCAL sum_of_decays : sum {
  static constexpr bool has_offset = true;
  template <class T>
  static constexpr T neutral = lowest<T>;
  template <class V>
  AMBIT_INLINE static V element(V const& x, V const& most) {
    return decay(x - most);
  }
};
struct AMBIT_LOCAL product : sum {
  template <class T>
  static constexpr T start = T(1);
  template <class T>
  static constexpr T neutral = T(1);
  template <class V>
  AMBIT_INLINE static V join(V const& a, V const& b) {
    return a * b;
  }
  template <class V>
  AMBIT_INLINE static auto across(V const& x) {
    return x.prod();
  }
};
struct AMBIT_LOCAL maximum : sum {
  template <class T>
  static constexpr T start = lowest<T>;
  template <class T>
  static constexpr T neutral = lowest<T>;
  template <class V>
  AMBIT_INLINE static V join(V const& a, V const& b) {
    return a.max(b);
  }
  template <class V>
  AMBIT_INLINE static auto across(V const& x) {
    return x.maxCoeff();
  }
};
struct AMBIT_LOCAL minimum : sum {
  template <class T>
  static constexpr T start = highest<T>;
  template <class T>
  static constexpr T neutral = highest<T>;
  template <class V>
  AMBIT_INLINE static V join(V const& a, V const& b) {
    return a.min(b);
  }
  template <class V>
  AMBIT_INLINE static auto across(V const& x) {
    return x.minCoeff();
  }
};

/// The first `count` elements and others beside them.
template <class T, int N>
AMBIT_INLINE lanes<T, N> load_beside(T const* from, std::int64_t count, T other) {
  T all[static_cast<std::size_t>(N)];
  for (int i = 0; i < N; ++i) all[i] = i < count ? from[i] : other;
  return lanes<T, N>::load(all);
}

/// A run as one number, in four chains: the latency of one addition would be that of four elements.
template <class Reduction, class T>
AMBIT_INLINE T run(T const* x, std::int64_t n, T most = T(0)) {
  constexpr int N = loop_lanes<T>;
  using vector = lanes<T, N>;
  vector const offset(most);
  vector a(Reduction::template start<T>), b = a, c = a, d = a;
  auto const at = [&](std::int64_t i) { return Reduction::element(vector::load(x + i), offset); };
  std::int64_t i = 0;
  for (; i + 4 * N <= n; i += 4 * N) {
    a = Reduction::join(a, at(i));
    b = Reduction::join(b, at(i + N));
    c = Reduction::join(c, at(i + 2 * N));
    d = Reduction::join(d, at(i + 3 * N));
  }
  for (; i + N <= n; i += N) a = Reduction::join(a, at(i));
  if (i < n)
    b = Reduction::join(b, Reduction::element(load_beside<T, N>(x + i, n - i, Reduction::template neutral<T>), offset));
  return Reduction::across(Reduction::join(Reduction::join(a, b), Reduction::join(c, d)));
}

/// Rows joined into one, which `out` holds the beginning of. Vectors of columns stay in registers down the rows.
template <class Reduction, class T>
AMBIT_INLINE void rows(T const* x, std::int64_t count, std::int64_t columns, T* out, T const* most) {
  constexpr int N = loop_lanes<T>;
  using vector = lanes<T, N>;
  auto const block = [&]<int Vectors>(std::integral_constant<int, Vectors>, std::int64_t column) {
    vector so_far[static_cast<std::size_t>(Vectors)], offset[static_cast<std::size_t>(Vectors)];
    AMBIT_UNROLL
    for (int v = 0; v < Vectors; ++v) {
      so_far[v] = vector::load(out + column + v * N);
      offset[v] = Reduction::has_offset ? vector::load(most + column + v * N) : vector(T(0));
    }
    AMBIT_NO_UNROLL
    for (std::int64_t r = 0; r < count; ++r) {
      AMBIT_UNROLL
      for (int v = 0; v < Vectors; ++v)
        so_far[v] = Reduction::join(so_far[v], Reduction::element(vector::load(x + r * columns + column + v * N), offset[v]));
    }
    AMBIT_UNROLL
    for (int v = 0; v < Vectors; ++v) so_far[v].store(out + column + v * N);
  };
  std::int64_t column = 0;
  for (; column + 4 * N <= columns; column += 4 * N) block(std::integral_constant<int, 4>{}, column);
  for (; column + N <= columns; column += N) block(std::integral_constant<int, 1>{}, column);
  if (column == columns) return;
  // The last columns are read in whole vectors, too, as long as more rows follow; what comes beyond is not stored.
  int const rest = static_cast<int>(columns - column);
  vector so_far = vector::load(out + column, rest);
  vector const offset = Reduction::has_offset ? vector::load(most + column, rest) : vector(T(0));
  std::int64_t const end = count * columns;
  std::int64_t i = column;
  for (; i + N <= end; i += columns) so_far = Reduction::join(so_far, Reduction::element(vector::load(x + i), offset));
  for (; i < end; i += columns) so_far = Reduction::join(so_far, Reduction::element(vector::load(x + i, rest), offset));
  so_far.store(out + column, rest);
}

/// Neighbouring axes that are all reduced or all kept, as one; extents of 1 are left out.
struct axis_groups {
  std::int64_t extent[shape::max_rank + 1] = {};
  bool reduced[shape::max_rank + 1] = {};
  int count = 0;
  std::int64_t results = 1;

  axis_groups(shape const& s, axes const& over) {
    for (int k = 0; k < s.rank(); ++k) {
      bool const gone = over.empty() || over.contains(k) || over.contains(k - s.rank());
      if (!gone) results *= s[k];
      if (s[k] == 1) continue;
      if (count > 0 && reduced[count - 1] == gone) {
        extent[count - 1] *= s[k];
      } else {
        extent[count] = s[k];
        reduced[count++] = gone;
      }
    }
  }
};

struct AMBIT_LOCAL as_it_is {};

/// out = the reduction of x over axes, all where none are given. `finish` is called with lanes of results, the index of the
/// first and how many there are; `most` are the offsets of the results.
template <class Reduction, class T, class Finish = as_it_is>
AMBIT_FLATTEN void reduce(T const* x, shape const& s, axes const& over, T* out, Finish const& finish = {},
                          T const* most = nullptr) {
  axis_groups const groups(s, over);
  for (std::int64_t i = 0; i < groups.results; ++i) out[i] = Reduction::template start<T>;
  if (s.elements() > 0) {
    int outer = groups.count;
    std::int64_t count = 1, columns = 1;  // of the block that is one step of the walk
    bool const inner_reduced = outer > 0 && groups.reduced[outer - 1];
    if (outer > 0 && !inner_reduced) columns = groups.extent[--outer];
    if (outer > 0) count = groups.extent[--outer];
    std::int64_t strides[shape::max_rank + 1] = {}, stride = columns;
    for (int k = outer; k-- > 0;) {
      strides[k] = groups.reduced[k] ? 0 : stride;
      if (!groups.reduced[k]) stride *= groups.extent[k];
    }
    std::int64_t at[shape::max_rank + 1] = {}, to = 0;
    std::int64_t const block = count * columns;
    for (std::int64_t n = s.elements() / block; n > 0; --n, x += block) {
      if (inner_reduced) {
        T const one = run<Reduction>(x, count, Reduction::has_offset ? most[to] : T(0));
        out[to] = Reduction::across(Reduction::join(lanes<T, 1>(out[to]), lanes<T, 1>(one)));
      } else {
        rows<Reduction>(x, count, columns, out + to, Reduction::has_offset ? most + to : nullptr);
      }
      for (int k = outer; k-- > 0;) {
        to += strides[k];
        if (++at[k] < groups.extent[k]) break;
        to -= strides[k] * groups.extent[k];
        at[k] = 0;
      }
    }
  }
  if constexpr (!std::is_same_v<Finish, as_it_is>) {
    constexpr int N = loop_lanes<T>;
    std::int64_t i = 0;
    for (; i + N <= groups.results; i += N) finish(lanes<T, N>::load(out + i), i, N).store(out + i);
    if (int const rest = static_cast<int>(groups.results - i); rest > 0)
      finish(lanes<T, N>::load(out + i, rest), i, rest).store(out + i, rest);
  }
}

}  // namespace detail_reduction

/// The reductions as `evaluate` of an op sees them.
struct AMBIT_LOCAL reduction_kernels {
  template <class T>
  static void reduce_sum(T const* x, shape const& s, axes const& over, T* out) {
    detail_reduction::reduce<detail_reduction::sum>(x, s, over, out);
  }
  template <class T>
  static void reduce_mean(T const* x, shape const& s, axes const& over, T* out, std::int64_t results) {
    T const share = T(results) / T(s.elements());
    detail_reduction::reduce<detail_reduction::sum>(x, s, over, out,
                                                    [share](auto const& sum, std::int64_t, int) { return sum * share; });
  }
  template <class T>
  static void reduce_max(T const* x, shape const& s, axes const& over, T* out) {
    detail_reduction::reduce<detail_reduction::maximum>(x, s, over, out);
  }
  template <class T>
  static void reduce_min(T const* x, shape const& s, axes const& over, T* out) {
    detail_reduction::reduce<detail_reduction::minimum>(x, s, over, out);
  }
  template <class T>
  static void reduce_prod(T const* x, shape const& s, axes const& over, T* out) {
    detail_reduction::reduce<detail_reduction::product>(x, s, over, out);
  }
  template <class T>
  static void reduce_l1(T const* x, shape const& s, axes const& over, T* out) {
    detail_reduction::reduce<detail_reduction::sum_of_magnitudes>(x, s, over, out);
  }
  template <class T>
  static void reduce_l2(T const* x, shape const& s, axes const& over, T* out) {
    detail_reduction::reduce<detail_reduction::sum_of_squares>(x, s, over, out,
                                                               [](auto const& sum, std::int64_t, int) { return sum.sqrt(); });
  }
  template <class T>
  AMBIT_FLATTEN static T sum_of_squares(T const* x, std::int64_t n) {
    return detail_reduction::run<detail_reduction::sum_of_squares>(x, n);
  }
  /// Booleans as numbers: any is their maximum, all their minimum.
  static void reduce_any(bool const* x, shape const& s, axes const& over, bool* out) {
    detail_reduction::reduce<detail_reduction::maximum>(bytes(x), s, over, bytes(out));
  }
  static void reduce_all(bool const* x, shape const& s, axes const& over, bool* out) {
    detail_reduction::reduce<detail_reduction::minimum>(
        bytes(x), s, over, bytes(out), [](auto const& least, std::int64_t, int) { return least.min(std::uint8_t{1}); });
  }
  /// log(sum(exp(x - most))) + most; `most` is memory for as many numbers as there are results. Where the maximum is
  /// infinite nothing is taken off.
  template <class T>
  static void reduce_logsumexp(T const* x, shape const& s, axes const& over, T* out, T* most) {
    detail_reduction::reduce<detail_reduction::maximum>(
        x, s, over, most, [](auto const& m, std::int64_t, int) { return select(m - m == T(0), m, T(0)); });
    detail_reduction::reduce<detail_reduction::sum_of_decays>(
        x, s, over, out,
        [most](auto const& sum, std::int64_t i, int count) {
          return sum.log() + std::remove_cvref_t<decltype(sum)>::load(most + i, count);
        },
        most);
  }

 private:
  static std::uint8_t const* bytes(bool const* x) { return reinterpret_cast<std::uint8_t const*>(x); }
  static std::uint8_t* bytes(bool* x) { return reinterpret_cast<std::uint8_t*>(x); }
};

}  // namespace AMBIT_ABI
}  // namespace ambit
