// SPDX-License-Identifier: BSL-1.0
// Convolutions and pools.
#include "reference_ops.hpp"

#include <limits>

namespace reference {
namespace {

/// Along one axis: which element of the input lies below a tap of the window at an output; -1: padding.
struct sliding {
  int extent = 1, taps = 1, stride = 1, dilation = 1, before = 0;
  [[nodiscard]] int below(int output, int tap) const {
    int const at = output * stride - before + tap * dilation;
    return at < extent ? at : -1;
  }
};
/// `padding`: the kind, then the elements before and after the rows, before and after the columns.
sliding axis(int extent, int taps, int stride, int dilation, std::int64_t const* padding, int which) {
  sliding s{extent, taps, stride, dilation};
  int const reach = (taps - 1) * dilation + 1;
  switch (padding[0]) {
  case 1: {  // TensorFlow's SAME: ceil(extent / stride) outputs, the odd zero behind
    int const outputs = (extent + stride - 1) / stride, all = (outputs - 1) * stride + reach - extent;
    s.before = all > 0 ? all / 2 : 0;
    break;
  }
  case 2: s.before = reach - 1; break;
  case 3: s.before = static_cast<int>(padding[1 + 2 * which]); break;
  default: break;
  }
  return s;
}

/// [batch, rows, columns, channels], whatever axes there are between.
array with_rows(array const& x) {
  if (x.shape.rank() == 4) return x;
  return {{x.shape[0], 1, x.shape[1], x.shape[2]}, x.values};
}
ambit::shape with_rows(ambit::shape const& s) { return s.rank() == 4 ? s : ambit::shape{s[0], 1, s[1], s[2]}; }

/// Calls `f` with each element of the input that a window sees: its index, and the tap's.
template <class F>
void each_tap(sliding const& rows, sliding const& columns, index const& at, F const& f) {
  for (int i = 0; i < rows.taps; ++i)
    for (int j = 0; j < columns.taps; ++j)
      if (int const r = rows.below(at[1], i), c = columns.below(at[2], j); r >= 0 && c >= 0) f(r, c, i, j);
}

/// The attributes are stride, dilation, groups, padding. Of a depthwise one each channel is a group, and its filter lies
/// [rows, columns, channels, multiplier].
array convolve(call const& c, bool depthwise) {
  array const x = with_rows(c.operands[0]);
  array filter = c.operands[1];
  if (filter.shape.rank() == 3) filter.shape = {1, filter.shape[0], filter.shape[1], filter.shape[2]};
  int const stride = static_cast<int>(c.attributes[0]), dilation = static_cast<int>(c.attributes[1]);
  int const groups = depthwise ? x.shape[3] : static_cast<int>(c.attributes[2]);
  std::int64_t const* const padding = c.attributes.data() + 3;
  sliding const rows = c.operands[0].shape.rank() == 4 ? axis(x.shape[1], filter.shape[0], stride, dilation, padding, 0)
                                                       : sliding{};
  sliding const columns = axis(x.shape[2], filter.shape[1], stride, dilation, padding, 1);
  ambit::shape const result = with_rows(c.result);
  int const inputs = x.shape[3] / groups, outputs = result[3] / groups;
  array out = filled(result, 0);
  each(result, [&](index const& at) {
    int const group = at[3] / outputs;
    double sum = 0;
    each_tap(rows, columns, at, [&](int r, int col, int i, int j) {
      for (int k = 0; k < inputs; ++k) {
        index const weight = depthwise ? index{i, j, group, at[3] % outputs} : index{i, j, k, at[3]};
        sum += element(x, {at[0], r, col, group * inputs + k}, 4) * element(filter, weight, 4);
      }
    });
    element(out, at) = sum;
  });
  out.shape = c.result;
  return out;
}
/// The attributes are the extents of the window, its strides, padding.
array pool(call const& c, bool largest) {
  array const x = with_rows(c.operands[0]);
  auto attribute = [&](std::size_t k) { return static_cast<int>(c.attributes[k]); };
  std::int64_t const* const padding = c.attributes.data() + 4;
  sliding const rows = c.operands[0].shape.rank() == 4 ? axis(x.shape[1], attribute(0), attribute(2), 1, padding, 0) : sliding{};
  sliding const columns = axis(x.shape[2], attribute(1), attribute(3), 1, padding, 1);
  ambit::shape const result = with_rows(c.result);
  array out = filled(result, 0);
  each(result, [&](index const& at) {
    double sum = 0, most = -std::numeric_limits<double>::infinity();
    int count = 0;
    each_tap(rows, columns, at, [&](int r, int col, int, int) {
      double const v = element(x, {at[0], r, col, at[3]}, 4);
      sum += v, ++count;
      if (v > most) most = v;
    });
    element(out, at) = largest ? most : sum / count;
  });
  out.shape = c.result;
  return out;
}

}  // namespace

function_table nn_functions() {
  return {
      {"Conv2D", [](call const& c) { return convolve(c, false); }},
      {"Conv1D", [](call const& c) { return convolve(c, false); }},
      {"DepthwiseConv2dNative", [](call const& c) { return convolve(c, true); }},
      {"MaxPool", [](call const& c) { return pool(c, true); }},
      {"AvgPool", [](call const& c) { return pool(c, false); }},
  };
}

}  // namespace reference
