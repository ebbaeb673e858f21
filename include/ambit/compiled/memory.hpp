// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/compiled/plan.hpp>

#include <cstddef>

namespace ambit {

/// What a compiled model occupies, in bytes. Each value begins at a multiple of 64.
struct memory_report {
  std::size_t parameters = 0;   ///< weights and what is computed from them alone
  std::size_t state = 0;        ///< variables that the model itself changes, in the workspace
  std::size_t arena = 0;        ///< values between steps, in the workspace
  std::size_t arena_bound = 0;  ///< the largest set of values alive at once: no arena can be smaller
  std::size_t batched = 0;      ///< for each of the batch, where the first extent is `dyn`: allocated as the batch grows
  std::size_t constants = 0;    ///< read-only data of the program; not in the total
  std::size_t rom = 0;          ///< weights that are read in place, see in_rom: data of the program, too
  std::size_t total = 0;        ///< parameters, state and arena: what a model occupies in RAM
};

inline namespace AMBIT_ABI {
namespace lowering {
template <auto Builder>
constexpr memory_report report_of(bool weights_in_rom) {
  auto const& p = plan_for<Builder>;
  auto size = [](std::int64_t bytes) { return static_cast<std::size_t>(bytes); };
  std::int64_t const rom = weights_in_rom ? p.parameters : 0, parameters = p.parameters + p.folded - rom;
  return {.parameters = size(parameters),
          .state = size(p.state),
          .arena = size(p.arena),
          .arena_bound = size(p.arena_bound),
          .batched = size(p.batched),
          .constants = size(p.constants),
          .rom = size(rom),
          .total = size(parameters + p.state + p.arena)};
}
}  // namespace lowering
}  // namespace AMBIT_ABI

}  // namespace ambit
