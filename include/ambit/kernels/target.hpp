// SPDX-License-Identifier: BSL-1.0
// What the kernels' shapes depend on: the vector registers of the target, as constants.
#pragma once

#include <ambit/graph/node.hpp>
#include <ambit/kernels/lanes.hpp>
#include <ambit/kernels/panels.hpp>

#include <algorithm>
#include <cstdint>

namespace ambit {
inline namespace AMBIT_ABI {
namespace loops {

/// Vector registers: 32 with AVX-512 and on AArch64, 16 on other x86-64, 8 on i386.
inline constexpr int vector_registers = EIGEN_ARCH_DEFAULT_NUMBER_OF_REGISTERS;

/// The narrowest packet of T: partial results are computed in it rather than one by one.
template <class T>
inline constexpr int narrowest_lanes = [] {
  int n = native_lanes<T>;
  auto narrow = [&]<int N>() {
    if constexpr (N > 1)
      if (!std::is_void_v<detail_lanes::packet<T, N>>) n = N;
  };
  narrow.template operator()<native_lanes<T> / 2>();
  narrow.template operator()<native_lanes<T> / 4>();
  return n;
}();

/// The lanes that a row of `count` elements is computed in: the narrowest packet that holds them all, or the widest.
template <class T>
constexpr int lanes_for(int count) {
  int n = native_lanes<T>;
  while (n > narrowest_lanes<T> && count <= n / 2) n /= 2;
  return n;
}

/// The kernel of a product [rows, depth] x [depth, outputs]: a template argument, so it holds what the code depends on and
/// not the extents, and products of many shapes share it.
struct product_kernel {
  enum class kind : std::uint8_t {
    tiles,     // blocks of rows
    row,       // one row, the depth split to hide the latency of its sums
    unrolled,  // one row of a small matrix: straight code
    dots,      // fewer outputs than lanes: the lanes run along the depth
  };
  kind form = kind::tiles;
  int lanes = 1;    // elements of a vector
  int vectors = 1;  // vectors of outputs in a full panel
  int last = 1;     // vectors in the last panel
  int rows = 1;     // of a tile
  int rest = 0;     // rows in the last tile; -1: known at run time only
  int splits = 1;   // of the depth
  int depth = 0;    // of straight code

  constexpr bool operator==(product_kernel const&) const = default;
};

// A row of 4 x 6 sums keeps 24 of 32 registers busy: 94 % of the peak of AVX-512 measured with a prototype; with 16
// registers 2 x 6 reached 88 % and 4 x 6 60 %.
constexpr int most_tile_vectors = vector_registers >= 32 ? 4 : 2;
constexpr int most_row_vectors = 4;  // wider panels are no faster on Zen 5, and 10 % slower on Intel
constexpr int tile_rows(int vectors) {
  if (vector_registers >= 32) return vectors <= 3 ? 8 : 6;
  if (vector_registers >= 16) return vectors <= 1 ? 8 : 6;
  return vectors <= 1 ? 4 : 2;
}

/// Products up to this depth, of one panel of up to four vectors, are straight code.
inline constexpr int longest_unrolled = 32;

/// The kernel for these extents. `rows` is -1 where it is known at run time only.
template <class T>
constexpr product_kernel choose_product(int rows, int outputs, int depth) {
  using kind = product_kernel::kind;
  product_kernel k;
  k.lanes = lanes_for<T>(outputs);
  if (outputs * 2 <= k.lanes) {
    k.form = kind::dots;
    k.lanes = lanes_for<T>(depth);
    return k;
  }
  int const vectors = std::max(1, (outputs + k.lanes - 1) / k.lanes);
  int const most = rows == 1 ? most_row_vectors : most_tile_vectors;
  int const panels = (vectors + most - 1) / most;
  k.vectors = (vectors + panels - 1) / panels;
  k.last = vectors - k.vectors * ((vectors + k.vectors - 1) / k.vectors - 1);
  if (rows == 1) {
    bool const small = vectors == k.vectors && vectors <= 4 && depth <= longest_unrolled;
    int const sums = vector_registers >= 32 ? 16 : vector_registers / 2;
    k.form = small ? kind::unrolled : kind::row;
    k.depth = small ? depth : 0;
    k.splits = std::clamp(small ? std::min(depth, sums / 4) : sums / k.vectors, 1, small ? 4 : 8);
  } else {
    k.rows = tile_rows(k.vectors);
    if (rows > 0 && rows < k.rows) k.rows = rows;
    k.rest = rows < 0 ? -1 : rows % k.rows;
  }
  return k;
}

/// The kernel of a convolution: tiles of pixels, of which the last ones of a row or at a border are computed one by one.
template <class T>
constexpr product_kernel choose_convolution(int outputs) {
  product_kernel k;
  k.lanes = lanes_for<T>(outputs);
  int const vectors = std::max(1, (outputs + k.lanes - 1) / k.lanes);
  int const panels = (vectors + most_tile_vectors - 1) / most_tile_vectors;
  k.vectors = (vectors + panels - 1) / panels;
  k.last = vectors - k.vectors * ((vectors + k.vectors - 1) / k.vectors - 1);
  k.rows = tile_rows(k.vectors);
  return k;
}

/// The form of weights [depth, outputs] for a kernel.
constexpr weight_form form_for(product_kernel const& k, int outputs, int depth, bool transposed) {
  using kind = weight_form::kind;
  bool const dots = k.form == product_kernel::kind::dots;
  return {.form = dots ? kind::rows : kind::panels,
          .transposed = transposed,
          .depth = depth,
          .outputs = outputs,
          .lanes = k.lanes,
          .vectors = k.vectors};
}

/// The kernel of a role of a product or a convolution.
template <class T>
constexpr product_kernel kernel_for(weight_role const& r) {
  if (r.reader == weight_role::kernel::convolution) return choose_convolution<T>(r.outputs / r.blocks);
  return choose_product<T>(r.rows, r.outputs, r.depth);
}
constexpr product_kernel kernel_for(weight_role const& r, dtype type) {
  switch (type) {
    case dtype::f64: return kernel_for<double>(r);
    case dtype::i32: return kernel_for<std::int32_t>(r);
    case dtype::i64: return kernel_for<std::int64_t>(r);
    default: return kernel_for<float>(r);
  }
}

/// Elements of a row of a recurrent cell's panel of so many lanes a gate: narrow ones side by side in whole registers.
template <class T>
constexpr int gates_row(int gates, int lanes) {
  int const own = gates * lanes, register_of = own < native_lanes<T> ? lanes_for<T>(own) : native_lanes<T>;
  return lanes == native_lanes<T> ? own : (own + register_of - 1) / register_of * register_of;
}

/// The form that the kernel of a role wants its weight in.
template <class T>
constexpr weight_form form_for(weight_role const& r) {
  if (r.reader == weight_role::kernel::recurrent) {
    int const units = r.outputs / r.gates, lanes = lanes_for<T>(units), rest = units % lanes;
    int const last = rest == 0 ? lanes : lanes_for<T>(rest);
    return {.form = weight_form::kind::gates,
            .transposed = r.transposed,
            .depth = r.depth,
            .outputs = r.outputs,
            .lanes = lanes,
            .gates = r.gates,
            .last_lanes = last,
            .row = gates_row<T>(r.gates, lanes),
            .last_row = gates_row<T>(r.gates, last)};
  }
  if (r.reader == weight_role::kernel::convolution) {
    weight_form f = form_for(choose_convolution<T>(r.outputs / r.blocks), r.outputs, r.depth, r.transposed);
    f.blocks = r.blocks;
    return f;
  }
  return form_for(choose_product<T>(r.rows, r.outputs, r.depth), r.outputs, r.depth, r.transposed);
}
constexpr weight_form form_for(weight_role const& r, dtype type) {
  switch (type) {
    case dtype::f64: return form_for<double>(r);
    case dtype::i32: return form_for<std::int32_t>(r);
    case dtype::i64: return form_for<std::int64_t>(r);
    default: return form_for<float>(r);
  }
}

}  // namespace loops
}  // namespace AMBIT_ABI
}  // namespace ambit
