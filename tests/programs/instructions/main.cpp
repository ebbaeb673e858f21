// SPDX-License-Identifier: BSL-1.0
// instructions MODEL COUNT: runs a model so many times, for a tool that counts its instructions.
#include <ambit/ambit.hpp>

#include <cstdio>
#include <cstdlib>
#include <string_view>

using namespace ambit;

namespace {

constexpr tensor dense(graph& g, name scope, tensor x, int units) {
  variable_scope layer{g, scope};
  tensor kernel = get_variable(g, "kernel", {x.shape()[1], units});
  tensor bias = get_variable(g, "bias", {units});
  return matmul(x, kernel) + bias;
}
constexpr tensor state(graph& g, name n, shape s) {
  return get_local_variable(g, n, s, {.initializer = zeros_initializer()});
}

constexpr auto tiny = [](graph& g) {
  tensor x = placeholder(g, "x", {1, 8});
  x = tanh(dense(g, "fc1", x, 16));
  x = tanh(dense(g, "fc2", x, 16));
  return dense(g, "fc3", x, 1);
};
constexpr auto lstm_20 = [](graph& g) {
  tensor x = placeholder(g, "x", {1, 1});
  tensor kernel = get_variable(g, "kernel", {1, 80}), recurrent = get_variable(g, "recurrent", {20, 80});
  tensor bias = get_variable(g, "bias", {80});
  tensor h = streaming_lstm(x, state(g, "h", {20}), state(g, "c", {20}), {kernel, recurrent, bias}, lstm_format::keras);
  return dense(g, "last", h, 1);
};
constexpr auto gru_20 = [](graph& g) {
  tensor x = placeholder(g, "x", {1, 1});
  tensor kernel = get_variable(g, "kernel", {1, 60}), recurrent = get_variable(g, "recurrent", {20, 60});
  tensor bias = get_variable(g, "bias", {2, 60});
  tensor h = streaming_gru(x, state(g, "h", {20}), {kernel, recurrent, bias}, gru_format::keras_reset_after);
  return dense(g, "last", h, 1);
};

/// `tiny` as it is written with Eigen by hand: fixed sizes, no call of Eigen's dense product, bias and tanh in one
/// expression with it.
class by_hand {
 public:
  float operator()(float const* x) const {
    using vector = Eigen::Matrix<float, 16, 1>;
    vector const h = (w1_.lazyProduct(Eigen::Map<Eigen::Matrix<float, 8, 1> const>(x)) + b1_).array().tanh();
    vector const k = (w2_.lazyProduct(h) + b2_).array().tanh();
    return w3_.dot(k) + b3_;
  }
  Eigen::Matrix<float, 16, 8> w1_ = Eigen::Matrix<float, 16, 8>::Constant(0.01F);
  Eigen::Matrix<float, 16, 16> w2_ = Eigen::Matrix<float, 16, 16>::Constant(0.01F);
  Eigen::Matrix<float, 16, 1> b1_ = Eigen::Matrix<float, 16, 1>::Zero(), b2_ = b1_;
  Eigen::Matrix<float, 16, 1> w3_ = Eigen::Matrix<float, 16, 1>::Constant(0.01F);
  float b3_ = 0;
};

compiled<tiny> tiny_net;
compiled<lstm_20> lstm_net;
compiled<gru_20> gru_net;
by_hand hand;

__attribute__((noinline)) float go_tiny(float const* x) { return tiny_net.run(x)(0); }
__attribute__((noinline)) float go_hand(float const* x) { return hand(x); }
__attribute__((noinline)) float go_lstm(float const* x) { return lstm_net.run(x)(0); }
__attribute__((noinline)) float go_gru(float const* x) { return gru_net.run(x)(0); }

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  std::string_view const model = argv[1];
  auto const run = model == "tiny" ? go_tiny : model == "hand" ? go_hand : model == "lstm" ? go_lstm : go_gru;
  tiny_net.edit("fc1/kernel"_n).setConstant(0.01F);
  tiny_net.edit("fc2/kernel"_n).setConstant(0.01F);
  tiny_net.edit("fc3/kernel"_n).setConstant(0.01F);
  float const x[8] = {1, 2, 3, 4, 5, 6, 7, 8};
  float sum = 0;
  for (int i = std::atoi(argv[2]); i > 0; --i) sum += run(x);
  std::printf("%g\n", static_cast<double>(sum));
}
