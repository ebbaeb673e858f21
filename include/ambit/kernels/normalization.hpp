// SPDX-License-Identifier: BSL-1.0
// Normalization by mean and variance. A second pass takes the variance about the first one's mean, and how far that
// mean is off. The two are kept apart: their sum may have no room for the digits of the second, and elements that share
// a large offset would all be off by it. Rows that stay in the first level of the cache are read there again.
#pragma once

#include <ambit/kernels/target.hpp>
#include <ambit/ops/evaluation.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>

namespace ambit {
inline namespace AMBIT_ABI {
namespace loops {
namespace detail_normalization {

/// Vectors in flight: an addition takes four cycles.
inline constexpr int sums = 4;

/// 1 / sqrt(variance + epsilon), of sums about a guess of the mean that is `shift` off.
template <class T>
AMBIT_INLINE T scale_of(T squares, T shift, T epsilon) {
  T const variance = squares - shift * shift;
  return T(1) / std::sqrt((variance < T(0) ? T(0) : variance) + epsilon);
}

/// Calls `add(k, vector, mask)` for the vectors of a row, k being the sum to add to; `mask` is 1 where there are
/// elements.
template <int N, class T, class Add>
AMBIT_INLINE void each_vector(T const* x, std::int64_t size, Add const& add) {
  using vector = lanes<T, N>;
  vector const all(T(1));
  std::int64_t i = 0;
  for (; i + sums * N <= size; i += sums * N) {
    AMBIT_UNROLL
    for (int k = 0; k < sums; ++k) add(k, vector::load(x + i + k * N), all);
  }
  for (; i + N <= size; i += N) add(0, vector::load(x + i), all);
  if (i < size) {
    T ones[static_cast<std::size_t>(N)];
    all.store(ones);
    int const rest = static_cast<int>(size - i);
    add(0, vector::load(x + i, rest), vector::load(ones, rest));
  }
}

/// As many sums, at zero.
template <class T, int N>
struct AMBIT_LOCAL vector_sums {
  lanes<T, N> at[static_cast<std::size_t>(sums)];
  AMBIT_INLINE vector_sums() {
    AMBIT_UNROLL
    for (int k = 0; k < sums; ++k) at[k] = lanes<T, N>(T(0));
  }
  AMBIT_INLINE lanes<T, N> total() const { return (at[0] + at[1]) + (at[2] + at[3]); }
};

}  // namespace detail_normalization

/// Each row of `size` elements by itself: (x - mean) / sqrt(variance + epsilon) * scale + offset, both of a row's
/// length.
template <class T, int N, bool Scaled, bool Shifted>
AMBIT_LOCAL AMBIT_FLATTEN void normalize_rows(T const* x, T const* scale, T const* offset, T epsilon, std::int64_t rows,
                                              std::int64_t size, T* out) {
  using namespace detail_normalization;
  using vector = lanes<T, N>;
  for (; rows > 0; --rows, x += size, out += size) {
    vector_sums<T, N> first;
    each_vector<N>(x, size, [&](int k, vector const& v, vector const&) { first.at[k] = first.at[k] + v; });
    vector const guess(first.total().sum() / static_cast<T>(size));
    vector_sums<T, N> shifts, squares;
    each_vector<N>(x, size, [&](int k, vector const& v, vector const& mask) {
      vector const d = (v - guess) * mask;
      shifts.at[k] = shifts.at[k] + d;
      squares.at[k] = multiply_add(d, d, squares.at[k]);
    });
    T const shift = shifts.total().sum() / static_cast<T>(size);
    T const factor = scale_of(squares.total().sum() / static_cast<T>(size), shift, epsilon);
    vector const by(factor), plus(-shift * factor);
    auto part = [&](std::int64_t i, int count) {
      auto load = [&](T const* from) { return count >= N ? vector::load(from + i) : vector::load(from + i, count); };
      vector result = multiply_add(load(x) - guess, by, plus);
      if constexpr (Scaled && Shifted)
        result = multiply_add(result, load(scale), load(offset));
      else if constexpr (Scaled)
        result = result * load(scale);
      else if constexpr (Shifted)
        result = result + load(offset);
      if (count >= N)
        result.store(out + i);
      else
        result.store(out + i, count);
    };
    std::int64_t i = 0;
    for (; i + N <= size; i += N) part(i, N);
    if (i < size) part(i, static_cast<int>(size - i));
  }
}

/// What `normalize_groups` works on: [samples, rows, channels], the channels in equal groups.
struct group_extents {
  std::int64_t samples = 1;
  std::int64_t rows = 1;
  int channels = 1;
  int groups = 1;
};

namespace detail_normalization {

/// Rows that are summed up in registers before they are added to the sums of their channels.
inline constexpr int block = 64;

/// Calls `add(k, row)` for rows, k being the sum to add to.
template <class Add>
AMBIT_INLINE void each_row(std::int64_t row, std::int64_t end, Add const& add) {
  for (; row + sums <= end; row += sums) {
    AMBIT_UNROLL
    for (int k = 0; k < sums; ++k) add(k, row + k);
  }
  for (; row < end; ++row) add(0, row);
}
/// Calls `part(channel, count)` for the vectors of a row of channels.
template <int N, class Part>
AMBIT_INLINE void each_column(int channels, Part const& part) {
  int c = 0;
  for (; c + N <= channels; c += N) part(c, N);
  if (c < channels) part(c, channels - c);
}
template <class T, int N>
AMBIT_INLINE lanes<T, N> load_part(T const* from, int count) {
  return count >= N ? lanes<T, N>::load(from) : lanes<T, N>::load(from, count);
}
template <class T, int N>
AMBIT_INLINE void store_part(lanes<T, N> const& v, T* to, int count) {
  if (count >= N)
    v.store(to);
  else
    v.store(to, count);
}

/// Calls `finish(first, last)` for the channels of each group.
template <class T, class Finish>
AMBIT_INLINE void each_group(group_extents const& e, Finish const& finish) {
  int const size = e.channels / e.groups;
  for (int first = 0; first < e.channels; first += size) finish(first, first + size);
}

}  // namespace detail_normalization

/// Each group of channels of each sample by itself, with a scale and an offset for each channel. `scratch` has room for
/// three elements a channel. The sums are taken channel by channel, whatever the size of the groups: whole vectors are
/// read even where a group is one channel.
template <class T, int N, bool Scaled, bool Shifted>
AMBIT_LOCAL AMBIT_FLATTEN void normalize_groups(T const* x, T const* scale, T const* offset, T epsilon,
                                                group_extents const& e, T* scratch, T* out) {
  using namespace detail_normalization;
  using vector = lanes<T, N>;
  T* const mean = scratch;
  T* const by = mean + e.channels;
  T* const plus = by + e.channels;
  T const count = static_cast<T>(e.rows * (e.channels / e.groups));
  for (std::int64_t s = 0; s < e.samples; ++s, x += e.rows * e.channels, out += e.rows * e.channels) {
    for (int c = 0; c < e.channels; ++c) mean[c] = by[c] = plus[c] = T(0);
    for (std::int64_t r = 0; r < e.rows; r += block) {
      std::int64_t const end = r + block < e.rows ? r + block : e.rows;
      each_column<N>(e.channels, [&](int c, int n) {
        vector_sums<T, N> sum;
        each_row(r, end, [&](int k, std::int64_t i) {
          sum.at[k] = sum.at[k] + load_part<T, N>(x + i * e.channels + c, n);
        });
        store_part(load_part<T, N>(mean + c, n) + sum.total(), mean + c, n);
      });
    }
    each_group<T>(e, [&](int first, int last) {
      T sum(0);
      for (int c = first; c < last; ++c) sum += mean[c];
      for (int c = first; c < last; ++c) mean[c] = sum / count;
    });
    for (std::int64_t r = 0; r < e.rows; r += block) {
      std::int64_t const end = r + block < e.rows ? r + block : e.rows;
      each_column<N>(e.channels, [&](int c, int n) {
        vector const guess = load_part<T, N>(mean + c, n);
        vector_sums<T, N> shifts, squares;
        each_row(r, end, [&](int k, std::int64_t i) {
          vector const d = load_part<T, N>(x + i * e.channels + c, n) - guess;
          shifts.at[k] = shifts.at[k] + d;
          squares.at[k] = multiply_add(d, d, squares.at[k]);
        });
        store_part(load_part<T, N>(by + c, n) + shifts.total(), by + c, n);
        store_part(load_part<T, N>(plus + c, n) + squares.total(), plus + c, n);
      });
    }
    each_group<T>(e, [&](int first, int last) {
      T shift(0), square(0);
      for (int c = first; c < last; ++c) shift += by[c], square += plus[c];
      shift /= count;
      T const factor = scale_of(square / count, shift, epsilon);
      for (int c = first; c < last; ++c) {
        by[c] = factor;
        if constexpr (Scaled) by[c] *= scale[c];
        plus[c] = -shift * by[c];
        if constexpr (Shifted) plus[c] += offset[c];
      }
    });
    for (std::int64_t r = 0; r < e.rows; ++r)
      each_column<N>(e.channels, [&](int c, int n) {
        vector const d = load_part<T, N>(x + r * e.channels + c, n) - load_part<T, N>(mean + c, n);
        vector const result = multiply_add(d, load_part<T, N>(by + c, n), load_part<T, N>(plus + c, n));
        store_part(result, out + r * e.channels + c, n);
      });
  }
}

/// The kernels of a node, chosen by its shapes and by what it scales with.
template <class T, class Facts>
AMBIT_LOCAL void normalize_rows_of(evaluation const& e, T const* scale, T const* offset) {
  constexpr auto op = Facts::op::value;
  constexpr std::int64_t size = op.row(Facts::output_shape());
  constexpr int n = lanes_for<T>(size < 1024 ? static_cast<int>(size) : 1024);
  normalize_rows<T, n, op.scaled, op.shifted>(e.input<T>(0), scale, offset, static_cast<T>(op.epsilon),
                                              e.output_shape->elements() / size, size, e.out<T>());
}
template <class T, class Facts>
AMBIT_LOCAL void normalize_groups_of(evaluation const& e, T const* scale, T const* offset) {
  constexpr auto op = Facts::op::value;
  constexpr shape s = Facts::output_shape();
  constexpr std::int64_t rows = [s] {
    std::int64_t n = 1;
    for (int k = 1; k + 1 < s.rank(); ++k) n *= s[k];
    return n;
  }();
  group_extents const extents{(*e.output_shape)[0], rows, s[-1], op.per_channel ? s[-1] : op.groups};
  normalize_groups<T, lanes_for<T>(s[-1]), op.scaled, op.shifted>(
      e.input<T>(0), scale, offset, static_cast<T>(op.epsilon), extents, static_cast<T*>(e.scratch), e.out<T>());
}

}  // namespace loops
}  // namespace AMBIT_ABI
}  // namespace ambit
