// SPDX-License-Identifier: BSL-1.0
// Convolutions whose extents are known at run time only: lines of results, each with a tile of as many sums as it wants.
#pragma once

#include <ambit/kernels/convolution.hpp>
#include <ambit/session/run_time_product.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace ambit {
inline namespace AMBIT_ABI {
namespace run_time {

using namespace loops;

/// Results of one panel that use the same taps: lines of them, cut into tiles of one size.
template <class T>
struct AMBIT_LOCAL convolution_lines {
  T const* x = nullptr;  // the first tap of the first result
  T* out = nullptr;
  int count = 0;
  std::ptrdiff_t x_line = 0, out_line = 0;  // elements from a line to the next
  int results = 0;                          // of a line
  std::ptrdiff_t x_step = 0, out_step = 0;  // from a result to the next
  T const* w = nullptr;
  T const* start = nullptr;
  int outputs = 0;  // of the panel, that exist

  // Taps come in runs. Those of one are at table[0], table[1], ...; where it is longer than the table, the next ones are
  // `most_taps` further.
  struct repeated {
    int count = 0;
    std::ptrdiff_t x = 0, w = 0;  // elements from one to the next
  };
  std::int32_t const* table = nullptr;
  bool scattered = false;  // the table is not 0, 1, 2, ...
  int length = 0;
  repeated rows{}, columns{};
};

/// Results of a tile, at most: their sums fill the registers.
constexpr int most_line_tile(int vectors) {
  if (vector_registers >= 32) return vectors == 1 ? 14 : vectors == 2 ? 12 : 6;
  if (vector_registers >= 16) return vectors == 1 ? 12 : 6;
  return vectors == 1 ? 4 : 2;
}

/// A pointer as it is: not as one of many that the compiler would keep up to date.
template <class T>
AMBIT_INLINE T const* kept(T const* p) {
#if defined(__GNUC__)
  __asm__("" : "+r"(p));
#endif
  return p;
}

/// Three results share a pointer, which with its multiples of the step is all that an address can say: pointers of each
/// result are more than there are registers, and loading them costs as much as the sums.
template <class T, int Vectors, int Results>
AMBIT_INLINE void line_tile(convolution_lines<T> const& l, T const* begin, T* out) {
  constexpr int N = native_lanes<T>;
  constexpr int pointers = (Results + 2) / 3;
  sum_tile<T, N, Vectors, Results> sums;
  sums.start(l.start);
  std::ptrdiff_t const step = l.x_step, three = 3 * step;
  AMBIT_NO_UNROLL
  for (int i = 0; i < l.rows.count; ++i) {
    AMBIT_NO_UNROLL
    for (int j = 0; j < l.columns.count; ++j) {
      T const* x = begin + i * l.rows.x + j * l.columns.x;
      T const* w = l.w + i * l.rows.w + j * l.columns.w;
      AMBIT_NO_UNROLL
      for (int left = l.length; left > 0; left -= most_taps, x += most_taps) {
        std::int32_t const* const end = l.table + std::min(left, most_taps);
        AMBIT_NO_UNROLL
        for (std::int32_t const* tap = l.table; tap != end; ++tap, w += Vectors * N) {
          T const* from[static_cast<std::size_t>(pointers)];
          from[0] = x + *tap;
          AMBIT_UNROLL
          for (int p = 1; p < pointers; ++p) from[p] = kept(from[p - 1] + three);
          sums.add_one(w, [&](int r) __attribute__((always_inline)) { return from[r / 3][r % 3 * step]; });
        }
      }
    }
  }
  sums.finish(no_epilogue{}, 0, 0, l.outputs, out, l.out_step);
}
/// A single result: its taps go to several sums, or each would wait for the one before (images of 3 x 3 took 1.8 times the
/// time).
template <class T, int Vectors>
AMBIT_INLINE void single_result(convolution_lines<T> const& l, T const* begin, T* out) {
  constexpr int N = native_lanes<T>;
  row_tile<T, N, Vectors, Vectors <= 2 ? 4 : 2> sums;
  sums.start(l.start);
  for (int i = 0; i < l.rows.count; ++i)
    for (int j = 0; j < l.columns.count; ++j) {
      T const* const x = begin + i * l.rows.x + j * l.columns.x;
      T const* const w = l.w + i * l.rows.w + j * l.columns.w;
      if (l.scattered) {
        AMBIT_NO_UNROLL
        for (int k = 0; k < l.length; ++k) sums.add_one(0, w + static_cast<std::ptrdiff_t>(k) * Vectors * N, x[l.table[k]]);
      } else {
        sums.add(w, x, nullptr, l.length, 1);
      }
    }
  sums.finish(no_epilogue{}, 0, 0, l.outputs, out);
}
/// The last tile of a line overlaps the one before where they do not fit.
template <class T, int Vectors, int Results>
AMBIT_FLATTEN void tile_lines(convolution_lines<T> const& l) {
  for (int n = 0; n < l.count; ++n)
    for (int first = 0; first < l.results; first += Results) {
      int const at = std::min(first, l.results - Results);
      T const* const x = l.x + n * l.x_line + at * l.x_step;
      T* const out = l.out + n * l.out_line + at * l.out_step;
      if constexpr (Results == 1)
        single_result<T, Vectors>(l, x, out);
      else
        line_tile<T, Vectors, Results>(l, x, out);
    }
}

template <class T>
using line_code = void (*)(convolution_lines<T> const&);
/// The tiles of one width, of 1, 2, ... results.
template <class T, int Vectors>
inline constexpr auto line_tiles = []<int... R>(std::integer_sequence<int, R...>) {
  return std::array<line_code<T>, sizeof...(R)>{&tile_lines<T, Vectors, R + 1>...};
}(std::make_integer_sequence<int, most_line_tile(Vectors)>{});

template <class T>
class AMBIT_LOCAL run_time_convolution {
 public:
  run_time_convolution(weight_form const& form, window const& over, convolution_operands<T> const& o)
      : form_(form), over_(over), o_(o), inputs_(over.channels / form.blocks), outputs_(form.outputs / form.blocks) {
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
    } else {
      for (std::size_t k = 0; k < table_.size(); ++k) table_[k] = static_cast<std::int32_t>(k);
    }
  }

  void run() const {
    if (form_.outputs == 0) return;
    with_width<T>(form_.vectors, [&]<int Vectors>(std::integral_constant<int, Vectors>) {
      int const rows = over_.rows.outputs(), columns = over_.columns.outputs();
      detail::window_range const inner_rows = over_.rows.inner(rows), inner_columns = over_.columns.inner(columns);
      auto const& tiles = line_tiles<T, Vectors>;
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
                rectangle(at, r, end_row, c, end_column, tiles);
                c = end_column;
              }
              r = end_row;
            }
          }
    });
  }

 private:
  struct place {
    int image, group, column;
    T const* weights;
  };

  // Results whose windows have the same taps on the input: in lines along its longer side.
  template <class Tiles>
  void rectangle(place const& at, int row, int end_row, int column, int end_column, Tiles const& tiles) const {
    window_taps const i = taps_of(over_.rows, row), j = taps_of(over_.columns, column);
    convolution_lines<T> l;
    l.table = table_.data();
    l.scattered = whole_;
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

    std::ptrdiff_t const x_row = over_.rows.stride * input_row(),
                         x_column = static_cast<std::ptrdiff_t>(over_.columns.stride) * over_.channels;
    std::ptrdiff_t const out_row = static_cast<std::ptrdiff_t>(over_.columns.outputs()) * form_.outputs;
    if (l.rows.count == 0) {
      l.x = o_.x;
    } else {
      std::ptrdiff_t const y = static_cast<std::ptrdiff_t>(row) * over_.rows.stride - over_.rows.before + i.first * over_.rows.dilation;
      std::ptrdiff_t const x = static_cast<std::ptrdiff_t>(column) * over_.columns.stride - over_.columns.before + j.first * over_.columns.dilation;
      l.x = o_.x + (static_cast<std::ptrdiff_t>(at.image) * over_.rows.extent + y) * input_row() + x * over_.channels + at.group * inputs_;
      l.x_step = x_column, l.x_line = x_row;
    }
    l.out = o_.out + (static_cast<std::ptrdiff_t>(at.image) * over_.rows.outputs() + row) * out_row +
            static_cast<std::ptrdiff_t>(column) * form_.outputs + at.group * outputs_ + at.column;
    l.out_step = form_.outputs, l.out_line = out_row;
    l.results = end_column - column, l.count = end_row - row;
    if (l.count > l.results) {
      std::swap(l.x_step, l.x_line);
      std::swap(l.out_step, l.out_line);
      std::swap(l.results, l.count);
    }
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
  // Elements of the input from one to the next: row, tap of a column of the window, tap of a row.
  [[nodiscard]] std::ptrdiff_t input_row() const { return static_cast<std::ptrdiff_t>(over_.columns.extent) * over_.channels; }
  [[nodiscard]] std::ptrdiff_t tap_row() const { return over_.rows.dilation * input_row(); }
  [[nodiscard]] std::ptrdiff_t tap_column() const { return static_cast<std::ptrdiff_t>(over_.columns.dilation) * over_.channels; }

  weight_form const& form_;
  window const& over_;
  convolution_operands<T> o_;
  int inputs_, outputs_;  // of one group
  int run_ = 0;           // taps beside each other in memory
  bool whole_ = false;    // the table has all taps: where runs are short, a loop over them costs more than the sums
  std::array<std::int32_t, most_taps> table_;
};

}  // namespace run_time
}  // namespace AMBIT_ABI
}  // namespace ambit
