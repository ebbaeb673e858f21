// SPDX-License-Identifier: BSL-1.0
// Products whose extents are known at run time only: the tiles of the compiled ones, chosen panel by panel.
#pragma once

#include <ambit/kernels/convolution.hpp>
#include <ambit/kernels/product.hpp>
#include <ambit/ops/nn.hpp>

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

/// What a product or a convolution computes on its sums before it stores them: relu, where there is one.
struct AMBIT_LOCAL relu_epilogue {
  static constexpr bool reads_sum_only = true;
  bool relu = false;
  template <class V>
  AMBIT_INLINE V operator()(V const& sum, std::int64_t, int, int) const {
    return relu ? relu_op{}.lower(sum) : sum;
  }
};

/// The widest panel: integers have one width only, so that a program does not hold tiles that hardly a model uses.
template <class T>
inline constexpr int most_vectors = std::is_floating_point_v<T> ? most_tile_vectors : 1;

/// The form of weights [depth, outputs] for products at run time: that of the compiled ones, but always of whole registers.
template <class T>
constexpr weight_form product_form(int rows, int outputs, int depth, bool transposed) {
  constexpr int N = native_lanes<T>;
  product_kernel k;
  k.lanes = N;
  if (outputs * 2 <= N) {
    k.form = product_kernel::kind::dots;
  } else {
    int const vectors = std::max(1, (outputs + N - 1) / N);
    int const most = std::is_floating_point_v<T> && rows == 1 ? most_row_vectors : most_vectors<T>;
    int const panels = (vectors + most - 1) / most;
    k.vectors = (vectors + panels - 1) / panels;
  }
  return form_for(k, outputs, depth, transposed);
}
/// The widths of a convolution's panels: each is 20 kB of code.
template <class T>
using convolution_widths = std::conditional_t<std::is_same_v<T, float> && most_tile_vectors == 4,
                                              std::integer_sequence<int, 4, 2, 1>,
                                              std::conditional_t<std::is_same_v<T, float>, std::integer_sequence<int, 2, 1>,
                                                                 std::integer_sequence<int, 1>>>;
/// The form of a convolution's weights: panels of equal width, as the kernel has that in its type.
template <class T>
constexpr weight_form convolution_form(weight_role const& r) {
  constexpr int N = native_lanes<T>;
  int const vectors = std::max(1, (r.outputs / r.blocks + N - 1) / N);
  product_kernel k;
  k.lanes = N;
  k.vectors = [&]<int... W>(std::integer_sequence<int, W...>) {
    int widest = 1;
    (void)((vectors % W == 0 && (widest = W, true)) || ...);
    return widest;
  }(convolution_widths<T>{});
  weight_form f = form_for(k, r.outputs, r.depth, r.transposed);
  f.blocks = r.blocks;
  return f;
}
template <class T>
constexpr weight_form form_for_role(weight_role const& r) {
  if (r.reader == weight_role::kernel::convolution) return convolution_form<T>(r);
  return product_form<T>(r.reader == weight_role::kernel::recurrent ? 1 : r.rows, r.outputs, r.depth, r.transposed);
}
constexpr weight_form form_for_role(weight_role const& r, dtype type) {
  switch (type) {
    case dtype::f64: return form_for_role<double>(r);
    case dtype::i32: return form_for_role<std::int32_t>(r);
    case dtype::i64: return form_for_role<std::int64_t>(r);
    default: return form_for_role<float>(r);
  }
}

/// Calls `body` with the width of a convolution's panels as a constant.
template <class T, class Body>
void with_width(int vectors, Body const& body) {
  [&]<int... W>(std::integer_sequence<int, W...>) {
    (void)((vectors == W && (body(std::integral_constant<int, W>{}), true)) || ...);
  }(convolution_widths<T>{});
}

