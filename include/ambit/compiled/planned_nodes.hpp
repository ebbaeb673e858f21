// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/compiled/placement.hpp>
#include <ambit/kernels/target.hpp>

#include <cstddef>
#include <cstdint>

namespace ambit {
inline namespace AMBIT_ABI {
namespace lowering {

/// The nodes of a frozen graph beside a plan in the making: what its parts look things up in. Each part decides one thing
/// for all nodes and keeps what it needs for that to itself.
template <auto const& Frozen>
class planned_nodes {
 protected:
  static constexpr table_sizes sizes = Frozen.sizes;
  static constexpr int nodes = sizes.nodes;

  constexpr explicit planned_nodes(plan<sizes>& p) : p_(p) {}

  static constexpr frozen_node const& node(int i) { return Frozen.nodes.data()[i]; }
  static constexpr int input(frozen_node const& n, int k) { return Frozen.inputs.data()[n.first_input + k]; }
  static constexpr weight_role const* roles(frozen_node const& n) { return Frozen.roles.data() + n.first_role; }
  static constexpr bool is(int i, op_type const& type) { return node(i).op == type.id; }
  static constexpr std::size_t index(int i) { return static_cast<std::size_t>(i); }

  constexpr placement& at(int i) { return p_.at.data()[i]; }
  // Of a value that grows with the batch for each of it, in steps of 4, so that multiples of 16 are aligned.
  constexpr std::int64_t bytes(int i) const {
    std::int64_t const n = node(i).shape.elements() * size_of(node(i).dtype);
    int const batch = p_.at.data()[i].batch;
    return batch == 0 ? n : (n * batch + 3) / 4 * 4;
  }
  // What a value takes of its arena.
  constexpr std::int64_t room(int i) const { return p_.at.data()[i].batched ? bytes(i) : aligned(bytes(i)); }
  constexpr bool is_stored_as(int i, weight_form const& wanted) {
    return at(i).where == storage::parameter && at(i).source == i && p_.forms.data()[node(i).variable] == wanted;
  }

  plan<sizes>& p_;
};

}  // namespace lowering
}  // namespace AMBIT_ABI
}  // namespace ambit
