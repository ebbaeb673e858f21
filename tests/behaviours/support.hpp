// SPDX-License-Identifier: BSL-1.0
// Scope behaviours, each written once as `constexpr bool` and run twice: tests/static/behaviours.cpp asserts them in the
// compiler, tests/unit/behaviours.cpp runs them. table.inc lists them; tests/programs/behaviours_listed.sh finds one that it
// forgets. What they expect is derived from TensorFlow's rules (the SPEC numbers), never from output.
#pragma once

#include <ambit/core.hpp>
#include <ambit/init/regularizers.hpp>
#include <ambit/ops.hpp>

#include <string_view>

namespace behaviours {

using namespace ambit;

/// Names of tensors, each after a space: " a:0 b:0".
constexpr text names_of(list<tensor> const& tensors) {
  text out;
  for (tensor const& t : tensors) {
    out += ' ';
    out += t.name();
  }
  return out;
}

/// Ends an error that the graph keeps, as a catch clause does for one that is raised.
constexpr void caught(graph& g) { tables_of(g).failed = false; }

/// The graph keeps an error of this code about this name.
constexpr bool refused(graph const& g, errc code, std::string_view name) {
  return g.failed() && g.error().code == code && g.error().name == name;
}
constexpr bool refused(graph const& g, errc code, std::string_view name, std::string_view want, std::string_view have) {
  return refused(g, code, name) && g.error().want == want && g.error().have == have;
}
/// The same, and ends the error.
template <class... Facts>
constexpr bool caught(graph& g, errc code, Facts... facts) {
  bool const as_expected = refused(g, code, facts...);
  caught(g);
  return as_expected;
}

/// The name that the next op of this name would get.
constexpr text next_name(graph& g, name n) { return g.unique_name(n, false); }

}  // namespace behaviours
