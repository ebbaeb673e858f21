// SPDX-License-Identifier: BSL-1.0
// Runs a case through the public interface of the library.
#pragma once

#include "case_file.hpp"

#include <optional>
#include <string>

namespace conformance {

/// Why a case failed.
struct mismatch {
  int line = 0;
  std::string what{};
  std::string expected{};
  std::string found{};
};

/// Nothing where the case passes. `file` is its name, for messages. Throws `malformed`.
[[nodiscard]] std::optional<mismatch> run_case(test_case const& c, char const* file);

}  // namespace conformance
