// SPDX-License-Identifier: BSL-1.0
// What a case expects.
#pragma once

#include "environment.hpp"
#include "interpreter.hpp"

#include <exception>

namespace conformance {

/// An error that reached the runner.
struct raised {
  std::string kind{};  // the Python class
  std::string code{};
  std::string name{};
  std::string want{};
  std::string have{};
  std::string message{};
};

/// The error that is being handled; rethrows what is none of the library's, the cases' or the runner's own.
[[nodiscard]] raised describe_current_error();

/// Checks an error against a `raises` header.
[[nodiscard]] std::optional<mismatch> check_raised(statement const& header, raised const& error);

/// Evaluates an `expect`.
[[nodiscard]] std::optional<mismatch> check_expectation(environment& e, statement const& s);

}  // namespace conformance
