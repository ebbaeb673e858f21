// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/compiled/plan.hpp>

#include <cstddef>

namespace ambit {

/// What a compiled model occupies, in bytes. Each value begins at a multiple of 64.
struct memory_report {
  std::size_t parameters = 0;   ///< weights and what is computed from them alone, in the parameter block
  std::size_t state = 0;        ///< variables that the model itself changes, in the workspace
  std::size_t arena = 0;        ///< values between steps, in the workspace
  std::size_t arena_bound = 0;  ///< the largest set of values alive at once: no arena can be smaller
  std::size_t batched = 0;      ///< for each of the batch, where the first extent is `dyn`: allocated as the batch grows
  std::size_t constants = 0;    ///< read-only data of the program; not in the total
  std::size_t total = 0;        ///< parameters, state and arena
};

inline namespace AMBIT_ABI {
namespace lowering {
template <auto Builder>
constexpr memory_report report_of() {
  auto const& p = plan_for<Builder>;
  auto size = [](std::int64_t bytes) { return static_cast<std::size_t>(bytes); };
  return {size(p.parameters), size(p.state),       size(p.arena),
          size(p.arena_bound), size(p.batched), size(p.constants), size(p.parameters + p.state + p.arena)};
}
}  // namespace lowering
}  // namespace AMBIT_ABI

}  // namespace ambit
