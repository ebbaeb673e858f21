// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/core/variable_entry.hpp>

#include <concepts>
#include <span>
#include <type_traits>

namespace ambit {

/// What has a table of named variables: a compiled model, its parameters, a session.
template <class Store>
concept weight_table = requires(std::remove_reference_t<Store> const& store) {
  { store.table() } -> std::convertible_to<std::span<variable_entry const>>;
};

/// Weights can be read from it: `read(i, out)` stores variable `i` of the table at `out`, row-major, in the host's byte
/// order, aligned for its dtype. It is called for stored variables only.
template <class Store>
concept readable_weights = weight_table<Store> && requires(std::remove_reference_t<Store> const& store, void* out) {
  store.read(0, out);
};

/// Weights can be written to it: `write(i, in)`, the same way. It must not fail: loading promises all or nothing.
template <class Store>
concept writable_weights = weight_table<Store> && requires(std::remove_reference_t<Store>& store, void const* in) {
  store.write(0, in);
};

template <class Store>
concept weight_store = readable_weights<Store> && writable_weights<Store>;

}  // namespace ambit
