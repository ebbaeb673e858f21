// SPDX-License-Identifier: BSL-1.0
// libtorch: eager, without gradients; the result stays in its tensor.
#include "../contenders.hpp"
#include "../weights.hpp"

#include <torch/torch.h>

#include <array>

namespace bench {
namespace {

/// The caller's memory as a tensor.
torch::Tensor view(float const* data, at::IntArrayRef shape) {
  return torch::from_blob(const_cast<float*>(data), shape);
}

struct layer {
  torch::Tensor w;
  torch::Tensor b;
  layer(std::vector<std::int64_t> const& shape, seed s) {
    std::int64_t inputs = 1;
    for (std::size_t i = 1; i < shape.size(); ++i) inputs *= shape[i];
    auto const outputs = static_cast<int>(shape[0]);
    w = view(kernel(outputs, static_cast<int>(inputs), s).data(), shape).clone();
    b = view(bias(outputs, s).data(), {shape[0]}).clone();
  }
  [[nodiscard]] torch::Tensor dense(torch::Tensor const& x) const { return torch::linear(x, w, b); }
  [[nodiscard]] torch::Tensor pooled_convolution(torch::Tensor const& x) const {
    return torch::max_pool2d(torch::conv2d(x, w, b).relu_(), {2, 2});
  }
};

/// Holds the result, so that it lives until the next run.
template <class Net>
class model {
 public:
  model() { torch::set_num_threads(1); }
  float const* operator()(float const* in, float*) {
    c10::InferenceMode const no_gradients;
    result_ = net_(in);
    return result_.template data_ptr<float>();
  }

 private:
  Net net_;
  torch::Tensor result_;
};

struct tiny {
  layer l1{{16, 8}, seed::a1};
  layer l2{{16, 16}, seed::a2};
  layer l3{{1, 16}, seed::a3};
  torch::Tensor operator()(float const* in) const {
    return l3.dense(l2.dense(l1.dense(view(in, {1, 8})).tanh_()).tanh_());
  }
};

template <std::int64_t Samples>
struct mlp {
  layer l1{{128, 784}, seed::b1};
  layer l2{{64, 128}, seed::b2};
  layer l3{{10, 64}, seed::b3};
  torch::Tensor operator()(float const* in) const {
    return torch::softmax(l3.dense(l2.dense(l1.dense(view(in, {Samples, 784})).relu_()).relu_()), 1);
  }
};

template <std::int64_t Samples>
struct wide {
  layer l1{{1024, 1024}, seed::c1};
  layer l2{{1024, 1024}, seed::c2};
  torch::Tensor operator()(float const* in) const {
    return l2.dense(l1.dense(view(in, {Samples, 1024})).relu_()).relu_();
  }
};

template <std::int64_t N>
struct fused {
  torch::Tensor operator()(float const* in) const {
    auto const at = [in](std::size_t i) { return view(in + i * padded(static_cast<std::size_t>(N)), {N}); };
    return (at(0) * at(1)).add_(at(2)).relu_().mul_(at(3)).sub_(at(4));
  }
};

struct image_net {
  layer first{{8, 1, 3, 3}, seed::f2_first};
  layer second{{16, 8, 3, 3}, seed::f2_second};
  layer last{{10, 400}, seed::f2_dense};
  torch::Tensor operator()(float const* in) const {
    auto const x = second.pooled_convolution(first.pooled_convolution(view(in, {1, 1, 28, 28})));
    return torch::softmax(last.dense(x.reshape({1, 400})), 1);
  }
};

}  // namespace

contenders torch_peers() {
  return {
      contend<model<tiny>>("A", "torch"),         contend<model<mlp<1>>>("B1", "torch"),
      contend<model<mlp<32>>>("B32", "torch"),    contend<model<mlp<256>>>("B256", "torch"),
      contend<model<wide<1>>>("C1", "torch"),     contend<model<wide<256>>>("C256", "torch"),
      contend<model<fused<1000>>>("D3", "torch"), contend<model<fused<1'000'000>>>("D6", "torch"),
      contend<model<image_net>>("F2", "torch"),
  };
}

}  // namespace bench
