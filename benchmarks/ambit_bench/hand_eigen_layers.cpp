// SPDX-License-Identifier: BSL-1.0
// The recurrent and convolutional workloads, by hand with Eigen.
#include "contenders.hpp"
#include "eigen_layer.hpp"

#include <array>
#include <cstddef>
#include <vector>

namespace bench {
namespace {

using Eigen::Array;

// --- E --------------------------------------------------------------------------------------------------------------

constexpr int units = 20;
constexpr int terms = 1 + units + 1;  // of a gate: the sample, the state and the bias

/// How a step multiplies: by Eigen's product, or column by column with two sums, all in registers, which halves the
/// latency.
enum class product { eigen, columns };

/// What both recurrent nets have: the sample, the state and the 1 for the bias in one vector, so that a step is one
/// product for all gates, each of `Width` rows; the rows after the first 20 are zero, where wider registers pay for
/// them.
template <product Product, int Width>
class recurrent {
 public:
  void reset() {
    x_.setZero();
    x_(1 + units) = 1;
    h_.setZero();
  }

 protected:
  using gate = Array<float, Width, 1>;
  using gates = Array<float, 4 * Width, 1>;

  recurrent(int count, seed input, seed state, seed last)
      : input_(kernel(count * units, 1, input)), state_(kernel(count * units, units, state)),
        input_bias_(bias(count * units, input)), state_bias_(bias(count * units, state)), last_bias_(bias(1, last)[0]) {
    auto const k = kernel(1, units, last);
    w_.setZero();
    last_.setZero();
    std::ranges::copy(k, last_.data());
    reset();
  }

  /// Puts gate `from` of the weights' order in place `to`. What logistic(x) = tanh(x / 2) / 2 + 1/2 wants halved comes
  /// with `scale` 1/2.
  void put(int from, int to, float scale, bool with_input = true, bool with_state = true) {
    for (int k = 0; k < units; ++k) {
      auto const row = static_cast<std::size_t>(from * units + k);
      auto packed = w_.row(to * Width + k);
      for (int j = 0; with_state && j < units; ++j)
        packed(1 + j) = scale * state_[row * units + static_cast<std::size_t>(j)];
      if (with_input) packed(0) = scale * input_[row];
      packed(1 + units) = scale * ((with_input ? input_bias_[row] : 0.0F) + (with_state ? state_bias_[row] : 0.0F));
    }
  }

  gates multiply(float const* in) {
    static_assert(terms % 2 == 0);
    x_(0) = in[0];
    if constexpr (Product == product::eigen) {
      gates g;
      g.matrix().noalias() = w_ * x_;
      return g;
    } else {
      gates even = w_.col(0).array() * x_(0);
      gates odd = w_.col(1).array() * x_(1);
      for (int j = 2; j < terms; j += 2) {
        even += w_.col(j).array() * x_(j);
        odd += w_.col(j + 1).array() * x_(j + 1);
      }
      return even + odd;
    }
  }

  [[nodiscard]] gate const& state() const { return h_; }
  /// Keeps the new state, and makes an output of it.
  void finish(gate const& h, float* out) {
    h_ = h;
    x_.template segment<units>(1) = h.template head<units>().matrix();
    out[0] = last_.matrix().dot(h.matrix()) + last_bias_;
  }

 private:
  alignas(alignment) matrix<4 * Width, terms> w_;
  alignas(alignment) gate last_;
  alignas(alignment) gate h_;
  alignas(alignment) matrix<terms, 1> x_;
  std::vector<float> input_, state_, input_bias_, state_bias_;
  float last_bias_;
};

/// One tanh over all gates: the arguments of three of them are halved in the weights.
template <product Product, int Width>
class lstm : public recurrent<Product, Width> {
 public:
  lstm() : recurrent<Product, Width>(4, seed::lstm_input, seed::lstm_state, seed::lstm_dense) {
    this->put(0, 0, 0.5F);  // i, f, g, o to i, f, o, g
    this->put(1, 1, 0.5F);
    this->put(3, 2, 0.5F);
    this->put(2, 3, 1);
    reset();
  }
  void reset() {
    recurrent<Product, Width>::reset();
    c_.setZero();
  }
  float const* operator()(float const* in, float* out) {
    Array<float, 4 * Width, 1> const g = this->multiply(in).tanh();
    Array<float, 3 * Width, 1> const open = g.template head<3 * Width>() * 0.5F + 0.5F;
    c_ = open.template segment<Width>(Width) * c_ + open.template head<Width>() * g.template tail<Width>();
    Array<float, Width, 1> const h = open.template tail<Width>() * c_.tanh();
    this->finish(h, out);
    return out;
  }

