// SPDX-License-Identifier: BSL-1.0
// What a graph costs in the program: seconds a node while it is built, and seconds to find a node and a variable by name,
// from 100 nodes to 1,000,000, with a variable for every five nodes.
//   graph_cost [LARGEST] >FIGURES.csv     and then benchmarks/graph_cost.py FIGURES.csv CHART.svg
#include "name_styles.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

namespace {

using clock_type = std::chrono::steady_clock;

double seconds_since(clock_type::time_point start) {
  return std::chrono::duration<double>(clock_type::now() - start).count();
}

struct figures {
  double build = 1e9;
  double find = 1e9;
  double find_variable = 1e9;
};

/// The order of a linear congruential generator: the same on every machine, and no neighbour follows its neighbour.
template <class T>
void shuffle(std::vector<T>& values) {
  unsigned long long state = 1;
  for (std::size_t i = values.size(); i > 1; --i) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    std::swap(values[i - 1], values[(state >> 33U) % i]);
  }
}

/// Seconds for one search of each name. What is not found ends the program: a wrong figure is worse than none.
template <class Find>
double seconds_a_search(std::vector<std::string> const& names, Find find) {
  auto const start = clock_type::now();
  int found = 0;
  for (std::string const& name : names) found += find(name).valid() ? 1 : 0;
  double const spent = seconds_since(start);
  if (found != static_cast<int>(names.size())) {
    std::fprintf(stderr, "graph_cost: %d of %zu names were found\n", found, names.size());
    std::exit(1);
  }
  return spent / static_cast<double>(names.size());
}

/// The least of several rounds: whatever else the machine does only adds to it.
figures measure(graph_cost::style const& style, int nodes) {
  figures least;
  int const rounds = std::clamp(4'000'000 / nodes, 3, 50);
  for (int round = 0; round < rounds; ++round) {
    auto const start = clock_type::now();
    auto const g = std::make_unique<ambit::graph>();
    style.build(*g, nodes / 5);
    least.build = std::min(least.build, seconds_since(start));
    if (g->size() != nodes) {
      std::fprintf(stderr, "graph_cost: %d nodes instead of %d\n", g->size(), nodes);
      std::exit(1);
    }
    if (round >= 3) continue;
    std::vector<std::string> names, variables;
    for (int i = 0; i < g->size(); ++i) {
      ambit::tensor const t = (*g)[i];
      std::string name(t.name().view());
      name.resize(name.rfind(':'));
      if (t.is_variable() && style.stored) variables.push_back(name);
      names.push_back(std::move(name));
    }
    shuffle(names);
    shuffle(variables);
    least.find = std::min(least.find, seconds_a_search(names, [&](std::string const& n) { return g->find(n); }));
    if (style.stored)
      least.find_variable = std::min(
          least.find_variable, seconds_a_search(variables, [&](std::string const& n) { return g->find_variable(n); }));
  }
  return least;
}

}  // namespace

int main(int argc, char** argv) {
  int const largest = argc > 1 ? std::atoi(argv[1]) : 1'000'000;
  std::printf("names,nodes,build_s,find_ns,find_variable_ns\n");
  for (graph_cost::style const& style : graph_cost::styles)
    for (int decade = 100; decade <= largest; decade *= 10)
      for (int nodes : {decade, decade * 2, decade * 5}) {
        if (nodes > largest) continue;
        figures const f = measure(style, nodes);
        std::printf("%s,%d,%.9f,%.1f,", style.name, nodes, f.build, f.find * 1e9);
        if (style.stored) std::printf("%.1f", f.find_variable * 1e9);
        std::printf("\n");
        std::fflush(stdout);
      }
  return 0;
}
