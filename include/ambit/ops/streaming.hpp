// SPDX-License-Identifier: BSL-1.0
// A causal convolution that goes on where the last run left it.
#pragma once

#include <ambit/ops/evaluation.hpp>
#include <ambit/ops/expression.hpp>

#include <bit>

namespace ambit {

/// Frames that the delay line of a streaming convolution holds: a power of two, so that its ends meet without a division.
constexpr int delay_frames(int taps, int dilation) {
  return static_cast<int>(std::bit_ceil(static_cast<unsigned>((taps - 1) * dilation + 1)));
}

struct streaming_conv1d_op {
  static constexpr op_type type{"StreamingConv1D"};
  static constexpr std::string_view default_name = "conv1d";
  static constexpr std::string_view operands[] = {"input", "delay", "position", "filter"};
  static constexpr bool takes_epilogue = true;
  static constexpr int weights = 1;
  static constexpr unsigned updates = 0b110;
  int dilation = 1;
  constexpr void attributes(auto& a) { a(dilation); }
  constexpr void infer(inference& i) const {
    if (i.dtype(0) != i.dtype(1) || i.dtype(0) != i.dtype(3) || !is_floating(i.dtype(0)))
      return i.refuse_dtype("an input, a delay line and a filter of one floating dtype");
    if (i.dtype(2) != dtype::i32) return i.refuse_dtype("a position of int32");
    if (!i.is_variable(1)) return i.refuse_not_a_variable(1);
    if (!i.is_variable(2)) return i.refuse_not_a_variable(2);
    if (dilation < 1) {
      text have{"dilation "};
      have.append(dilation);
      return i.refuse_attribute(std::move(have), "a dilation of at least 1");
    }
    shape const& x = i.shape(0);
    shape const& f = i.shape(3);
    bool const ranks = (x.rank() == 2 || (x.rank() == 3 && x[0] == 1)) && f.rank() == 3;
    if (!ranks || x[-1] != f[1] || f[0] < 1 || !(i.shape(1) == shape{delay_frames(f[0], dilation), x[-1]}) ||
        i.shape(2).elements() != 1)
      return i.refuse_shape(
          "an input [time, channels], a delay line [delay_frames(taps, dilation), channels], one position, and a filter "
          "[taps, channels, outputs]");
    shape out = x;
    out.set(x.rank() - 1, f[2]);
    i.output(out, i.dtype(0));
  }
  constexpr weight_role weight(int, shape const* inputs, shape const&) const {
    return {.operand = 3,
            .reader = weight_role::kernel::convolution,
            .depth = inputs[3][0] * inputs[3][1],
            .outputs = inputs[3][2]};
  }
  template <class T>
  void evaluate(auto kernels, evaluation const& e, auto facts, auto const& epilogue) const {
    kernels.template streaming_convolution<T>(facts, epilogue, e, dilation);
  }
};

/// A causal convolution along the time of [time, channels] or [1, time, channels] (conv1d with `padding::causal`) that
/// sees the frames of the runs before: they are kept in two variables that nothing else may read, a ring of
/// `delay_frames(taps, dilation)` frames, at first zero, and the position in it, an int32. A sequence may come in pieces;
/// all of it in one run gives the same. Recorded at once.
template <class Tensor = tensor>
constexpr auto streaming_conv1d(tensor x, tensor delay, tensor position, tensor filter, int dilation = 1, name n = {}) {
  return apply(streaming_conv1d_op{dilation}, n, Tensor(x), delay, position, filter);
}

}  // namespace ambit