 private:
  alignas(alignment) Array<float, Width, 1> c_;
};

/// r, z, and n in two halves: what the state gives it is multiplied by r, what the sample gives it is not.
template <product Product, int Width>
class gru : public recurrent<Product, Width> {
 public:
  gru() : recurrent<Product, Width>(3, seed::gru_input, seed::gru_state, seed::gru_dense) {
    this->put(0, 0, 0.5F);
    this->put(1, 1, 0.5F);
    this->put(2, 2, 1, false, true);
    this->put(2, 3, 1, true, false);
  }
  float const* operator()(float const* in, float* out) {
    Array<float, 4 * Width, 1> const g = this->multiply(in);
    Array<float, 2 * Width, 1> const open = g.template head<2 * Width>().tanh() * 0.5F + 0.5F;
    Array<float, Width, 1> const n =
        (g.template tail<Width>() + open.template head<Width>() * g.template segment<Width>(2 * Width)).tanh();
    Array<float, Width, 1> const h = n + open.template tail<Width>() * (this->state() - n);
    this->finish(h, out);
    return out;
  }
};

// --- F1 -------------------------------------------------------------------------------------------------------------

/// The last eight frames in a ring, of which three take part. `w` is [kernel][in] columns of four outputs.
class streaming_convolution {
 public:
  streaming_convolution() {
    auto const k = kernel(4, 12, seed::f1);
    for (std::size_t o = 0; o < 4; ++o)
      for (std::size_t i = 0; i < 4; ++i)
        for (std::size_t t = 0; t < 3; ++t) w_[(t * 4 + i) * 4 + o] = k[(o * 4 + i) * 3 + t];
    std::ranges::copy(bias(4, seed::f1), b_);
    reset();
  }
  void reset() {
    std::ranges::fill(ring_, 0.0F);
    now_ = 0;
  }

 protected:
  using frame = Eigen::Map<matrix<4, 1>, Eigen::Aligned16>;
  using const_frame = Eigen::Map<matrix<4, 1> const, Eigen::Aligned16>;

  /// The frames of four, two and no steps ago.
  std::array<float const*, 3> remember(float const* in) {
    frame(ring_ + 4 * now_) = const_frame(in);
    std::array<float const*, 3> const x{ring_ + 4 * ((now_ + 4) & 7U), ring_ + 4 * ((now_ + 6) & 7U), ring_ + 4 * now_};
    now_ = (now_ + 1) & 7U;
    return x;
  }
  [[nodiscard]] auto w() const { return const_map<4, 12>(w_); }
  [[nodiscard]] auto b() const { return const_frame(b_); }

 private:
  alignas(alignment) float w_[48];
  alignas(alignment) float b_[4];
  alignas(alignment) float ring_[8 * 4];
  unsigned now_ = 0;
};

struct gathered_convolution : streaming_convolution {
  float const* operator()(float const* in, float* out) {
    auto const x = remember(in);
    matrix<12, 1> taps;
    taps.segment<4>(0) = const_frame(x[0]);
    taps.segment<4>(4) = const_frame(x[1]);
    taps.segment<4>(8) = const_frame(x[2]);
    matrix<4, 1> product;
    product.noalias() = w() * taps;
    frame y(out);
    y = product + b();
    return out;
  }
};

/// A sum for each tap: a third of the latency.
struct three_sums_convolution : streaming_convolution {
  float const* operator()(float const* in, float* out) {
    auto const x = remember(in);
    matrix<4, 1> sums[3] = {b(), matrix<4, 1>::Zero(), matrix<4, 1>::Zero()};
    for (int t = 0; t < 3; ++t)
      for (int i = 0; i < 4; ++i) sums[t].noalias() += w().col(4 * t + i) * x[static_cast<std::size_t>(t)][i];
    frame y(out);
    y = sums[0] + sums[1] + sums[2];
    return out;
  }
};

// --- F2 -------------------------------------------------------------------------------------------------------------

/// Direct convolutions, channels last, each with its relu and pooling: four sums of all output channels in registers.
class image_net {
 public:
  image_net() {
    auto const first = kernel(8, 9, seed::f2_first);
    for (std::size_t o = 0; o < 8; ++o)
      for (std::size_t k = 0; k < 9; ++k) w1_[k * 8 + o] = first[o * 9 + k];
    auto const second = kernel(16, 72, seed::f2_second);
    for (std::size_t o = 0; o < 16; ++o)
      for (std::size_t i = 0; i < 8; ++i)
        for (std::size_t k = 0; k < 9; ++k) w2_[(k * 8 + i) * 16 + o] = second[(o * 8 + i) * 9 + k];
    auto const last = kernel(10, 400, seed::f2_dense);
    for (std::size_t o = 0; o < 10; ++o)
      for (std::size_t c = 0; c < 16; ++c)
        for (std::size_t pixel = 0; pixel < 25; ++pixel) w3_[o * 400 + pixel * 16 + c] = last[o * 400 + c * 25 + pixel];
    std::ranges::copy(bias(8, seed::f2_first), b1_);
    std::ranges::copy(bias(16, seed::f2_second), b2_);
    std::ranges::copy(bias(10, seed::f2_dense), b3_);
  }

