// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/compiled/builtin.hpp>
#include <ambit/compiled/diagnostics.hpp>
#include <ambit/compiled/plan.hpp>
#include <ambit/kernels/elementwise.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>

namespace ambit {
inline namespace AMBIT_ABI {
namespace lowering {

/// The nodes of a model with their places and ops: what code is made from.
template <auto Builder, class Map>
struct AMBIT_LOCAL nodes_of {
  static constexpr auto const& table = detail::frozen_for<Builder>;
  static constexpr auto const& plan = plan_for<Builder>;

  static constexpr detail::frozen_node const& node(int i) { return table.nodes.data()[i]; }
  static constexpr int input(int i, int k) { return table.inputs.data()[node(i).first_input + k]; }
  static constexpr placement const& at(int i) { return plan.at.data()[i]; }
  static constexpr bool is_inlined(int i) { return at(i).where == storage::inlined; }
  template <int I>
  using element = element_of<node(I).dtype>;

  template <int I>
  static constexpr auto op_type_of() {
    using found = detail::op_of<Map, node(I).op>;
    if constexpr (std::is_void_v<found>)
      return detail::diagnose_op<Builder, I>();
    else
      return []<std::size_t... S>(std::index_sequence<S...>) {
        return std::type_identity<
            op_value<typename found::op, table.slots.data()[node(I).first_slot + static_cast<int>(S)]...>>{};
      }
    (std::make_index_sequence<static_cast<std::size_t>(node(I).slots)>{});
  }
  /// The op of a node with its attributes, as a type.
  template <int I>
  using op_of_node = typename decltype(op_type_of<I>())::type;
};

/// What an op may know of its node in constants: its attributes, shapes, and the roles of its weights.
template <class Nodes, int I>
struct AMBIT_LOCAL node_facts {
  using op = typename Nodes::template op_of_node<I>;
  static constexpr shape const& input_shape(int k) { return Nodes::node(Nodes::input(I, k)).shape; }
  static constexpr shape const& output_shape() { return Nodes::node(I).shape; }
  static constexpr ambit::pool_tiling pool{};
  static constexpr weight_role const& role(int k) { return Nodes::table.roles.data()[Nodes::node(I).first_role + k]; }
};

/// The same for an op whose results are pooled at once.
template <class Facts, int Rows, int Columns>
struct AMBIT_LOCAL pooled_facts : Facts {
  static constexpr ambit::pool_tiling pool{Rows, Columns};
};

}  // namespace lowering
}  // namespace AMBIT_ABI
}  // namespace ambit
