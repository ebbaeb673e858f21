// SPDX-License-Identifier: BSL-1.0
// A child process that stops at each system call, so that it can be killed there, or its files changed.
#pragma once

#if defined(__linux__) && __has_include(<sys/ptrace.h>)
#define AMBIT_TEST_STEPS 1

#include <sys/ptrace.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>

namespace io_test {

class stepped_process {
 public:
  /// Forks; the child ends with what `body` returns, or 100 where it throws.
  template <class Body>
  explicit stepped_process(Body body) : child_(::fork()) {
    if (child_ < 0) throw std::runtime_error("cannot fork");
    if (child_ == 0) {
      if (::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) ::_exit(not_traced);
      (void)::raise(SIGSTOP);
      int result = 100;
      try {
        result = body();
      } catch (...) {  // the exit status tells
      }
      ::_exit(result);
    }
    wait();
    if (!ended_) ::ptrace(PTRACE_SETOPTIONS, child_, nullptr, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL);
  }
  stepped_process(stepped_process const&) = delete;
  stepped_process& operator=(stepped_process const&) = delete;
  ~stepped_process() { kill(); }

  /// False where the system forbids to trace processes; it has ended then.
  [[nodiscard]] bool traced() const { return !(ended_ && WIFEXITED(status_) && WEXITSTATUS(status_) == not_traced); }
  /// Runs up to the next entry to a system call or return from one; false where it ended.
  bool step() {
    for (int signal = 0; !ended_;) {
      ::ptrace(PTRACE_SYSCALL, child_, nullptr, signal);
      wait();
      if (ended_) break;
      if (WSTOPSIG(status_) == (SIGTRAP | 0x80)) return true;
      signal = WSTOPSIG(status_);
    }
    return false;
  }
  /// The number of the system call that it is about to make; -1 behind one, and where the system does not tell.
  [[nodiscard]] long call() const {
    __ptrace_syscall_info info{};
    bool const told = ::ptrace(PTRACE_GET_SYSCALL_INFO, child_, sizeof info, &info) > 0;
    return told && info.op == PTRACE_SYSCALL_INFO_ENTRY ? static_cast<long>(info.entry.nr) : -1;
  }
  void kill() {
    if (ended_) return;
    ::kill(child_, SIGKILL);
    while (!ended_) wait();
  }
  /// Runs to the end; what `body` returned, or -1 where a signal ended it.
  [[nodiscard]] int finish() {
    while (step()) {
    }
    return WIFEXITED(status_) ? WEXITSTATUS(status_) : -1;
  }

 private:
  static constexpr int not_traced = 125;

  void wait() {
    if (::waitpid(child_, &status_, 0) != child_) throw std::runtime_error("cannot wait for a child");
    ended_ = WIFEXITED(status_) || WIFSIGNALED(status_);
  }

  ::pid_t child_;
  int status_ = 0;
  bool ended_ = false;
};

}  // namespace io_test

#endif
