// SPDX-License-Identifier: BSL-1.0
// Pools over windows of [batch, rows, columns, channels] or [batch, time, channels].
#pragma once

#include <ambit/ops/evaluation.hpp>
#include <ambit/ops/expression.hpp>
#include <ambit/ops/window.hpp>

namespace ambit {

struct pool_options {
  int stride = 0;  ///< 0: the size, so that windows lie side by side
  ambit::padding padding = ambit::padding::valid;
};

namespace detail {

struct pool_op {
  static constexpr std::string_view operands[] = {"input"};
  int rows = 1;
  int columns = 1;
  int row_stride = 1;
  int column_stride = 1;
  padding pad{};
  [[nodiscard]] constexpr bool batchwise(shape const&) const { return true; }
  constexpr void attributes(auto& a) {
    a(rows), a(columns), a(row_stride), a(column_stride), a(pad.how);
    for (int i = 0; i < 2; ++i) a(pad.before[i]), a(pad.after[i]);
  }
  /// Of [batch, time, channels] there is one row.
  [[nodiscard]] constexpr window over(shape const& input) const {
    window w;
    w.batch = input[0];
    w.channels = input[-1];
    if (input.rank() == 4) {
      w.rows = {.extent = input[1], .size = rows, .stride = row_stride};
      w.rows.pad(pad, 0);
    }
    w.columns = {.extent = input[-2], .size = columns, .stride = column_stride};
    w.columns.pad(pad, 1);
    return w;
  }
  constexpr void infer(inference& i) const {
    if (i.dtype(0) == dtype::boolean || i.dtype(0) == dtype::string) return i.refuse_dtype("a numeric dtype");
    if (rows < 1 || columns < 1 || row_stride < 1 || column_stride < 1) {
      text have{"a window of "};
      have.append(rows), have += " x ", have.append(columns), have += ", strides ", have.append(row_stride),
          have += " and ", have.append(column_stride);
      return i.refuse_attribute(std::move(have), "sizes and strides of at least 1");
    }
    shape const& x = i.shape(0);
    if (!x.known()) return i.output(unknown_shape, i.dtype(0));
    if (x.rank() != 3 && x.rank() != 4)
      return i.refuse_shape("an input [batch, rows, columns, channels] or [batch, time, channels]");
    window const w = over(x);
    if ((x.rank() == 4 && x[1] > 0 && w.rows.outputs() <= 0) || (x[-2] > 0 && w.columns.outputs() <= 0))
      return i.refuse_shape("an input that the window fits into");
    shape out{x[0]};
    if (x.rank() == 4) out.push_back(x[1] < 0 ? dyn : w.rows.outputs());
    out.push_back(x[-2] < 0 ? dyn : w.columns.outputs());
    out.push_back(x[-1]);
    i.output(out, i.dtype(0));
  }
};

constexpr pool_op sized(int rows, int columns, pool_options const& o) {
  return {.rows = rows,
          .columns = columns,
          .row_stride = o.stride == 0 || rows == 1 ? rows : o.stride,
          .column_stride = o.stride == 0 ? columns : o.stride,
          .pad = o.padding};
}

}  // namespace detail

struct max_pool_op : detail::pool_op {
  static constexpr op_type type{"MaxPool"};
  static constexpr std::string_view default_name = "MaxPool";
  /// Side by side and without padding: a convolution before it may pool its sums before it stores them.
  [[nodiscard]] constexpr pool_tiling tiling() const {
    if (pad.how != padding::kind::valid || row_stride != rows || column_stride != columns) return {};
    return {rows, columns};
  }
  template <class T>
  void evaluate(auto kernels, evaluation const& e) const {
    kernels.max_pool(over(e.input_shapes[0]), e.input<T>(0), e.out<T>());
  }
};
struct avg_pool_op : detail::pool_op {
  static constexpr op_type type{"AvgPool"};
  static constexpr std::string_view default_name = "AvgPool";
  constexpr void infer(inference& i) const {
    if (!is_floating(i.dtype(0))) return i.refuse_dtype("a floating dtype");
    detail::pool_op::infer(i);
  }
  template <class T>
  void evaluate(auto kernels, evaluation const& e) const {
    kernels.mean_pool(over(e.input_shapes[0]), e.input<T>(0), e.out<T>());
  }
};

/// The largest or the mean of windows of rows x columns (tf.nn.max_pool, tf.nn.avg_pool); the result is
/// [batch, rows', columns', channels]. Padding holds nothing: the largest and the mean are those of the elements that
/// exist, as TensorFlow has it. OP_SHAPE where the window is larger than the padded input.
template <detail::graph_operand A>
constexpr auto max_pool2d(A&& a, int rows, int columns, pool_options o = {}, name n = {}) {
  return apply(max_pool_op{detail::sized(rows, columns, o)}, n, std::forward<A>(a));
}
template <detail::graph_operand A>
constexpr auto avg_pool2d(A&& a, int rows, int columns, pool_options o = {}, name n = {}) {
  return apply(avg_pool_op{detail::sized(rows, columns, o)}, n, std::forward<A>(a));
}
/// The same along the time of [batch, time, channels].
template <detail::graph_operand A>
constexpr auto max_pool1d(A&& a, int size, pool_options o = {}, name n = {}) {
  return apply(max_pool_op{detail::sized(1, size, o)}, n, std::forward<A>(a));
}
template <detail::graph_operand A>
constexpr auto avg_pool1d(A&& a, int size, pool_options o = {}, name n = {}) {
  return apply(avg_pool_op{detail::sized(1, size, o)}, n, std::forward<A>(a));
}

}  // namespace ambit
