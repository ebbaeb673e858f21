// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "png.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <vector>

namespace tf1_mnist {

/// An image as the network takes it, 28 x 28 numbers from 0 to 255: of a grey PNG, or of a file of 784 float32 from 0 to 1
/// (little endian, as this machine has to be).
[[nodiscard]] inline std::vector<float> read_image(std::filesystem::path const& path) {
  constexpr std::size_t size = 28;
  if (path.extension() == ".png") return png::read(path, size, size);
  std::vector<float> out(size * size);
  std::ifstream in(path, std::ios::binary);
  in.read(reinterpret_cast<char*>(out.data()), static_cast<std::streamsize>(out.size() * sizeof(float)));
  if (!in || in.peek() != std::ifstream::traits_type::eof())
    throw std::runtime_error(path.string() + ": expected 784 numbers of float32");
  for (float& pixel : out) pixel *= 255;
  return out;
}

}  // namespace tf1_mnist
