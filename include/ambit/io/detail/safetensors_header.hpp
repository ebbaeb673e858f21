// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/io/detail/bind.hpp>
#include <ambit/io/detail/printable.hpp>
#include <ambit/io/detail/safetensors_sax.hpp>
#include <ambit/io/file_error.hpp>
#include <ambit/io/file_tensor.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ambit::detail::io {

/// The reference implementation's limit (safetensors/src/tensor.rs, MAX_HEADER_SIZE).
inline constexpr std::uint64_t largest_header = 100'000'000;

/// The first eight bytes: the length of the header. `size` is the whole file's.
[[nodiscard]] inline std::uint64_t header_length(std::span<std::byte const> front, std::uint64_t size,
                                                 std::string const& file) {
  auto const refuse = [&](std::uint64_t offset, std::string problem) {
    raise(file_error({.file = file, .offset = offset, .problem = std::move(problem)}));
  };
  if (size < 8)
    refuse(size, "expected 8 bytes that hold the length of the header, found " + std::to_string(size) +
                     "; the file is truncated, or no safetensors file");
  std::uint64_t length = 0;
  for (std::size_t i = 8; i-- > 0;) length = length << 8 | std::to_integer<std::uint64_t>(front[i]);
  if (length > largest_header)
    refuse(0, "expected a header of at most " + std::to_string(largest_header) + " bytes, found a length of " +
                  std::to_string(length) + "; the file is damaged, or no safetensors file");
  if (length > size - 8)
    refuse(0, "expected a header of " + std::to_string(length) + " bytes, found " + std::to_string(size - 8) +
                  " up to the end of the file; it is truncated");
  return length;
}

/// Finds the second of two equal names in the header, by sorting: no hash table that a file could aim at.
inline void refuse_duplicates(safetensors_header const& header, std::string const& file) {
  std::vector<std::size_t> const order = sorted_by_name(std::span<file_tensor const>(header.tensors));
  for (std::size_t i = 1; i < order.size(); ++i)
    if (header.tensors[order[i]].name == header.tensors[order[i - 1]].name)
      raise(file_error({.file = file,
                        .key = header.tensors[order[i]].name,
                        .offset = 8 + header.ranges[order[i]].at,
                        .problem = "expected each key once, found this one again"}));
}

/// Each tensor lies in the data, takes what its shape and dtype say, and all of them cover the data without overlap or
/// hole: the reference's `Metadata::validate`. Leaves the tensors in the order of their data.
inline void check_ranges(safetensors_header& header, std::uint64_t data_size, std::string const& file) {
  auto const refuse = [&](std::size_t i, std::string problem) {
    raise(file_error({.file = file,
                      .key = header.tensors[i].name,
                      .offset = 8 + header.ranges[i].at,
                      .problem = std::move(problem)}));
  };
  auto const range_text = [&](std::size_t i) {
    return '[' + std::to_string(header.ranges[i].begin) + ", " + std::to_string(header.ranges[i].end) + ']';
  };
  std::vector<std::size_t> order(header.tensors.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t i : order) {
    file_tensor const& tensor = header.tensors[i];
    auto const [begin, end, at] = header.ranges[i];
    if (begin > end) refuse(i, "expected data_offsets [begin, end] with begin <= end, found " + range_text(i));
    if (end > data_size)
      refuse(i, "expected data_offsets within the " + std::to_string(data_size) + " bytes of data, found " +
                    range_text(i) + "; the file is truncated, or its header is wrong");
    std::optional<std::uint64_t> const wanted = bytes_of(tensor.dtype, tensor.shape);
    std::string const what = described(tensor.dtype, tensor.shape);
    if (!wanted) refuse(i, "expected a size that 64 bits can count, found " + what);
    if (*wanted != end - begin)
      refuse(i, "expected " + std::to_string(*wanted) + " bytes for " + what + ", found data_offsets " + range_text(i) +
                    " of " + std::to_string(end - begin) + " bytes");
  }
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    auto const &x = header.ranges[a], &y = header.ranges[b];
    if (x.begin != y.begin) return x.begin < y.begin;
    return x.end != y.end ? x.end < y.end : a < b;
  });
  std::uint64_t covered = 0;
  std::size_t previous = 0;
  for (std::size_t i : order) {
    if (header.ranges[i].begin < covered)
      refuse(i, "expected data of its own, found data_offsets " + range_text(i) + " that overlap " +
                    range_text(previous) + " of " + in_quotes(header.tensors[previous].name));
    if (header.ranges[i].begin > covered)
      refuse(i, "expected data that begins at " + std::to_string(covered) + ", where the tensor before ends, found " +
                    range_text(i) + " and a hole of " + std::to_string(header.ranges[i].begin - covered) + " bytes");
    covered = header.ranges[i].end;
    previous = i;
  }
  if (covered != data_size)
    raise(file_error({.file = file,
                      .offset = 8 + header.length + covered,
                      .problem = "expected the end of the file after the last tensor, found " +
                                 std::to_string(data_size - covered) + " more bytes that belong to none"}));
  safetensors_header sorted;
  sorted.length = header.length;
  sorted.metadata = std::move(header.metadata);
  for (std::size_t i : order) {
    sorted.tensors.push_back(std::move(header.tensors[i]));
    sorted.ranges.push_back(header.ranges[i]);
  }
  header = std::move(sorted);
}

/// Reads a header and checks it against the size of the data that follows it.
[[nodiscard]] inline safetensors_header parse_safetensors_header(std::string_view json, std::uint64_t data_size,
                                                                 std::string const& file) {
  auto const refuse = [&](std::uint64_t offset, std::string problem) {
    raise(file_error({.file = file, .offset = 8 + offset, .problem = std::move(problem)}));
  };
  if (std::size_t const end = utf8_end(json); end != json.size())
    refuse(end, "expected UTF-8, found the byte " + in_quotes(json.substr(end, 1)));
  if (json.empty() || json.front() != '{')
    refuse(0, "expected a header that is a JSON object and begins with '{', found " +
                  (json.empty() ? std::string("an empty header") : in_quotes(json.substr(0, 16))));
  // The parser takes a NUL for the end of the text and would never see what follows.
  if (std::size_t const nul = json.find('\0'); nul != std::string_view::npos)
    refuse(nul, "expected JSON, found a NUL byte");
  safetensors_header header;
  header.length = json.size();
  safetensors_sax sax(json, header);
  if (!sax.parse())
    raise(file_error({.file = file, .key = sax.key(), .offset = 8 + sax.stopped(), .problem = sax.problem()}));
  refuse_duplicates(header, file);
  check_ranges(header, data_size, file);
  return header;
}

}  // namespace ambit::detail::io
