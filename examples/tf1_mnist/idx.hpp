// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

/// The files of MNIST (https://yann.lecun.com/exdb/mnist): "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte". Two
/// zeros, the type of the elements, the number of axes, their extents in big endian, then the elements.
namespace tf1_mnist::idx {

/// The elements of a file of bytes whose extents after the first are those.
[[nodiscard]] inline std::vector<std::uint8_t> read(std::filesystem::path const& path,
                                                    std::initializer_list<std::uint64_t> element) {
  auto const fail = [&](std::string const& problem) { throw std::runtime_error(path.string() + ": " + problem); };
  std::error_code error;
  std::uint64_t const size = std::filesystem::file_size(path, error);
  if (error) fail(error.message());
  std::size_t const axes = 1 + element.size(), front = 4 + 4 * axes;
  std::ifstream in(path, std::ios::binary);
  std::vector<std::uint8_t> head(front);
  auto const take = [&](std::vector<std::uint8_t>& into) {
    in.read(reinterpret_cast<char*>(into.data()), static_cast<std::streamsize>(into.size()));
    if (!in) fail("expected " + std::to_string(into.size()) + " more bytes, found the end");
  };
  auto const number = [&](std::size_t at) {
    std::uint64_t out = 0;
    for (std::size_t i = at; i < at + 4; ++i) out = out << 8 | head[i];
    return out;
  };
  take(head);
  if (number(0) >> 16 == 0x1F8B) fail("expected an IDX file, found one that gzip compressed; gunzip it");
  if (std::uint64_t const magic = 0x0800 + axes; number(0) != magic)
    fail("expected the number " + std::to_string(magic) + " first, as in an IDX file of bytes with " +
         std::to_string(axes) + (axes == 1 ? " axis" : " axes") + ", found " + std::to_string(number(0)));
  std::uint64_t each = 1;
  for (std::size_t axis = 1; axis < axes; ++axis) {
    std::uint64_t const wanted = element.begin()[axis - 1], found = number(4 + 4 * axis);
    if (found != wanted)
      fail("expected " + std::to_string(wanted) + " as extent " + std::to_string(axis) + ", found " +
           std::to_string(found));
    each *= wanted;
  }
  std::uint64_t const bytes = number(4) * each;
  if (size - front != bytes)
    fail("expected " + std::to_string(bytes) + " bytes for " + std::to_string(number(4)) + " elements, found " +
         std::to_string(size - front));
  std::vector<std::uint8_t> out(static_cast<std::size_t>(bytes));
  take(out);
  return out;
}

}  // namespace tf1_mnist::idx
