// SPDX-License-Identifier: BSL-1.0
// What is measured: twelve small networks, as data.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace bench {

/// What a workload should be limited by; its share of that peak is what the table reports.
enum class limit { compute, memory };

struct workload {
  std::string_view name;
  std::string_view what;
  std::size_t inputs;   ///< floats that one run reads, with the padding between arrays
  std::size_t outputs;  ///< floats of the result
  int frames;           ///< successive runs that are compared with the reference: many where a model has state
  double flops;         ///< of one run; a comparison counts as one, a transcendental function as none
  double bytes;         ///< moved by one run where nothing stays in registers: weights, inputs and outputs once each
  limit limited_by;

  [[nodiscard]] constexpr bool memory_bound() const { return limited_by == limit::memory; }
};

/// The five arrays of a D workload begin at multiples of 64 bytes: an unaligned one halves what AVX-512 reads from L1.
constexpr std::size_t padded(std::size_t floats) { return (floats + 15) / 16 * 16; }

namespace detail {
constexpr double mlp_weights = 784 * 128 + 128 + 128 * 64 + 64 + 64 * 10 + 10;
constexpr double mlp_flops = 2 * (784 * 128 + 128 * 64 + 64 * 10);
constexpr double wide_weights = 2 * (1024 * 1024 + 1024);
constexpr double wide_flops = 2 * 2 * 1024 * 1024;

constexpr workload mlp(std::string_view name, std::string_view what, std::size_t batch, int frames, limit limited_by) {
  auto const n = static_cast<double>(batch);
  return {name, what, 784 * batch, 10 * batch, frames, mlp_flops * n, 4 * (mlp_weights + 794 * n), limited_by};
}
constexpr workload wide(std::string_view name, std::string_view what, std::size_t batch, int frames, limit limited_by) {
  auto const n = static_cast<double>(batch);
  return {name, what, 1024 * batch, 1024 * batch, frames, wide_flops * n, 4 * (wide_weights + 2048 * n), limited_by};
}
constexpr workload fused(std::string_view name, std::string_view what, std::size_t n) {
  return {name, what, 5 * padded(n), n, 2, 5 * static_cast<double>(n), 4 * 6 * static_cast<double>(n), limit::memory};
}
}  // namespace detail

inline constexpr std::array<workload, 12> workloads{{
    {"A", "dense 8-16-16-1, tanh, batch 1", 8, 1, 8, 2 * (8 * 16 + 16 * 16 + 16), 4 * (433 + 9), limit::compute},
    detail::mlp("B1", "MLP 784-128-64-10, relu, softmax, batch 1", 1, 4, limit::memory),
    detail::mlp("B32", "the same, batch 32", 32, 2, limit::compute),
    detail::mlp("B256", "the same, batch 256", 256, 1, limit::compute),
    detail::wide("C1", "dense 1024-1024-1024, relu, batch 1", 1, 2, limit::memory),
    detail::wide("C256", "the same, batch 256", 256, 1, limit::compute),
    detail::fused("D3", "relu(a * b + c) * d - e, 1000 elements", 1000),
    detail::fused("D6", "the same, 1000000 elements", 1'000'000),
    {"E-LSTM", "LSTM 1-20 and dense 20-1, a sample", 1, 1, 256, 2 * (80 * 21 + 20) + 4 * 20, 4 * (80 * 23 + 21 + 42),
     limit::compute},
    {"E-GRU", "GRU 1-20 and dense 20-1, a sample", 1, 1, 256, 2 * (60 * 21 + 20) + 5 * 20, 4 * (60 * 23 + 21 + 22),
     limit::compute},
    {"F1", "conv1d 4-4, kernel 3, dilation 2, streaming, a frame", 4, 4, 256, 2 * 4 * 12, 4 * (52 + 5 * 4 + 8),
     limit::compute},
    // As if each pixel of a convolution were needed; pooling drops a row and a column of the second.
    {"F2", "conv 3x3 1-8, pool, conv 3x3 8-16, pool, dense 400-10, softmax, 28x28", 784, 10, 2,
     2 * (26 * 26 * 8 * 9 + 11 * 11 * 16 * 72 + 400 * 10), 4 * (80 + 1168 + 4010 + 794), limit::compute},
}};

constexpr workload const* find_workload(std::string_view name) {
  for (workload const& w : workloads)
    if (w.name == name) return &w;
  return nullptr;
}

}  // namespace bench
