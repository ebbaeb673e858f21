// SPDX-License-Identifier: BSL-1.0
// What the plain loops share.
#pragma once

#include "buffer.hpp"
#include "weights.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace bench {

/// The rational approximation that Eigen uses for float; libm's tanhf would be nearly all of the time of a small net.
inline float rational_tanh(float x) {
  constexpr float limit = 7.90531110763549805F;
  float const c = x > limit ? limit : x < -limit ? -limit : x;
  float const s = c * c;
  float p = s * -2.76076847742355e-16F + 2.00018790482477e-13F;
  p = s * p + -8.60467152213735e-11F;
  p = s * p + 5.12229709037114e-08F;
  p = s * p + 1.48572235717979e-05F;
  p = s * p + 6.37261928875436e-04F;
  p = s * p + 4.89352455891786e-03F;
  float q = s * 1.19825839466702e-06F + 1.18534705686654e-04F;
  q = s * q + 2.26843463243900e-03F;
  q = s * q + 4.89352518554385e-03F;
  return c * p / q;
}
inline float rational_logistic(float x) { return rational_tanh(0.5F * x) * 0.5F + 0.5F; }

enum class order { columns, rows };

/// y = b + W x: by columns it vectorises as it is, by rows only where the compiler may reorder sums.
template <std::size_t Outputs, std::size_t Inputs, order Order>
class plain_layer {
 public:
  explicit plain_layer(seed s) {
    auto const k = kernel(static_cast<int>(Outputs), static_cast<int>(Inputs), s);
    for (std::size_t o = 0; o < Outputs; ++o)
      for (std::size_t i = 0; i < Inputs; ++i) weight(o, i) = k[o * Inputs + i];
    std::ranges::copy(bench::bias(static_cast<int>(Outputs), s), b_);
  }

  void operator()(float const* __restrict x, float* __restrict y) const {
    if constexpr (Order == order::columns) {
      float sums[Outputs];
      for (std::size_t o = 0; o < Outputs; ++o) sums[o] = b_[o];
      for (std::size_t i = 0; i < Inputs; ++i)
        for (std::size_t o = 0; o < Outputs; ++o) sums[o] += w_[i * Outputs + o] * x[i];
      for (std::size_t o = 0; o < Outputs; ++o) y[o] = sums[o];
    } else {
      for (std::size_t o = 0; o < Outputs; ++o) {
        float sum = b_[o];
        for (std::size_t i = 0; i < Inputs; ++i) sum += w_[o * Inputs + i] * x[i];
        y[o] = sum;
      }
    }
  }

  [[nodiscard]] float& weight(std::size_t o, std::size_t i) {
    return Order == order::columns ? w_[i * Outputs + o] : w_[o * Inputs + i];
  }
  [[nodiscard]] float& bias(std::size_t o) { return b_[o]; }

 private:
  alignas(alignment) float w_[Outputs * Inputs];
  alignas(alignment) float b_[Outputs];
};

inline void relu(float* y, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) y[i] = y[i] > 0 ? y[i] : 0;
}
inline void rational_tanh(float* y, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) y[i] = rational_tanh(y[i]);
}
inline void softmax(float* y, std::size_t n) {
  float top = y[0];
  for (std::size_t i = 1; i < n; ++i) top = y[i] > top ? y[i] : top;
  float sum = 0;
  for (std::size_t i = 0; i < n; ++i) sum += y[i] = std::exp(y[i] - top);
  for (std::size_t i = 0; i < n; ++i) y[i] *= 1 / sum;
}

}  // namespace bench
