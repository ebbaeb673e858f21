// SPDX-License-Identifier: BSL-1.0
// Which steps of a plan share their code. Repeated layers compute the same at other places: where all of a step's places
// lie as far from those of an earlier one, block by block, the earlier one's code runs on shifted blocks. 256 equal layers
// compile as two steps then.
#pragma once

#include <ambit/compiled/plan.hpp>

#include <array>
#include <cstdint>

namespace ambit {
inline namespace AMBIT_ABI {
namespace lowering {

/// How far the places of one step lie from those of another, in bytes.
struct displacement {
  std::int64_t parameters = 0;
  std::int64_t folded = 0;
  std::int64_t state = 0;
  std::int64_t arena = 0;
  std::int64_t batched = 0;  // for each of the batch
};

/// Steps in order: shared ones run in a loop over a table, the others are code of their own.
struct segment {
  int first = 0;
  int end = 0;
  bool shared = false;
};

/// Models of fewer steps are straight code: the table costs a few nanoseconds a step.
inline constexpr int fewest_shared_steps = 24;

template <auto Builder>
class scheduler {
  static constexpr auto const& table = detail::frozen_for<Builder>;
  static constexpr auto const& plan = plan_for<Builder>;
  static constexpr int most_forms = 24;

 public:
  static constexpr int steps = at_least_one<plan.step_count>;
  struct result {
    std::array<int, static_cast<std::size_t>(steps)> form{};  // the step whose code a step runs
    std::array<displacement, static_cast<std::size_t>(steps)> shift{};
    std::array<segment, static_cast<std::size_t>(steps)> segments{};
    std::array<int, static_cast<std::size_t>(steps)> forms{};  // the steps that others share the code of
    int segment_count = 0;
    int form_count = 0;
  };

  constexpr result run() {
    result r;
    std::array<int, static_cast<std::size_t>(steps)> users{};
    int recent[most_forms] = {}, known = 0;
    for (int s = 0; s < plan.step_count; ++s) {
      r.form.data()[s] = s;
      for (int k = known; plan.step_count >= fewest_shared_steps && k-- > 0;) {
        displacement d;
        if (!same(plan.steps.data()[recent[k]], plan.steps.data()[s], d)) continue;
        r.form.data()[s] = recent[k];
        r.shift.data()[s] = d;
        break;
      }
      ++users.data()[r.form.data()[s]];
      if (r.form.data()[s] != s) continue;
      if (known == most_forms)
        for (int k = 1; k < known; ++k) recent[k - 1] = recent[k];
      else
        ++known;
      recent[known - 1] = s;
    }
    for (int s = 0; s < plan.step_count; ++s) {
      bool const shared = users.data()[r.form.data()[s]] > 1;
      if (shared && r.form.data()[s] == s) r.forms.data()[r.form_count++] = s;
      if (r.segment_count == 0 || r.segments.data()[r.segment_count - 1].shared != shared)
        r.segments.data()[r.segment_count++] = {s, s, shared};
      r.segments.data()[r.segment_count - 1].end = s + 1;
    }
    return r;
  }

 private:
  struct comparison {
    displacement shift{};
    bool parameters = false, folded = false, state = false, arena = false, batched = false;  // found
  };
  static constexpr detail::frozen_node const& node(int i) { return table.nodes.data()[i]; }
  static constexpr int input(int i, int k) { return table.inputs.data()[node(i).first_input + k]; }
  static constexpr placement const& at(int i) { return plan.at.data()[i]; }

  static constexpr bool same(int a, int b, displacement& d) {
    comparison c;
    if (!same_computed(a, b, c)) return false;
    if (!same_place(a, b, c)) return false;
    if ((at(a).scratch < 0) != (at(b).scratch < 0)) return false;
    if (at(a).scratch >= 0 && !agree(at(b).scratch - at(a).scratch, c.arena, c.shift.arena)) return false;
    d = c.shift;
    return true;
  }
  static constexpr bool agree(std::int64_t shift, bool& found, std::int64_t& all) {
    if (found) return all == shift;
    found = true;
    all = shift;
    return true;
  }
  static constexpr bool same_place(int a, int b, comparison& c) {
    placement const& p = at(a);
    placement const& q = at(b);
    if (p.where != q.where || p.batched != q.batched) return false;
    std::int64_t const shift = q.offset - p.offset;
    switch (p.where) {
      case storage::parameter: return agree(shift, c.parameters, c.shift.parameters);
      case storage::folded: return agree(shift, c.folded, c.shift.folded);
      case storage::state: return agree(shift, c.state, c.shift.state);
      case storage::arena:
        return p.batched ? agree(shift, c.batched, c.shift.batched) : agree(shift, c.arena, c.shift.arena);
      default: return p.source == q.source;  // an input or a constant: the very same
    }
  }
  static constexpr bool same_op(int a, int b) {
    detail::frozen_node const& n = node(a);
    detail::frozen_node const& m = node(b);
    if (n.op != m.op || n.dtype != m.dtype || n.inputs != m.inputs || n.slots != m.slots || n.roles != m.roles ||
        n.state || m.state || at(a).batch != at(b).batch || !(n.shape == m.shape))
      return false;
    for (int k = 0; k < n.slots; ++k)
      if (table.slots.data()[n.first_slot + k] != table.slots.data()[m.first_slot + k]) return false;
    for (int k = 0; k < n.roles; ++k)
      if (!(table.roles.data()[n.first_role + k] == table.roles.data()[m.first_role + k])) return false;
    return true;
  }
  static constexpr bool same_computed(int a, int b, comparison& c) {
    if (!same_op(a, b)) return false;
    int const core = at(a).core, other = at(b).core;
    if ((core < 0) != (other < 0)) return false;
    for (int k = 0; k < node(a).inputs; ++k) {
      int const x = input(a, k), y = input(b, k);
      bool const inlined = at(x).where == storage::inlined;
      if (inlined != (at(y).where == storage::inlined)) return false;
      if (inlined ? !same_computed(x, y, c) : !same_operand(x, y, c)) return false;
    }
    return same_pattern(a, b);
  }
  static constexpr bool same_operand(int x, int y, comparison& c) {
    if (!(node(x).shape == node(y).shape) || node(x).dtype != node(y).dtype || at(x).batch != at(y).batch) return false;
    if (at(x).where == storage::constant && at(y).where == storage::constant && at(x).source != at(y).source)
      return same_number(x, y);
    if (node(x).variable >= 0 && node(y).variable >= 0 &&
        !(plan.forms.data()[node(x).variable] == plan.forms.data()[node(y).variable]))
      return false;
    bool const weight = (at(x).source == x) == (at(y).source == y);  // a view of a weight is not the weight
    return weight && same_place(x, y, c);
  }
  static constexpr bool same_number(int x, int y) {
    detail::frozen_node const& n = node(x);
    detail::frozen_node const& m = node(y);
    return n.op == op_types::constant.id && m.op == op_types::constant.id && n.slots == 1 && m.slots == 1 &&
           n.shape.elements() == 1 && table.slots.data()[n.first_slot] == table.slots.data()[m.first_slot];
  }
  // Where one step reads a node twice, the other does, too: a group reads each node once.
  static constexpr bool same_pattern(int a, int b) {
    for (int k = 0; k < node(a).inputs; ++k)
      for (int l = 0; l < k; ++l)
        if ((input(a, k) == input(a, l)) != (input(b, k) == input(b, l))) return false;
    return true;
  }
};

template <auto Builder>
inline constexpr auto schedule_for = scheduler<Builder>().run();

}  // namespace lowering
}  // namespace AMBIT_ABI
}  // namespace ambit
