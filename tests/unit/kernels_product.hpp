// SPDX-License-Identifier: BSL-1.0
// Products of every kind of tail: outputs that fill no vector or no panel, depths shorter than what they are split into,
// rows that fill no tile. Shapes decide which code is compiled, so each type has a file of its own.
#pragma once

#include "kernels_support.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>

namespace kernels_test {

using namespace ambit;
using namespace ambit::loops;

struct extents {
  int rows, outputs, depth;
};

inline constexpr int row_counts[] = {2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 24, 25};
inline constexpr int depths[] = {0, 1, 2, 3, 5, 7, 8, 15, 16, 17, 31, 32, 33, 64, 100};

/// Blocks of rows: each number of rows four times, and 56 numbers of outputs up to 70.
inline constexpr auto blocks = [] {
  std::array<extents, 4 * std::size(row_counts)> all{};
  int i = 0;
  for (extents& e : all) {
    e = {row_counts[static_cast<std::size_t>(i) % std::size(row_counts)], 1 + i * 37 % 70,
         depths[static_cast<std::size_t>(i * 7 + i / 15) % std::size(depths)]};
    ++i;
  }
  return all;
}();
/// One row: each depth, with few outputs, and with many.
inline constexpr auto single_rows = [] {
  std::array<extents, 2 * std::size(depths)> all{};
  std::size_t i = 0;
  for (extents& e : all) {
    int const k = static_cast<int>(i);
    e = {1, i < std::size(depths) ? 1 + k * 5 % 17 : 18 + k * 23 % 53, depths[i % std::size(depths)]};
    ++i;
  }
  return all;
}();
/// More weights than stay in the cache, which are taken panel by panel; outputs beyond one panel of one row.
inline constexpr extents large[] = {{7, 70, 4000}, {2, 300, 9}, {1, 300, 40}, {1, 700, 3}};

/// relu(sum + added), `added` being of the result's shape.
template <class T>
struct residual {
  T const* added;
  int outputs;
  template <int N>
  lanes<T, N> operator()(lanes<T, N> const& sum, std::int64_t row, int column, int count) const {
    return (sum + lanes<T, N>::load(added + row * outputs + column, count)).max(lanes<T, N>(T(0)));
  }
};

template <class T>
struct problem {
  extents e;
  weight_form form;
  fenced<T> x, w, packed, start, added, out;

  problem(extents const& of, product_kernel const& k, std::mt19937& random)
      : e(of),
        form(form_for(k, of.outputs, of.depth, false)),
        x(count(of.rows, of.depth)),
        w(count(of.depth, of.outputs)),
        packed(static_cast<std::size_t>(form.elements())),
        // Read in whole vectors.
        start(count(1, (of.outputs + k.lanes - 1) / k.lanes * k.lanes)),
        added(count(of.rows, of.outputs)),
        out(count(of.rows, of.outputs)) {
    for (auto* all : {&x, &w, &start, &added}) fill(*all, random);
    pack(form, w.data(), packed.data());
  }
  static std::size_t count(int a, int b) { return static_cast<std::size_t>(a) * static_cast<std::size_t>(b); }

  [[nodiscard]] std::string text() const {
    return std::to_string(e.rows) + " x " + std::to_string(e.depth) + " x " + std::to_string(e.outputs);
  }
  /// `row_stride` and `step` say how x is read.
  void check(std::ptrdiff_t row_stride, std::ptrdiff_t step, bool started, bool epilogue) const {
    for (int r = 0; r < e.rows; ++r)
      for (int o = 0; o < e.outputs; ++o) {
        long double sum = started ? start[static_cast<std::size_t>(o)] : T(0);
        long double size = std::abs(sum);
        for (int k = 0; k < e.depth; ++k) {
          long double const product = static_cast<long double>(x[static_cast<std::size_t>(r * row_stride + k * step)]) *
                                      static_cast<long double>(w[count(k, e.outputs) + static_cast<std::size_t>(o)]);
          sum += product;
          size += std::abs(product);
        }
        std::size_t const at = count(r, e.outputs) + static_cast<std::size_t>(o);
        if (epilogue) {
          sum = std::max(sum + static_cast<long double>(added[at]), 0.0L);
          size += std::abs(static_cast<long double>(added[at]));
        }
        long double const off = std::abs(static_cast<long double>(out[at]) - sum);
        if (off <= static_cast<long double>(tolerance<T>) * size) continue;
        BOOST_ERROR(text() << (started ? ", started" : "") << (epilogue ? ", epilogue" : "") << ", steps of " << step
                           << ": element (" << r << ", " << o << ") is " << out[at] << ", expected " << sum);
        return;
      }
  }
};

template <class T, product_kernel K>
void run(problem<T>& o, bool transposed, bool started) {
  std::ptrdiff_t const row_stride = transposed ? 1 : o.e.depth, step = transposed ? o.e.rows : 1;
  product_operands<T> const p{o.x.data(), row_stride, step, o.packed.data(), started ? o.start.data() : nullptr,
                              o.out.data(), o.e.rows, o.e.outputs, o.e.depth};
  std::fill(o.out.begin(), o.out.end(), T(77));
  product<T, K>(p, no_epilogue{});
  o.check(row_stride, step, started, false);
}
template <class T, product_kernel K>
void run_with_epilogue(problem<T>& o, bool started) {
  product_operands<T> const p{o.x.data(),   o.e.depth, 1,           o.packed.data(), started ? o.start.data() : nullptr,
                              o.out.data(), o.e.rows,  o.e.outputs, o.e.depth};
  std::fill(o.out.begin(), o.out.end(), T(77));
  product<T, K>(p, residual<T>{o.added.data(), o.e.outputs});
  o.check(o.e.depth, 1, started, true);
}

template <class T, product_kernel K, bool Epilogue>
void check(extents const& e) {
  std::mt19937 random(static_cast<unsigned>(e.rows * 10000 + e.outputs * 100 + e.depth));
  problem<T> o(e, K, random);
  for (bool const started : {false, true}) {
    for (bool const transposed : {false, true}) run<T, K>(o, transposed, started);
    if constexpr (Epilogue) run_with_epilogue<T, K>(o, started);
  }
}

/// A third of them with an epilogue, too: it is a second copy of the kernel to compile.
template <class T, auto const& All>
void check_all() {
  []<std::size_t... I>(std::index_sequence<I...>) {
    (check<T, choose_product<T>(All[I].rows, All[I].outputs, All[I].depth), I % 3 == 0>(All[I]), ...);
  }(std::make_index_sequence<std::size(All)>{});
}

/// The number of rows known at run time only.
template <class T, int Outputs, int Depth>
void check_open() {
  constexpr product_kernel kernel = choose_product<T>(-1, Outputs, Depth);
  static_assert(kernel.form == product_kernel::kind::dots || kernel.rest == -1);
  for (int rows = 0; rows <= 26; ++rows) check<T, kernel, false>({rows, Outputs, Depth});
  for (int const rows : {63, 64, 65}) check<T, kernel, false>({rows, Outputs, Depth});
}
template <class T>
void check_open_ones() {
  check_open<T, 1, 17>();
  check_open<T, 3, 5>();
  check_open<T, 20, 33>();
  check_open<T, 70, 8>();
  check_open<T, 300, 2>();
}

}  // namespace kernels_test
