// SPDX-License-Identifier: BSL-1.0
// Convolutions. Data is [batch, rows, columns, channels] or [batch, time, channels], filters are [rows, columns, inputs,
// outputs] or [time, inputs, outputs], as TensorFlow has them (NHWC, HWIO).
#pragma once

#include <ambit/ops/evaluation.hpp>
#include <ambit/ops/expression.hpp>
#include <ambit/ops/window.hpp>

namespace ambit {

struct conv_options {
  int stride = 1;    ///< along rows and columns
  int dilation = 1;  ///< distance of the taps
  ambit::padding padding = ambit::padding::valid;
  int groups = 1;  ///< the channels of a group see only each other: filters are [.., inputs / groups, outputs]
};

namespace detail {

/// What the convolutions of one and of two dimensions share. `Spatial` axes lie between the batch and the channels.
template <int Spatial>
struct convolution {
  static constexpr std::string_view operands[] = {"input", "filter"};
  static constexpr bool takes_epilogue = true;
  static constexpr int weights = 1;
  [[nodiscard]] constexpr bool batchwise(shape const&) const { return true; }
  int stride = 1;
  int dilation = 1;
  int groups = 1;
  padding pad{};
  constexpr void attributes(auto& a) {
    a(stride), a(dilation), a(groups), a(pad.how);
    for (int i = 0; i < 2; ++i) a(pad.before[i]), a(pad.after[i]);
  }
  /// The filter's window over an input; of one dimension it has one row.
  [[nodiscard]] constexpr window over(shape const& input, shape const& filter) const {
    window w;
    w.batch = input[0];
    w.channels = input[-1];
    if constexpr (Spatial == 2) {
      w.rows = {.extent = input[1], .size = filter[0], .stride = stride, .dilation = dilation};
      w.rows.pad(pad, 0);
    }
    w.columns = {.extent = input[-2], .size = filter[-3], .stride = stride, .dilation = dilation};
    w.columns.pad(pad, 1);
    return w;
  }
  [[nodiscard]] constexpr bool usable(inference& i) const {
    text have;
    if (stride < 1 || dilation < 1 || groups < 1) {
      have += "stride ", have.append(stride), have += ", dilation ", have.append(dilation), have += ", groups ",
          have.append(groups);
      i.refuse_attribute(std::move(have), "a stride, a dilation and a number of groups of at least 1");
      return false;
    }
    for (int k = 0; k < 2; ++k)
      if (pad.before[k] < 0 || pad.after[k] < 0) {
        have += "padding ", have.append(pad.before[k]), have += ", ", have.append(pad.after[k]);
        i.refuse_attribute(std::move(have), "padding of at least 0");
        return false;
      }
    return true;
  }
  constexpr void infer(inference& i) const {
    if (!i.same_dtypes()) return;
    if (!is_floating(i.dtype(0))) return i.refuse_dtype("a floating dtype");
    if (!usable(i)) return;
    shape const& x = i.shape(0);
    shape const& f = i.shape(1);
    if (!x.known() || !f.known()) return i.output(unknown_shape, i.dtype(0));
    if (x.rank() != Spatial + 2 || f.rank() != Spatial + 2)
      return i.refuse_shape(Spatial == 2 ? "an input [batch, rows, columns, channels] and a filter [rows, columns, inputs, outputs]"
                                         : "an input [batch, time, channels] and a filter [time, inputs, outputs]");
    if (x[-1] >= 0 && f[-2] >= 0 && (f[-2] * groups != x[-1] || (f[-1] >= 0 && f[-1] % groups != 0)))
      return i.refuse_shape("a filter whose inputs times groups are the input's channels, its outputs divisible by the groups");
    window const w = over(x, f);
    auto outputs = [](window_axis const& a) { return a.extent < 0 || a.size < 0 ? dyn : a.outputs(); };
    bool const rows_fit = Spatial == 1 || x[1] < 0 || f[0] < 0 || w.rows.outputs() > 0 || x[1] == 0;
    bool const columns_fit = x[-2] < 0 || f[-3] < 0 || w.columns.outputs() > 0 || x[-2] == 0;
    if (!rows_fit || !columns_fit) return i.refuse_shape("an input that the filter fits into");
    shape out{x[0]};
    if constexpr (Spatial == 2) out.push_back(outputs(w.rows));
    out.push_back(outputs(w.columns));
    out.push_back(f[-1]);
    i.output(out, i.dtype(0));
  }
  constexpr weight_role weight(int, shape const* inputs, shape const&) const {
    shape const& f = inputs[1];
    int const taps = (Spatial == 2 ? f[0] : 1) * f[-3];
    return {.operand = 1,
            .reader = weight_role::kernel::convolution,
            .depth = taps * f[-2],
            .outputs = f[-1],
            .blocks = groups,
            .unpadded = pad.how == padding::kind::valid};
  }
  template <class T>
  void evaluate(auto kernels, evaluation const& e, auto facts, auto const& epilogue) const {
    kernels.template convolution<T>(facts, epilogue, over(e.input_shapes[0], e.input_shapes[1]), e);
  }
};

}  // namespace detail

struct conv2d_op : detail::convolution<2> {
  static constexpr op_type type{"Conv2D"};
  static constexpr std::string_view default_name = "Conv2D";
};
struct conv1d_op : detail::convolution<1> {
  static constexpr op_type type{"Conv1D"};
  static constexpr std::string_view default_name = "conv1d";
};

/// Each channel by itself: filters [rows, columns, channels, multiplier], results [.., channels * multiplier] with the
/// results of channel c at c * multiplier (tf.nn.depthwise_conv2d).
struct depthwise_conv2d_op {
  static constexpr op_type type{"DepthwiseConv2dNative"};
  static constexpr std::string_view default_name = "depthwise";
  static constexpr std::string_view operands[] = {"input", "filter"};
  static constexpr bool takes_epilogue = true;
  detail::convolution<2> base{};
  [[nodiscard]] constexpr bool batchwise(shape const&) const { return true; }
  constexpr void attributes(auto& a) { base.attributes(a); }
  constexpr void infer(inference& i) const {
    if (!i.same_dtypes()) return;
    if (!is_floating(i.dtype(0))) return i.refuse_dtype("a floating dtype");
    if (!base.usable(i)) return;
    shape const& x = i.shape(0);
    shape const& f = i.shape(1);
    if (!x.known() || !f.known()) return i.output(unknown_shape, i.dtype(0));
    if (x.rank() != 4 || f.rank() != 4 || (x[3] >= 0 && f[2] >= 0 && x[3] != f[2]))
      return i.refuse_shape("an input [batch, rows, columns, channels] and a filter [rows, columns, channels, multiplier]");
    window const w = base.over(x, f);
    if ((x[1] > 0 && w.rows.outputs() <= 0) || (x[2] > 0 && w.columns.outputs() <= 0))
      return i.refuse_shape("an input that the filter fits into");
    i.output({x[0], x[1] < 0 ? dyn : w.rows.outputs(), x[2] < 0 ? dyn : w.columns.outputs(), f[2] * f[3]}, i.dtype(0));
  }
  template <class T>
  void evaluate(auto kernels, evaluation const& e, auto, auto const& epilogue) const {
    kernels.template depthwise<T>(epilogue, base.over(e.input_shapes[0], e.input_shapes[1]), e, e.input_shapes[1][3]);
  }
};

namespace detail {
template <int Spatial>
constexpr convolution<Spatial> configured(conv_options const& o) {
  return {.stride = o.stride, .dilation = o.dilation, .groups = o.groups, .pad = o.padding};
}
}  // namespace detail

/// Convolution of [batch, rows, columns, channels] with a filter [rows, columns, channels / groups, outputs]
/// (tf.nn.conv2d). The result is [batch, rows', columns', outputs]; see `padding` for rows' and columns'. Floating dtypes.
/// OP_SHAPE where the channels differ or the filter is larger than the padded input, OP_ATTRIBUTE for a stride below 1.
/// 2 * elements of the result * filter rows * columns * channels / groups operations; nothing is copied.
template <class A, class B>
  requires operands<A, B>
constexpr auto conv2d(A&& input, B&& filter, conv_options o = {}, name n = {}) {
  return apply(conv2d_op{detail::configured<2>(o)}, n, std::forward<A>(input), std::forward<B>(filter));
}
template <class A, class B>
  requires operands<A, B>
constexpr auto conv2d(A&& input, B&& filter, name n) {
  return apply(conv2d_op{}, n, std::forward<A>(input), std::forward<B>(filter));
}
/// The same along one axis: [batch, time, channels] with [time, channels / groups, outputs] (tf.nn.conv1d).
template <class A, class B>
  requires operands<A, B>
constexpr auto conv1d(A&& input, B&& filter, conv_options o = {}, name n = {}) {
  return apply(conv1d_op{detail::configured<1>(o)}, n, std::forward<A>(input), std::forward<B>(filter));
}
template <class A, class B>
  requires operands<A, B>
constexpr auto conv1d(A&& input, B&& filter, name n) {
  return apply(conv1d_op{}, n, std::forward<A>(input), std::forward<B>(filter));
}
/// Each channel by itself (tf.nn.depthwise_conv2d). `groups` of the options is not used.
template <class A, class B>
  requires operands<A, B>
constexpr auto depthwise_conv2d(A&& input, B&& filter, conv_options o = {}, name n = {}) {
  return apply(depthwise_conv2d_op{detail::configured<2>(o)}, n, std::forward<A>(input), std::forward<B>(filter));
}

}  // namespace ambit
