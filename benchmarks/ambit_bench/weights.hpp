// SPDX-License-Identifier: BSL-1.0
// The numbers that all contenders compute with: a hash of the position, so that no file and no state is needed, and any
// language can make the same ones.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace bench {

/// In [-scale, scale).
constexpr float hashed(std::uint32_t i, std::uint32_t seed, float scale) {
  std::uint32_t x = i * 2654435761U + seed * 0x9E3779B9U;
  x ^= x >> 16;
  x *= 0x85EBCA6BU;
  x ^= x >> 13;
  x *= 0xC2B2AE35U;
  x ^= x >> 16;
  return (static_cast<float>(x >> 8) * (2.0F / 16777216.0F) - 1.0F) * scale;
}

/// A layer's seed; its bias has the next number. D has no weights.
enum class seed : std::uint32_t {
  input = 1,
  a1 = 10, a2 = 12, a3 = 14,
  b1 = 20, b2 = 22, b3 = 24,
  c1 = 30, c2 = 32,
  lstm_input = 40, lstm_state = 42, lstm_dense = 44,  // 80 rows: gates i, f, g, o
  gru_input = 50, gru_state = 52, gru_dense = 54,     // 60 rows: gates r, z, n
  f1 = 60,                                            // [4 out][4 in][3]
  f2_first = 70, f2_second = 72, f2_dense = 74,       // [8][1][3][3], [16][8][3][3], [10][16 * 5 * 5]
};

/// Row by row, [outputs][inputs], as in PyTorch. Its scale keeps the values of a deep net from growing or vanishing.
inline std::vector<float> kernel(int outputs, int inputs, seed s) {
  float const scale = 1.7F / std::sqrt(static_cast<float>(inputs));
  std::vector<float> values(static_cast<std::size_t>(outputs) * static_cast<std::size_t>(inputs));
  for (std::uint32_t i = 0; float& v : values) v = hashed(i++, static_cast<std::uint32_t>(s), scale);
  return values;
}

inline std::vector<float> bias(int outputs, seed s) {
  std::vector<float> values(static_cast<std::size_t>(outputs));
  for (std::uint32_t i = 0; float& v : values) v = hashed(i++, static_cast<std::uint32_t>(s) + 1, 0.1F);
  return values;
}

}  // namespace bench
