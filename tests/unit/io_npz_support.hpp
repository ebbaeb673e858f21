// SPDX-License-Identifier: BSL-1.0
// Arrays and archives made by hand.
#pragma once

#include "io_files.hpp"
#include <ambit/io/detail/crc32.hpp>
#include <ambit/io/detail/zip_format.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace io_test {

/// An array's header and as many zeros.
inline bytes npy_file(std::string_view dictionary, std::size_t data, int version = 1) {
  std::string out("\x93NUMPY");
  out += static_cast<char>(version);
  out += '\0';
  ambit::detail::io::append_number(out, dictionary.size() + 1, version == 1 ? 2 : 4);
  out += dictionary;
  out += '\n';
  return to_bytes(out.append(data, '\0'));
}
inline std::string npy_text(std::string_view descr, std::string_view shape) {
  bytes const file = npy_file(
      "{'descr': '" + std::string(descr) + "', 'fortran_order': False, 'shape': " + std::string(shape) + ", }", 0);
  return {reinterpret_cast<char const*>(file.data()), file.size()};
}

/// A member as it is packed. The checksum and size are those of `content` unless they are given.
struct packed_member {
  std::string name;
  std::string content;
  int method = 0;
  std::uint64_t size = ~std::uint64_t{0};
  std::uint32_t crc = 0;
};

/// An archive, not by the library's own writer. `zip64`: all sizes and places in zip64 fields.
inline bytes archive(std::vector<packed_member> const& members, bool zip64 = false) {
  using ambit::detail::io::append_number;
  std::string out, directory;
  for (packed_member const& m : members) {
    bool const plain = m.size == ~std::uint64_t{0};
    std::uint64_t const size = plain ? m.content.size() : m.size, offset = out.size();
    std::uint32_t const crc = plain ? ambit::detail::io::crc32(to_bytes(m.content)) : m.crc;
    auto const fields = [&](std::string& to, std::size_t extra) {
      append_number(to, zip64 ? 45 : 20, 2);
      append_number(to, 0, 2);
      append_number(to, static_cast<std::uint64_t>(m.method), 2);
      append_number(to, 0, 4);
      append_number(to, crc, 4);
      append_number(to, zip64 ? 0xFFFFFFFFU : m.content.size(), 4);
      append_number(to, zip64 ? 0xFFFFFFFFU : size, 4);
      append_number(to, m.name.size(), 2);
      append_number(to, extra, 2);
    };
    auto const large = [&](std::string& to, std::uint64_t length) {
      append_number(to, 1, 2);
      append_number(to, length, 2);
      append_number(to, size, 8);
      append_number(to, m.content.size(), 8);
    };
    append_number(out, 0x04034b50, 4);
    fields(out, zip64 ? 20 : 0);
    out += m.name;
    if (zip64) large(out, 16);
    out += m.content;
    append_number(directory, 0x02014b50, 4);
    append_number(directory, 20, 2);
    fields(directory, zip64 ? 28 : 0);
    append_number(directory, 0, 8);
    append_number(directory, 0, 2);
    append_number(directory, zip64 ? 0xFFFFFFFFU : offset, 4);
    directory += m.name;
    if (zip64) {
      large(directory, 24);
      append_number(directory, offset, 8);
    }
  }
  std::uint64_t const begin = out.size();
  out += directory;
  if (zip64) {
    std::uint64_t const record = out.size();
    append_number(out, 0x06064b50, 4);
    append_number(out, 44, 8);
    append_number(out, 45 << 16 | 45, 4);
    append_number(out, 0, 8);
    append_number(out, members.size(), 8);
    append_number(out, members.size(), 8);
    append_number(out, directory.size(), 8);
    append_number(out, begin, 8);
    append_number(out, 0x07064b50, 4);
    append_number(out, 0, 4);
    append_number(out, record, 8);
    append_number(out, 1, 4);
  }
  append_number(out, 0x06054b50, 4);
  append_number(out, 0, 4);
  append_number(out, zip64 ? 0xFFFFU : members.size(), 2);
  append_number(out, zip64 ? 0xFFFFU : members.size(), 2);
  append_number(out, zip64 ? 0xFFFFFFFFU : directory.size(), 4);
  append_number(out, zip64 ? 0xFFFFFFFFU : begin, 4);
  append_number(out, 0, 2);
  return to_bytes(out);
}

}  // namespace io_test
