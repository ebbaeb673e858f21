// SPDX-License-Identifier: BSL-1.0
// A session behind a small interface, so that its code is compiled once and not in each file of tests.
#pragma once

#include "reference.hpp"
#include <ambit/graph/graph.hpp>

#include <memory>
#include <string_view>
#include <vector>

namespace session_test {

class runs {
 public:
  explicit runs(ambit::graph& g);
  ~runs();

  void write(std::string_view variable, reference::array const& values);
  /// Feeds the placeholders in their order. Ops that change variables run with the outputs.
  std::vector<std::vector<double>> run(ambit::list<ambit::tensor> const& outputs, std::vector<reference::array> const& inputs);

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace session_test
