// SPDX-License-Identifier: BSL-1.0
// From fetches and feeds to a run plan.
#pragma once

#include <ambit/session/run_memory.hpp>

#include <algorithm>
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
    plan.fed.assign(plan.feeds.size(), {{}, &plan.nowhere});
    planner p(g, ops, variables, states, plan);
    for (planned_step& s : p.steps_) p.emit(s);
    p.emit_results();
    p.emit_commits();
    plan.share_inputs();
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
    std::int64_t const size = at(planned.nodes[0]).shape.elements();
    std::vector<block_operand> operands;
    for (group_operand const& o : g.operands)
      operands.push_back({o.temporary ? p_->arena.data() + o.offset : address(o.node), o.step});
    if (size <= g.block) return emit_calls(g, operands, size);
    elementwise_group out;
    out.size = size;
    out.block = g.block;
    out.operands = std::move(operands);
    out.spreads = std::move(g.spreads);
    for (std::size_t o = 0; o < g.operands.size(); ++o) feed_goes_to(g.operands[o], out.operands[o].base);
    std::size_t most = 0;
    for (block_step const& b : g.steps) most = std::max(most, b.operands.size());
    out.in.resize(most);
    out.steps = std::move(g.steps);
    p_->add(p_->groups, std::move(out));
  }
  // All elements are one block: each op is called with pointers that do not change.
  void emit_calls(group_plan& g, std::vector<block_operand> const& operands, std::int64_t size) {
    auto const base = [&](int o) { return operands[static_cast<std::size_t>(o)].base; };
    auto const table = [&](std::vector<int> const& of) {
      std::vector<void const*>& in = p_->new_table(of.size());
      for (std::size_t k = 0; k < of.size(); ++k) {
        in[k] = base(of[k]);
        feed_goes_to(g.operands[static_cast<std::size_t>(of[k])], in[k]);
      }
      return in.data();
    };
    for (spread_operand const& sp : g.spreads)
      p_->add(p_->spreads, {sp, table({sp.from}), const_cast<void*>(base(sp.to)), size});
    for (block_step const& b : g.steps)
      p_->steps.push_back({b.code, table(b.operands), const_cast<void*>(base(b.result)), size, b.attributes});
  }
  void feed_goes_to(group_operand const& o, void const*& place) {
    if (!o.temporary) feed_goes_to(feed_of(o.node), place);
  }
  void feed_goes_to(int feed, void const*& place) {
    if (feed >= 0) p_->feed_goes_to(feed, place);
  }
  void emit_whole(planned_step const& planned) {
    int const i = planned.nodes[0];
    node const& n = node_at(i);
    whole_step w;
    dtype const first = n.inputs > 0 ? node_at(input(i, 0)).dtype : n.dtype;
    int const type_place = dtype_place(first);
    if (type_place < 0) refuse_dtypes(i);
    w.code = at(i).code->whole[static_cast<std::size_t>(type_place)];
    prepare_code const prepare = at(i).code->prepare[static_cast<std::size_t>(type_place)];
    if (w.code == nullptr && prepare == nullptr) refuse_dtypes(i);
    w.attributes = slots(i);
    std::byte* const scratch = planned.scratch_offset < 0 ? nullptr : p_->arena.data() + planned.scratch_offset;
    std::vector<void const*>& in = p_->new_table(static_cast<std::size_t>(n.inputs));
    for (int k = 0; k < n.inputs; ++k) {
      in[static_cast<std::size_t>(k)] = address(input(i, k));
      w.shapes.push_back(at(input(i, k)).shape);
    }
    w.shapes.push_back(at(i).shape);
    std::vector<bool> packed(in.size(), false);
    if (n.type->weights > 0) {
      std::vector<weight_role> const roles = roles_in_run(i);
      std::int64_t packed_bytes = 0;
      for (std::size_t r = 0; r < roles.size(); ++r) {
        w.forms.emplace_back();
        if (roles[r].operand < 0) continue;
        bool pack = false;
        w.forms.back() = form_of(i, r, roles, pack);
        if (!pack) continue;
        packed_bytes += aligned(w.forms.back().elements() * size_of(n.dtype));
        auto const o = static_cast<std::size_t>(roles[r].operand);
        std::vector<void const*>& from = p_->new_table(1);
        from[0] = in[o];
        feed_goes_to(feed_of(input(i, roles[r].operand)), from[0]);
        std::byte* const to = scratch + aligned(planned.scratch) - packed_bytes;
        p_->add(p_->packs, {n.dtype, w.forms.back(), from.data(), to});
        in[o] = to;
        packed[o] = true;
      }
    }
    for (int k = 0; k < n.inputs; ++k)
      if (auto const o = static_cast<std::size_t>(k); !packed[o]) feed_goes_to(feed_of(input(i, k)), in[o]);
    w.plan = {w.forms.data(), at(i).relu, at(i).pooled};  // the list is moved with its memory
    int const start = at(i).start;
    w.of = {in.data(), w.shapes.data(), n.inputs, address(i), &w.shapes.back(), start < 0 ? nullptr : address(start),
            scratch};
    if (prepare == nullptr)
      p_->add(p_->wholes, std::move(w));
    else
      emit_prepared(prepare(w.of, w.attributes, w.plan), in.data());
  }
  void emit_prepared(prepared_kernel const& k, void const* const* in) {
    p_->kernels.push_back(k.kernel);
    p_->steps.push_back({k.code, in, const_cast<void*>(k.kernel.get()), 0, nullptr});
  }
  void emit_commits() {
    for (int i : needed_) {
      if (!node_at(i).type->state || at(i).feed >= 0) continue;
      int const variable = node_at(input(i, 0)).variable;
      p_->add(p_->copies, {{}, node_at(i).dtype, at(i).shape.elements(), address(i), states_.data(variable)});
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
        p_->add(p_->copies, {form, node_at(source).dtype, at(source).shape.elements(), data, to});
        data = to;
      }
      p_->results.emplace_back(data, node_at(i).dtype, at(i).shape);
      feed_goes_to(feed_of(i), p_->results.back().data_);
    }
  }
};

}  // namespace run_time
}  // namespace AMBIT_ABI
}  // namespace ambit
