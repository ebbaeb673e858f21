// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/session/memory_block.hpp>
#include <ambit/session/variable_store.hpp>

#include <cstddef>
#include <cstring>
#include <vector>

namespace ambit {
inline namespace AMBIT_ABI {
namespace run_time {

/// Memory of one thread's runs: the variables that ops change.
class state_store {
 public:
  /// Begins with what the variables hold.
  void update(variable_store const& from) {
    if (blocks_.size() < from.all().size()) blocks_.resize(from.all().size());
    for (std::size_t v = 0; v < from.all().size(); ++v)
      if (from.all()[v].state && blocks_[v].data() == nullptr && from.all()[v].data.data() != nullptr) {
        blocks_[v] = memory_block(from.all()[v].bytes());
        reset(from, static_cast<int>(v));
      }
  }
  void reset(variable_store const& from) {
    for (std::size_t v = 0; v < blocks_.size(); ++v) reset(from, static_cast<int>(v));
  }
  void reset(variable_store const& from, int variable) {
    std::byte* const to = data(variable);
    if (to != nullptr) std::memcpy(to, from[variable].data.data(), static_cast<std::size_t>(from[variable].bytes()));
  }
  /// Null where the variable is no state.
  [[nodiscard]] std::byte* data(int variable) const {
    auto const v = static_cast<std::size_t>(variable);
    return v < blocks_.size() ? blocks_[v].data() : nullptr;
  }

 private:
  std::vector<memory_block> blocks_;
};

}  // namespace run_time
}  // namespace AMBIT_ABI
}  // namespace ambit
