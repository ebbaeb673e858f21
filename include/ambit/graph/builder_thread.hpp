// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/core/error.hpp>

#include <cerrno>

namespace ambit::detail {

/// Which thread builds a graph. The first one that changes it, until it hands the graph over: an owner, not a flag that is
/// set while a call runs, because two calls seldom meet in the same microsecond, but two threads always differ.
class builder_thread {
 public:
  /// Raises OTHER_THREAD unless the calling thread builds already, or nobody does and it does from now on.
  void check() {
    void const* nobody = nullptr;
    void const* const self = this_thread();
    // Not std::atomic: since C++20 its header includes <string>, a third of what core.hpp costs.
    if (__atomic_load_n(&owner_, __ATOMIC_RELAXED) != self &&
        !__atomic_compare_exchange_n(&owner_, &nobody, self, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
      raise({errc::other_thread, {}, {}, {}, {}, {}});
  }
  void hand_over() noexcept { __atomic_store_n(&owner_, nullptr, __ATOMIC_RELEASE); }

 private:
  /// An address that no other running thread has. That of errno, because one of a thread_local of ambit's own would differ
  /// between shared libraries with hidden symbols, and <thread> costs too much.
  static void const* this_thread() noexcept { return &errno; }

  void const* owner_ = nullptr;
};

}  // namespace ambit::detail
