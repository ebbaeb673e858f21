// SPDX-License-Identifier: BSL-1.0
// A group of elementwise ops of a plan, as a tree of the kernels (kernels/elementwise.hpp).
#pragma once

#include <ambit/compiled/nodes.hpp>
#include <ambit/kernels/elementwise.hpp>

#include <array>
#include <cstddef>
#include <type_traits>
#include <utility>

namespace ambit {
inline namespace AMBIT_ABI {
namespace lowering {

/// Runs of up to this many elements have their length in the type and are straight code; for longer ones it would only
/// cost compile time (30 distinct lengths in a prototype: 3.9 s fixed, 0.4 s dynamic) and gain nothing.
inline constexpr std::int64_t longest_fixed_run = 64;

/// The extent of an operand along an axis of the result that it broadcasts to.
constexpr int extent_along(shape const& operand, shape const& result, int axis) {
  int const own = axis - (result.rank() - operand.rank());
  return own < 0 ? 1 : operand[own];
}

template <auto Builder, class Map, int Root>
struct AMBIT_LOCAL group : nodes_of<Builder, Map> {
  using base = nodes_of<Builder, Map>;
  using base::at, base::input, base::is_inlined, base::node, base::table;
  static constexpr int core = at(Root).core;
  static constexpr shape const& whole = node(Root).shape;

  /// The stored nodes that the group reads, each once.
  struct leaf_list {
    std::array<int, 128> node{};
    int size = 0;
    constexpr int find(int i) const {
      int k = 0;
      while (k < size && node.data()[k] != i) ++k;
      return k;
    }
  };
  static constexpr bool is_number(int i) {
    return at(i).where == storage::constant && node(i).shape.elements() == 1 && node(i).op == op_types::constant.id;
  }
  static constexpr void find_leaves(int i, leaf_list& all) {
    if (starts_at(i) >= 0) return;
    for (int k = 0; k < node(i).inputs; ++k) {
      int const from = input(i, k);
      if (from == core) continue;
      if (is_inlined(from))
        find_leaves(from, all);
      else if (!is_number(from) && all.find(from) == all.size)
        all.node.data()[all.size++] = from;
    }
  }
  /// Where an op adds one row to the kernel's sums, these may begin there: the node of that row.
  static constexpr int starts_at(int i) {
    if (core < 0 || (node(i).op != add_op::type.id && node(i).op != bias_add_op::type.id)) return -1;
    if (node(core).roles == 0 || table.roles.data()[node(core).first_role].blocks > 1) return -1;  // whole vectors are read
    for (int k = 0; k < 2; ++k) {
      int const row = input(i, 1 - k);
      if (input(i, k) != core || row == core || is_inlined(row) || at(row).where == storage::input) continue;
      shape const& s = node(row).shape;
      if (at(row).batch == 0 && s.elements() == s[-1] && s[-1] == whole[-1]) return row;
    }
    return -1;
  }
  static constexpr int find_start(int i) {
    if (int const found = starts_at(i); found >= 0) return found;
    for (int k = 0; k < node(i).inputs; ++k)
      if (int const from = input(i, k); from != core && is_inlined(from))
        if (int const found = find_start(from); found >= 0) return found;
    return -1;
  }
  static constexpr int start = core < 0 ? -1 : find_start(Root);
  static constexpr leaf_list leaves = [] {
    leaf_list all;
    find_leaves(Root, all);
    return all;
  }();
  static constexpr int leaf_count = leaves.size;

  // ---- lanes

  static constexpr void narrow(int i, int& lanes, bool& words) {
    auto fit = [&](dtype d) {
      words = words || d == dtype::i64;
      int const n = d == dtype::f64   ? native_lanes<double>
                    : d == dtype::f32 ? native_lanes<float>
                    : d == dtype::i32 ? native_lanes<std::int32_t>
                                      : 0;
      if (n > 0 && (lanes == 0 || n < lanes)) lanes = n;
    };
    fit(node(i).dtype);
    for (int k = 0; k < node(i).inputs; ++k)
      if (is_inlined(input(i, k)) && input(i, k) != core)
        narrow(input(i, k), lanes, words);
      else
        fit(node(input(i, k)).dtype);
  }
  /// As many as the packet of the widest element has; the others of a mixed group are arrays then, or half packets. Without
  /// packets 16 bytes of 64-bit integers (see loop_lanes), or eight booleans.
  static constexpr int lane_count = [] {
    int lanes = 0;
    bool words = false;
    narrow(Root, lanes, words);
    return lanes > 0 ? lanes : words ? 2 : 8;
  }();

  // ---- broadcasting

  /// The first axis of the runs: from there on every leaf is contiguous or repeated.
  static constexpr loop_nest nest = [] {
    loop_nest n;
    shape const& s = whole;
    for (int l = 0; l < leaf_count; ++l) {
      shape const& own = node(leaves.node.data()[l]).shape;
      bool full = true, single = true;
      int fits = s.rank();
      for (int a = s.rank(); a-- > n.outer_rank;) {
        int const extent = extent_along(own, s, a);
        full &= extent == s[a];
        single &= extent == 1;
        if (!full && !single) break;
        fits = a;
      }
      n.outer_rank = fits;
    }
    for (int a = 0; a < s.rank(); ++a) {
      int const extent = s[a] < 0 ? 1 : s[a];  // of a batch: multiplied at run time
      if (a < n.outer_rank) {
        n.extents[a] = extent;
        n.outer *= extent;
      } else {
        n.run *= extent;
      }
    }
    return n;
  }();
  /// The result grows with the batch; and if it is one run, so does that.
  static constexpr bool batched = at(Root).batch > 0;
  static constexpr bool is_contiguous(int i) {
    shape const& own = node(i).shape;
    for (int a = nest.outer_rank; a < whole.rank(); ++a)
      if (extent_along(own, whole, a) != whole[a]) return false;
    return true;
  }
  static constexpr auto walks = [] {
    std::array<leaf_walk, static_cast<std::size_t>(leaf_count + 1)> all{};
    for (int l = 0; l < leaf_count; ++l) {
      detail::frozen_node const& n = node(leaves.node.data()[l]);
      std::int64_t stride = size_of(n.dtype);
      for (int a = whole.rank(); a-- > 0;) {
        int const extent = extent_along(n.shape, whole, a);
        if (a < nest.outer_rank) all.data()[l].strides[a] = extent == 1 ? 0 : stride;
        stride *= extent;
      }
    }
    return all;
  }();
  static constexpr int fixed_size =
      nest.run <= longest_fixed_run && !(batched && nest.outer_rank == 0) ? static_cast<int>(nest.run) : -1;

  // ---- the same for an epilogue: rows and columns

  static constexpr int columns = whole.rank() == 0 ? 1 : whole[-1];
  static constexpr bool runs_along_columns(int i) { return node(i).shape.rank() > 0 && node(i).shape[-1] == columns && columns != 1; }
  static constexpr std::int64_t row_stride(int i) {
    shape const& s = node(i).shape;
    std::int64_t const per_row = s.rank() == 0 ? 1 : s[-1];
    bool const one_row = at(i).batch == 0 && s.elements() == per_row && (batched || whole.elements() != columns);
    return one_row ? 0 : per_row * size_of(node(i).dtype);
  }

  // ---- the tree

  template <int I>
  static constexpr auto operand_of() {
    using T = typename base::template element<I>;
    if constexpr (I == core) {
      return std::type_identity<kernel_sum>{};
    } else if constexpr (is_inlined(I)) {
      return tree_of<I>();
    } else if constexpr (is_number(I)) {
      return std::type_identity<number<T, node(I).dtype, table.slots.data()[node(I).first_slot]>>{};
    } else {
      constexpr bool contiguous = core >= 0 ? runs_along_columns(I) : is_contiguous(I);
      return std::type_identity<leaf<leaves.find(I), T, contiguous ? access::contiguous : access::repeated>>{};
    }
  }
  template <int I>
  static constexpr auto tree_of() {
    if constexpr (starts_at(I) >= 0)
      return std::type_identity<kernel_sum>{};
    else
      return []<int... K>(std::integer_sequence<int, K...>) {
        return std::type_identity<call<typename base::template op_of_node<I>, typename base::template element<I>,
                                       typename decltype(operand_of<input(I, K)>())::type...>>{};
      }(std::make_integer_sequence<int, node(I).inputs>{});
  }
  using tree = typename decltype(tree_of<Root>())::type;
};

}  // namespace lowering
}  // namespace AMBIT_ABI
}  // namespace ambit
