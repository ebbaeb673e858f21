// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/ops/conv.hpp>

namespace ambit {

namespace detail {

/// The gradient of a convolution with respect to its input, as a layer: each element of the input adds a window to the
/// result. Filters are [rows, columns, outputs, inputs], as TensorFlow has them.
template <int Spatial>
struct transposed_convolution {
  static constexpr std::string_view operands[] = {"input", "filter"};
  static constexpr bool takes_epilogue = true;
  static constexpr int weights = 1;
  [[nodiscard]] constexpr bool batchwise(shape const&) const { return true; }
  int stride = 1;
  int dilation = 1;
  padding pad{};
  constexpr void attributes(auto& a) {
    a(stride), a(dilation), a(pad.how);
    for (int i = 0; i < 2; ++i) a(pad.before[i]), a(pad.after[i]);
  }
  /// The convolution that this one turns round: its input is our result.
  [[nodiscard]] constexpr window_axis axis(int extent, int size, int which) const {
    window_axis a{.extent = extent, .size = size, .stride = stride, .dilation = dilation};
    int const full = (extent - 1) * stride + a.reach();
    if (pad.how == padding::kind::same) {
      int const cut = a.reach() > stride ? a.reach() - stride : 0;
      a.before = cut / 2;
      a.after = cut - a.before;
      a.extent = extent * stride;
    } else {
      if (pad.how == padding::kind::given) a.before = pad.before[which], a.after = pad.after[which];
      if (pad.how == padding::kind::causal) a.after = a.reach() > stride ? a.reach() - stride : 0;
      a.extent = full - a.before - a.after;
    }
    return a;
  }
  [[nodiscard]] constexpr window over(shape const& input, shape const& filter) const {
    window w;
    w.batch = input[0];
    w.channels = filter[-2];
    if constexpr (Spatial == 2) w.rows = axis(input[1], filter[0], 0);
    w.columns = axis(input[-2], filter[-3], 1);
    return w;
  }
  constexpr void infer(inference& i) const {
    if (!i.same_dtypes()) return;
    if (!is_floating(i.dtype(0))) return i.refuse_dtype("a floating dtype");
    convolution<Spatial> const checked{.stride = stride, .dilation = dilation, .pad = pad};
    if (!checked.usable(i)) return;
    shape const& x = i.shape(0);
    shape const& f = i.shape(1);
    if (!x.known() || !f.known()) return i.output(unknown_shape, i.dtype(0));
    if (x.rank() != Spatial + 2 || f.rank() != Spatial + 2 || (x[-1] >= 0 && f[-1] >= 0 && x[-1] != f[-1]))
      return i.refuse_shape(Spatial == 2
                                ? "an input [batch, rows, columns, channels] and a filter [rows, columns, outputs, channels]"
                                : "an input [batch, time, channels] and a filter [time, outputs, channels]");
    window const w = over(x, f);
    if ((Spatial == 2 && x[1] > 0 && w.rows.extent <= 0) || (x[-2] > 0 && w.columns.extent <= 0))
      return i.refuse_shape("a result of which the padding leaves something");
    shape out{x[0]};
    if constexpr (Spatial == 2) out.push_back(x[1] < 0 ? dyn : w.rows.extent);
    out.push_back(x[-2] < 0 ? dyn : w.columns.extent);
    out.push_back(f[-2]);
    i.output(out, i.dtype(0));
  }
  static constexpr int taps(shape const& filter) { return (Spatial == 2 ? filter[0] : 1) * filter[-3]; }
  static constexpr int pixels(shape const& x) { return (Spatial == 2 ? x[1] : 1) * x[-2]; }
  constexpr weight_role weight(int, shape const* inputs, shape const&) const {
    return {.operand = 1,
            .transposed = true,
            .depth = inputs[1][-1],
            .outputs = taps(inputs[1]) * inputs[1][-2],
            .rows = pixels(inputs[0])};
  }
  /// What every element of one image adds, before it is added.
  constexpr std::int64_t scratch(shape const* inputs, shape const&) const {
    return static_cast<std::int64_t>(pixels(inputs[0])) * taps(inputs[1]) * inputs[1][-2];
  }
  template <class T>
  void evaluate(auto kernels, evaluation const& e, auto facts, auto const& epilogue) const {
    shape const& x = e.input_shapes[0];
    kernels.template transposed_convolution<T>(facts, epilogue, over(x, e.input_shapes[1]), Spatial == 2 ? x[1] : 1, x[-2],
                                               e);
  }
};

}  // namespace detail

struct conv2d_transpose_op : detail::transposed_convolution<2> {
  static constexpr op_type type{"Conv2DBackpropInput"};
  static constexpr std::string_view default_name = "conv2d_transpose";
};
struct conv1d_transpose_op : detail::transposed_convolution<1> {
  static constexpr op_type type{"Conv1DBackpropInput"};
  static constexpr std::string_view default_name = "conv1d_transpose";
};

/// Transposed convolution (tf.nn.conv2d_transpose): an input [batch, rows, columns, channels] and a filter
/// [rows, columns, outputs, channels] give [batch, rows', columns', outputs]. rows' is (rows - 1) * stride + taps, of which
/// padding cuts off what a convolution would have padded: with `padding::same` it is rows * stride. `groups` is not used.
/// Floating dtypes. OP_SHAPE where the channels differ.
template <class A, class B>
  requires operands<A, B>
constexpr auto conv2d_transpose(A&& input, B&& filter, conv_options o = {}, name n = {}) {
  return apply(conv2d_transpose_op{{.stride = o.stride, .dilation = o.dilation, .pad = o.padding}}, n, std::forward<A>(input),
               std::forward<B>(filter));
}
/// The same along one axis: [batch, time, channels] with [time, outputs, channels].
template <class A, class B>
  requires operands<A, B>
constexpr auto conv1d_transpose(A&& input, B&& filter, conv_options o = {}, name n = {}) {
  return apply(conv1d_transpose_op{{.stride = o.stride, .dilation = o.dilation, .pad = o.padding}}, n, std::forward<A>(input),
               std::forward<B>(filter));
}

}  // namespace ambit
