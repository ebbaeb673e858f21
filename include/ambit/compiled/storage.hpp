// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/compiled/builtin.hpp>
#include <ambit/compiled/planned_nodes.hpp>

#include <array>
#include <cstddef>
#include <cstdint>

namespace ambit {
inline namespace AMBIT_ABI {
namespace lowering {

/// Chains of more elementwise ops than this are stored in between: nested expression types cost compile time.
inline constexpr int longest_chain = 24;
/// Elements of a pool that a convolution computes on its sums: they are in registers at once.
inline constexpr int most_pooled = 4;

/// The place of each node: what is dropped, stored, folded, or computed inside of its reader.
template <auto const& Frozen>
class storage_choice : planned_nodes<Frozen> {
  using base = planned_nodes<Frozen>;
  using base::at, base::bytes, base::index, base::input, base::is, base::node, base::nodes, base::p_, base::roles,
      base::sizes;

 public:
  constexpr explicit storage_choice(plan<sizes>& p) : base(p) {}

  /// Whether there is anything to plan: no node that evaluation cannot do.
  constexpr bool run() {
    find_batches();
    find_needed();
    if (p_.unknown_shape >= 0 || p_.no_code >= 0) return false;
    find_state();
    if (p_.shared_state >= 0) return false;
    decide_storage();
    return true;
  }

 private:
  // One row, or one number.
  static constexpr bool is_row(shape const& s) { return s.rank() == 0 || s.elements() == s[-1] || s.elements() == 1; }

  // A first extent that is not known here is a batch: that of a placeholder, or a multiple of it.
  constexpr void find_batches() {
    for (int i = 0; i < nodes; ++i) {
      frozen_node const& n = node(i);
      if (!has_batch(n.shape)) continue;
      if (is(i, op_types::placeholder)) {
        batch_[index(i)] = 1;
      } else if (n.view) {
        int const from = input(n, 0);
        std::int64_t const rows = batch_[index(from)] * node(from).shape.elements(), own = n.shape.elements();
        if (own > 0 && rows % own == 0) batch_[index(i)] = static_cast<int>(rows / own);
      } else if (n.batchwise) {
        int found = 0;
        for (int k = 0; k < n.inputs; ++k) {
          int const from = batch_[index(input(n, k))];
          if (from == 0) continue;
          found = found == 0 || found == from ? from : -1;
        }
        batch_[index(i)] = found > 0 ? found : 0;
      }
    }
  }
  /// Only the first extent is unknown.
  static constexpr bool has_batch(shape const& s) {
    if (s.rank() < 1 || s[0] >= 0) return false;
    for (int k = 1; k < s.rank(); ++k)
      if (s[k] < 0) return false;
    return true;
  }

  // Roots are the outputs and the state ops; nodes are in the order of their operands.
  constexpr void find_needed() {
    for (int i = 0; i < sizes.outputs; ++i) ++readers_[index(Frozen.outputs.data()[i])];
    for (int i = nodes; i-- > 0;) {
      frozen_node const& n = node(i);
      if (readers_[index(i)] == 0 && !n.state) continue;
      at(i) = placement{};  // g++ 12 at times leaves members of later plans of one type at zero (forms::a_hana_tuple)
      at(i).where = storage::arena;
      at(i).source = i;
      at(i).batch = batch_[index(i)];
      if (!n.shape.fully_defined() && at(i).batch == 0) p_.unknown_shape = i;
      if (!is_evaluable(n.dtype)) p_.no_code = i;
      for (int k = 0; k < n.inputs; ++k) ++readers_[index(input(n, k))];
    }
  }
  constexpr void find_state() {
    for (int i = 0; i < nodes; ++i) {
      if (at(i).where == storage::dropped) continue;
      if (node(i).state) p_.is_state.data()[node(input(node(i), 0)).variable] = true;
      for (int k = 0; k < node(i).inputs; ++k)
        if ((node(i).updates >> k & 1U) != 0) {
          int const variable = input(node(i), k);
          p_.is_state.data()[node(variable).variable] = true;
          if (readers_[index(variable)] != 1) p_.shared_state = i;
        }
    }
  }

  constexpr void decide_storage() {
    for (int i = 0; i < sizes.outputs; ++i) output_[index(Frozen.outputs.data()[i])] = true;
    for (int i = 0; i < nodes; ++i) {
      if (at(i).where == storage::dropped) continue;
      frozen_node const& n = node(i);
      if (n.variable >= 0) {
        at(i).where = p_.is_state.data()[n.variable] ? storage::state : storage::parameter;
      } else if (is(i, op_types::placeholder)) {
        at(i).where = storage::input;
        for (int k = 0; k < sizes.placeholders; ++k)
          if (Frozen.placeholders.data()[k] == i) at(i).offset = k;
      } else if (is(i, op_types::constant)) {
        at(i).where = storage::constant;
        p_.constants += bytes(i);
      }
      find_fixed(i);
      read_by(i);
    }
    for (int i = nodes; i-- > 0;)
      if (inlinable(i)) inline_into_reader(i);
    for (int i = 0; i < nodes; ++i)
      if (node(i).pool.rows > 0 && at(i).where == storage::arena) pool_in_kernel(i);
    for (int i = 0; i < nodes; ++i) {
      if (at(i).where != storage::arena && at(i).where != storage::folded) continue;
      if (node(i).view)
        at(i) = at(input(node(i), 0));
      else if (at(i).where == storage::folded)
        p_.folds.data()[p_.fold_count++] = i;
      else
        p_.steps.data()[p_.step_count++] = i;
    }
  }
  // What depends on parameters and constants alone is computed when they change. Products are left to the run: they may
  // need scratch memory, which parameters have none of.
  constexpr void find_fixed(int i) {
    frozen_node const& n = node(i);
    if (at(i).where != storage::arena) {
      fixed_[index(i)] = at(i).where == storage::parameter || at(i).where == storage::constant;
      return;
    }
    bool fixed = n.inputs > 0 && !n.state && n.updates == 0 && n.roles == 0 && n.scratch == 0;
    for (int k = 0; k < n.inputs && fixed; ++k) fixed = fixed_[index(input(n, k))];
    if (!fixed || (!n.view && !detail::is_builtin(n.op))) return;
    fixed_[index(i)] = true;
    if (!n.view) at(i).where = storage::folded;
  }
  // Remembers the one reader of each operand, and that a view or an op that is not elementwise reads it.
  constexpr void read_by(int i) {
    frozen_node const& n = node(i);
    for (int k = 0; k < n.inputs; ++k) {
      int const from = input(n, k);
      reader_[index(from)] = i;
      if (!n.elementwise) needs_storage_[index(from)] = true;
    }
  }
  // An elementwise node read once, by an elementwise node of its shape, is computed there, whatever their dtypes: what a
  // comparison finds need not become bytes. And so is one op that takes an epilogue, whose sums the others then finish
  // while they are in registers; results of another dtype would not go where its sums do.
  constexpr bool inlinable(int i) {
    frozen_node const& n = node(i);
    if (at(i).where != storage::arena && at(i).where != storage::folded) return false;
    if ((!n.elementwise && !n.takes_epilogue) || n.state || output_[index(i)]) return false;
    if (readers_[index(i)] != 1 || needs_storage_[index(i)]) return false;
    int const reader = reader_[index(i)];
    return node(reader).shape == n.shape && at(reader).batch == at(i).batch &&
           (at(i).where == storage::folded) == (at(root_of(reader)).where == storage::folded);
  }
  constexpr int root_of(int i) {
    while (at(i).where == storage::inlined) i = reader_[index(i)];
    return i;
  }
  // Readers come later, so in descending order the reader has been decided. The ops of a group are counted at its root.
  constexpr void inline_into_reader(int i) {
    int const root = root_of(reader_[index(i)]);
    if (chain_[index(root)] >= longest_chain) return;
    if (chain_[index(root)] == 0) uneven_[index(root)] = is_uneven(root);
    if (!node(i).elementwise) {
      if (at(root).core >= 0 || uneven_[index(root)] || node(root).dtype != node(i).dtype) return;
      at(root).core = i;
    } else {
      bool const uneven = is_uneven(i);
      if (at(root).core >= 0 && uneven) return;
      uneven_[index(root)] = uneven_[index(root)] || uneven;
    }
    ++chain_[index(root)];
    at(i).where = storage::inlined;
  }
  // A pool behind a convolution and its elementwise ops is computed on the sums, where these read nothing by pixel.
  constexpr void pool_in_kernel(int i) {
    int const before = input(node(i), 0);
    int const core = at(before).core >= 0 ? at(before).core : before;
    if (at(before).where != storage::arena || output_[index(before)] || readers_[index(before)] != 1) return;
    frozen_node const& n = node(core);
    if (n.roles == 0 || roles(n)[0].reader != weight_role::kernel::convolution || !roles(n)[0].unpadded) return;
    if (node(i).pool.rows * node(i).pool.columns > most_pooled || (before != core && reads_pixels(before, core)))
      return;
    at(before).where = storage::inlined;
    at(i).core = core;
  }
  constexpr bool reads_pixels(int i, int core) {
    frozen_node const& n = node(i);
    for (int k = 0; k < n.inputs; ++k) {
      int const from = input(n, k);
      if (from == core) continue;
      if (at(from).where == storage::inlined ? reads_pixels(from, core)
                                             : at(from).batch > 0 || !is_row(node(from).shape))
        return true;
    }
    return false;
  }
  // Has an operand that an epilogue cannot read by row and column: neither the result's shape, nor one row of it, nor one
  // column, nor one number.
  static constexpr bool is_uneven(int i) {
    shape const& whole = node(i).shape;
    for (int k = 0; k < node(i).inputs; ++k) {
      shape const& s = node(input(node(i), k)).shape;
      bool leading_equal = s.rank() == whole.rank(), leading_one = true;
      for (int a = 0; a + 1 < s.rank(); ++a) {
        leading_equal = leading_equal && s[a] == whole[a];
        leading_one = leading_one && s[a] == 1;
      }
      bool const row_of_it = leading_one && (s.rank() == 0 || s[-1] == 1 || s[-1] == whole[-1]);
      bool const column_of_it = leading_equal && (s.rank() == 0 || s[-1] == 1 || s[-1] == whole[-1]);
      if (!row_of_it && !column_of_it) return true;
    }
    return false;
  }

  std::array<int, at_least_one<nodes>> readers_{};
  std::array<int, at_least_one<nodes>> reader_{};
  std::array<int, at_least_one<nodes>> chain_{};
  std::array<bool, at_least_one<nodes>> needs_storage_{};
  std::array<bool, at_least_one<nodes>> output_{};
  std::array<bool, at_least_one<nodes>> fixed_{};
  std::array<int, at_least_one<nodes>> batch_{};
  std::array<bool, at_least_one<nodes>> uneven_{};  // of a group, at its root
};

}  // namespace lowering
}  // namespace AMBIT_ABI
}  // namespace ambit
