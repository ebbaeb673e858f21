// SPDX-License-Identifier: BSL-1.0
// How arrays of NumPy are changed and made; archives hold them, too.
#pragma once

#include "fuzz.hpp"
#include "unit/io_npz_support.hpp"
#include <ambit/io/detail/zip_format.hpp>
#include <ambit/io/write_npy.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace fuzz {

/// Changes an array's header or its data; the length of the header is right in three of four.
inline std::string mutated_array(std::string const& input, change const& changed, std::uint64_t random,
                                 std::size_t most) {
  std::size_t const width = input.size() > 6 && input[6] == 1 ? 2 : 4, start = 8 + width;
  if (random % 4 == 0 || input.size() < start || most < input.size() + 64) return changed(input, most);
  std::size_t length = 0;
  for (std::size_t i = width; i-- > 0;) length = length << 8 | static_cast<unsigned char>(input[8 + i]);
  length = std::min(length, input.size() - start);
  std::string header = input.substr(start, length), data = input.substr(start + length);
  if (random % 4 == 1 && !data.empty())
    data = changed(std::move(data), most - start - length);
  else
    header = changed(std::move(header), most - start - data.size());
  std::string out = input.substr(0, 8);
  ambit::detail::io::append_number(out, header.size(), static_cast<int>(width));
  return out + header + data;
}

/// Arrays of several dtypes, in both orders of axes and of bytes, and some that lie.
inline std::vector<std::string> arrays() {
  std::vector<std::string> out;
  std::filesystem::path const path = here() / "seed.npy";
  io_test::mock_store const varied = io_test::varied_store("odd");
  for (ambit::variable_entry const& v : varied.table()) {
    if (!v.stored) continue;
    ambit::write_npy(path, varied, v.name);
    out.push_back(io_test::read_text(path));
  }
  std::string const data("\1\2\3\4\5\6\7\x8\x9\xA\xB\xC", 12);
  out.push_back(io_test::npy_text(">i2", "(2, 3)") + data);
  std::string fortran = io_test::npy_text("<f2", "(3, 2L)") + data;
  out.push_back(fortran.replace(fortran.find("False"), 5, "True "));
  io_test::bytes const later = io_test::npy_file("{'shape': (), 'fortran_order': True, 'descr': '<c8'}", 8, 3);
  out.emplace_back(reinterpret_cast<char const*>(later.data()), later.size());
  // Values that fit no int32, which is what two of three are converted to; a bool that is neither, found late.
  for (char const* shape : {"(2,)", "(2, 1)", "(1, 2, 1)"})
    out.push_back(io_test::npy_text("<u8", shape) + std::string(16, '\xFF'));
  std::string flags = io_test::npy_text("|b1", "(2, 2)") + "\1\1\2\1";
  out.push_back(flags.replace(flags.find("False"), 5, "True "));
  out.push_back(io_test::npy_text("|u1", "(2147483647, 2147483647)"));
  out.push_back(io_test::npy_text("<f8", "(2147483647, 2147483647, 4)"));
  std::string huge = io_test::npy_text("|b1", "(0,)");
  huge[9] = '\x7F';
  out.push_back(huge);
  return out;
}

}  // namespace fuzz
