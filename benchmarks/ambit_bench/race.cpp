// SPDX-License-Identifier: BSL-1.0
#include "race.hpp"

#include <algorithm>
#include <chrono>

namespace bench {
namespace {

using clock_type = std::chrono::steady_clock;

double nanoseconds(running const& r, long count, buffer const& in, buffer const& out) {
  auto const begin = clock_type::now();
  r.repeat(count, in.data(), out.data());
  return std::chrono::duration<double, std::nano>(clock_type::now() - begin).count();
}

/// Runs that fill a slice.
long runs_of_slice(running const& r, double slice, buffer const& in, buffer const& out) {
  r.repeat(1, in.data(), out.data());  // touches its memory
  for (long count = 1;; count *= 2) {
    double const taken = nanoseconds(r, count, in, out);
    if (taken >= slice / 4) return std::max(1L, static_cast<long>(static_cast<double>(count) * slice / taken));
  }
}

/// Brings the weights back into the cache; a shared last-level cache keeps what it has seen more than once.
long warm_up(long count) { return count == 1 ? 1 : std::max(3L, count / 8); }

}  // namespace

lap_times race(std::vector<running> const& field, buffer const& in, race_options const& options) {
  std::size_t const n = field.size();
  buffer const out(field.empty() ? 0 : find_workload(field.front().who().workload)->outputs);
  std::vector<long> counts;
  for (running const& r : field) counts.push_back(runs_of_slice(r, options.slice_ms * 1e6, in, out));

  lap_times times(n);
  for (int round = 0; round < options.rounds; ++round)
    for (std::size_t turn = 0; turn < n; ++turn) {
      std::size_t const i = (turn + static_cast<std::size_t>(round)) % n;
      field[i].repeat(warm_up(counts[i]), in.data(), out.data());
      times[i].push_back(nanoseconds(field[i], counts[i], in, out) / static_cast<double>(counts[i]));
    }
  return times;
}

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::size_t const middle = values.size() / 2;
  std::ranges::sort(values);
  return values.size() % 2 != 0 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

double median_ratio(std::vector<double> const& a, std::vector<double> const& b) {
  std::vector<double> ratios(a.size());
  std::ranges::transform(a, b, ratios.begin(), [](double x, double y) { return x / y; });
  return median(ratios);
}

}  // namespace bench
