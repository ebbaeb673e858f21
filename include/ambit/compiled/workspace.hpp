// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/compiled/parameters.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>
#include <type_traits>

namespace ambit {
inline namespace AMBIT_ABI {

namespace lowering {

/// Memory that grows with the batch: the only heap of compiled models, and only of those that have one.
struct batched_arena {
  std::byte* data = nullptr;
  std::int64_t capacity = 0;

  batched_arena() = default;
  batched_arena(batched_arena const&) = delete;
  batched_arena& operator=(batched_arena const&) = delete;
  ~batched_arena() { release(); }
  // In steps of 16 of the batch, which keep every value at a multiple of 64 bytes.
  void grow(std::int64_t batch, std::int64_t bytes) {
    release();
    std::int64_t const wanted = (batch + 15) / 16 * 16;
    data = static_cast<std::byte*>(
        ::operator new(static_cast<std::size_t>(wanted * bytes), std::align_val_t{static_cast<std::size_t>(block_alignment)}));
    capacity = wanted;
  }
  void release() {
    if (data != nullptr) ::operator delete(data, std::align_val_t{static_cast<std::size_t>(block_alignment)});
    data = nullptr;
    capacity = 0;
  }
};
struct no_batched_arena {};

}  // namespace lowering

/// What one thread needs to run a model: the arena and the state. `reset` before the first run where there is state.
template <auto Builder>
class workspace {
  static_assert(sizeof(detail::verified<Builder>) != 0);
  static constexpr auto const& plan_ = lowering::plan_for<Builder>;

 public:
  workspace() { std::memset(state_, 0, sizeof(state_)); }
  template <class Storage>
  explicit workspace(parameters<Builder, Storage> const& initial) {
    reset(initial);
  }

  /// The state begins anew, with the values that the parameters hold for it.
  template <class Storage>
  void reset([[maybe_unused]] parameters<Builder, Storage> const& initial) {
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

  /// Memory for the values of a batch. Grows where the batch is larger than any before, and is kept: runs of batches up to
  /// that size allocate nothing. Where there is no memory, the error is that of `new`, before anything was computed.
  std::byte* reserve(std::int64_t batch) {
    if constexpr (plan_.batched > 0) {
      if (batch > batched_.capacity) batched_.grow(batch, plan_.batched);
      return batched_.data;
    } else {
      return nullptr;
    }
  }
  [[nodiscard]] std::int64_t capacity() const {
    if constexpr (plan_.batched > 0) return batched_.capacity;
    return 0;
  }

  [[nodiscard]] std::byte* arena() { return arena_; }
  [[nodiscard]] std::byte* state() { return state_; }

 private:
  [[no_unique_address]] std::conditional_t<(plan_.batched > 0), lowering::batched_arena, lowering::no_batched_arena> batched_;
  alignas(lowering::block_alignment) std::byte arena_[static_cast<std::size_t>(plan_.arena > 0 ? plan_.arena : 1)];
  alignas(lowering::block_alignment) std::byte state_[static_cast<std::size_t>(plan_.state > 0 ? plan_.state : 1)];
};

}  // namespace AMBIT_ABI
}  // namespace ambit
