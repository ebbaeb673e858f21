// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/compiled/nodes.hpp>

#include <array>
#include <cstddef>
#include <cstdint>

namespace ambit {
inline namespace AMBIT_ABI {
namespace lowering {

/// The blocks of one run.
template <int Inputs>
struct AMBIT_LOCAL frame {
  std::byte const* parameters = nullptr;
  std::byte const* folded = nullptr;
  std::byte* state = nullptr;
  std::byte* arena = nullptr;
  std::byte* batched = nullptr;  // values that grow with the batch
  std::int64_t capacity = 0;     // for so many of the batch
  std::int64_t batch = 0;
  std::array<void const*, static_cast<std::size_t>(Inputs)> inputs{};
};

/// Where the values of a model are while it runs.
template <auto Builder, class Map>
struct AMBIT_LOCAL values_of : nodes_of<Builder, Map> {
  using base = nodes_of<Builder, Map>;
  using base::at, base::node, base::plan, base::table;
  using frame_type = frame<at_least_one<table.sizes.placeholders>>;
  template <int I>
  using element = typename base::template element<I>;

  /// Constants are data of the program, as their own type. Kernels read them in whole vectors.
  template <int I>
  struct AMBIT_LOCAL constant_block {
    static constexpr auto make() {
      constexpr detail::frozen_node n = node(I);
      constexpr std::int64_t size = aligned(n.slots * size_of(n.dtype)) / size_of(n.dtype);
      std::array<element<I>, static_cast<std::size_t>(size > 0 ? size : 1)> all{};
      for (int k = 0; k < n.slots; ++k)
        all.data()[k] = literal::value_of<element<I>>(n.dtype, table.slots.data()[n.first_slot + k]);
      return all;
    }
    alignas(block_alignment) static constexpr auto values = make();
  };

  /// Where the value of a stored node is.
  template <int I>
  static auto* data(frame_type const& f) {
    constexpr placement p = at(I);
    if constexpr (p.where == storage::input)
      return static_cast<element<I> const*>(f.inputs[static_cast<std::size_t>(p.offset)]);
    else if constexpr (p.where == storage::parameter)
      return reinterpret_cast<element<I> const*>(f.parameters + p.offset);
    else if constexpr (p.where == storage::folded)
      return reinterpret_cast<element<I> const*>(f.folded + p.offset);
    else if constexpr (p.where == storage::constant)
      return constant_block<p.source>::values.data();
    else if constexpr (p.where == storage::state)
      return reinterpret_cast<element<I>*>(f.state + p.offset);
    else if constexpr (p.batched)
      return reinterpret_cast<element<I>*>(f.batched + p.offset * f.capacity);
    else
      return reinterpret_cast<element<I>*>(f.arena + p.offset);
  }
  /// Elements of a node in this run.
  template <int I>
  static std::int64_t elements(frame_type const& f) {
    if constexpr (at(I).batch > 0)
      return node(I).shape.elements() * at(I).batch * f.batch;
    else
      return node(I).shape.elements();
  }
  /// The same to write to. What is folded is written when its owner folds it.
  template <int I>
  static element<I>* target(frame_type const& f) {
    return const_cast<element<I>*>(data<I>(f));
  }
};

}  // namespace lowering
}  // namespace AMBIT_ABI
}  // namespace ambit
