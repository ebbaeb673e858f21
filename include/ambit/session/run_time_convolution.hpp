// SPDX-License-Identifier: BSL-1.0
// Convolutions whose extents are known at run time only: lines of results, each with a tile of as many sums as it wants.
#pragma once

#include <ambit/kernels/convolution.hpp>
#include <ambit/kernels/pixel_pairs.hpp>
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
  relu_epilogue epilogue{};
  // Of pools: elements from a sum to its neighbour, and to that below.
  std::ptrdiff_t x_sum = 0, x_below = 0;

  // Taps come in runs. Those of one are at table[0], table[1], ..., or beside each other.
  struct repeated {
    int count = 0;
    std::ptrdiff_t x = 0, w = 0;  // elements from one to the next
  };
  std::int32_t const* table = nullptr;
  int length = 0;
  repeated rows{}, columns{};
};

/// Whether convolutions of T pool their results: for other types the code would seldom be used.
template <class T>
inline constexpr bool convolution_pools = std::is_same_v<T, float>;

/// Sums of a result: those of a pool of 2 x 2 are not stored, but the largest of them.
constexpr int sums_of(bool pooled) { return pooled ? 4 : 1; }

/// Results of a tile, at most: their sums fill the registers.
constexpr int most_line_tile(int vectors, bool pooled) {
  if (pooled) return std::max(1, (vector_registers >= 32 ? 24 : 12) / 4 / vectors - (vectors == 1 && vector_registers >= 32));
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

/// Three sums share a pointer, which with its multiples of the step is all that an address can say: pointers of each are more
/// than there are registers, and loading them costs as much as the sums.
template <class T, int Vectors, int Results, bool Pooled>
AMBIT_INLINE void line_tile(convolution_lines<T> const& l, T const* begin, T* out) {
  constexpr int N = native_lanes<T>;
  constexpr int all = Results * sums_of(Pooled), across = Pooled ? all / 2 : all;
  constexpr int pointers = (across + 2) / 3;  // of a line of sums
  sum_tile<T, N, Vectors, all> sums;
  sums.start(l.start);
  std::ptrdiff_t const step = Pooled ? l.x_sum : l.x_step, three = 3 * step;
  T const* from[static_cast<std::size_t>(all / across * pointers)];
  auto const point_to = [&](T const* x) __attribute__((always_inline)) {
    AMBIT_UNROLL
    for (int p = 0; p < all / across * pointers; ++p)
      from[p] = p == 0 ? x : p == pointers ? kept(x + l.x_below) : kept(from[p - 1] + three);
  };
  auto const add = [&](T const* w, int tap) __attribute__((always_inline)) {
    sums.add_one(w + tap * Vectors * N, [&](int s) __attribute__((always_inline)) {
      return (from[s / across * pointers + s % across / 3] + tap)[s % across % 3 * step];
    });
  };
  T const* row = begin;
  T const* row_weights = l.w;
  AMBIT_NO_UNROLL
  for (int i = l.rows.count; i > 0; --i, row += l.rows.x, row_weights += l.rows.w) {
    T const* run = row;
    T const* run_weights = row_weights;
    AMBIT_NO_UNROLL
    for (int j = l.columns.count; j > 0; --j, run += l.columns.x, run_weights += l.columns.w) {
      T const* w = run_weights;
      if (l.table != nullptr) {
        std::int32_t const* const end = l.table + l.length;
        AMBIT_NO_UNROLL
        for (std::int32_t const* tap = l.table; tap != end; ++tap, w += Vectors * N) point_to(run + *tap), add(w, 0);
      } else {
        // Two taps for the same pointers: making them costs a tenth of the time.
        T const* x = run;
        int left = l.length;
        AMBIT_NO_UNROLL
        for (; left >= 2; left -= 2, x += 2, w += 2 * Vectors * N) point_to(x), add(w, 0), add(w, 1);
        if (left > 0) point_to(x), add(w, 0);
      }
    }
  }
  if constexpr (Pooled) {
    AMBIT_UNROLL
    for (int r = 0; r < Results; ++r) {
      AMBIT_UNROLL
      for (int v = 0; v < Vectors; ++v)
        sums.sum[2 * r][v] = sums.sum[2 * r][v]
                                 .max(sums.sum[2 * r + 1][v])
                                 .max(sums.sum[across + 2 * r][v])
                                 .max(sums.sum[across + 2 * r + 1][v]);
      sums.finish_row(l.epilogue, 2 * r, 0, 0, l.outputs, out + r * l.out_step);
    }
  } else {
    sums.finish(l.epilogue, 0, 0, l.outputs, out, l.out_step);
  }
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
      if (l.table != nullptr) {
        AMBIT_NO_UNROLL
        for (int k = 0; k < l.length; ++k) sums.add_one(0, w + static_cast<std::ptrdiff_t>(k) * Vectors * N, x[l.table[k]]);
      } else {
        sums.add(w, x, nullptr, l.length, 1);
      }
    }
  sums.finish(l.epilogue, 0, 0, l.outputs, out);
}
/// The last tile of a line overlaps the one before where they do not fit.
template <class T, int Vectors, int Results, bool Pooled>
AMBIT_FLATTEN void tile_lines(convolution_lines<T> const& l) {
  for (int n = 0; n < l.count; ++n)
    for (int first = 0; first < l.results; first += Results) {
      int const at = std::min(first, l.results - Results);
      T const* const x = l.x + n * l.x_line + at * l.x_step;
      T* const out = l.out + n * l.out_line + at * l.out_step;
      if constexpr (Results == 1 && !Pooled)
        single_result<T, Vectors>(l, x, out);
      else
        line_tile<T, Vectors, Results, Pooled>(l, x, out);
    }
}

