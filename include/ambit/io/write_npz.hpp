// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/core/variable_entry.hpp>
#include <ambit/io/detail/crc32.hpp>
#include <ambit/io/detail/npy_header.hpp>
#include <ambit/io/detail/replaced_file.hpp>
#include <ambit/io/detail/staging.hpp>
#include <ambit/io/detail/written_variables.hpp>
#include <ambit/io/detail/zip_format.hpp>
#include <ambit/io/detail/zip_writer.hpp>
#include <ambit/io/file_error.hpp>
#include <ambit/io/npz_codec.hpp>
#include <ambit/io/weight_store.hpp>
#include <ambit/io/write_npy.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace ambit {

namespace detail::io {

/// The variables of an archive, by name, and the bytes of the largest. Error: NOT_WRITABLE.
[[nodiscard]] inline std::pair<std::vector<std::size_t>, std::size_t> npz_order(std::span<variable_entry const> table,
                                                                                std::string const& file) {
  std::vector<std::size_t> order = written_variables(table, file);
  std::size_t largest = 0;
  for (std::size_t i : order) {
    variable_entry const& v = table[i];
    auto const refuse = [&](std::string problem) { refuse_to_write(file, v.name, std::move(problem)); };
    if (std::string problem = zip_name_problem(v.name); !problem.empty()) refuse(std::move(problem));
    if (v.name.size() > zip16_full - 4U) refuse("expected a name of at most 65531 bytes");
    largest = std::max(largest, npy_bytes(v, file));
  }
  return {std::move(order), largest};
}

}  // namespace detail::io

/// Writes every variable that a model stores as an archive that `npz` and `numpy.load` read: `write_npz("model.npz", net)`;
/// compressed by `write_npz("model.npz", net, zlib_deflate)` (<ambit/io/zlib.hpp>). By name; row-major, little endian;
/// the same weights give the same bytes.
///
/// The file appears whole or not at all: it is written under another name in the same folder, then renamed.
/// Errors: `file_error`; the old file, if there is one, is as it was.
/// Complexity: O(weights), and one buffer of the largest variable, two where it compresses.
template <readable_weights Store>
void write_npz(std::filesystem::path const& path, Store const& store, npz_deflate deflate = nullptr) {
  std::span<variable_entry const> const table = store.table();
  auto const [order, largest] = detail::io::npz_order(table, path.string());
  std::vector<std::byte> buffer(largest), packed;
  detail::io::zip_writer headers;
  detail::io::replaced_file out(path);
  for (std::size_t const i : order) {
    variable_entry const& v = table[i];
    std::span<std::byte> const value(buffer.data(), detail::io::npy_bytes(v, path.string()));
    store.read(static_cast<int>(i), value.data());
    detail::io::convert_order(value.data(), value.size(), v.dtype);
    std::string const text = detail::io::npy_header_text(v.dtype, v.shape);
    std::span<std::byte const> const head = std::as_bytes(std::span(text));
    std::uint32_t const crc = detail::io::crc32(value, detail::io::crc32(head));
    std::uint64_t const size = head.size() + value.size();
    if (deflate != nullptr && !deflate(head, value, packed))
      detail::io::refuse_to_write(path.string(), v.name,
                                  "expected zlib to compress it, and this was compiled without it, or there is no "
                                  "memory; install zlib1g-dev (Debian, Ubuntu)");
    std::string const local = headers.next(std::string(v.name) + ".npy", crc, deflate != nullptr ? packed.size() : size,
                                           size, deflate != nullptr);
    out.write(local.data(), local.size());
    if (deflate != nullptr) {
      out.write(packed.data(), packed.size());
    } else {
      out.write(head.data(), head.size());
      out.write(value.data(), value.size());
    }
  }
  std::string const end = headers.end();
  out.write(end.data(), end.size());
  out.commit();
}

}  // namespace ambit
