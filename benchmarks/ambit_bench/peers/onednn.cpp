// SPDX-License-Identifier: BSL-1.0
// oneDNN 2: primitives with activations fused into products, weights in the layout that it asks for.
#include "../contenders.hpp"
#include "../weights.hpp"

#include <oneapi/dnnl/dnnl.hpp>

#include <unordered_map>

namespace bench {
namespace {

using dnnl::algorithm;
using dnnl::memory;
using tag = memory::format_tag;

constexpr auto f32 = memory::data_type::f32;
constexpr auto inference = dnnl::prop_kind::forward_inference;

/// Primitives in the order of their making, each reading what the one before it wrote.
class network {
 public:
  float const* operator()(float const* in, float* out) {
    input_.set_data_handle(const_cast<float*>(in));
    steps_.back().arguments.at(DNNL_ARG_DST).set_data_handle(out);
    for (step& s : steps_) s.what.execute(stream_, s.arguments);
    stream_.wait();
    return out;
  }

 protected:
  explicit network(memory::dims const& input, tag layout)
      : input_({input, f32, layout}, engine_, nullptr), last_(input_) {}

  void dense(memory::dim outputs, memory::dims const& input, seed s, algorithm activation) {
    memory::dims kernel_shape = input;
    kernel_shape[0] = outputs;
    memory::desc const from = steps_.empty() ? input_.get_desc() : last_.get_desc();
    dnnl::inner_product_forward::desc const d(inference, from, {kernel_shape, f32, tag::any}, {{outputs}, f32, tag::a},
                                              {{input[0], outputs}, f32, tag::ab});
    dnnl::inner_product_forward::primitive_desc const p(d, with(activation), engine_);
    tag const plain = input.size() == 2 ? tag::ab : tag::abcd;
    add(dnnl::inner_product_forward(p), p.dst_desc(), weights(kernel_shape, plain, s, p.weights_desc()),
        biases(outputs, s));
  }

  /// 3x3 with relu, then the largest of 2x2.
  void pooled_convolution(memory::dims const& input, memory::dim outputs, seed s) {
    memory::dim const side = input[2] - 2;
    memory::dims const kernel_shape{outputs, input[1], 3, 3};
    memory::desc const from = steps_.empty() ? input_.get_desc() : memory::desc(input, f32, tag::any);
    dnnl::convolution_forward::desc const c(inference, algorithm::convolution_auto, from, {kernel_shape, f32, tag::any},
                                            {{outputs}, f32, tag::a}, {{1, outputs, side, side}, f32, tag::any}, {1, 1},
                                            {0, 0}, {0, 0});
    dnnl::convolution_forward::primitive_desc const p(c, with(algorithm::eltwise_relu), engine_);
    if (p.src_desc() != last_.get_desc()) {
      dnnl::reorder const r(last_, memory(p.src_desc(), engine_));
      add(r, p.src_desc());
    }
    add(dnnl::convolution_forward(p), p.dst_desc(), weights(kernel_shape, tag::abcd, s, p.weights_desc()),
        biases(outputs, s));
    dnnl::pooling_forward::desc const q(inference, algorithm::pooling_max, p.dst_desc(),
                                        {{1, outputs, side / 2, side / 2}, f32, tag::any}, {2, 2}, {2, 2}, {0, 0},
                                        {0, 0});
    dnnl::pooling_forward::primitive_desc const pooled(q, engine_);
    add(dnnl::pooling_forward(pooled), pooled.dst_desc());
  }

  void softmax() {
    dnnl::softmax_forward::desc const d(inference, last_.get_desc(), 1);
    dnnl::softmax_forward::primitive_desc const p(d, engine_);
    add(dnnl::softmax_forward(p), p.dst_desc());
  }

 private:
  struct step {
    dnnl::primitive what;
    std::unordered_map<int, memory> arguments;
  };

  static dnnl::primitive_attr with(algorithm activation) {
    dnnl::primitive_attr attributes;
    if (activation == algorithm::undef) return attributes;
    dnnl::post_ops after;
    after.append_eltwise(1, activation, 0, 0);
    attributes.set_post_ops(after);
    return attributes;
  }
  memory weights(memory::dims const& shape, tag layout, seed s, memory::desc const& wanted) {
    memory::dim inputs = 1;
    for (std::size_t i = 1; i < shape.size(); ++i) inputs *= shape[i];
    auto values = kernel(static_cast<int>(shape[0]), static_cast<int>(inputs), s);
    memory given({shape, f32, layout}, engine_, values.data());
    memory packed(wanted, engine_);
    dnnl::reorder(given, packed).execute(stream_, given, packed);
    stream_.wait();
    return packed;
  }
  memory biases(memory::dim outputs, seed s) {
    memory b({{outputs}, f32, tag::a}, engine_);
    std::ranges::copy(bias(static_cast<int>(outputs), s), static_cast<float*>(b.get_data_handle()));
    return b;
  }
  void add(dnnl::primitive const& what, memory::desc const& result) {
    memory to(result, engine_);
    steps_.push_back({what, {{DNNL_ARG_SRC, last_}, {DNNL_ARG_DST, to}}});
    last_ = to;
  }
  void add(dnnl::primitive const& what, memory::desc const& result, memory const& w, memory const& b) {
    add(what, result);
    steps_.back().arguments.insert({{DNNL_ARG_WEIGHTS, w}, {DNNL_ARG_BIAS, b}});
  }

  dnnl::engine engine_{dnnl::engine::kind::cpu, 0};
  dnnl::stream stream_{engine_};
  std::vector<step> steps_;
  memory input_;
  memory last_;
};

struct tiny_model : network {
  tiny_model() : network({1, 8}, tag::ab) {
    dense(16, {1, 8}, seed::a1, algorithm::eltwise_tanh);
    dense(16, {1, 16}, seed::a2, algorithm::eltwise_tanh);
    dense(1, {1, 16}, seed::a3, algorithm::undef);
  }
};

template <memory::dim Samples>
struct mlp_model : network {
  mlp_model() : network({Samples, 784}, tag::ab) {
    dense(128, {Samples, 784}, seed::b1, algorithm::eltwise_relu);
    dense(64, {Samples, 128}, seed::b2, algorithm::eltwise_relu);
    dense(10, {Samples, 64}, seed::b3, algorithm::undef);
    softmax();
  }
};

template <memory::dim Samples>
struct wide_model : network {
  wide_model() : network({Samples, 1024}, tag::ab) {
    dense(1024, {Samples, 1024}, seed::c1, algorithm::eltwise_relu);
    dense(1024, {Samples, 1024}, seed::c2, algorithm::eltwise_relu);
  }
};

struct image_model : network {
  image_model() : network({1, 1, 28, 28}, tag::abcd) {
    pooled_convolution({1, 1, 28, 28}, 8, seed::f2_first);
    pooled_convolution({1, 8, 13, 13}, 16, seed::f2_second);
    dense(10, {1, 16, 5, 5}, seed::f2_dense, algorithm::undef);
    softmax();
  }
};

}  // namespace

contenders onednn_peers() {
  return {
      contend<tiny_model>("A", "onednn"),      contend<mlp_model<1>>("B1", "onednn"),
      contend<mlp_model<32>>("B32", "onednn"), contend<mlp_model<256>>("B256", "onednn"),
      contend<wide_model<1>>("C1", "onednn"),  contend<wide_model<256>>("C256", "onednn"),
      contend<image_model>("F2", "onednn"),
  };
}

}  // namespace bench