template <class T>
using line_code = void (*)(convolution_lines<T> const&);
/// The tiles of one width, of 1, 2, ... results.
template <class T, int Vectors, bool Pooled>
inline constexpr auto line_tiles = []<int... R>(std::integer_sequence<int, R...>) {
  return std::array<line_code<T>, sizeof...(R)>{&tile_lines<T, Vectors, R + 1, Pooled>...};
}(std::make_integer_sequence<int, most_line_tile(Vectors, Pooled)>{});

/// Pixels of one channel, two in a register (pair_tile): the weights are doubled once.
template <class T, pool_shape Pool>
class AMBIT_LOCAL run_time_pairs {
  static constexpr int width = native_lanes<T> / 2;
  using vector = typename pair_tile<T, width, Pool, 1>::vector;
  static constexpr int unit_sums = pair_tile<T, width, Pool, 1>::unit_sums;
  static constexpr int most_units = std::max(1, vector_registers * 7 / 16 / unit_sums), few_units = (most_units + 1) / 2;

 public:
  static constexpr int results = pair_tile<T, width, Pool, 1>::results;  // of a unit
  AMBIT_INLINE run_time_pairs(window const& over, int outputs, T const* w, T const* start, relu_epilogue epilogue)
      : over_(over), outputs_(outputs), start_(start != nullptr ? vector::load_twice(start) : vector(T(0))), epilogue_(epilogue) {
    for (int k = 0; k < over.rows.size * over.columns.size; ++k) w_[k] = vector::load_twice(w + k * native_lanes<T>);
  }
  /// Results whose windows lie on the input; that of the first begins at `corner`. At least as many columns as of a unit.
  AMBIT_FLATTEN void block(T const* corner, T* out, int rows, int columns) const {
    std::ptrdiff_t const row_step = Pool.rows * over_.rows.stride * static_cast<std::ptrdiff_t>(over_.columns.extent);
    std::ptrdiff_t const out_step = static_cast<std::ptrdiff_t>(over_.columns.outputs() / Pool.columns) * outputs_;
    int const units = units_for(columns / results);
    for (int row = 0; row < rows; ++row, corner += row_step, out += out_step) {
      if (units == most_units)
        tiles<most_units>(corner, out, columns);
      else if (units == few_units)
        tiles<few_units>(corner, out, columns);
      else
        tiles<1>(corner, out, columns);
    }
  }

