// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/compiled/planned_nodes.hpp>

#include <array>
#include <cstdint>

namespace ambit {
inline namespace AMBIT_ABI {
namespace lowering {

/// The form that each weight is stored in, and the offsets of weights, of what is computed from them alone, and of state,
/// each in a block of its own: the weights of a program in ROM are there, and what is computed cannot be.
template <auto const& Frozen>
class parameter_layout : planned_nodes<Frozen> {
  using base = planned_nodes<Frozen>;
  using base::at, base::bytes, base::input, base::node, base::nodes, base::p_, base::roles, base::sizes;

 public:
  constexpr explicit parameter_layout(plan<sizes>& p) : base(p) {}

  constexpr void run() {
    choose_forms();
    place_parameters();
  }

 private:
  // A variable that one kind of kernel reads, and nothing else, is stored as that kernel wants it.
  constexpr void choose_forms() {
    std::array<bool, at_least_one<sizes.variables>> plain_of{};
    bool* const plain = plain_of.data();
    for (int k = 0; k < sizes.outputs; ++k)
      if (int const variable = node(Frozen.outputs.data()[k]).variable; variable >= 0) plain[variable] = true;
    for (int i = 0; i < nodes; ++i) {
      if (at(i).where == storage::dropped) continue;
      frozen_node const& n = node(i);
      if (n.variable >= 0 && p_.is_state.data()[n.variable]) plain[n.variable] = true;
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
      at(n).offset = p_.folded;
      p_.folded += aligned(bytes(n));
    }
    for (int i = 0; i < nodes; ++i)  // views of what has just been placed
      if (node(i).view && at(i).where != storage::dropped && at(i).where != storage::inlined)
        at(i).offset = at(at(i).source).offset;
  }
};

}  // namespace lowering
}  // namespace AMBIT_ABI
}  // namespace ambit
