// SPDX-License-Identifier: BSL-1.0
// What ops mean, said once more: loops over indices in double precision, over a graph that was built at run time. Shares
// nothing with the library's evaluation but the graph.
#pragma once

#include <ambit/core.hpp>

#include <map>
#include <string>
#include <vector>

namespace reference {

struct array {
  ambit::shape shape{};
  std::vector<double> values{};
};

/// Values of variables by name, "model/w". State ops change them at the end of a run.
using variables = std::map<std::string, array, std::less<>>;

/// The outputs of a run; the inputs are those of the placeholders, in their order.
std::vector<array> run(ambit::graph& g, ambit::list<ambit::tensor> const& outputs, std::vector<array> const& inputs,
                       variables& state);

}  // namespace reference
