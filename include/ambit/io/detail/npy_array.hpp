// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/io/detail/bind.hpp>
#include <ambit/io/detail/npy_header.hpp>
#include <ambit/io/detail/permute.hpp>
#include <ambit/io/detail/staging.hpp>
#include <ambit/io/file_tensor.hpp>
#include <ambit/io/load_options.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <utility>

namespace ambit::detail::io {

/// The data is as long as dtype and shape say.
inline void check_npy_size(npy_header const& header, std::uint64_t size, file_part const& part) {
  std::optional<std::uint64_t> const wanted = bytes_of(header.type, header.shape);
  std::string const what = described(header.type, header.shape);
  if (!wanted) part.refuse(header.length, "expected a size that 64 bits can count, found " + what);
  if (*wanted != size - header.length)
    part.refuse(header.length, "expected " + std::to_string(*wanted) + " bytes for " + what + ", found " +
                                   std::to_string(size - header.length) + " up to the end");
}

/// The innermost axis is the last one, or there is no difference.
[[nodiscard]] inline bool row_major(npy_header const& header) {
  if (!header.fortran) return true;
  int wide = 0;
  for (int i = 0; i < header.shape.rank(); ++i) wide += header.shape[i] != 1;
  return wide < 2;
}

/// A tensor of an array in a file; one that is not row-major and little endian is deferred.
[[nodiscard]] inline file_tensor npy_tensor(std::string name, npy_header const& header,
                                            std::span<std::byte const> data) {
  file_tensor out{std::move(name), header.type, header.shape, data};
  out.deferred = header.big_endian || !row_major(header);
  if (out.deferred) out.bytes = {};
  return out;
}

/// What `deferred_source::read` promises, from the data of an array.
inline void npy_values(npy_header const& header, std::span<std::byte const> data, std::byte* out) {
  if (row_major(header)) {
    if (!data.empty() && data.data() != out) std::memcpy(out, data.data(), data.size());
  } else {
    // The same bytes are a row-major array of the reversed shape.
    permute(data.data(), transposed.of(header.shape), transposed, static_cast<std::size_t>(size_of(header.type)), out);
  }
  if (header.big_endian) swap_order(out, data.size(), header.type);
}

}  // namespace ambit::detail::io
