// SPDX-License-Identifier: BSL-1.0
// Where every value of a frozen graph lives. Ordinary code over a table, run by the compiler.
#pragma once

#include <ambit/compiled/arena_layout.hpp>
#include <ambit/compiled/parameter_layout.hpp>
#include <ambit/compiled/storage.hpp>

namespace ambit {
inline namespace AMBIT_ABI {
namespace lowering {

/// A plan without steps, where evaluation cannot do a node: it says which.
template <auto const& Frozen>
constexpr plan<Frozen.sizes> make_plan() {
  plan<Frozen.sizes> p{};
  p.parameter_offset.fill(-1);
  p.output_copy.fill(-1);
  if (!storage_choice<Frozen>(p).run()) return p;
  parameter_layout<Frozen>(p).run();
  arena_layout<Frozen>(p).run();
  return p;
}
template <auto Builder>
inline constexpr auto plan_for = make_plan<detail::frozen_for<Builder>>();

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
