// SPDX-License-Identifier: BSL-1.0
// The loops that ops call. Free of the graph; dense row-major arrays.
#pragma once

#include <ambit/config.hpp>
#include <ambit/core/axes.hpp>
#include <ambit/core/shape.hpp>
#include <ambit/kernels/along_axis.hpp>
#include <ambit/kernels/arrays.hpp>
#include <ambit/kernels/convolution.hpp>
#include <ambit/kernels/normalization.hpp>
#include <ambit/kernels/pool.hpp>
#include <ambit/kernels/product.hpp>
#include <ambit/kernels/reduction.hpp>
#include <ambit/kernels/recurrent_ops.hpp>
#include <ambit/kernels/transposed_convolution.hpp>
#include <ambit/ops/evaluation.hpp>

#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>

namespace ambit {
inline namespace AMBIT_ABI {
namespace loops {

/// An epilogue of a part of a result: its rows begin at `first`.
template <class Epilogue>
struct AMBIT_LOCAL rows_from {
  Epilogue const& epilogue;
  std::int64_t first;
  template <class V>
  AMBIT_INLINE V operator()(V const& sum, std::int64_t row, int column, int count) const {
    return epilogue(sum, first + row, column, count);
  }
};

/// What `evaluate` of an op is handed.
struct AMBIT_LOCAL kernels : reduction_kernels, axis_kernels {
  /// out = epilogue(start + x w), the weight being that of the node's role. The rows of x lie `row_stride` apart, its
  /// columns `step`.
  template <class T, class Facts, class Epilogue>
  static void product(Facts, Epilogue const& epilogue, T const* x, std::ptrdiff_t row_stride, std::ptrdiff_t step,
                      evaluation const& e, std::int64_t rows) {
    constexpr weight_role role = Facts::role(0);
    constexpr product_kernel kernel = choose_product<T>(role.rows, role.outputs, role.depth);
    loops::product<T, kernel>(product_operands<T>{x, row_stride, step, e.input<T>(role.operand),
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
      loops::convolution<T, kernel, pool, role.unpadded, taps>(operands, extents, epilogue);
    } else {
      extents_at_run_time const extents{over, role.outputs, role.blocks};
      loops::convolution<T, kernel, pool, role.unpadded, taps>(operands, extents, epilogue);
    }
  }
  template <class T, class Facts, class Epilogue>
  static void transposed_convolution(Facts facts, Epilogue const& epilogue, window const& over, int rows, int columns,
                                     evaluation const& e) {
    constexpr weight_role role = Facts::role(0);
    std::int64_t const image = static_cast<std::int64_t>(rows) * columns * role.depth;
    std::int64_t const result = static_cast<std::int64_t>(over.rows.extent) * over.columns.extent * over.channels;
    evaluation one = e;
    one.start = nullptr;
    one.output = e.scratch;
    for (int b = 0; b < over.batch; ++b) {
      product<T>(facts, no_epilogue{}, e.input<T>(0) + b * image, role.depth, 1, one, static_cast<std::int64_t>(rows) * columns);
      gather_windows(over, static_cast<T const*>(e.scratch), rows, columns, static_cast<T const*>(e.start),
                     e.out<T>() + b * result, b * static_cast<std::int64_t>(over.rows.extent) * over.columns.extent, epilogue);
    }
  }
  /// One product after the other, the second operand packed for each.
  template <class T, class Facts, class Epilogue>
  static void batch_product(Facts, Epilogue const& epilogue, evaluation const& e, bool transposed_a, bool transposed_b) {
    constexpr shape out = Facts::output_shape(), b = Facts::input_shape(1);
    constexpr int rows = out[-2], outputs = out[-1];
    constexpr int depth = b[Facts::op::value.transpose_b ? -1 : -2];
    constexpr product_kernel kernel = choose_product<T>(rows, outputs, depth);
    constexpr weight_form form = form_for(kernel, outputs, depth, false);
    T* const packed = static_cast<T*>(e.scratch);
    std::memset(packed, 0, static_cast<std::size_t>(form.elements()) * sizeof(T));
    std::int64_t const count = out.elements() / (static_cast<std::int64_t>(rows) * outputs);
    for (std::int64_t i = 0; i < count; ++i) {
      weight_form of_b = form;
      of_b.transposed = transposed_b;
      pack(of_b, e.input<T>(1) + i * depth * outputs, packed);
      loops::product<T, kernel>(
          product_operands<T>{e.input<T>(0) + i * rows * depth, transposed_a ? 1 : depth, transposed_a ? rows : 1, packed,
                              nullptr, e.out<T>() + i * rows * outputs, rows, outputs, depth},
          rows_from<Epilogue>{epilogue, i * rows});
    }
  }
  template <class T, class Facts, class Epilogue>
  static void streaming_convolution(Facts, Epilogue const& epilogue, evaluation const& e, int dilation) {
    constexpr weight_role role = Facts::role(0);
    constexpr shape filter = Facts::input_shape(3);
    loops::streaming_convolution<T, choose_convolution<T>(role.outputs), filter[0], filter[1]>(
        convolution_operands<T>{e.input<T>(0), e.input<T>(3), static_cast<T const*>(e.start), e.out<T>()}, e.state<T>(1),
        e.state<std::int32_t>(2), e.input_shapes[1][0], dilation, role.outputs, e.input_shapes[0][-2], epilogue);
  }
  template <class T, class Facts>
  static void lstm(Facts, evaluation const& e, T forget_bias) {
    run_lstm<T, Facts>(e, forget_bias);
  }
  template <class T, class Facts>
  static void gru(Facts, evaluation const& e) {
    run_gru<T, Facts>(e);
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
    if constexpr (Facts::input_shape(0).fully_defined()) {
      static constexpr strided_walk walk = Facts::op::value.walk(Facts::input_shape(0), Facts::output_shape());
      walk_strided(walk, e.input<T>(0), e.out<T>());
    } else {
      walk_strided(Facts::op::value.walk(e.input_shapes[0], *e.output_shape), e.input<T>(0), e.out<T>());
    }
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
};

}  // namespace loops
}  // namespace AMBIT_ABI
}  // namespace ambit
