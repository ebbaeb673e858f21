// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/compiled/planned_nodes.hpp>

#include <array>
#include <cstddef>
#include <cstdint>

namespace ambit {
inline namespace AMBIT_ABI {
namespace lowering {

/// The arenas: offsets of all that lives from one step to another.
template <auto const& Frozen>
class arena_layout : planned_nodes<Frozen> {
  using base = planned_nodes<Frozen>;
  using base::at, base::bytes, base::index, base::input, base::is_stored_as, base::node, base::nodes, base::p_,
      base::roles, base::room, base::sizes;

 public:
  constexpr explicit arena_layout(plan<sizes>& p) : base(p) {}

  constexpr void run() {
    find_last_uses();
    lay_out_arena();
    copy_state_outputs();
  }

 private:
  // A step reads the sources of its operands, those of inlined ones included; outputs and new states are read at the end.
  constexpr void find_last_uses() {
    for (int s = 0; s < p_.step_count; ++s) read_operands(p_.steps.data()[s], p_.steps.data()[s]);
    for (int k = 0; k < sizes.outputs; ++k) read_at_end(Frozen.outputs.data()[k]);
    for (int i = 0; i < nodes; ++i)
      if (node(i).state) read_at_end(i);
  }
  constexpr void read_at_end(int i) {
    if (at(i).where == storage::arena) at(at(i).source).last_use = nodes;
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
      bool const once =
          core < 0 || node(core).roles == 0 || roles(node(core))[0].reader == weight_role::kernel::product;
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

  std::array<int, at_least_one<nodes>> leader_{};  // whose place an arena value has
  bool batched_pass_ = false;
};

}  // namespace lowering
}  // namespace AMBIT_ABI
}  // namespace ambit
