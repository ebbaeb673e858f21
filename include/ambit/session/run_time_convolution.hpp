// SPDX-License-Identifier: BSL-1.0
// Convolutions whose extents are known at run time only.
#pragma once

#include <ambit/session/convolution_lines.hpp>
#include <ambit/session/run_time_pairs.hpp>
#include <ambit/session/run_time_product.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace ambit {
inline namespace AMBIT_ABI {
namespace run_time {

using namespace loops;

template <class T>
class AMBIT_LOCAL run_time_convolution {
 public:
  /// `pooled`: the largest of each 2 x 2 results are stored. Of `convolution_pools<T>`, and nothing is padded.
  run_time_convolution(weight_form const& form, window const& over, convolution_operands<T> const& o,
                       relu_epilogue epilogue = {}, bool pooled = false)
      : form_(form),
        over_(over),
        o_(o),
        epilogue_(epilogue),
        pool_(pooled ? 2 : 1),
        inputs_(over.channels / form.blocks),
        outputs_(form.outputs / form.blocks) {
    bool const dense = over.columns.dilation == 1 && form.blocks == 1;
    run_ = dense ? over.columns.size * inputs_ : inputs_;
    int const depth = over.rows.size * over.columns.size * inputs_;
    whole_ = run_ < 8 && depth <= most_taps;
    if (whole_) {
      int tap = 0;
      for (int i = 0; i < over.rows.size; ++i)
        for (int j = 0; j < over.columns.size; ++j)
          for (int k = 0; k < inputs_; ++k)
            table_[static_cast<std::size_t>(tap++)] = static_cast<std::int32_t>(i * tap_row() + j * tap_column() + k);
    }
  }

  void run() const {
    if (form_.outputs == 0) return;
    if constexpr (convolution_pools<T>)
      if (pool_ > 1) return run_as<pool_shape{2, 2}>();
    run_as<pool_shape{}>();
  }

 private:
  struct place {
    int image, group, column;
    T const* weights;
  };

  template <pool_shape Pool>
  using pairs_of = std::conditional_t<detail_lanes::has_pairs<T, native_lanes<T>>, run_time_pairs<T, Pool>, void>;

  template <pool_shape Pool>
  void run_as() const {
    if constexpr (!std::is_void_v<pairs_of<Pool>>) {
      bool const narrow = form_.outputs * 2 <= native_lanes<T> && over_.channels == 1;
      if (narrow && over_.columns.stride == 1 && over_.rows.size * over_.columns.size <= most_taps) {
        pairs_of<Pool> const pairs(over_, form_.outputs, o_.w, o_.start, epilogue_);
        return each_rectangle<1, Pool>(&pairs);
      }
    }
    with_width<T>(form_.vectors, [&]<int Vectors>(std::integral_constant<int, Vectors>) {
      each_rectangle<Vectors, Pool>(nullptr);
    });
  }
  template <int Vectors, pool_shape Pool>
  void each_rectangle(pairs_of<Pool> const* pairs) const {
    int const rows = over_.rows.outputs() / Pool.rows, columns = over_.columns.outputs() / Pool.columns;
    detail::window_range const inner_rows = over_.rows.inner(rows), inner_columns = over_.columns.inner(columns);
    int const full = Vectors * native_lanes<T>;
    std::ptrdiff_t const depth = form_.depth;
    int const padded = (outputs_ + native_lanes<T> - 1) / native_lanes<T> * native_lanes<T>;
    for (int group = 0; group < form_.blocks; ++group)
      for (int image = 0; image < over_.batch; ++image)
        for (int column = 0; column < outputs_; column += full) {
          place const at{image, group, column, o_.w + (static_cast<std::ptrdiff_t>(group) * padded + column) * depth};
          for (int r = 0; r < rows;) {
            int const end_row = r == inner_rows.first && r < inner_rows.end ? inner_rows.end : r + 1;
            for (int c = 0; c < columns;) {
              int const end_column = c == inner_columns.first && c < inner_columns.end ? inner_columns.end : c + 1;
              rectangle<Vectors, Pool>(at, r, end_row, c, end_column, pairs);
              c = end_column;
            }
            r = end_row;
          }
        }
  }

  // Results whose windows have the same taps on the input: in lines along its longer side.
  template <int Vectors, pool_shape Pool>
  void rectangle(place const& at, int row, int end_row, int column, int end_column, pairs_of<Pool> const* pairs) const {
    constexpr bool pooled = Pool.rows > 1;
    window_taps const i = taps_of(over_.rows, row), j = taps_of(over_.columns, column);
    convolution_lines<T> l;
    l.table = whole_ ? table_.data() : nullptr;
    bool const all_columns = j.count == over_.columns.size;
    std::ptrdiff_t const panel = static_cast<std::ptrdiff_t>(form_.vectors) * native_lanes<T>;
    std::ptrdiff_t const w_column = inputs_ * panel, w_row = over_.columns.size * w_column;
    if (whole_ && all_columns) {
      l.length = i.count * over_.columns.size * inputs_;
      l.rows = l.columns = {1, 0, 0};
    } else if (whole_ || run_ > inputs_) {  // the taps of a row are one run
      l.length = j.count * inputs_;
      l.rows = {i.count, tap_row(), w_row};
      l.columns = {1, 0, 0};
    } else {
      l.length = inputs_;
      l.rows = {i.count, tap_row(), w_row};
      l.columns = {j.count, tap_column(), w_column};
    }
    l.w = at.weights + i.first * w_row + j.first * w_column;
    l.start = o_.start == nullptr ? nullptr : o_.start + static_cast<std::ptrdiff_t>(at.group) * outputs_ + at.column;
    l.outputs = outputs_ - at.column;
    if (i.count * j.count * inputs_ == 0) l.rows.count = 0;

    l.epilogue = epilogue_;
    l.x_below = over_.rows.stride * input_row();
    l.x_sum = static_cast<std::ptrdiff_t>(over_.columns.stride) * over_.channels;
    std::ptrdiff_t const x_row = Pool.rows * l.x_below, x_column = Pool.columns * l.x_sum;
    std::ptrdiff_t const out_row = static_cast<std::ptrdiff_t>(over_.columns.outputs() / Pool.columns) * form_.outputs;
    if (l.rows.count == 0) {
      l.x = o_.x;
    } else {
      std::ptrdiff_t const y = place_of(over_.rows, row * Pool.rows, i.first);
      std::ptrdiff_t const x = place_of(over_.columns, column * Pool.columns, j.first);
      l.x = o_.x + (static_cast<std::ptrdiff_t>(at.image) * over_.rows.extent + y) * input_row() + x * over_.channels +
            at.group * inputs_;
      l.x_step = x_column, l.x_line = x_row;
    }
    l.out = o_.out + (static_cast<std::ptrdiff_t>(at.image) * (over_.rows.outputs() / Pool.rows) + row) * out_row +
            static_cast<std::ptrdiff_t>(column) * form_.outputs + at.group * outputs_ + at.column;
    l.out_step = form_.outputs, l.out_line = out_row;
    l.results = end_column - column, l.count = end_row - row;
    bool const whole_windows = i.count == over_.rows.size && j.count == over_.columns.size;
    if constexpr (!std::is_void_v<pairs_of<Pool>>)
      if (pairs != nullptr && whole_windows && l.results >= pairs->results)
        return pairs->block(l.x, l.out, l.count, l.results);
    if (l.count > l.results) {
      std::swap(l.x_step, l.x_line);
      std::swap(l.x_sum, l.x_below);
      std::swap(l.out_step, l.out_line);
      std::swap(l.results, l.count);
    }
    auto const& tiles = line_tiles<T, Vectors, pooled>;
    int const most = static_cast<int>(tiles.size());
    int const per_line = (l.results + most - 1) / most;
    tiles[static_cast<std::size_t>((l.results + per_line - 1) / per_line - 1)](l);
  }
  struct window_taps {
    int first, count;
  };
  static window_taps taps_of(detail::window_axis const& a, int output) {
    int const first = a.first_tap(output);
    return {first, std::max(0, a.end_tap(output) - first)};
  }
  // On the input.
  static std::ptrdiff_t place_of(detail::window_axis const& a, int output, int tap) {
    return static_cast<std::ptrdiff_t>(output) * a.stride - a.before + tap * a.dilation;
  }
  // Elements of the input from one to the next: row, tap of a column of the window, tap of a row.
  [[nodiscard]] std::ptrdiff_t input_row() const {
    return static_cast<std::ptrdiff_t>(over_.columns.extent) * over_.channels;
  }
  [[nodiscard]] std::ptrdiff_t tap_row() const { return over_.rows.dilation * input_row(); }
  [[nodiscard]] std::ptrdiff_t tap_column() const {
    return static_cast<std::ptrdiff_t>(over_.columns.dilation) * over_.channels;
  }

  weight_form const& form_;
  window const& over_;
  convolution_operands<T> o_;
  relu_epilogue epilogue_;
  int pool_;              // results of which one is stored, along each axis
  int inputs_, outputs_;  // of one group
  int run_ = 0;           // taps beside each other in memory
  bool whole_ = false;  // the table has all taps: where runs are short, a loop over them costs more than the sums
  std::array<std::int32_t, most_taps> table_;
};

}  // namespace run_time
}  // namespace AMBIT_ABI
}  // namespace ambit
