// SPDX-License-Identifier: BSL-1.0
#include "check.hpp"

#include <cmath>
#include <cstdio>
#include <limits>

namespace bench {
namespace {

// Twice what the reordered sums of 1024 products have shown.
constexpr double tolerance = 2e-6;

double difference(float const* result, std::vector<double> const& expected) {
  double largest = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    double const d = std::abs(static_cast<double>(result[i]) - expected[i]);
    if (!(d <= largest)) largest = std::isnan(d) ? std::numeric_limits<double>::infinity() : d;
  }
  return largest;
}

}  // namespace

verdict check(running const& r, exercise const& e) {
  verdict v{0, tolerance * e.scale};
  buffer const out(e.what->outputs);
  auto const compare = [&](std::size_t frame) {
    // What an earlier frame left must not count as an answer.
    std::fill_n(out.data(), out.size(), std::numeric_limits<float>::quiet_NaN());
    v.error = std::max(v.error, difference(r(e.inputs[frame].data(), out.data()), e.expected[frame]));
  };
  r.reset();
  for (std::size_t frame = 0; frame < e.inputs.size(); ++frame) compare(frame);
  r.reset();
  compare(0);
  return v;
}

void report_failure(running const& r, verdict const& v) {
  std::fprintf(stderr, "%s: %s is wrong and is not timed: an output is off by %.2g, allowed are %.2g\n",
               std::string(r.who().workload).c_str(), std::string(r.who().name).c_str(), v.error, v.allowed);
}

}  // namespace bench
