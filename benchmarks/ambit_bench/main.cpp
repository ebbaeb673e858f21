// SPDX-License-Identifier: BSL-1.0
// Races the library against hand-written Eigen, plain loops and other libraries on small networks; --help tells how.
#include "check.hpp"
#include "contenders.hpp"
#include "options.hpp"
#include "table.hpp"

#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>

#if defined(AMBIT_BENCH_HAS_PEERS) && defined(__linux__)
#include <unistd.h>
#endif

namespace {

using namespace bench;

/// One thread each: the libraries behind some peers read these when they are loaded, so the program starts anew.
void keep_to_one_thread([[maybe_unused]] char** argv) {
#if defined(AMBIT_BENCH_HAS_PEERS) && defined(__linux__)
  if (std::getenv("AMBIT_BENCH_ONE_THREAD") != nullptr) return;
  for (char const* name : {"AMBIT_BENCH_ONE_THREAD", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"})
    setenv(name, "1", 1);
  execv("/proc/self/exe", argv);
  std::perror("cannot start anew with one thread");
#endif
}

int run_one(contenders const& all, options const& o) {
  workload const& w = *find_workload(o.run_workload);
  for (contender const& c : all) {
    if (c.workload != w.name || c.name != o.run_contender) continue;
    running const r(c, w);
    auto const inputs = make_inputs(w);
    buffer const out(w.outputs);
    r.repeat(o.count, inputs.front().data(), out.data());
    return EXIT_SUCCESS;
  }
  std::fprintf(stderr, "%s has no contender \"%s\"; it has", o.run_workload.c_str(), o.run_contender.c_str());
  for (contender const& c : all)
    if (c.workload == w.name) std::fprintf(stderr, " %s", std::string(c.name).c_str());
  std::fprintf(stderr, "\n");
  return EXIT_FAILURE;
}

void time_one(benchmark::State& state, contender const& c, workload const& w, buffer const& in) {
  running const r(c, w);
  buffer const out(w.outputs);
  for (auto _ : state) benchmark::DoNotOptimize(r(in.data(), out.data()));
  auto const per_second = [](double each) {
    return benchmark::Counter(each, benchmark::Counter::kIsIterationInvariantRate);
  };
  state.counters["FLOP/s"] = per_second(w.flops);
  state.counters["B/s"] = per_second(w.bytes);
}

/// Registers one benchmark for each contender that is right; returns how many were wrong.
int register_all(contenders const& all, options const& o, std::map<std::string_view, buffer>& inputs) {
  int failed = 0;
  for (workload const& w : workloads) {
    if (!o.wants(w.name)) continue;
    exercise e = make_exercise(w);
    for (contender const& c : all) {
      if (c.workload != w.name) continue;
      running const r(c, w);
      if (verdict const v = check(r, e); !v.passed()) {
        report_failure(r, v);
        ++failed;
        continue;
      }
      std::string const name = std::string(w.name) + '/' + std::string(c.name);
      benchmark::RegisterBenchmark(name.c_str(),
                                   [c, &w, &inputs](benchmark::State& s) { time_one(s, c, w, inputs.at(w.name)); });
    }
    inputs[w.name] = std::move(e.inputs.front());
  }
  return failed;
}

}  // namespace

int main(int argc, char** argv) {
  options o = parse(argc, argv);
  if (o.help || !o.error.empty()) {
    if (!o.error.empty()) std::fprintf(stderr, "ambit_bench: %s\n", o.error.c_str());
    std::fputs(usage(), o.help ? stdout : stderr);
    return o.help ? EXIT_SUCCESS : EXIT_FAILURE;
  }
  keep_freed_memory();
  contenders const all = all_contenders();
  if (!o.run_workload.empty()) return run_one(all, o);
  keep_to_one_thread(argv);
  if (o.table) return print_table(all, o) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;

  int rest = static_cast<int>(o.rest.size());
  o.rest.push_back(nullptr);
  benchmark::Initialize(&rest, o.rest.data());
  if (benchmark::ReportUnrecognizedArguments(rest, o.rest.data())) return EXIT_FAILURE;
  std::map<std::string_view, buffer> inputs;
  int const failed = register_all(all, o, inputs);
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