 private:
  // Of a tile: as many as compute the fewest, as the last tile of a line overlaps the one before.
  static int units_for(int of_line) {
    auto const computed = [&](int units) { return (of_line + units - 1) / units * units; };
    if (of_line < few_units) return 1;
    return of_line >= most_units && computed(most_units) <= computed(few_units) ? most_units : few_units;
  }
  template <int Units>
  AMBIT_INLINE void tiles(T const* corner, T* out, int columns) const {
    AMBIT_NO_UNROLL
    for (int first = 0; first < columns; first += Units * results) {
      int const column = std::min(first, columns - Units * results);
      pair_tile<T, width, Pool, Units> sums;
      sums.start(start_);
      std::ptrdiff_t const row = over_.columns.extent, below = over_.rows.stride * row;
      vector const* w = w_;
      AMBIT_NO_UNROLL
      for (int i = 0; i < over_.rows.size; ++i) {
        T const* from = corner + column * Pool.columns + i * over_.rows.dilation * row;
        AMBIT_NO_UNROLL
        for (int j = 0; j < over_.columns.size; ++j, from += over_.columns.dilation) sums.add(*w++, from, below);
      }
      sums.finish(epilogue_, outputs_, out + column * outputs_);
    }
  }

  window const& over_;
  int const outputs_;
  vector const start_;
  relu_epilogue const epilogue_;
  vector w_[static_cast<std::size_t>(most_taps)];
};

template <class T>
class AMBIT_LOCAL run_time_convolution {
 public:
  /// Where `pooled`, of whose results the largest of each 2 x 2 are stored: `convolution_pools<T>`, and nothing is padded.
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
      std::ptrdiff_t const y = static_cast<std::ptrdiff_t>(row) * Pool.rows * over_.rows.stride - over_.rows.before + i.first * over_.rows.dilation;
      std::ptrdiff_t const x = static_cast<std::ptrdiff_t>(column) * Pool.columns * over_.columns.stride - over_.columns.before + j.first * over_.columns.dilation;
      l.x = o_.x + (static_cast<std::ptrdiff_t>(at.image) * over_.rows.extent + y) * input_row() + x * over_.channels + at.group * inputs_;
      l.x_step = x_column, l.x_line = x_row;
    }
    l.out = o_.out + (static_cast<std::ptrdiff_t>(at.image) * (over_.rows.outputs() / Pool.rows) + row) * out_row +
            static_cast<std::ptrdiff_t>(column) * form_.outputs + at.group * outputs_ + at.column;
    l.out_step = form_.outputs, l.out_line = out_row;
    l.results = end_column - column, l.count = end_row - row;
    if constexpr (!std::is_void_v<pairs_of<Pool>>)
      if (pairs != nullptr && i.count == over_.rows.size && j.count == over_.columns.size && l.results >= pairs->results)
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
  // Elements of the input from one to the next: row, tap of a column of the window, tap of a row.
  [[nodiscard]] std::ptrdiff_t input_row() const { return static_cast<std::ptrdiff_t>(over_.columns.extent) * over_.channels; }
  [[nodiscard]] std::ptrdiff_t tap_row() const { return over_.rows.dilation * input_row(); }
  [[nodiscard]] std::ptrdiff_t tap_column() const { return static_cast<std::ptrdiff_t>(over_.columns.dilation) * over_.channels; }

  weight_form const& form_;
  window const& over_;
  convolution_operands<T> o_;
  relu_epilogue epilogue_;
  int pool_;              // results of which one is stored, along each axis
  int inputs_, outputs_;  // of one group
  int run_ = 0;           // taps beside each other in memory
  bool whole_ = false;    // the table has all taps: where runs are short, a loop over them costs more than the sums
  std::array<std::int32_t, most_taps> table_;
};

}  // namespace run_time
}  // namespace AMBIT_ABI
}  // namespace ambit
