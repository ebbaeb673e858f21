// SPDX-License-Identifier: BSL-1.0
// Two threads build one graph. Without NDEBUG the second one must be refused, however rarely the two meet.
#include <ambit/core.hpp>

#include <cstdio>
#include <functional>
#include <string_view>
#include <thread>

namespace {

/// What a thread that builds is told; it waits for nobody, or for the one that has built before.
bool refused(ambit::graph& g, char const* variable) {
  bool second = false;
  std::thread([&] {
    try {
      get_variable(g, variable, {1});
    } catch (ambit::scope_error const& error) {
      second = error.code() == ambit::errc::other_thread &&
               std::string_view(error.what()).find("[OTHER_THREAD]") != std::string_view::npos;
    }
  }).join();
  return second;
}

bool one_after_the_other(ambit::on_error mode) {
  ambit::graph g(mode);
  get_variable(g, "mine", {1});
  bool const caught = refused(g, "yours") && !g.find("yours").valid() && !g.failed();
  g.hand_over();
  // The next builder is the other thread, and this one the intruder.
  bool const handed_over = !refused(g, "yours") && g.find("yours").valid();
  bool mine_refused = false;
  try {
    g.unique_name("mine");
  } catch (ambit::scope_error const& error) {
    mine_refused = error.code() == ambit::errc::other_thread;
  }
  return caught && handed_over && mine_refused;
}

/// At once, as in a program with this mistake: exactly one of the two builds, whichever comes first.
bool both_at_once() {
  ambit::graph g;
  int refusals[2] = {};
  auto build = [&g](int& count) {
    for (int i = 0; i < 1000; ++i) try {
        ambit::variable_scope scope{g, ambit::name{"layer_", i}, {.reuse = ambit::reuse::automatic}};
        get_variable(g, "w", {1});
      } catch (ambit::scope_error const& error) {
        count += error.code() == ambit::errc::other_thread ? 1 : 0;
      }
  };
  std::thread first(build, std::ref(refusals[0])), second(build, std::ref(refusals[1]));
  first.join();
  second.join();
  return (refusals[0] == 0 && refusals[1] == 1000) || (refusals[0] == 1000 && refusals[1] == 0);
}

}  // namespace

int main() {
  bool const good = one_after_the_other(ambit::on_error::raise) && one_after_the_other(ambit::on_error::keep) &&
                    both_at_once() && both_at_once();
  std::puts(good ? "refused" : "not refused");
  return good ? 0 : 1;
}
