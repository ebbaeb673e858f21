// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/core/error.hpp>
#include <ambit/core/variable_entry.hpp>
#include <ambit/io/detail/bind.hpp>
#include <ambit/io/detail/npy_header.hpp>
#include <ambit/io/detail/replaced_file.hpp>
#include <ambit/io/detail/staging.hpp>
#include <ambit/io/detail/written_variables.hpp>
#include <ambit/io/file_error.hpp>
#include <ambit/io/values.hpp>
#include <ambit/io/weight_store.hpp>

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ambit {

namespace detail::io {

/// The bytes of a variable, where NumPy has its dtype. Error: NOT_WRITABLE.
[[nodiscard]] inline std::size_t npy_bytes(variable_entry const& v, std::string const& file) {
  auto const refuse = [&](std::string problem) { refuse_to_write(file, v.name, std::move(problem)); };
  if (!npy_has(v.dtype)) refuse("expected a dtype that NumPy has, found " + std::string(to_string(v.dtype)));
  if (!v.shape.fully_defined() || !bytes_of(v.dtype, v.shape))
    refuse("expected a known shape, found " + std::string(to_text(v.shape).view()));
  if (!v.stored) refuse("expected a variable with a value, found one that no output needs");
  return static_cast<std::size_t>(*bytes_of(v.dtype, v.shape));
}

}  // namespace detail::io

/// Writes the value of one variable as an array that `numpy.load` reads: `write_npy("kernel.npy", net, "model/kernel")`.
/// Row-major, little endian; the same value gives the same bytes.
///
/// The file appears whole or not at all: it is written under another name in the same folder, then renamed.
/// Errors: `file_error`; VARIABLE_UNKNOWN with the nearest names. The old file, if there is one, is as it was.
/// Complexity: O(value), and one buffer of it.
template <readable_weights Store>
void write_npy(std::filesystem::path const& path, Store const& store, std::string_view name,
               char const* file = __builtin_FILE(), int line = __builtin_LINE()) {
  int const row = detail::io::row_of(store.table(), name, {file, line});
  variable_entry const& variable = store.table()[static_cast<std::size_t>(row)];
  std::vector<std::byte> value(detail::io::npy_bytes(variable, path.string()));
  store.read(row, value.data());
  detail::io::convert_order(value.data(), value.size(), variable.dtype);
  std::string const head = detail::io::npy_header_text(variable.dtype, variable.shape);
  detail::io::replaced_file out(path);
  out.write(head.data(), head.size());
  out.write(value.data(), value.size());
  out.commit();
}

}  // namespace ambit
