// SPDX-License-Identifier: BSL-1.0
// dlib: networks that are types, run through its tensors. The copy into its input is its own way to be fed.
#include "../contenders.hpp"
#include "../weights.hpp"

#include <dlib/dnn.h>

#include <cstring>

namespace bench {
namespace {

using source = dlib::input<dlib::matrix<float>>;
using tiny = dlib::fc<1, dlib::htan<dlib::fc<16, dlib::htan<dlib::fc<16, source>>>>>;
using mlp = dlib::softmax<dlib::fc<10, dlib::relu<dlib::fc<64, dlib::relu<dlib::fc<128, source>>>>>>;
using wide = dlib::relu<dlib::fc<1024, dlib::relu<dlib::fc<1024, source>>>>;

template <long Filters, class Below>  // no padding
using pooled_convolution =
    dlib::max_pool<2, 2, 2, 2, dlib::relu<dlib::add_layer<dlib::con_<Filters, 3, 3, 1, 1, 0, 0>, Below>>>;
using image_net = dlib::softmax<dlib::fc<10, pooled_convolution<16, pooled_convolution<8, source>>>>;

template <class Net, long Samples, long Rows, long Columns>
class model {
 public:
  float const* operator()(float const* in, float*) {
    std::memcpy(x_.host_write_only(), in, sizeof(float) * static_cast<std::size_t>(Samples * Rows * Columns));
    return net_.forward(x_).host();
  }

 protected:
  model() {
    std::vector<dlib::matrix<float>> const zeros(static_cast<std::size_t>(Samples),
                                                 dlib::zeros_matrix<float>(Rows, Columns));
    net_.to_tensor(zeros.begin(), zeros.end(), x_);
    net_.forward(x_);  // makes the weights
  }
  /// The bias lies behind the weights, [inputs][outputs].
  template <unsigned Layer>
  void set_dense(int outputs, int inputs, seed s) {
    auto const k = kernel(outputs, inputs, s);
    float* to = dlib::layer<Layer>(net_).layer_details().get_layer_params().host();
    for (int i = 0; i < inputs; ++i)
      for (int o = 0; o < outputs; ++o) *to++ = k[static_cast<std::size_t>(o * inputs + i)];
    std::ranges::copy(bias(outputs, s), to);
  }
  template <unsigned Layer>
  void set_convolution(int outputs, int inputs, seed s) {
    float* const to = dlib::layer<Layer>(net_).layer_details().get_layer_params().host();
    std::ranges::copy(bias(outputs, s), std::ranges::copy(kernel(outputs, inputs, s), to).out);
  }

 private:
  Net net_;
  dlib::resizable_tensor x_;
};

struct tiny_model : model<tiny, 1, 8, 1> {
  tiny_model() {
    set_dense<4>(16, 8, seed::a1);
    set_dense<2>(16, 16, seed::a2);
    set_dense<0>(1, 16, seed::a3);
  }
};

template <long Samples>
struct mlp_model : model<mlp, Samples, 784, 1> {
  mlp_model() {
    this->template set_dense<5>(128, 784, seed::b1);
    this->template set_dense<3>(64, 128, seed::b2);
    this->template set_dense<1>(10, 64, seed::b3);
  }
};

template <long Samples>
struct wide_model : model<wide, Samples, 1024, 1> {
  wide_model() {
    this->template set_dense<3>(1024, 1024, seed::c1);
    this->template set_dense<1>(1024, 1024, seed::c2);
  }
};

struct image_model : model<image_net, 1, 28, 28> {
  image_model() {
    set_convolution<7>(8, 9, seed::f2_first);
    set_convolution<4>(16, 72, seed::f2_second);
    set_dense<1>(10, 400, seed::f2_dense);
  }
};

}  // namespace

contenders dlib_peers() {
  return {
      contend<tiny_model>("A", "dlib"),      contend<mlp_model<1>>("B1", "dlib"),
      contend<mlp_model<32>>("B32", "dlib"), contend<mlp_model<256>>("B256", "dlib"),
      contend<wide_model<1>>("C1", "dlib"),  contend<wide_model<256>>("C256", "dlib"),
      contend<image_model>("F2", "dlib"),
  };
}

}  // namespace bench
