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
namespace loops {

/// Lanes of a loop that is not a product's: the native ones, or as many as make 16 bytes. g++ copies arrays of 32 bytes in
/// two halves, which then cannot be read as one before they have left the store buffer.
template <class T>
inline constexpr int loop_lanes = native_lanes<T> > 1 || std::is_floating_point_v<T> ? native_lanes<T>
                                                                                      : 16 / static_cast<int>(sizeof(T));
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
/// register do. `neutral` is an element that changes nothing.
struct AMBIT_LOCAL sum {
  template <class T>
  static constexpr T start = T(0);
  template <class T>
  static constexpr T neutral = T(0);
  template <class V>
  AMBIT_INLINE V element(V const& x) const {
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
  AMBIT_INLINE V element(V const& x) const {
    return x.abs();
  }
};
struct AMBIT_LOCAL sum_of_squares : sum {
  template <class V>
  AMBIT_INLINE V element(V const& x) const {
    return x * x;
  }
};
/// Of exp(x - most).
template <class Vector>
struct AMBIT_LOCAL sum_of_decays : sum {
  Vector most;
  explicit sum_of_decays(Vector const& m) : most(m) {}
  template <class T>
  static constexpr T neutral = lowest<T>;
  AMBIT_INLINE Vector element(Vector const& x) const { return decay(x - most); }
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
  using vector = lanes<T, N>;
  if constexpr (std::is_floating_point_v<T> && vector::in_packet) {
    constexpr auto places = [] {
      detail_lanes::array<T, N> p{};
      for (int i = 0; i < N; ++i) p.at[i] = static_cast<T>(i);
      return p;
    }();
    vector const there = vector::load(from, static_cast<int>(count));  // and zeros
    if (other == T(0)) return there;
    return select(vector::load(places.at) < vector(static_cast<T>(count)), there, vector(other));
  } else {
    T all[static_cast<std::size_t>(N)];
    for (int i = 0; i < N; ++i) all[i] = i < count ? from[i] : other;
    return vector::load(all);
  }
}

/// A run as one number, in four chains: the latency of one addition would be that of four elements.
template <class Reduction, class T>
AMBIT_INLINE T run(T const* x, std::int64_t n, Reduction const& r = {}) {
  constexpr int N = loop_lanes<T>;
  using vector = lanes<T, N>;
  vector a(Reduction::template start<T>), b = a, c = a, d = a;
  std::int64_t i = 0;
  for (; i + 4 * N <= n; i += 4 * N) {
    a = Reduction::join(a, r.element(vector::load(x + i)));
    b = Reduction::join(b, r.element(vector::load(x + i + N)));
    c = Reduction::join(c, r.element(vector::load(x + i + 2 * N)));
    d = Reduction::join(d, r.element(vector::load(x + i + 3 * N)));
  }
  for (; i + N <= n; i += N) a = Reduction::join(a, r.element(vector::load(x + i)));
  if (i < n) b = Reduction::join(b, r.element(load_beside<T, N>(x + i, n - i, Reduction::template neutral<T>)));
  return Reduction::across(Reduction::join(Reduction::join(a, b), Reduction::join(c, d)));
}

/// `Vectors` vectors down rows that lie `columns` apart, joined into `so_far`.
template <class Reduction, int Vectors, class T, int N>
AMBIT_INLINE void down(T const* x, std::int64_t rows, std::int64_t columns, lanes<T, N>* so_far, Reduction const& r = {}) {
  AMBIT_NO_UNROLL
  for (std::int64_t row = 0; row < rows; ++row) {
    AMBIT_UNROLL
    for (int v = 0; v < Vectors; ++v)
      so_far[v] = Reduction::join(so_far[v], r.element(lanes<T, N>::load(x + row * columns + v * N)));
  }
}
/// The same with one vector of which `count` columns exist. They are read in whole vectors, too, as long as more rows
/// follow; what comes beyond is of no interest.
template <class Reduction, class T, int N>
AMBIT_INLINE void down_rest(T const* x, std::int64_t rows, std::int64_t columns, int count, lanes<T, N>& so_far,
                            Reduction const& r = {}) {
  std::int64_t const end = (rows - 1) * columns + count;
  std::int64_t i = 0;
  for (; i + N <= end; i += columns) so_far = Reduction::join(so_far, r.element(lanes<T, N>::load(x + i)));
  for (; i < end; i += columns) so_far = Reduction::join(so_far, r.element(lanes<T, N>::load(x + i, count)));
}

/// Rows joined into one, which `out` holds the beginning of. Vectors of columns stay in registers down the rows.
template <class Reduction, class T>
AMBIT_INLINE void join_rows(T const* x, std::int64_t rows, std::int64_t columns, T* out) {
  constexpr int N = loop_lanes<T>;
  using vector = lanes<T, N>;
  std::int64_t column = 0;
  for (; column + 4 * N <= columns; column += 4 * N) {
    vector so_far[4];
    AMBIT_UNROLL
    for (int v = 0; v < 4; ++v) so_far[v] = vector::load(out + column + v * N);
    down<Reduction, 4>(x + column, rows, columns, so_far);
    AMBIT_UNROLL
    for (int v = 0; v < 4; ++v) so_far[v].store(out + column + v * N);
  }
  for (; column < columns; column += N) {
    int const count = columns - column < N ? static_cast<int>(columns - column) : N;
    vector so_far = vector::load(out + column, count);
    if (count == N)
      down<Reduction, 1>(x + column, rows, columns, &so_far);
    else
      down_rest<Reduction>(x + column, rows, columns, count, so_far);
    so_far.store(out + column, count);
  }
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

/// The axes of a reduction as a walk over blocks, which are the innermost axes: `rows` of `columns` that become one row, or
/// a run that becomes one number.
struct block_walk {
  axis_groups groups;
  int outer = 0;
  std::int64_t rows = 1, columns = 1;
  bool runs = false;

  block_walk(shape const& s, axes const& over) : groups(s, over), outer(groups.count) {
    runs = outer > 0 && groups.reduced[outer - 1];
    if (outer > 0 && !runs) columns = groups.extent[--outer];
    if (outer > 0) rows = groups.extent[--outer];
  }
  /// Calls `f` with where each block lies in the tensor, and its results among the results: the axes that are reduced, or
  /// those that are kept, or all of them.
  template <class F>
  AMBIT_INLINE void each(bool reduced, bool kept, F const& f) const {
    std::int64_t from_step[shape::max_rank + 1] = {}, to_step[shape::max_rank + 1] = {}, at[shape::max_rank + 1] = {};
    std::int64_t from_stride = rows * columns, to_stride = columns, blocks = 1;
    for (int k = outer; k-- > 0;) {
      from_step[k] = from_stride;
      to_step[k] = groups.reduced[k] ? 0 : to_stride;
      if (groups.reduced[k] ? reduced : kept) blocks *= groups.extent[k];
      from_stride *= groups.extent[k];
      if (!groups.reduced[k]) to_stride *= groups.extent[k];
    }
    std::int64_t from = 0, to = 0;
    for (; blocks > 0; --blocks) {
      f(from, to);
      for (int k = outer; k-- > 0;) {
        if (!(groups.reduced[k] ? reduced : kept)) continue;
        from += from_step[k], to += to_step[k];
        if (++at[k] < groups.extent[k]) break;
        from -= from_step[k] * groups.extent[k], to -= to_step[k] * groups.extent[k];
        at[k] = 0;
      }
    }
  }
};

struct AMBIT_LOCAL as_it_is {};

/// out = the reduction of x over axes, all where none are given. `finish` maps lanes of results.
template <class Reduction, class T, class Finish = as_it_is>
AMBIT_FLATTEN void reduce(T const* x, shape const& s, axes const& over, T* out, Finish const& finish = {}) {
  block_walk const walk(s, over);
  std::int64_t const results = walk.groups.results;
  for (std::int64_t i = 0; i < results; ++i) out[i] = Reduction::template start<T>;
  if (s.elements() > 0)
    walk.each(true, true, [&](std::int64_t from, std::int64_t to) {
      if (walk.runs)
        out[to] = Reduction::across(Reduction::join(lanes<T, 1>(out[to]), lanes<T, 1>(run<Reduction>(x + from, walk.rows))));
      else
        join_rows<Reduction>(x + from, walk.rows, walk.columns, out + to);
    });
  if constexpr (!std::is_same_v<Finish, as_it_is>) {
    constexpr int N = loop_lanes<T>;
    for (std::int64_t i = 0; i < results; i += N) {
      int const count = results - i < N ? static_cast<int>(results - i) : N;
      finish(lanes<T, N>::load(out + i, count)).store(out + i, count);
    }
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
                                                    [share](auto const& sum) { return sum * share; });
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
                                                               [](auto const& sum) { return sum.sqrt(); });
  }
  template <class T>
  AMBIT_FLATTEN static T sum_of_squares(T const* x, std::int64_t n) {
    return detail_reduction::run<detail_reduction::sum_of_squares>(x, n);
  }
  /// Booleans as numbers: any is their maximum, all their minimum.
  template <class Boolean>
  static void reduce_any(Boolean const* x, shape const& s, axes const& over, Boolean* out) {
    detail_reduction::reduce<detail_reduction::maximum>(bytes(x), s, over, bytes(out));
  }
  template <class Boolean>
  static void reduce_all(Boolean const* x, shape const& s, axes const& over, Boolean* out) {
    detail_reduction::reduce<detail_reduction::minimum>(bytes(x), s, over, bytes(out),
                                                        [](auto const& least) { return least.min(std::uint8_t{1}); });
  }
  /// out = log(sum(exp(x - most))) + most, the maximum found in a first pass over the elements of a result. Where it is
  /// infinite nothing is taken off.
  template <class T>
  AMBIT_FLATTEN static void reduce_logsumexp(T const* x, shape const& s, axes const& over, T* out) {
    using detail_reduction::maximum;
    constexpr int N = loop_lanes<T>;
    using vector = lanes<T, N>;
    using sum_of_decays = detail_reduction::sum_of_decays<vector>;
    detail_reduction::block_walk const walk(s, over);
    if (s.elements() == 0) {
      for (std::int64_t i = 0; i < walk.groups.results; ++i) out[i] = lowest<T>;
      return;
    }
    auto const offset = [](auto const& most) { return select(most - most == T(0), most, T(0)); };
    walk.each(false, true, [&](std::int64_t from, std::int64_t to) {
      T const* const first = x + from;
      if (walk.runs) {
        T most = lowest<T>, total(0);
        walk.each(true, false, [&](std::int64_t block, std::int64_t) {
          T const own = detail_reduction::run<maximum>(first + block, walk.rows);
          most = own > most ? own : most;
        });
        vector const taken_off = offset(vector(most));
        sum_of_decays const decays(taken_off);
        walk.each(true, false, [&](std::int64_t block, std::int64_t) { total += detail_reduction::run(first + block, walk.rows, decays); });
        (vector(total).log() + taken_off).store(out + to, 1);
      } else {
        for (std::int64_t column = 0; column < walk.columns; column += N) {
          int const count = walk.columns - column < N ? static_cast<int>(walk.columns - column) : N;
          vector most(lowest<T>), total(T(0));
          walk.each(true, false, [&](std::int64_t block, std::int64_t) {
            detail_reduction::down_rest<maximum>(first + block + column, walk.rows, walk.columns, count, most);
          });
          vector const taken_off = offset(most);
          sum_of_decays const decays(taken_off);
          walk.each(true, false, [&](std::int64_t block, std::int64_t) {
            detail_reduction::down_rest(first + block + column, walk.rows, walk.columns, count, total, decays);
          });
          (total.log() + taken_off).store(out + to + column, count);
        }
      }
    });
  }

 private:
  static std::uint8_t const* bytes(bool const* x) { return reinterpret_cast<std::uint8_t const*>(x); }
  static std::uint8_t* bytes(bool* x) { return reinterpret_cast<std::uint8_t*>(x); }
};

}  // namespace loops
}  // namespace AMBIT_ABI
}  // namespace ambit
