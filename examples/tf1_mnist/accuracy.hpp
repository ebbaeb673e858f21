// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "idx.hpp"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <iomanip>
#include <ostream>
#include <stdexcept>
#include <string>
#include <vector>

namespace tf1_mnist {

/// What the network takes an image for.
template <class Model>
[[nodiscard]] int digit_in(Model& net, std::vector<float> const& image) {
  auto const scores = net.run(image.data());
  return static_cast<int>(std::max_element(scores.data(), scores.data() + scores.size()) - scores.data());
}

/// Classifies the images of a pair of IDX files and prints how many of them it is right about.
template <class Model>
void print_accuracy(Model& net, std::filesystem::path const& images, std::filesystem::path const& labels,
                    std::ostream& out) {
  constexpr std::size_t side = 28, pixels = side * side;
  std::vector<std::uint8_t> const bytes = idx::read(images, {side, side}), digits = idx::read(labels, {});
  if (digits.size() * pixels != bytes.size() || digits.empty())
    throw std::runtime_error(labels.string() + ": expected a label for each of " +
                             std::to_string(bytes.size() / pixels) + " images, found " + std::to_string(digits.size()));
  auto const odd = std::find_if(digits.begin(), digits.end(), [](std::uint8_t d) { return d > 9; });
  if (odd != digits.end())
    throw std::runtime_error(labels.string() + ": expected digits, found " + std::to_string(*odd) + " as label " +
                             std::to_string(odd - digits.begin()));
  std::size_t right = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    auto const first = bytes.begin() + static_cast<std::ptrdiff_t>(i * pixels);
    right += digit_in(net, {first, first + pixels}) == digits[i] ? 1U : 0U;
  }
  out << right << " of " << digits.size() << " right, accuracy " << std::fixed << std::setprecision(4)
      << static_cast<double>(right) / static_cast<double>(digits.size()) << '\n';
}

}  // namespace tf1_mnist