  float const* operator()(float const* in, float* out) {
    first(in);
    second();
    unaligned_map<10> y(out);
    y.noalias() = const_map<10, 400, Eigen::RowMajor>(w3_) * const_map<400>(pooled2_);
    y += const_map<10>(b3_);
    softmax_columns(y);
    return out;
  }

 private:
  using eight = Array<float, 8, 1>;
  using sixteen = Array<float, 16, 1>;
  static auto eight_at(float const* p) { return Eigen::Map<eight const, Eigen::Aligned32>(p); }
  static auto sixteen_at(float const* p) { return Eigen::Map<sixteen const, Eigen::Aligned64>(p); }

  void first(float const* image) {
    for (int row = 0; row < 13; ++row)
      for (int column = 0; column < 13; ++column) {
        eight most = eight::Zero();
        for (int u = 0; u < 2; ++u)
          for (int v = 0; v < 2; ++v) {
            eight sum = eight_at(b1_);
            float const* const corner = image + (2 * row + u) * 28 + 2 * column + v;
            for (int k = 0; k < 3; ++k)
              for (int l = 0; l < 3; ++l) sum += eight_at(w1_ + (k * 3 + l) * 8) * corner[k * 28 + l];
            most = most.max(sum);
          }
        Eigen::Map<eight, Eigen::Aligned32>(pooled1_ + (row * 13 + column) * 8) = most;
      }
  }

  void second() {
    constexpr int next_column = 8;
    constexpr int next_row = 13 * 8;
    for (int row = 0; row < 5; ++row)
      for (int column = 0; column < 5; ++column) {
        sixteen sums[4];
        for (sixteen& s : sums) s = sixteen_at(b2_);
        for (int k = 0; k < 3; ++k)
          for (int l = 0; l < 3; ++l) {
            float const* const x = pooled1_ + ((2 * row + k) * 13 + 2 * column + l) * 8;
            for (int i = 0; i < 8; ++i) {
              auto const w = sixteen_at(w2_ + ((k * 3 + l) * 8 + i) * 16);
              sums[0] += w * x[i];
              sums[1] += w * x[next_column + i];
              sums[2] += w * x[next_row + i];
              sums[3] += w * x[next_row + next_column + i];
            }
          }
        Eigen::Map<sixteen, Eigen::Aligned64>(pooled2_ + (row * 5 + column) * 16) =
            sums[0].max(sums[1]).max(sums[2]).max(sums[3]).max(0.0F);
      }
  }

  alignas(alignment) float pooled1_[13 * 13 * 8];
  alignas(alignment) float pooled2_[400];
  alignas(alignment) float w1_[9 * 8];
  alignas(alignment) float b1_[8];
  alignas(alignment) float w2_[72 * 16];
  alignas(alignment) float b2_[16];
  alignas(alignment) float w3_[10 * 400];
  alignas(alignment) float b3_[10];
};

}  // namespace

contenders hand_eigen_layers() {
  return {
      contend<lstm<product::eigen, 20>>("E-LSTM", "eigen/one-tanh"),
      contend<lstm<product::columns, 20>>("E-LSTM", "eigen/one-tanh-columns"),
      contend<lstm<product::columns, 24>>("E-LSTM", "eigen/one-tanh-padded"),
      contend<gru<product::eigen, 20>>("E-GRU", "eigen/one-tanh"),
      contend<gru<product::columns, 20>>("E-GRU", "eigen/one-tanh-columns"),
      contend<gru<product::columns, 24>>("E-GRU", "eigen/one-tanh-padded"),
      contend<gathered_convolution>("F1", "eigen/gathered"),
      contend<three_sums_convolution>("F1", "eigen/three-sums"),
      contend<image_net>("F2", "eigen/direct"),
  };
}

}  // namespace bench
