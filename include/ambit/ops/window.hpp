// SPDX-License-Identifier: BSL-1.0
// Windows that slide over the middle axes of a tensor: what convolutions and pools have in common.
#pragma once

#include <ambit/core/axes.hpp>
#include <ambit/core/shape.hpp>

#include <cstdint>

namespace ambit {

/// What lies beyond the border: nothing, so that windows stay inside (`padding::valid`); zeros, as many as make the
/// output ceil(extent / stride) long, the odd one at the end (`padding::same`, TensorFlow's); zeros before the beginning
/// only, so that no output sees the future (`padding::causal`, Keras'); or the given numbers of zeros at each end.
struct padding {
  enum class kind : std::uint8_t { valid, same, causal, given };
  kind how = kind::valid;
  int before[2] = {};
  int after[2] = {};

  constexpr padding(kind k = kind::valid) : how(k) {}
  static const padding valid, same, causal;
  /// For each of the axes that the window slides along: zeros before, zeros after.
  static constexpr padding rows_and_columns(int top, int bottom, int left, int right) {
    padding p(kind::given);
    p.before[0] = top, p.after[0] = bottom, p.before[1] = left, p.after[1] = right;
    return p;
  }
  static constexpr padding around(int before_, int after_) { return rows_and_columns(0, 0, before_, after_); }
  constexpr bool operator==(padding const&) const = default;
};
inline constexpr padding padding::valid{kind::valid};
inline constexpr padding padding::same{kind::same};
inline constexpr padding padding::causal{kind::causal};

namespace detail {

/// Outputs or taps along an axis: [first, end).
struct window_range {
  int first = 0;
  int end = 0;
  [[nodiscard]] constexpr int size() const { return end - first; }
};

/// One axis of a sliding window.
struct window_axis {
  int extent = 1;  // of the input
  int size = 1;    // of the window, in taps
  int stride = 1;
  int dilation = 1;
  int before = 0;  // zeros
  int after = 0;

  [[nodiscard]] constexpr int reach() const { return (size - 1) * dilation + 1; }
  [[nodiscard]] constexpr int outputs() const {
    int const room = extent + before + after - reach();
    return room < 0 ? 0 : room / stride + 1;
  }
  constexpr void pad(padding const& p, int axis) {
    if (p.how == padding::kind::same) {
      int const outs = (extent + stride - 1) / stride;
      int const zeros = (outs - 1) * stride + reach() - extent;
      before = zeros > 0 ? zeros / 2 : 0;
      after = zeros > 0 ? zeros - before : 0;
    } else if (p.how == padding::kind::causal) {
      before = reach() - 1;
    } else if (p.how == padding::kind::given) {
      before = p.before[axis];
      after = p.after[axis];
    }
  }
  /// The taps of the window at an output that lie on the input: [first, end).
  [[nodiscard]] constexpr int first_tap(int output) const {
    int const at = output * stride - before;
    return at >= 0 ? 0 : (-at + dilation - 1) / dilation;
  }
  [[nodiscard]] constexpr int end_tap(int output) const {
    int const room = extent - 1 - (output * stride - before);
    int const end = room < 0 ? 0 : room / dilation + 1;
    return end < size ? end : size;
  }
  /// Those of the first `count` outputs whose windows lie on the input as a whole.
  [[nodiscard]] constexpr window_range inner(int count) const {
    window_range r{0, count};
    while (r.first < r.end && first_tap(r.first) > 0) ++r.first;
    while (r.end > r.first && end_tap(r.end - 1) < size) --r.end;
    return r;
  }
};

}  // namespace detail

/// A window over [batch, rows, columns, channels].
struct window {
  int batch = 1;
  int channels = 1;
  detail::window_axis rows{};
  detail::window_axis columns{};
};

}  // namespace ambit
