// SPDX-License-Identifier: BSL-1.0
// Where the values of a run lie.
#pragma once

#include <ambit/session/group_blocks.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace ambit {
inline namespace AMBIT_ABI {
namespace run_time {

class run_memory : protected group_blocks {
 protected:
  run_memory(graph const& g, op_library const& ops, variable_store const& variables, state_store const& states, run_plan& plan)
      : group_blocks(g, ops, variables, states, plan) {
    find_last_uses();
    lay_out();
  }

  // What the kernel reads the weight of a role in: as it is stored where one of the graph's own roles decided that.
  weight_form form_of(int i, std::size_t role, std::vector<weight_role> const& in_run, bool& packed) {
    int const from = input(i, in_run[role].operand);
    dtype const type = node_at(from).dtype;
    int const variable = at(from).feed < 0 ? node_at(from).variable : -1;
    if (variable >= 0 && variables_[variable].form.form != weight_form::kind::row_major) {
      packed = false;
      return variables_[variable].form;
    }
    packed = true;
    return form_for_role(in_run[role], type);
  }

 private:
  void find_last_uses() {
    int const end = static_cast<int>(steps_.size());
    for (int i : needed_) {
      if (is_source(i) || node_at(i).type->view) continue;
      for (int k = 0; k < inputs(i); ++k) {
        if (at(i).absorbed && at(input(i, k)).start >= 0) continue;
        value& from = at(at(input(i, k)).source);
        from.last_use = std::max(from.last_use, at(i).step);
        if (from.step != at(i).step) from.stored = true;
      }
    }
    for (int i : needed_) {
      if (!at(i).fetched && !node_at(i).type->state) continue;
      value& from = at(at(i).source);
      from.last_use = end;
      from.stored = true;
    }
    for (planned_step& s : steps_)
      if (!s.group) {
        at(s.nodes[0]).stored = true;
        s.scratch = scratch_bytes(s.nodes[0]);
      }
  }
  std::int64_t scratch_bytes(int i) {
    node const& n = node_at(i);
    std::int64_t sum = 0;
    if (n.type->scratch != nullptr) {
      std::vector<shape> operands;
      for (int k = 0; k < n.inputs; ++k) operands.push_back(at(input(i, k)).shape);
      sum += n.type->scratch(slots(i), operands.data(), at(i).shape);
    }
    if (n.type->weights > 0) {
      std::vector<weight_role> const roles = roles_in_run(i);
      for (std::size_t r = 0; r < roles.size(); ++r) {
        if (roles[r].operand < 0) continue;
        if (roles[r].reader == weight_role::kernel::recurrent)  // inputs and state of a cell, and its vectors
          sum += roles[r].depth + 16 + cell_vectors * aligned(at(i).shape[-1]);
      }
      sum *= size_of(n.dtype);
      for (std::size_t r = 0; r < roles.size(); ++r) {
        bool packed = false;
        if (roles[r].operand < 0) continue;
        weight_form const form = form_of(i, r, roles, packed);
        if (packed) sum = aligned(sum) + aligned(form.elements() * size_of(n.dtype));
      }
      return sum;
    }
    return sum * size_of(n.dtype);
  }

  // First fit in the order of the steps.
  void lay_out() {
    struct room {
      std::int64_t offset, bytes;
      int last_use;
    };
    std::vector<room> alive;
    std::int64_t arena = 0;
    auto const take = [&](std::int64_t size, int last_use) {
      size = aligned(size + 1);  // rows of biases are read in whole vectors
      std::int64_t offset = 0;
      auto where = alive.begin();
      for (; where != alive.end() && where->offset - offset < size; ++where) offset = where->offset + where->bytes;
      alive.insert(where, {offset, size, last_use});
      arena = std::max(arena, offset + size);
      return offset;
    };
    for (std::size_t s = 0; s < steps_.size(); ++s) {
      int const now = static_cast<int>(s);
      std::erase_if(alive, [&](room const& r) { return r.last_use < now; });
      for (int i : steps_[s].nodes)
        if (at(i).stored) at(i).offset = take(bytes(i), std::max(at(i).last_use, now));
      if (steps_[s].scratch > 0) steps_[s].scratch_offset = take(steps_[s].scratch, now);
      if (steps_[s].group) steps_[s].blocks = plan_blocks(steps_[s], [&](std::int64_t size) { return take(size, now); });
    }
    for (int i : p_->fetches) {  // variables: in row-major order, as they were before the run
      if (node_at(at(i).source).variable < 0 || at(at(i).source).feed >= 0) continue;
      at(at(i).source).offset = take(bytes(at(i).source), static_cast<int>(steps_.size()));
    }
    p_->arena = memory_block(arena);
  }
};

}  // namespace run_time
}  // namespace AMBIT_ABI
}  // namespace ambit
