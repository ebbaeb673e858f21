// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/compiled/freeze.hpp>
#include <ambit/config.hpp>
#include <ambit/kernels/alignment.hpp>
#include <ambit/kernels/panels.hpp>

#include <array>
#include <cstddef>
#include <cstdint>

namespace ambit {
inline namespace AMBIT_ABI {  // plans differ between vector instruction sets
namespace lowering {

using namespace loops;
using detail::at_least_one;
using detail::frozen_node;
using detail::table_sizes;

enum class storage : std::uint8_t {
  dropped,    // no output or state op needs it
  inlined,    // computed inside the expression of its one reader
  input,      // the caller's
  parameter,  // in the parameter block
  folded,     // beside the parameters: computed from them and constants when these change
  state,      // in the workspace's state: a variable that a state op changes
  constant,   // in the program's constants
  arena,      // in the workspace's arena
};

struct placement {
  storage where = storage::dropped;
  int source = -1;            // the node whose storage this is: itself, or what it is a view of
  std::int64_t offset = -1;   // in its block; for an input, its number
  int last_use = -1;          // the last step that reads it
  bool in_place = false;      // written over an operand that dies there
  int core = -1;              // of a group: the op whose results the elementwise ops are computed on
  std::int64_t scratch = -1;  // in the arena, for the step alone
  int batch = 0;              // the first extent is so many times the batch; 0: it does not depend on the batch
  bool batched = false;       // in the batched arena, whose offsets count for each of the batch
};

/// Where the values of a frozen graph live, and the steps that compute them.
template <table_sizes S>
struct plan {
  std::array<placement, at_least_one<S.nodes>> at{};
  std::array<bool, at_least_one<S.variables>> is_state{};
  std::array<std::int64_t, at_least_one<S.variables>> parameter_offset{};  // -1: not stored
  std::array<weight_form, at_least_one<S.variables>> forms{};
  std::array<int, at_least_one<S.nodes>> steps{};                   // stored nodes in order
  std::array<std::int64_t, at_least_one<S.outputs>> output_copy{};  // in the arena; -1: none
  std::array<int, at_least_one<S.nodes>> folds{};                   // the same of what is folded
  int step_count = 0;
  int fold_count = 0;
  std::int64_t parameters = 0;  // bytes
  std::int64_t folded = 0;
  std::int64_t state = 0;
  std::int64_t arena = 0;
  std::int64_t arena_bound = 0;  // the largest set of values alive at once
  std::int64_t batched = 0;      // bytes of the batched arena for each of the batch
  std::int64_t batched_bound = 0;
  std::int64_t constants = 0;
  int unknown_shape = -1;  // a needed node without a fully known shape
  int no_code = -1;        // a needed node of a dtype that evaluation has no code for
  int shared_state = -1;   // a node that changes a variable in place which others read, too
};

}  // namespace lowering
}  // namespace AMBIT_ABI
}  // namespace ambit