namespace detail_product {

/// Rows of the tiles, largest first: each remainder is a sum of them.
inline constexpr std::array<int, 3> tile_heights = tile_rows(most_tile_vectors) >= 6 ? std::array{6, 4, 2} : std::array{2, 2, 2};

template <class T, int Vectors, int Rows>
AMBIT_FLATTEN void tile(product_operands<T> const& p, relu_epilogue epilogue, std::int64_t row, int column) {
  constexpr product_kernel kernel{.form = product_kernel::kind::tiles, .lanes = native_lanes<T>, .vectors = Vectors};
  loops::detail_product::panel<T, kernel, Vectors, Rows>(p, epilogue, row, column);
}
template <class T, int Vectors>
AMBIT_FLATTEN void single_row(product_operands<T> const& p, relu_epilogue epilogue, std::int64_t row, int column) {
  constexpr int splits = std::clamp((vector_registers >= 32 ? 16 : vector_registers / 2) / Vectors, 1, 8);
  constexpr product_kernel kernel{.form = product_kernel::kind::row, .lanes = native_lanes<T>, .vectors = Vectors, .splits = splits};
  row_tile<T, kernel.lanes, Vectors, kernel.splits> sums;
  sums.start(p.start != nullptr ? p.start + column : nullptr);
  sums.add(p.w + static_cast<std::ptrdiff_t>(column) * p.depth, p.x + row * p.row_stride, nullptr, p.depth, p.step);
  sums.finish(epilogue, row, column, p.outputs - column, p.out + row * p.outputs + column);
}
template <class T>
using panel_code = void (*)(product_operands<T> const&, relu_epilogue, std::int64_t row, int column);

/// The code of each width: tiles of the heights, then a single row.
template <class T>
inline constexpr auto code_for = []<int... V>(std::integer_sequence<int, V...>) {
  return std::array<std::array<panel_code<T>, 4>, sizeof...(V)>{
      std::array<panel_code<T>, 4>{&tile<T, V + 1, tile_heights[0]>, &tile<T, V + 1, tile_heights[1]>,
                                   &tile<T, V + 1, tile_heights[2]>, &single_row<T, V + 1>}...};
}(std::make_integer_sequence<int, std::is_floating_point_v<T> ? std::max(most_tile_vectors, most_row_vectors) : 1>{});

}  // namespace detail_product

/// out = epilogue(start + x w), of any extents; `w` has the form. As loops::product; one call a tile.
template <class T>
void product(weight_form const& form, product_operands<T> const& p, relu_epilogue epilogue = {}) {
  using namespace detail_product;
  if (p.outputs == 0 || p.rows == 0) return;
  if (form.form == weight_form::kind::rows) {
    constexpr product_kernel dots{.form = product_kernel::kind::dots, .lanes = native_lanes<T>};
    return loops::product<T, dots>(p, epilogue);
  }
  auto const& code = code_for<T>;
  int const full = form.vectors * form.lanes;
  if (p.rows == 1 && p.outputs <= full) return code[static_cast<std::size_t>(form.vectors - 1)][3](p, epilogue, 0, 0);
  int const last = (p.outputs - 1) / full * full;
  auto const& whole = code[static_cast<std::size_t>(form.vectors - 1)];
  auto const& rest = code[static_cast<std::size_t>((p.outputs - last + form.lanes - 1) / form.lanes - 1)];
  bool const panel_by_panel =
      static_cast<std::int64_t>(p.outputs) * p.depth * static_cast<std::int64_t>(sizeof(T)) > most_resident_weights;
  int const columns = panel_by_panel ? full : last + full;
  for (int from = 0; from <= last; from += columns) {
    int const to = std::min(from + columns, last);
    std::int64_t row = 0;
    for (std::size_t height = 0; height < 4; ++height) {
      int const rows = height < 3 ? tile_heights[height] : 1;
      for (; row + rows <= p.rows; row += rows) {
        for (int column = from; column < to; column += full) whole[height](p, epilogue, row, column);
        if (from + columns > last) rest[height](p, epilogue, row, last);
      }
    }
  }
}

}  // namespace run_time
}  // namespace AMBIT_ABI
}  // namespace ambit
