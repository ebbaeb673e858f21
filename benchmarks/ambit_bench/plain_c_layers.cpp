// SPDX-License-Identifier: BSL-1.0
// The recurrent and convolutional workloads as plain loops.
#include "contenders.hpp"
#include "plain_layer.hpp"

namespace bench {
namespace {

constexpr std::size_t units = 20;

class lstm {
 public:
  lstm() {
    plain_layer<4 * units, 1, order::rows> input(seed::lstm_input);
    plain_layer<4 * units, units, order::rows> state(seed::lstm_state);
    for (std::size_t o = 0; o < 4 * units; ++o) {
      gates_.weight(o, 0) = input.weight(o, 0);
      for (std::size_t i = 0; i < units; ++i) gates_.weight(o, 1 + i) = state.weight(o, i);
      gates_.bias(o) = input.bias(o) + state.bias(o);
    }
    reset();
  }
  void reset() {
    std::ranges::fill(x_, 0.0F);
    std::ranges::fill(c_, 0.0F);
  }
  float const* operator()(float const* in, float* out) {
    x_[0] = in[0];
    float g[4 * units];
    gates_(x_, g);
    for (std::size_t k = 0; k < units; ++k) {
      c_[k] = rational_logistic(g[units + k]) * c_[k] + rational_logistic(g[k]) * rational_tanh(g[2 * units + k]);
      x_[1 + k] = rational_logistic(g[3 * units + k]) * rational_tanh(c_[k]);
    }
    last_(x_ + 1, out);
    return out;
  }

 private:
  plain_layer<4 * units, 1 + units, order::columns> gates_{seed::lstm_input};
  plain_layer<1, units, order::rows> last_{seed::lstm_dense};
  alignas(alignment) float x_[1 + units];  // the sample and the state
  alignas(alignment) float c_[units];
};

class gru {
 public:
  gru() { reset(); }
  void reset() { std::ranges::fill(h_, 0.0F); }
  float const* operator()(float const* in, float* out) {
    float x[3 * units];
    float s[3 * units];
    input_(in, x);
    state_(h_, s);
    for (std::size_t k = 0; k < units; ++k) {
      float const reset_gate = rational_logistic(x[k] + s[k]);
      float const update = rational_logistic(x[units + k] + s[units + k]);
      float const fresh = rational_tanh(x[2 * units + k] + reset_gate * s[2 * units + k]);
      h_[k] = fresh + update * (h_[k] - fresh);
    }
    last_(h_, out);
    return out;
  }

 private:
  plain_layer<3 * units, 1, order::columns> input_{seed::gru_input};
  plain_layer<3 * units, units, order::columns> state_{seed::gru_state};
  plain_layer<1, units, order::rows> last_{seed::gru_dense};
  alignas(alignment) float h_[units];
};

class streaming_convolution {
 public:
  streaming_convolution() : w_(kernel(4, 12, seed::f1)), b_(bias(4, seed::f1)) { reset(); }
  void reset() {
    std::ranges::fill(ring_, 0.0F);
    now_ = 0;
  }
  float const* operator()(float const* in, float* out) {
    for (std::size_t i = 0; i < 4; ++i) ring_[4 * now_ + i] = in[i];
    float const* const x[3] = {ring_ + 4 * ((now_ + 4) & 7U), ring_ + 4 * ((now_ + 6) & 7U), ring_ + 4 * now_};
    for (std::size_t o = 0; o < 4; ++o) {
      float sum = b_[o];
      for (std::size_t i = 0; i < 4; ++i)
        for (std::size_t k = 0; k < 3; ++k) sum += w_[(o * 4 + i) * 3 + k] * x[k][i];
      out[o] = sum;
    }
    now_ = (now_ + 1) & 7U;
    return out;
  }

 private:
  std::vector<float> w_;
  std::vector<float> b_;
  float ring_[8 * 4];
  std::size_t now_ = 0;
};

/// Channels last; the output channels are the innermost loop, which vectorises.
template <std::size_t Side, std::size_t Channels, std::size_t Outputs>
class pooled_convolution {
 public:
  static constexpr std::size_t half = (Side - 2) / 2;
  explicit pooled_convolution(seed s) {
    auto const k = kernel(static_cast<int>(Outputs), static_cast<int>(Channels * 9), s);
    for (std::size_t o = 0; o < Outputs; ++o)
      for (std::size_t c = 0; c < Channels; ++c)
        for (std::size_t t = 0; t < 9; ++t) w_[(t * Channels + c) * Outputs + o] = k[(o * Channels + c) * 9 + t];
    std::ranges::copy(bias(static_cast<int>(Outputs), s), b_);
  }
  void operator()(float const* __restrict x, float* __restrict y) const {
    for (std::size_t i = 0; i < half * half * Outputs; ++i) y[i] = 0;
    for (std::size_t row = 0; row < 2 * half; ++row)
      for (std::size_t column = 0; column < 2 * half; ++column) {
        float sums[Outputs];
        for (std::size_t o = 0; o < Outputs; ++o) sums[o] = b_[o];
        for (std::size_t k = 0; k < 3; ++k)
          for (std::size_t i = 0; i < 3 * Channels; ++i) {  // three pixels lie one after the other
            float const value = x[((row + k) * Side + column) * Channels + i];
            for (std::size_t o = 0; o < Outputs; ++o) sums[o] += w_[(k * 3 * Channels + i) * Outputs + o] * value;
          }
        float* const pooled = y + (row / 2 * half + column / 2) * Outputs;
        for (std::size_t o = 0; o < Outputs; ++o) pooled[o] = sums[o] > pooled[o] ? sums[o] : pooled[o];
      }
  }

 private:
  alignas(alignment) float w_[9 * Channels * Outputs];
  alignas(alignment) float b_[Outputs];
};

class image_net {
 public:
  image_net() {
    auto const k = kernel(10, 400, seed::f2_dense);
    for (std::size_t o = 0; o < 10; ++o)
      for (std::size_t c = 0; c < 16; ++c)
        for (std::size_t pixel = 0; pixel < 25; ++pixel) last_.weight(o, pixel * 16 + c) = k[o * 400 + c * 25 + pixel];
  }
  float const* operator()(float const* in, float* out) {
    first_(in, pooled1_);
    second_(pooled1_, pooled2_);
    last_(pooled2_, out);
    softmax(out, 10);
    return out;
  }

 private:
  pooled_convolution<28, 1, 8> first_{seed::f2_first};
  pooled_convolution<13, 8, 16> second_{seed::f2_second};
  plain_layer<10, 400, order::columns> last_{seed::f2_dense};
  alignas(alignment) float pooled1_[13 * 13 * 8];
  alignas(alignment) float pooled2_[5 * 5 * 16];
};

}  // namespace

contenders plain_c_layers() {
  return {
      contend<lstm>("E-LSTM", "c/loops"),
      contend<gru>("E-GRU", "c/loops"),
      contend<streaming_convolution>("F1", "c/loops"),
      contend<image_net>("F2", "c/loops"),
  };
}

}  // namespace bench
