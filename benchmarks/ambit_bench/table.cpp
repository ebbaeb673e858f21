// SPDX-License-Identifier: BSL-1.0
#include "table.hpp"

#include "check.hpp"
#include "peaks.hpp"

#include <algorithm>
#include <cstdio>
#include <fstream>

namespace bench {
namespace {

struct result {
  contender who;
  double error;
  double ns;
  std::vector<double> rounds;

  // As the file that a formulation came from says; without its kind.
  [[nodiscard]] std::string formulation() const {
    return std::string(who.name.substr(std::min(who.kind().size() + 1, who.name.size())));
  }
};

struct results {
  workload const* what;
  std::vector<result> contenders;
  double peak_gflops = 0;
  double peak_gbytes = 0;
  int failed = 0;

  [[nodiscard]] result const* best(std::string_view kind) const {
    result const* found = nullptr;
    for (result const& r : contenders)
      if (r.who.kind() == kind && (found == nullptr || r.ns < found->ns)) found = &r;
    return found;
  }
};

results race_workload(workload const& w, contenders const& all, race_options const& options) {
  exercise const e = make_exercise(w);
  peak const peaks[] = {fma_peak(w), load_peak(w)};
  results r{&w, {}};
  std::vector<running> field;
  for (contender const& c : all) {
    if (c.workload != w.name) continue;
    running candidate(c, w);
    verdict const v = check(candidate, e);
    if (!v.passed()) {
      report_failure(candidate, v);
      ++r.failed;
      continue;
    }
    candidate.reset();
    field.push_back(std::move(candidate));
    r.contenders.push_back({c, v.error, 0, {}});
  }
  std::size_t const size = field.size();
  for (peak const& p : peaks) field.emplace_back(p.who, w);

  lap_times times = race(field, e.inputs.front(), options);
  r.peak_gflops = peaks[0].work / median(times[size]);
  r.peak_gbytes = peaks[1].work / median(times[size + 1]);
  for (std::size_t i = 0; i < size; ++i) {
    r.contenders[i].ns = median(times[i]);
    r.contenders[i].rounds = std::move(times[i]);
  }
  return r;
}

/// 31.2, 2,173, 344,120
std::string grouped(double ns) {
  char digits[64];
  std::snprintf(digits, sizeof digits, ns < 100 ? "%.1f" : "%.0f", ns);
  std::string text = digits;
  std::size_t const whole = std::min(text.find('.'), text.size());
  for (std::size_t at = whole; at > 3; at -= 3) text.insert(at - 3, 1, ',');
  return text;
}

std::string timed(result const* r) {
  if (r == nullptr) return "-";
  std::string const name = r->formulation();
  return grouped(r->ns) + (name.empty() ? "" : ' ' + name);
}

void print_head() {
  std::printf("%-7s %12s  %-25s %-16s %6s %8s  %17s %5s  %-26s %7s\n", "", "ambit ns", "hand-Eigen ns", "plain C ns",
              "ratio", "by round", "what ambit does", "peak", "session ns", "x ambit");
}

void print_line(results const& r) {
  workload const& w = *r.what;
  result const* const own = r.best("ambit");
  result const* const eigen = r.best("eigen");
  std::printf("%-7s %12s  %-25s %-16s", std::string(w.name).c_str(), timed(own).c_str(), timed(eigen).c_str(),
              timed(r.best("c")).c_str());
  if (own != nullptr && eigen != nullptr)
    std::printf(" %6.2f %8.2f", own->ns / eigen->ns, median_ratio(own->rounds, eigen->rounds));
  else
    std::printf(" %6s %8s", "-", "-");
  double const limit = w.memory_bound() ? r.peak_gbytes : r.peak_gflops;
  if (own != nullptr) {
    double const does = (w.memory_bound() ? w.bytes : w.flops) / own->ns;
    std::printf("  %9.1f %s %3.0f %%", does, w.memory_bound() ? "GB/s   " : "GFLOP/s", 100 * does / limit);
  } else {
    std::printf("  %9s %s %5s", "-", w.memory_bound() ? "GB/s   " : "GFLOP/s", "-");
  }
  result const* const session = r.best("session");
  if (own != nullptr && session != nullptr)
    std::printf("  %-26s %7.2f\n", timed(session).c_str(), session->ns / own->ns);
  else
    std::printf("  %-26s %7s\n", timed(session).c_str(), "-");
}

void print_contenders(results const& r) {
  workload const& w = *r.what;
  result const* const eigen = r.best("eigen");
  std::vector<result const*> sorted;
  for (result const& c : r.contenders) sorted.push_back(&c);
  std::ranges::sort(sorted, {}, [](result const* c) { return c->ns; });

  std::printf("\n%s: %s\n", std::string(w.name).c_str(), std::string(w.what).c_str());
  std::printf("  %-28s %14s %12s %9s %9s %9s\n", "contender", "median ns", "x hand-Eigen", "GFLOP/s", "GB/s",
              "max error");
  for (result const* c : sorted)
    std::printf("  %-28s %14s %12.2f %9.1f %9.1f %9.1e\n", std::string(c->who.name).c_str(), grouped(c->ns).c_str(),
                eigen == nullptr ? 0 : c->ns / eigen->ns, w.flops / c->ns, w.bytes / c->ns, c->error);
  std::printf("  %-28s %14s %12s %9.1f %9.1f\n", "measured peak", "", "", r.peak_gflops, r.peak_gbytes);
}

void write_csv(std::ofstream& file, results const& r) {
  workload const& w = *r.what;
  auto const row = [&](std::string_view name, double ns, double gflops, double gbytes, double error) {
    file << w.name << ',' << name << ',' << ns << ',' << gflops << ',' << gbytes << ',' << w.flops << ',' << w.bytes
         << ',' << (w.memory_bound() ? "memory" : "compute") << ',' << error << '\n';
  };
  for (result const& c : r.contenders) row(c.who.name, c.ns, w.flops / c.ns, w.bytes / c.ns, c.error);
  row("peak/fma", w.flops / r.peak_gflops, r.peak_gflops, 0, 0);
  row("peak/load", w.bytes / r.peak_gbytes, 0, r.peak_gbytes, 0);
  file.flush();
}

}  // namespace

int print_table(contenders const& all, options const& o) {
  std::ofstream csv;
  if (!o.csv.empty()) {
    csv.open(o.csv);
    csv << "workload,contender,ns,gflops,gbytes,flops,bytes,bound,error\n";
    if (!csv) {
      std::fprintf(stderr, "%s cannot be written\n", o.csv.c_str());
      return 1;
    }
  }
  int failed = 0;
  if (!o.all_contenders) print_head();
  for (workload const& w : workloads) {
    if (!o.wants(w.name)) continue;
    results const r = race_workload(w, all, o.race);
    failed += r.failed;
    if (o.all_contenders)
      print_contenders(r);
    else
      print_line(r);
    std::fflush(stdout);
    if (csv.is_open()) write_csv(csv, r);
  }
  return failed;
}

}  // namespace bench
