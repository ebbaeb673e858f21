// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/compiled/parameters.hpp>

#include <cstddef>
#include <cstring>

namespace ambit {
inline namespace AMBIT_ABI {

/// What one thread needs to run a model: the arena and the state. `reset` before the first run where there is state.
template <auto Builder>
class workspace {
  static_assert(sizeof(detail::verified<Builder>) != 0);
  static constexpr auto const& plan_ = lowering::plan_for<Builder>;

 public:
  workspace() { std::memset(state_, 0, sizeof(state_)); }
  explicit workspace(parameters<Builder> const& initial) { reset(initial); }

  /// The state begins anew, with the values that the parameters hold for it.
  void reset(parameters<Builder> const& initial) {
    auto const& table = detail::frozen_for<Builder>;
    if constexpr (plan_.state > 0)
      for (int v = 0; v < table.sizes.variables; ++v) {
        if (!plan_.is_state.data()[v] || plan_.parameter_offset.data()[v] < 0) continue;
        detail::frozen_node const& n = table.nodes.data()[table.variables.data()[v].node];
        std::memcpy(state_ + plan_.at.data()[table.variables.data()[v].node].offset,
                    initial.data() + plan_.parameter_offset.data()[v],
                    static_cast<std::size_t>(n.shape.elements() * size_of(n.dtype)));
      }
  }

  [[nodiscard]] std::byte* arena() { return arena_; }
  [[nodiscard]] std::byte* state() { return state_; }

 private:
  alignas(lowering::block_alignment) std::byte arena_[static_cast<std::size_t>(plan_.arena > 0 ? plan_.arena : 1)];
  alignas(lowering::block_alignment) std::byte state_[static_cast<std::size_t>(plan_.state > 0 ? plan_.state : 1)];
};

}  // namespace AMBIT_ABI
}  // namespace ambit
