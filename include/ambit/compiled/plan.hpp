// SPDX-License-Identifier: BSL-1.0
// Where every value of a frozen graph lives. Ordinary code over a table, run by the compiler.
#pragma once

#include <ambit/compiled/builtin.hpp>
#include <ambit/compiled/freeze.hpp>
#include <ambit/kernels/target.hpp>

#include <array>
#include <cstddef>
#include <cstdint>

namespace ambit {
inline namespace AMBIT_ABI {  // plans differ between vector instruction sets
namespace lowering {

using namespace loops;
using detail::at_least_one;
using detail::frozen_node;
using detail::table_sizes;

enum class storage : std::uint8_t {
  dropped,    // no output or state op needs it
  inlined,    // computed inside the expression of its one reader
  input,      // the caller's
  parameter,  // in the parameter block
  folded,     // in the parameter block: computed from parameters and constants when these change
  state,      // in the workspace's state: a variable that a state op changes
  constant,   // in the program's constants
  arena,      // in the workspace's arena
};

struct placement {
  storage where = storage::dropped;
  int source = -1;            // the node whose storage this is: itself, or what it is a view of
  std::int64_t offset = -1;   // in its block; for an input, its number
  int last_use = -1;          // the last step that reads it
  bool in_place = false;      // written over an operand that dies there
  int core = -1;              // of a group: the op whose results the elementwise ops are computed on
  std::int64_t scratch = -1;  // in the arena, for the step alone
  int batch = 0;              // the first extent is so many times the batch; 0: it does not depend on the batch
  bool batched = false;       // in the batched arena, whose offsets count for each of the batch
};

inline constexpr std::int64_t block_alignment = 64;
constexpr std::int64_t aligned(std::int64_t bytes) {
  return (bytes + block_alignment - 1) / block_alignment * block_alignment;
}

/// Chains of more elementwise ops than this are stored in between: nested expression types cost compile time.
inline constexpr int longest_chain = 24;
/// Elements of a pool that a convolution computes on its sums: they are in registers at once.
inline constexpr int most_pooled = 4;

template <table_sizes S>
struct plan {
  std::array<placement, at_least_one<S.nodes>> at{};
  std::array<bool, at_least_one<S.variables>> is_state{};
  std::array<std::int64_t, at_least_one<S.variables>> parameter_offset{};  // -1: not stored
  std::array<weight_form, at_least_one<S.variables>> forms{};
  std::array<int, at_least_one<S.nodes>> steps{};                          // stored nodes in order
  std::array<std::int64_t, at_least_one<S.outputs>> output_copy{};         // in the arena; -1: none
  std::array<int, at_least_one<S.nodes>> folds{};                          // the same of what is folded
  int step_count = 0;
  int fold_count = 0;
  std::int64_t parameters = 0;  // bytes
  std::int64_t state = 0;
  std::int64_t arena = 0;
  std::int64_t arena_bound = 0;  // the largest set of values alive at once
  std::int64_t batched = 0;        // bytes of the batched arena for each of the batch
  std::int64_t batched_bound = 0;
  std::int64_t constants = 0;
  int unknown_shape = -1;  // a needed node without a fully known shape
  int no_code = -1;        // a needed node of a dtype that evaluation has no code for
  int shared_state = -1;   // a node that changes a variable in place which others read, too
};

template <auto const& Frozen>
class planner {
  static constexpr table_sizes sizes = Frozen.sizes;
  static constexpr int nodes = sizes.nodes;

 public:
  constexpr planner() {
    p_.parameter_offset.fill(-1);
    p_.output_copy.fill(-1);
  }

  constexpr plan<sizes> run() {
    find_batches();
    find_needed();
    if (p_.unknown_shape >= 0 || p_.no_code >= 0) return p_;
    find_state();
    if (p_.shared_state >= 0) return p_;
    decide_storage();
    choose_forms();
    place_parameters();
    find_last_uses();
    lay_out_arena();
    copy_state_outputs();
    return p_;
  }

 private:
  static constexpr frozen_node const& node(int i) { return Frozen.nodes.data()[i]; }
  static constexpr int input(frozen_node const& n, int k) { return Frozen.inputs.data()[n.first_input + k]; }
  constexpr placement& at(int i) { return p_.at.data()[i]; }
  // Of a value that grows with the batch for each of it, in steps of 4, so that multiples of 16 are aligned.
  constexpr std::int64_t bytes(int i) const {
    std::int64_t const n = node(i).shape.elements() * size_of(node(i).dtype);
    int const batch = p_.at.data()[i].batch;
    return batch == 0 ? n : (n * batch + 3) / 4 * 4;
  }
  // What a value takes of its arena.
  constexpr std::int64_t room(int i) const { return p_.at.data()[i].batched ? bytes(i) : aligned(bytes(i)); }
  // One row, or one number.
  static constexpr bool is_row(shape const& s) { return s.rank() == 0 || s.elements() == s[-1] || s.elements() == 1; }
  static constexpr bool is(int i, op_type const& type) { return node(i).op == type.id; }

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
    if (node(i).pool.rows * node(i).pool.columns > most_pooled || (before != core && reads_pixels(before, core))) return;
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

  // A variable that one kind of kernel reads, and nothing else, is stored as that kernel wants it.
  constexpr void choose_forms() {
    std::array<bool, at_least_one<sizes.variables>> plain_of{};
    bool* const plain = plain_of.data();
    for (int i = 0; i < nodes; ++i) {
      if (at(i).where == storage::dropped) continue;
      frozen_node const& n = node(i);
      if (n.variable >= 0 && (output_[index(i)] || p_.is_state.data()[n.variable])) plain[n.variable] = true;
      for (int k = 0; k < n.inputs; ++k) {
        int const variable = node(input(n, k)).variable;
        if (variable < 0) continue;
        int role = 0;
        while (role < n.roles && roles(n)[role].operand != k) ++role;
        if (role == n.roles) {
          plain[variable] = true;
          continue;
        }
        weight_form const wanted = form_for(roles(n)[role], n.dtype);
        weight_form& form = p_.forms.data()[variable];
        if (form.form == weight_form::kind::row_major)
          form = wanted;
        else if (!(form == wanted))
          plain[variable] = true;
      }
    }
    for (int v = 0; v < sizes.variables; ++v)
      if (plain[v]) p_.forms.data()[v] = {};
  }
  static constexpr weight_role const* roles(frozen_node const& n) { return Frozen.roles.data() + n.first_role; }
  constexpr std::int64_t stored_bytes(int variable) const {
    frozen_node const& n = node(Frozen.variables.data()[variable].node);
    weight_form const& form = p_.forms.data()[variable];
    return (form.form == weight_form::kind::row_major ? n.shape.elements() : form.elements()) * size_of(n.dtype);
  }

  constexpr void place_parameters() {
    for (int v = 0; v < sizes.variables; ++v) {
      int const n = Frozen.variables.data()[v].node;
      if (at(n).where == storage::dropped) continue;
      p_.parameter_offset.data()[v] = p_.parameters;
      if (at(n).where == storage::state) {
        at(n).offset = p_.state;
        p_.state += aligned(bytes(n));
      } else {
        at(n).offset = p_.parameters;
      }
      p_.parameters += aligned(stored_bytes(v));
    }
    for (int f = 0; f < p_.fold_count; ++f) {
      int const n = p_.folds.data()[f];
      at(n).offset = p_.parameters;
      p_.parameters += aligned(bytes(n));
    }
    for (int i = 0; i < nodes; ++i)  // views of what has just been placed
      if (node(i).view && at(i).where != storage::dropped && at(i).where != storage::inlined) at(i).offset = at(at(i).source).offset;
  }

  // A step reads the sources of its operands, those of inlined ones included; outputs and new states are read at the end.
  constexpr void find_last_uses() {
    for (int s = 0; s < p_.step_count; ++s) read_operands(p_.steps.data()[s], p_.steps.data()[s]);
    for (int i = 0; i < nodes; ++i)
      if (at(i).where == storage::arena && (output_[index(i)] || node(i).state)) at(at(i).source).last_use = nodes;
  }
  constexpr void read_operands(int step, int i) {
    frozen_node const& n = node(i);
    for (int k = 0; k < n.inputs; ++k) {
      int const from = input(n, k);
      if (at(from).where == storage::inlined)
        read_operands(step, from);
      else if (at(from).source >= 0 && at(at(from).source).last_use < step)
        at(at(from).source).last_use = step;
    }
  }

  // First fit by offset among the values alive; an elementwise result goes over an operand that dies there.
  constexpr void lay_out_arena() {
    bool any = false;
    for (int s = 0; s < p_.step_count; ++s) {
      placement& a = at(p_.steps.data()[s]);
      a.batched = a.batch > 0;
      any = any || a.batched;
    }
    lay_out_in_order();
    if (p_.arena > p_.arena_bound) lay_out_by_size();
    if (any) lay_out_batched();
    for (int i = 0; i < nodes; ++i)
      if (node(i).view && at(i).where == storage::arena) {
        at(i).offset = at(at(i).source).offset;
        at(i).batched = at(at(i).source).batched;
      }
  }
  // The same once more for the values that grow with the batch; their sizes and offsets are for each of it.
  constexpr void lay_out_batched() {
    std::int64_t const fixed = p_.arena, fixed_bound = p_.arena_bound;
    p_.arena = p_.arena_bound = 0;
    batched_pass_ = true;
    lay_out_in_order();
    if (p_.arena > p_.arena_bound) lay_out_by_size();
    batched_pass_ = false;
    p_.batched = p_.arena;
    p_.batched_bound = p_.arena_bound;
    p_.arena = fixed;
    p_.arena_bound = fixed_bound;
  }
  constexpr void lay_out_in_order() {
    list<int> alive;
    std::int64_t alive_bytes = 0;
    for (int s = 0; s < p_.step_count; ++s) {
      int const i = p_.steps.data()[s];
      int kept = 0;
      for (int k = 0; k < alive.size(); ++k)
        if (at(alive[k]).last_use >= i)
          alive[kept++] = alive[k];
        else
          alive_bytes -= room(alive[k]);
      alive.truncate(kept);
      if (at(i).batched != batched_pass_) {
        if (!batched_pass_) place_scratch(i, alive, alive_bytes);
        continue;
      }
      // Not behind a convolution, whose last tile of a block computes results a second time.
      int const core = at(i).core;
      bool const once = core < 0 || node(core).roles == 0 || roles(node(core))[0].reader == weight_role::kernel::product;
      int const over = node(i).elementwise && once ? dying_operand(i, i, alive) : -1;
      leader_[index(i)] = over >= 0 ? leader_[index(over)] : i;
      if (over >= 0) {
        at(i).offset = at(over).offset;
        at(i).in_place = true;
        for (int& a : alive)
          if (a == over) a = i;
      } else {
        at(i).offset = first_fit(alive, room(i));
        int where = alive.size();
        alive.push_back(i);
        for (; where > 0 && at(alive[where - 1]).offset > at(i).offset; --where) alive[where] = alive[where - 1];
        alive[where] = i;
        alive_bytes += room(i);
      }
      if (at(i).offset + room(i) > p_.arena) p_.arena = at(i).offset + room(i);
      if (alive_bytes > p_.arena_bound) p_.arena_bound = alive_bytes;
      if (!batched_pass_) place_scratch(i, alive, alive_bytes);
    }
  }
  constexpr void place_scratch(int i, list<int> const& alive, std::int64_t alive_bytes) {
    std::int64_t const scratch = aligned(scratch_bytes(i));
    if (scratch == 0) return;
    at(i).scratch = first_fit(alive, scratch);
    if (at(i).scratch + scratch > p_.arena) p_.arena = at(i).scratch + scratch;
    if (alive_bytes + scratch > p_.arena_bound) p_.arena_bound = alive_bytes + scratch;
  }
  // What a step needs beside its result: memory of the op's own, and weights that are not stored as its kernel wants.
  constexpr std::int64_t scratch_bytes(int step) {
    frozen_node const& n = node(at(step).core >= 0 ? at(step).core : step);
    std::int64_t sum = aligned(n.scratch * size_of(n.dtype));
    for (int r = 0; r < n.roles; ++r)
      if (roles(n)[r].operand >= 0 && !is_stored_as(input(n, roles(n)[r].operand), form_for(roles(n)[r], n.dtype)))
        sum += aligned(form_for(roles(n)[r], n.dtype).elements() * size_of(n.dtype));
    return sum;
  }
  constexpr bool is_stored_as(int i, weight_form const& wanted) {
    return at(i).where == storage::parameter && at(i).source == i && p_.forms.data()[node(i).variable] == wanted;
  }

  // Values that share a place, one written over the other, from the first one's step to the last one's last use.
  struct tenant {
    int leader = -1;
    int first = 0;
    int last = 0;
    std::int64_t size = 0;
    std::int64_t offset = 0;
  };
  // The largest first, each at the lowest offset that is free as long as it lives. Takes the square of their number,
  // so it is tried where the order of the steps left more than the bound, for a model of that size, and kept where it is
  // better (`diamond` in tests/unit/compiled_memory.cpp).
  static constexpr int most_tenants = 96;
  constexpr void lay_out_by_size() {
    list<tenant> tenants = find_tenants();
    if (tenants.size() > most_tenants) return;
    list<int> placed;  // in order of offset
    std::int64_t arena = 0;
    for (int t = 0; t < tenants.size(); ++t) {
      std::int64_t offset = 0;
      for (int p : placed) {
        tenant const& other = tenants[p];
        if (other.first > tenants[t].last || tenants[t].first > other.last) continue;
        if (other.offset - offset >= tenants[t].size) break;
        if (other.offset + other.size > offset) offset = other.offset + other.size;
      }
      tenants[t].offset = offset;
      if (offset + tenants[t].size > arena) arena = offset + tenants[t].size;
      int where = placed.size();
      placed.push_back(t);
      for (; where > 0 && tenants[placed[where - 1]].offset > offset; --where) placed[where] = placed[where - 1];
      placed[where] = t;
    }
    if (arena >= p_.arena) return;
    p_.arena = arena;
    for (int s = 0; s < p_.step_count; ++s)
      for (tenant const& t : tenants)
        if (int const i = p_.steps.data()[s]; at(i).batched == batched_pass_ && t.leader == leader_[index(i)])
          at(i).offset = t.offset;
        else if (t.leader == scratch_of(i))
          at(i).scratch = t.offset;
  }
  static constexpr int scratch_of(int step) { return -2 - step; }
  // In order of size, largest first.
  constexpr list<tenant> find_tenants() {
    list<tenant> tenants;
    for (int s = 0; s < p_.step_count && tenants.size() <= most_tenants; ++s) {
      int const i = p_.steps.data()[s];
      int const last = at(i).last_use > i ? at(i).last_use : i;
      if (at(i).scratch >= 0 && !batched_pass_) tenants.push_back({scratch_of(i), i, i, aligned(scratch_bytes(i)), 0});
      if (at(i).batched != batched_pass_) continue;
      if (leader_[index(i)] == i) {
        tenants.push_back({i, i, last, room(i), 0});
      } else {
        for (tenant& t : tenants)
          if (t.leader == leader_[index(i)]) t.last = last;
      }
    }
    for (int t = 1; t < tenants.size(); ++t)
      for (int k = t; k > 0 && tenants[k - 1].size < tenants[k].size; --k) {
        tenant const larger = tenants[k];
        tenants[k] = tenants[k - 1];
        tenants[k - 1] = larger;
      }
    return tenants;
  }
  // An output that is a state variable shows the value from before the run, which the end of the run overwrites.
  constexpr void copy_state_outputs() {
    for (int k = 0; k < sizes.outputs; ++k) {
      int const i = Frozen.outputs.data()[k];
      if (at(i).where != storage::state) continue;
      p_.output_copy.data()[k] = p_.arena;
      p_.arena += aligned(bytes(i));
      p_.arena_bound += aligned(bytes(i));
    }
  }
  constexpr std::int64_t first_fit(list<int> const& alive, std::int64_t size) {
    std::int64_t offset = 0;
    for (int a : alive) {  // in order of offset
      if (at(a).offset - offset >= size) return offset;
      std::int64_t const end = at(a).offset + room(a);
      if (end > offset) offset = end;  // values without elements may lie inside of others
    }
    return offset;
  }
  // Safe where every element is read before it is written: all reads of the operand are of its own shape, and no other
  // value in the group is a view of the same storage.
  constexpr int dying_operand(int step, int i, list<int> const& alive) {
    frozen_node const& n = node(i);
    for (int k = 0; k < n.inputs; ++k) {
      int const from = input(n, k);
      if (at(from).where == storage::inlined) {
        if (from == at(step).core) continue;
        if (int const found = dying_operand(step, from, alive); found >= 0) return found;
        continue;
      }
      if (at(from).where != storage::arena || at(from).source != from || at(from).last_use != step) continue;
      if (!(node(from).shape == node(step).shape) || node(from).dtype != node(step).dtype) continue;
      if (reads_otherwise(step, step, from)) continue;
      for (int a : alive)
        if (a == from) return from;
    }
    return -1;
  }
  constexpr bool reads_otherwise(int step, int i, int source) {
    frozen_node const& n = node(i);
    for (int k = 0; k < n.inputs; ++k) {
      int const from = input(n, k);
      if (at(from).where == storage::inlined) {
        if (reads_otherwise(step, from, source)) return true;
      } else if (at(from).source == source && (from != source || i == at(step).core)) {
        return true;
      }
    }
    return false;
  }

  static constexpr std::size_t index(int i) { return static_cast<std::size_t>(i); }

  plan<sizes> p_{};
  std::array<int, at_least_one<nodes>> readers_{};
  std::array<int, at_least_one<nodes>> reader_{};
  std::array<int, at_least_one<nodes>> chain_{};
  std::array<int, at_least_one<nodes>> leader_{};  // whose place an arena value has
  std::array<bool, at_least_one<nodes>> needs_storage_{};
  std::array<bool, at_least_one<nodes>> output_{};
  std::array<bool, at_least_one<nodes>> fixed_{};
  std::array<int, at_least_one<nodes>> batch_{};
  bool batched_pass_ = false;
  std::array<bool, at_least_one<nodes>> uneven_{};  // of a group, at its root
};

template <auto Builder>
inline constexpr auto plan_for = planner<detail::frozen_for<Builder>>().run();

/// Whether a node is a weight that lies in a form.
template <auto Builder>
constexpr bool is_stored_as(int i, weight_form const& wanted) {
  auto const& p = plan_for<Builder>;
  placement const& at = p.at.data()[i];
  return at.where == storage::parameter && at.source == i &&
         p.forms.data()[detail::frozen_for<Builder>.nodes.data()[i].variable] == wanted;
}

}  // namespace lowering
}  // namespace AMBIT_ABI
}  // namespace ambit
