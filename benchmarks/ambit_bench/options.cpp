// SPDX-License-Identifier: BSL-1.0
#include "options.hpp"

#include "workloads.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace bench {
namespace {

/// The value of `--name=value`, or of `--name value`, which takes the next argument, too.
std::optional<std::string> value_of(std::string_view name, int& i, int argc, char** argv) {
  std::string_view const argument = argv[i];
  if (!argument.starts_with(name)) return std::nullopt;
  if (argument.size() == name.size()) return i + 1 < argc ? argv[++i] : "";
  if (argument[name.size()] != '=') return std::nullopt;
  return std::string(argument.substr(name.size() + 1));
}

std::vector<std::string> split(std::string const& list) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= list.size();) {
    std::size_t const end = std::min(list.find(',', begin), list.size());
    if (end > begin) parts.push_back(list.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

template <class Number>
void read_number(std::string const& text, Number least, Number& number, options& o) {
  Number read{};
  auto const [end, code] = std::from_chars(text.data(), text.data() + text.size(), read);
  if (code != std::errc{} || end != text.data() + text.size() || read < least)
    o.error = "\"" + text + "\" is not a number of at least " + std::to_string(least);
  else
    number = read;
}

}  // namespace

bool options::wants(std::string_view workload) const {
  return workloads.empty() || std::ranges::find(workloads, workload) != workloads.end();
}

options parse(int argc, char** argv) {
  options o;
  o.rest.push_back(argv[0]);
  for (int i = 1; i < argc; ++i) {
    std::string_view const argument = argv[i];
    auto const value = [&](std::string_view name) { return value_of(name, i, argc, argv); };
    if (argument == "--help") {
      o.help = true;
    } else if (argument == "--table") {
      o.table = true;
    } else if (argument == "--contenders") {
      o.table = o.all_contenders = true;
    } else if (auto const list = value("--workload")) {
      o.workloads = split(*list);
    } else if (auto const rounds = value("--rounds")) {
      read_number(*rounds, 1, o.race.rounds, o);
    } else if (auto const slice = value("--slice-ms")) {
      read_number(*slice, 0.1, o.race.slice_ms, o);
    } else if (auto const file = value("--csv")) {
      o.table = true;
      o.csv = *file;
    } else if (auto const run = value("--run")) {
      std::size_t const colon = std::min(run->find(':'), run->size());
      o.run_workload = run->substr(0, colon);
      o.run_contender = run->substr(std::min(colon + 1, run->size()));
    } else if (auto const count = value("--count")) {
      read_number(*count, 1L, o.count, o);
    } else {
      o.rest.push_back(argv[i]);
    }
  }
  auto const check = [&o](std::string const& name) {
    if (find_workload(name) == nullptr) o.error = "no workload is called \"" + name + "\"";
  };
  for (std::string const& name : o.workloads) check(name);
  if (!o.run_workload.empty()) check(o.run_workload);
  bool const own = o.table || !o.run_workload.empty();
  if (own && o.rest.size() > 1) o.error = "unknown option \"" + std::string(o.rest[1]) + "\"";
  return o;
}

char const* usage() {
  return "ambit_bench [--workload=A,B1] [--benchmark_...]    Google Benchmark, with its options\n"
         "ambit_bench --table [--workload=A,B1] [--rounds=31] [--slice-ms=3] [--contenders] [--csv FILE]\n"
         "    a race: the contenders take turns, medians. --contenders: a line for each; --csv: medians for plots\n"
         "ambit_bench --run=A:ambit [--count=N]    one contender, N runs, no timing: for a profiler\n"
         "Outputs are compared with a reference in double precision first; who is wrong is not timed.\n";
}

}  // namespace bench
