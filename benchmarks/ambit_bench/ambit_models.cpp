// SPDX-License-Identifier: BSL-1.0
// The library itself: builders as its user writes them.
#include "contenders.hpp"
#include "weights.hpp"
#include <ambit/ambit.hpp>

#include <Eigen/Core>

#include <cstring>

namespace bench {
namespace {

using namespace ambit;

constexpr tensor dense(graph& g, name scope, tensor x, int units) {
  variable_scope layer{g, scope};
  tensor kernel = get_variable(g, "kernel", {x.shape()[1], units});
  tensor bias = get_variable(g, "bias", {units});
  return matmul(x, kernel) + bias;
}

inline constexpr auto tiny = [](graph& g) {
  tensor x = placeholder(g, "x", {1, 8});
  x = tanh(dense(g, "fc1", x, 16));
  x = tanh(dense(g, "fc2", x, 16));
  return dense(g, "fc3", x, 1);
};

struct mlp {
  int samples;
  constexpr tensor operator()(graph& g) const {
    tensor x = placeholder(g, "x", {samples, 784});
    x = relu(dense(g, "fc1", x, 128));
    x = relu(dense(g, "fc2", x, 64));
    return softmax(dense(g, "fc3", x, 10));
  }
};

struct wide {
  int samples;
  constexpr tensor operator()(graph& g) const {
    tensor x = placeholder(g, "x", {samples, 1024});
    x = relu(dense(g, "fc1", x, 1024));
    return relu(dense(g, "fc2", x, 1024));
  }
};

struct fused {
  int n;
  constexpr tensor operator()(graph& g) const {
    tensor a = placeholder(g, "a", {n});
    tensor b = placeholder(g, "b", {n});
    tensor c = placeholder(g, "c", {n});
    tensor d = placeholder(g, "d", {n});
    tensor e = placeholder(g, "e", {n});
    return relu(a * b + c) * d - e;
  }
};

/// Weights are made as [outputs][inputs]; a kernel of ambit's is [inputs, outputs].
template <class Net, fixed_string Scope>
void set_dense(Net& net, path<Scope> scope, int outputs, int inputs, seed s) {
  auto const k = kernel(outputs, inputs, s);
  auto const b = bias(outputs, s);
  using rows = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  net.set(scope / "kernel"_n, Eigen::Map<rows const>(k.data(), outputs, inputs).transpose());
  net.set(scope / "bias"_n, Eigen::Map<Eigen::RowVectorXf const>(b.data(), outputs));
}

/// A small result goes where the other contenders put theirs; a large one stays in the model, where a user reads it.
template <class Map>
float const* deliver(Map const& result, float* out) {
  if constexpr (Map::SizeAtCompileTime > 4096) {
    return result.data();
  } else {
    std::memcpy(out, result.data(), sizeof(float) * static_cast<std::size_t>(result.size()));
    return out;
  }
}

class tiny_model {
 public:
  tiny_model() {
    set_dense(net_, "fc1"_n, 16, 8, seed::a1);
    set_dense(net_, "fc2"_n, 16, 16, seed::a2);
    set_dense(net_, "fc3"_n, 1, 16, seed::a3);
  }
  float const* operator()(float const* in, float* out) { return deliver(net_.run(in), out); }

 private:
  compiled<tiny> net_;
};

template <int Samples>
class mlp_model {
 public:
  mlp_model() {
    set_dense(net_, "fc1"_n, 128, 784, seed::b1);
    set_dense(net_, "fc2"_n, 64, 128, seed::b2);
    set_dense(net_, "fc3"_n, 10, 64, seed::b3);
  }
  float const* operator()(float const* in, float* out) { return deliver(net_.run(in), out); }

 private:
  compiled<mlp{Samples}> net_;
};

template <int Samples>
class wide_model {
 public:
  wide_model() {
    set_dense(net_, "fc1"_n, 1024, 1024, seed::c1);
    set_dense(net_, "fc2"_n, 1024, 1024, seed::c2);
  }
  float const* operator()(float const* in, float* out) { return deliver(net_.run(in), out); }

 private:
  compiled<wide{Samples}> net_;
};

template <int N>
class fused_model {
 public:
  // Its result is a sixth of all that it moves: a copy of it would be measured.
  float const* operator()(float const* in, float*) {
    constexpr std::size_t next = padded(N);
    return net_.run(in, in + next, in + 2 * next, in + 3 * next, in + 4 * next).data();
  }

 private:
  compiled<fused{N}> net_;
};

}  // namespace

contenders ambit_models() {
  return {
      contend<tiny_model>("A", "ambit"),         contend<mlp_model<1>>("B1", "ambit"),
      contend<mlp_model<32>>("B32", "ambit"),    contend<mlp_model<256>>("B256", "ambit"),
      contend<wide_model<1>>("C1", "ambit"),     contend<wide_model<256>>("C256", "ambit"),
      contend<fused_model<1000>>("D3", "ambit"), contend<fused_model<1'000'000>>("D6", "ambit"),
  };
}

}  // namespace bench
