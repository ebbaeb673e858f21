// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/session/block_loop.hpp>

#include <memory>

namespace ambit {
inline namespace AMBIT_ABI {
namespace run_time {

/// A kernel that was made ready when its run was planned: the addresses of its operands may change, nothing else.
struct prepared_kernel {
  std::shared_ptr<void const> kernel;
  block_code code = nullptr;  // of the operands, and the kernel in place of an output
};

/// The class of that kernel for an op that has one, `type`. It is constructed from the op's attributes, the forms of its
/// weights, an `evaluation` and what is computed on the sums; `code()` gives what a run calls. Worth it where finding out
/// extents takes as long as the sums.
template <class Op, class T>
struct prepared {};

}  // namespace run_time
}  // namespace AMBIT_ABI
}  // namespace ambit
