// SPDX-License-Identifier: BSL-1.0
// The loops that ops call. Free of the graph; dense row-major arrays.
#pragma once

#include <ambit/config.hpp>
#include <ambit/core/axes.hpp>
#include <ambit/core/shape.hpp>
#include <ambit/kernels/arrays.hpp>
#include <ambit/kernels/convolution.hpp>
#include <ambit/kernels/normalization.hpp>
#include <ambit/kernels/pool.hpp>
#include <ambit/kernels/product.hpp>
#include <ambit/ops/evaluation.hpp>

#include <Eigen/Core>

#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>

namespace ambit {
inline namespace AMBIT_ABI {

/// The stride of every Eigen::Map that ambit makes: none. Being a type of this namespace, and hidden, it keeps each Eigen
/// function that is instantiated on such a map apart from those of other libraries in the process.
struct AMBIT_LOCAL dense_stride : Eigen::Stride<0, 0> {};

/// A run of elements as an Eigen array.
template <class T, int Size>
using run_of = Eigen::Map<std::conditional_t<std::is_const_v<T>, Eigen::Array<std::remove_const_t<T>, Size, 1> const,
                                             Eigen::Array<T, Size, 1>>,
                          Eigen::Unaligned, dense_stride>;

/// What `evaluate` of an op is handed.
struct AMBIT_LOCAL kernels {
  template <class T>
  using values = run_of<T const, Eigen::Dynamic>;
  template <class T>
  using target = run_of<T, Eigen::Dynamic>;

  /// out = epilogue(start + x w), the weight being that of the node's role. The rows of x lie `row_stride` apart, its
  /// columns `step`.
  template <class T, class Facts, class Epilogue>
  static void product(Facts, Epilogue const& epilogue, T const* x, std::ptrdiff_t row_stride, std::ptrdiff_t step,
                      evaluation const& e, std::int64_t rows) {
    constexpr weight_role role = Facts::role(0);
    constexpr product_kernel kernel = choose_product<T>(role.rows, role.outputs, role.depth);
    AMBIT_ABI::product<T, kernel>(product_operands<T>{x, row_stride, step, e.input<T>(role.operand),
                                                      static_cast<T const*>(e.start), e.out<T>(), rows, role.outputs,
                                                      role.depth},
                                  epilogue);
  }

  /// The convolution of a node with the filter of its role, and a pool behind it where the facts have one.
  template <class T, class Facts, class Epilogue>
  static void convolution(Facts, Epilogue const& epilogue, window const& over, evaluation const& e) {
    constexpr weight_role role = Facts::role(0);
    constexpr product_kernel kernel = choose_convolution<T>(role.outputs / role.blocks);
    constexpr pool_shape pool{Facts::pool.rows > 0 ? Facts::pool.rows : 1, Facts::pool.rows > 0 ? Facts::pool.columns : 1};
    constexpr shape filter = Facts::input_shape(1);
    constexpr bool dense = Facts::op::value.dilation == 1 && role.blocks == 1;
    constexpr int run = dense ? filter[-3] * filter[-2] : filter[-2];
    constexpr int taps = run < 8 && role.depth <= most_taps ? role.depth : 0;
    convolution_operands<T> const operands{e.input<T>(0), e.input<T>(1), static_cast<T const*>(e.start), e.out<T>()};
    constexpr shape x = Facts::input_shape(0), y = Facts::output_shape();
    if constexpr (x.fully_defined() && y.elements() * role.depth <= most_constant_work) {
      extents_as_constants<Facts::op::value.over(x, filter), role.outputs, role.blocks> const extents{};
      AMBIT_ABI::convolution<T, kernel, pool, role.unpadded, taps>(operands, extents, epilogue);
    } else {
      extents_at_run_time const extents{over, role.outputs, role.blocks};
      AMBIT_ABI::convolution<T, kernel, pool, role.unpadded, taps>(operands, extents, epilogue);
    }
  }
  template <class T>
  static void max_pool(window const& over, T const* x, T* out) {
    T const lowest = std::numeric_limits<T>::has_infinity ? -std::numeric_limits<T>::infinity()
                                                          : std::numeric_limits<T>::lowest();
    pool(
        over, x, out, lowest, [](auto const& a, auto const& b) { return a.max(b); },
        [](auto const& most, int) { return most; });
  }
  template <class T>
  static void mean_pool(window const& over, T const* x, T* out) {
    pool(
        over, x, out, T(0), [](auto const& a, auto const& b) { return a + b; },
        [](auto const& sum, int elements) { return sum * (T(1) / T(elements)); });
  }
  template <class T, class Epilogue>
  static void depthwise(Epilogue const& epilogue, window const& over, evaluation const& e, int multiplier) {
    depthwise_convolution<T>({e.input<T>(0), e.input<T>(1), static_cast<T const*>(e.start), e.out<T>()}, over, multiplier,
                             epilogue);
  }

  template <class T>
  AMBIT_FLATTEN static T sum_of_squares(T const* x, std::int64_t n) {
    return values<T>(x, n).square().sum();
  }

  /// Along an axis of a tensor: maximum off, exp, divided by the sum.
  template <class T>
  AMBIT_FLATTEN static void softmax(T const* x, T* out, shape const& s, int axis) {
    if (s.elements() == 0) return;
    axis = axis < 0 ? axis + s.rank() : axis;
    std::int64_t outer = 1, inner = 1;
    for (int i = 0; i < axis; ++i) outer *= s[i];
    for (int i = axis + 1; i < s.rank(); ++i) inner *= s[i];
    std::int64_t const extent = s[axis];
    for (std::int64_t o = 0; o < outer; ++o, x += extent * inner, out += extent * inner) {
      if (inner == 1) {
        values<T> from(x, extent);
        target<T> to(out, extent);
        to = (from - from.maxCoeff()).exp();
        to *= T(1) / to.sum();
      } else {
        for (std::int64_t i = 0; i < inner; ++i) strided_softmax(x + i, out + i, extent, inner);
      }
    }
  }

  template <class T>
  static void reduce_sum(T const* x, shape const& s, axes const& over, T* out) {
    reduce(
        x, s, over, out, T(0), [](values<T> const& run) { return run.sum(); },
        [](auto const& a, auto const& b) { return a + b; });
  }
  template <class T>
  static void reduce_mean(T const* x, shape const& s, axes const& over, T* out, std::int64_t results) {
    reduce_sum(x, s, over, out);
    target<T>(out, results) *= T(results) / T(s.elements());
  }
  template <class T>
  static void reduce_max(T const* x, shape const& s, axes const& over, T* out) {
    T const lowest = std::numeric_limits<T>::has_infinity ? -std::numeric_limits<T>::infinity()
                                                          : std::numeric_limits<T>::lowest();
    reduce(
        x, s, over, out, lowest, [](values<T> const& run) { return run.maxCoeff(); },
        [](auto const& a, auto const& b) { return a.max(b); });
  }

  /// out[i0, i1, ...] = x[...] with axis k of out the axis order[k] of x; all reversed where no order is given.
  template <class T>
  static void transpose(T const* x, shape const& s, axes const& order, T* out) {
    int const rank = s.rank();
    std::int64_t strides[shape::max_rank] = {};
    std::int64_t stride = 1;
    for (int k = rank; k-- > 0; stride *= s[k]) strides[k] = stride;
    int extents[shape::max_rank] = {};
    std::int64_t steps[shape::max_rank] = {};
    for (int k = 0; k < rank; ++k) {
      int const axis = order.empty() ? rank - 1 - k : order[k] < 0 ? order[k] + rank : order[k];
      extents[k] = s[axis];
      steps[k] = strides[axis];
    }
    int at[shape::max_rank] = {};
    std::int64_t from = 0;
    for (std::int64_t n = s.elements(); n > 0; --n) {
      *out++ = x[from];
      for (int k = rank; k-- > 0;) {
        from += steps[k];
        if (++at[k] < extents[k]) break;
        from -= steps[k] * extents[k];
        at[k] = 0;
      }
    }
  }

  template <class T>
  static void concat(evaluation const& e, int axis) {
    shape const& whole = *e.output_shape;
    std::int64_t outer = 1, inner = 1;
    for (int i = 0; i < axis; ++i) outer *= whole[i];
    for (int i = axis + 1; i < whole.rank(); ++i) inner *= whole[i];
    T* to = e.out<T>();
    for (std::int64_t o = 0; o < outer; ++o)
      for (int k = 0; k < e.count; ++k) {
        std::int64_t const run = e.input_shapes[k][axis] * inner;
        if (run > 0) std::memcpy(to, e.input<T>(k) + o * run, static_cast<std::size_t>(run) * sizeof(T));
        to += run;
      }
  }

  template <class T, class Facts>
  static void copy_strided(Facts, evaluation const& e) {
    static constexpr strided_walk walk = Facts::op::value.walk(Facts::input_shape(0), Facts::output_shape());
    walk_strided(walk, e.input<T>(0), e.out<T>());
  }
  template <class T, class Index>
  static void gather(T const* x, Index const* indices, std::int64_t count, axis_view const& of, T* out) {
    gather_runs(x, indices, count, of, out);
  }
  template <class T, class Index>
  static void one_hot(Index const* indices, axis_view const& of, T on, T off, T* out) {
    scatter_on(indices, of, on, off, out);
  }
  template <class T>
  static void stack(evaluation const& e, axis_view const& of) {
    stack_runs<T>(e, of);
  }
  template <class T>
  static void pad(T const* x, shape const& from, axes const& before, shape const& to, T value, T* out) {
    pad_runs(x, from, before, to, value, out);
  }
  template <class T>
  static void mirror_pad(T const* x, shape const& from, axes const& before, shape const& to, int skipped, T* out) {
    mirror_runs(x, from, before, to, skipped, out);
  }
  template <class T, class Facts>
  static void normalize_rows(Facts, evaluation const& e, T const* scale, T const* offset) {
    normalize_rows_of<T, Facts>(e, scale, offset);
  }
  template <class T, class Facts>
  static void normalize_groups(Facts, evaluation const& e, T const* scale, T const* offset) {
    normalize_groups_of<T, Facts>(e, scale, offset);
  }

 private:
  template <class T>
  AMBIT_FLATTEN static void strided_softmax(T const* x, T* out, std::int64_t extent, std::int64_t step) {
    T most = x[0];
    for (std::int64_t k = 1; k < extent; ++k) most = x[k * step] > most ? x[k * step] : most;
    T sum(0);
    for (std::int64_t k = 0; k < extent; ++k) {
      using std::exp;
      out[k * step] = exp(x[k * step] - most);
      sum += out[k * step];
    }
    for (std::int64_t k = 0; k < extent; ++k) out[k * step] /= sum;
  }
  // Walks over x in memory order, one run of the innermost extents that are all reduced or all kept at a time.
  template <class T, class Fold, class Combine>
  AMBIT_FLATTEN static void reduce(T const* x, shape const& s, axes const& over, T* out, T start, Fold fold, Combine combine) {
    int const rank = s.rank();
    bool reduced[shape::max_rank] = {};
    for (int k = 0; k < rank; ++k) reduced[k] = over.empty() || over.contains(k) || over.contains(k - rank);
    std::int64_t strides[shape::max_rank] = {};
    std::int64_t results = 1;
    for (int k = rank; k-- > 0;) {
      strides[k] = reduced[k] ? 0 : results;
      if (!reduced[k]) results *= s[k];
    }
    target<T>(out, results).setConstant(start);
    if (s.elements() == 0) return;
    int outer = rank;
    std::int64_t run = 1;
    while (outer > 0 && reduced[outer - 1] == reduced[rank - 1]) run *= s[--outer];
    bool const inner_reduced = rank > 0 && reduced[rank - 1];
    int at[shape::max_rank] = {};
    std::int64_t to = 0;
    for (std::int64_t n = s.elements() / run; n > 0; --n, x += run) {
      values<T> const from(x, run);
      if (inner_reduced) {
        Eigen::Array<T, 1, 1> one(fold(from)), so_far(out[to]);
        out[to] = combine(so_far, one)(0);
      } else {
        target<T> onto(out + to, run);
        onto = combine(onto, from);
      }
      for (int k = outer; k-- > 0;) {
        to += strides[k];
        if (++at[k] < s[k]) break;
        to -= strides[k] * s[k];
        at[k] = 0;
      }
    }
  }
};

}  // namespace AMBIT_ABI
}  // namespace ambit
