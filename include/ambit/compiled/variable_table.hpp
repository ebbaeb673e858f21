// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/compiled/diagnostics.hpp>
#include <ambit/compiled/matrix.hpp>
#include <ambit/compiled/plan.hpp>
#include <ambit/compiled/stored_weight.hpp>
#include <ambit/compiled/variable_names.hpp>
#include <ambit/core/fixed_string.hpp>
#include <ambit/core/variable_entry.hpp>

#include <array>
#include <cstddef>
#include <cstdint>

namespace ambit {
inline namespace AMBIT_ABI {
namespace lowering {

/// The table that loaders and reports loop over: the saved variables.
template <auto Builder>
struct variable_table {
  static constexpr auto const& table = detail::frozen_for<Builder>;
  static constexpr int count = [] {
    int n = 0;
    for (int v = 0; v < table.sizes.variables; ++v) n += table.variables.data()[v].saved ? 1 : 0;
    return n;
  }();
  static constexpr auto entries = [] {
    std::array<variable_entry, static_cast<std::size_t>(detail::at_least_one<count>)> e{};
    int at = 0;
    for (int v = 0; v < table.sizes.variables; ++v) {
      if (!table.variables.data()[v].saved) continue;
      detail::frozen_node const& n = table.nodes.data()[table.variables.data()[v].node];
      e.data()[at++] = {detail::variable_names<Builder>::of(v), n.dtype, n.shape, plan_for<Builder>.parameter_offset.data()[v] >= 0};
    }
    return e;
  }();
  /// Where each lies, and how.
  struct stored {
    std::int64_t offset = -1;
    weight_form form{};
  };
  static constexpr auto places = [] {
    std::array<stored, static_cast<std::size_t>(detail::at_least_one<count>)> s{};
    int at = 0;
    for (int v = 0; v < table.sizes.variables; ++v)
      if (table.variables.data()[v].saved)
        s.data()[at++] = {plan_for<Builder>.parameter_offset.data()[v], plan_for<Builder>.forms.data()[v]};
    return s;
  }();
};

/// The variable of a path, or a compile error that names the path. Each path that a file uses costs one of these, so it is
/// short: the error's template only where there is an error, and references instead of copies.
template <auto Builder, fixed_string Path>
struct located {
  static constexpr int found = detail::find_variable<Builder>(Path.view());
  static constexpr int variable = [] {
    if constexpr (found < 0) {
      constexpr bool silent = !detail::is_good<Builder>;  // one error is enough
      static_assert(sizeof(diagnostics::variable_is_not_in_this_model<silent, Path, diagnostics::letters_of<Path>>) != 0);
    }
    return found < 0 ? 0 : found;
  }();
  static constexpr int id = found < 0 ? 0 : detail::frozen_for<Builder>.variables.data()[variable].node;
  static constexpr detail::frozen_node const& node = detail::frozen_for<Builder>.nodes.data()[id];
  static constexpr std::int64_t offset = found < 0 ? 0 : plan_for<Builder>.parameter_offset.data()[variable];
  static_assert(offset >= 0, "ambit: no output needs this variable, so the model keeps no value for it");
  static constexpr weight_form const& form = plan_for<Builder>.forms.data()[variable];
  using element = element_of<node.dtype == dtype::none ? dtype::f32 : node.dtype>;
  using weight = stored_weight<element, detail::rows_of(node.shape), detail::columns_of(node.shape)>;
};

}  // namespace lowering
}  // namespace AMBIT_ABI
}  // namespace ambit
