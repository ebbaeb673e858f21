// SPDX-License-Identifier: BSL-1.0
// From fetches and feeds to a run plan.
#pragma once

#include <ambit/session/run_memory.hpp>

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace ambit {
inline namespace AMBIT_ABI {
namespace run_time {

/// Plans a run: what is needed and its shapes, the steps, their memory, and at last the addresses.
class planner : run_memory {
 public:
  /// Fills a plan whose `fetches`, `feeds` and `feed_shapes` are given. Raises what cannot be run.
  static void fill(run_plan& plan, graph const& g, op_library const& ops, variable_store const& variables,
                   state_store const& states) {
    planner p(g, ops, variables, states, plan);
    for (planned_step& s : p.steps_) p.emit(s);
    p.emit_commits();
    p.emit_results();
  }

 private:
  using run_memory::run_memory;

  /// Where a node's value begins; null where a feed has it.
  std::byte* address(int i) {
    value const& v = at(at(i).source);
    if (v.feed >= 0) return nullptr;
    if (v.fixed != nullptr || v.step < 0) return const_cast<std::byte*>(v.fixed);
    return p_->arena.data() + v.offset;
  }
  [[nodiscard]] int feed_of(int i) { return at(at(i).source).feed; }

  void emit(planned_step& planned) {
    if (at(planned.nodes[0]).shape.elements() == 0) return;
    if (planned.group)
      emit_group(planned);
    else
      emit_whole(planned);
  }
  void emit_group(planned_step& planned) {
    group_plan& g = planned.blocks;
    elementwise_group out;
    out.size = at(planned.nodes[0]).shape.elements();
    out.block = g.block;
    out.steps = std::move(g.steps);
    out.spreads = std::move(g.spreads);
    for (group_operand const& o : g.operands)
      out.operands.push_back({o.temporary ? p_->arena.data() + o.offset : address(o.node), o.step});
    p_->steps.push_back({run_plan::step::kind::group, static_cast<int>(p_->groups.size())});
    p_->groups.push_back(std::move(out));
    for (std::size_t o = 0; o < g.operands.size(); ++o)
      if (!g.operands[o].temporary)
        if (int const f = feed_of(g.operands[o].node); f >= 0)
          p_->inputs.push_back({f, nullptr, &p_->groups.back().operands[o].base, nullptr});
  }
  void emit_whole(planned_step const& planned) {
    int const i = planned.nodes[0];
    node const& n = node_at(i);
    whole_step w;
    dtype const first = n.inputs > 0 ? node_at(input(i, 0)).dtype : n.dtype;
    int const type_place = dtype_place(first);
    w.code = type_place < 0 ? nullptr : at(i).code->whole[static_cast<std::size_t>(type_place)];
    if (w.code == nullptr) refuse_dtypes(i);
    w.attributes = slots(i);
    w.output = address(i);
    std::byte* scratch = planned.scratch_offset < 0 ? nullptr : p_->arena.data() + planned.scratch_offset;
    w.scratch = scratch;
    for (int k = 0; k < n.inputs; ++k) {
      w.inputs.push_back(address(input(i, k)));
      w.shapes.push_back(at(input(i, k)).shape);
    }
    w.shapes.push_back(at(i).shape);
    w.given = w.inputs;
    std::vector<std::pair<int, std::size_t>> fed;  // feed, operand
    for (int k = 0; k < n.inputs; ++k)
      if (int const f = feed_of(input(i, k)); f >= 0) fed.emplace_back(f, static_cast<std::size_t>(k));
    int const start = at(i).start;
    if (start >= 0) w.start = address(start);
    if (n.type->weights > 0) {
      std::vector<weight_role> const roles = roles_in_run(i);
      std::int64_t packed_bytes = 0;
      for (std::size_t r = 0; r < roles.size(); ++r) {
        if (roles[r].operand < 0) {
          w.forms.emplace_back();
          continue;
        }
        bool packed = false;
        w.forms.push_back(form_of(i, r, roles, packed));
        if (packed) {
          packed_bytes += aligned(w.forms.back().elements() * size_of(n.dtype));
          w.packings.push_back({roles[r].operand, n.dtype, w.forms.back(), scratch + aligned(planned.scratch) - packed_bytes});
          w.inputs[static_cast<std::size_t>(roles[r].operand)] = w.packings.back().to;
        }
      }
    }
    p_->steps.push_back({run_plan::step::kind::whole, static_cast<int>(p_->wholes.size())});
    p_->wholes.push_back(std::move(w));
    whole_step& made = p_->wholes.back();
    for (auto const& [f, k] : fed) {
      bool const packed = made.inputs[k] != made.given[k];
      p_->inputs.push_back({f, packed ? &made.given[k] : &made.inputs[k], nullptr, nullptr});
    }
  }
  void emit_commits() {
    for (int i : needed_) {
      if (!node_at(i).type->state || at(i).feed >= 0) continue;
      int const variable = node_at(input(i, 0)).variable;
      p_->commits.push_back({{}, node_at(i).dtype, at(i).shape.elements(), address(i), states_.data(variable)});
    }
  }
  void emit_results() {
    p_->results.reserve(p_->fetches.size());
    for (int i : p_->fetches) {
      int const source = at(i).source;
      std::byte const* data = address(i);
      if (node_at(source).variable >= 0 && at(source).feed < 0) {
        bool const own = states_.data(node_at(source).variable) != nullptr;
        weight_form const form = own ? weight_form{} : variables_[node_at(source).variable].form;
        std::byte* const to = p_->arena.data() + at(source).offset;
        p_->steps.push_back({run_plan::step::kind::copy, static_cast<int>(p_->copies.size())});
        p_->copies.push_back({form, node_at(source).dtype, at(source).shape.elements(), data, to});
        data = to;
      }
      p_->results.emplace_back(data, node_at(i).dtype, at(i).shape);
      if (int const f = feed_of(i); f >= 0) p_->inputs.push_back({f, nullptr, nullptr, &p_->results.back()});
    }
  }
};

}  // namespace run_time
}  // namespace AMBIT_ABI
}  // namespace ambit
