// SPDX-License-Identifier: BSL-1.0
// Loops as one writes them in C, left to the compiler.
#include "contenders.hpp"
#include "plain_layer.hpp"
#include "workloads.hpp"

namespace bench {
namespace {

template <order Order>
class tiny {
 public:
  float const* operator()(float const* in, float* out) const {
    float h1[16];
    float h2[16];
    l1_(in, h1);
    rational_tanh(h1, 16);
    l2_(h1, h2);
    rational_tanh(h2, 16);
    l3_(h2, out);
    return out;
  }

 private:
  plain_layer<16, 8, Order> l1_{seed::a1};
  plain_layer<16, 16, Order> l2_{seed::a2};
  plain_layer<1, 16, order::rows> l3_{seed::a3};
};

template <std::size_t Samples, order Order>
class mlp {
 public:
  float const* operator()(float const* in, float* out) const {
    for (std::size_t n = 0; n < Samples; ++n) {
      float h1[128];
      float h2[64];
      float* const y = out + n * 10;
      l1_(in + n * 784, h1);
      relu(h1, 128);
      l2_(h1, h2);
      relu(h2, 64);
      l3_(h2, y);
      softmax(y, 10);
    }
    return out;
  }

 private:
  plain_layer<128, 784, Order> l1_{seed::b1};
  plain_layer<64, 128, Order> l2_{seed::b2};
  plain_layer<10, 64, order::rows> l3_{seed::b3};
};

template <std::size_t Samples, order Order>
class wide {
 public:
  float const* operator()(float const* in, float* out) const {
    for (std::size_t n = 0; n < Samples; ++n) {
      float h[1024];
      float* const y = out + n * 1024;
      l1_(in + n * 1024, h);
      relu(h, 1024);
      l2_(h, y);
      relu(y, 1024);
    }
    return out;
  }

 private:
  plain_layer<1024, 1024, Order> l1_{seed::c1};
  plain_layer<1024, 1024, Order> l2_{seed::c2};
};

template <std::size_t N>
struct fused {
  float const* operator()(float const* __restrict in, float* __restrict out) const {
    constexpr std::size_t next = padded(N);
    for (std::size_t i = 0; i < N; ++i) {
      float const t = in[i] * in[next + i] + in[2 * next + i];
      out[i] = (t > 0 ? t : 0) * in[3 * next + i] - in[4 * next + i];
    }
    return out;
  }
};

}  // namespace

contenders plain_c() {
  using enum order;
  return {
      contend<tiny<columns>>("A", "c/col"),
      contend<tiny<rows>>("A", "c/row"),
      contend<mlp<1, columns>>("B1", "c/col"),
      contend<mlp<1, rows>>("B1", "c/row"),
      // By rows these would take a second a round.
      contend<mlp<32, columns>>("B32", "c/col"),
      contend<mlp<256, columns>>("B256", "c/col"),
      contend<wide<1, columns>>("C1", "c/col"),
      contend<wide<1, rows>>("C1", "c/row"),
      contend<wide<256, columns>>("C256", "c/col"),
      contend<fused<1000>>("D3", "c/loop"),
      contend<fused<1'000'000>>("D6", "c/loop"),
  };
}

}  // namespace bench
