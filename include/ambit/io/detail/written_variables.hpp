// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/core/variable_entry.hpp>
#include <ambit/io/detail/sorted_by_name.hpp>
#include <ambit/io/file_error.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ambit::detail::io {

/// A format cannot hold a variable.
inline void refuse_to_write(std::string const& file, std::string_view variable, std::string problem) {
  raise(file_error("write", "NOT_WRITABLE",
                   {.file = file, .key = std::string(variable), .problem = std::move(problem)}));
}

/// What a file of a table holds: the stored variables, by name. Error: NOT_WRITABLE where one is there twice.
[[nodiscard]] inline std::vector<std::size_t> written_variables(std::span<variable_entry const> table,
                                                                std::string const& file) {
  std::vector<std::size_t> out;
  for (std::size_t i : sorted_by_name(table)) {
    if (!table[i].stored) continue;
    if (!out.empty() && table[out.back()].name == table[i].name)
      refuse_to_write(file, table[i].name, "expected each variable once");
    out.push_back(i);
  }
  return out;
}

}  // namespace ambit::detail::io
