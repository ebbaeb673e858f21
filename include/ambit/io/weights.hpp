// SPDX-License-Identifier: BSL-1.0
// Binding the tensors of a weight file to the variables of a model: one step for every format.
#pragma once

#include <ambit/core/variable_entry.hpp>
#include <ambit/io/detail/bind.hpp>
#include <ambit/io/detail/staging.hpp>
#include <ambit/io/file_error.hpp>
#include <ambit/io/file_tensor.hpp>
#include <ambit/io/load_options.hpp>
#include <ambit/io/load_report.hpp>
#include <ambit/io/weight_store.hpp>

#include <cstddef>
#include <span>
#include <utility>

namespace ambit {

namespace detail::io {

/// What a load takes tensors from: the source itself or, where it keeps them in its file, what holds that as it is.
template <weight_source Source>
[[nodiscard]] decltype(auto) held(Source const& source) {
  if constexpr (held_source<Source>)
    return source.hold();
  else
    return (source);
}

}  // namespace detail::io

/// What `load` would say, without changing anything. It reads what `load` would read.
template <weight_table Store, weight_source Source>
[[nodiscard]] load_report check(Store const& store, Source const& source, load_options const& options = {}) {
  std::span<variable_entry const> const table = store.table();
  auto const& held = detail::io::held(source);
  std::span<file_tensor const> const tensors = held.tensors();
  detail::io::binding plan = detail::io::bind(table, tensors, source.file(), options);
  if (plan.report.ok()) detail::io::staging(table, tensors, plan).prepare(held);
  return std::move(plan.report);
}

/// As `load`, but returns what is wrong instead of throwing; then too nothing in the model has changed.
template <writable_weights Store, weight_source Source>
[[nodiscard]] load_report try_load(Store&& store, Source const& source, load_options const& options = {}) {
  std::span<variable_entry const> const table = store.table();
  auto const& held = detail::io::held(source);
  std::span<file_tensor const> const tensors = held.tensors();
  detail::io::binding plan = detail::io::bind(table, tensors, source.file(), options);
  if (!plan.report.ok()) return std::move(plan.report);
  // All reading and all memory before the first write: failing half way would leave a model of two files.
  detail::io::staging staged(table, tensors, plan);
  staged.prepare(held);
  if (!plan.report.ok()) return std::move(plan.report);
  if constexpr (requires { held.require_unchanged(); }) held.require_unchanged();
  for (std::size_t i = 0; i < plan.writes.size(); ++i)
    if constexpr (requires { store.write_only(0, nullptr), store.fold(); })  // what depends on them is computed once
      store.write_only(plan.writes[i].variable, staged.host(i));
    else
      store.write(plan.writes[i].variable, staged.host(i));
  if constexpr (requires { store.fold(); }) store.fold();
  return std::move(plan.report);
}

/// Fills every variable of a model from a weight file, by name: `load(net, safetensors{"digits.safetensors"})`.
///
/// Total: each variable is bound to exactly one tensor of its name, shape and dtype (nothing is broadcast; nothing is
/// renamed, transposed or converted unless `options` say so), and each tensor of the file is used or waived by
/// `options.ignore`. A variable that the model declares without memory (`variable_entry::stored` is false) may be absent;
/// where present its tensor is checked, then skipped.
/// Transactional: everything is checked before the first write.
///
/// Returns the report, which then lists only what was ignored.
/// Throws `weights_error` with all that is wrong at once; nothing in the model has changed then.
/// Complexity: O((variables + tensors) log tensors) name comparisons, then one pass over the weights. Memory beyond the
/// source: the tensors that it defers, and one copy of the largest one that lies misaligned in the file, is transposed or
/// converted, usually none.
template <writable_weights Store, weight_source Source>
load_report load(Store&& store, Source const& source, load_options const& options = {}) {
  load_report report = try_load(store, source, options);
  if (!report.ok()) detail::io::raise(weights_error(std::move(report)));
  return report;
}

}  // namespace ambit
