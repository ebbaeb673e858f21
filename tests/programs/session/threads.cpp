// SPDX-License-Identifier: BSL-1.0
// One session, many threads, a workspace each: run under ThreadSanitizer.
#include <ambit/ambit.hpp>
#include <ambit/session.hpp>

#include <array>
#include <cmath>
#include <cstdio>
#include <thread>
#include <vector>

using namespace ambit;

int main() {
  graph g;
  tensor const x = placeholder(g, "x", {dyn, 16});
  tensor const kernel = get_variable(g, "kernel", {16, 24});
  tensor const bias = get_variable(g, "bias", {24});
  tensor const count = get_variable(g, "count", {}, {.initializer = zeros_initializer()});
  tensor const y = softmax(tanh(matmul(x, kernel) + bias));
  tensor const next = assign_add(count, 1.F);
  session s{g};
  s.initialize(1);

  constexpr int threads = 4, runs = 50;
  std::array<int, threads> wrong{};
  std::vector<std::thread> all;
  for (int t = 0; t < threads; ++t)
    all.emplace_back([&, t] {
      session<>::workspace own;
      for (int run = 1; run <= runs; ++run) {
        std::vector<float> const data(static_cast<std::size_t>(16 * (1 + (run + t) % 3)), 0.01F * static_cast<float>(t));
        auto const found = s.run(own, {y, next}, {{x, data}});
        float sum = 0;
        for (float v : found[0].values<float>()) sum += v;
        bool const right = std::abs(sum - static_cast<float>(found[0].shape()[0])) < 1e-4F &&
                           found[1].at() == static_cast<float>(run);  // each workspace has a state of its own
        if (!right) ++wrong[static_cast<std::size_t>(t)];
      }
    });
  for (std::thread& t : all) t.join();
  for (int w : wrong)
    if (w != 0) {
      std::puts("a thread got wrong results");
      return 1;
    }
  return 0;
}
