// SPDX-License-Identifier: BSL-1.0
// What a programmer who knows Eigen well writes by hand: the formulations that were the fastest of many. Which of them
// is best depends on the compiler and the machine, hence several. Samples are columns, which in memory is row-major
// [samples, features].
#include "contenders.hpp"
#include "eigen_layer.hpp"
#include "workloads.hpp"

#include <cstddef>
#include <utility>

namespace bench {
namespace {

// --- A --------------------------------------------------------------------------------------------------------------

/// Unrolled sum of columns: the accumulators stay in registers. Eigen's own product of sizes from 8 on is a call.
template <int Outputs, int Inputs, std::size_t... Column>
matrix<Outputs, 1> sum_of_columns(layer<Outputs, Inputs> const& l, float const* x, std::index_sequence<Column...>) {
  matrix<Outputs, 1> sum = l.b();
  ((sum.noalias() += l.w().col(Column) * x[Column]), ...);
  return sum;
}

class tiny_by_columns {
 public:
  float const* operator()(float const* in, float* out) const {
    matrix<16, 1> const h1 = sum_of_columns(l1_, in, std::make_index_sequence<8>()).array().tanh();
    matrix<16, 1> const h2 = sum_of_columns(l2_, h1.data(), std::make_index_sequence<16>()).array().tanh();
    out[0] = l3_.w().transpose().dot(h2) + l3_.b()[0];
    return out;
  }

 private:
  layer<16, 8> l1_{seed::a1};
  layer<16, 16> l2_{seed::a2};
  layer<1, 16> l3_{seed::a3};
};

class tiny_lazy {
 public:
  float const* operator()(float const* in, float* out) const {
    matrix<16, 1> const h1 = (l1_.w().lazyProduct(const_map<8>(in)) + l1_.b()).array().tanh();
    matrix<16, 1> const h2 = (l2_.w().lazyProduct(h1) + l2_.b()).array().tanh();
    out[0] = l3_.w().transpose().dot(h2) + l3_.b()[0];
    return out;
  }

 private:
  layer<16, 8> l1_{seed::a1};
  layer<16, 16> l2_{seed::a2};
  layer<1, 16> l3_{seed::a3};
};

// --- B and C: Eigen's products --------------------------------------------------------------------------------------

/// Bias first: the product adds to it, and one pass over the result is saved.
template <int Outputs, int Inputs, int Order, class X, class Y>
void dense_bias_first(layer<Outputs, Inputs, Order> const& l, X const& x, Y&& y) {
  y.colwise() = l.b();
  y.noalias() += l.w() * x;
}
template <int Outputs, int Inputs, int Order, class X, class Y>
void dense_bias_last(layer<Outputs, Inputs, Order> const& l, X const& x, Y&& y) {
  y.noalias() = l.w() * x;
  y.colwise() += l.b();
}

template <int Samples, int Order>
class mlp {
 public:
  float const* operator()(float const* in, float* out) {
    map<128, Samples> h1(h1_);
    map<64, Samples> h2(h2_);
    unaligned_map<10, Samples> y(out);
    dense_bias_first(l1_, const_map<784, Samples>(in), h1);
    h1 = h1.cwiseMax(0.0F);
    dense_bias_first(l2_, h1, h2);
    h2 = h2.cwiseMax(0.0F);
    dense_bias_first(l3_, h2, y);
    softmax_columns(y);
    return out;
  }

 private:
  layer<128, 784, Order> l1_{seed::b1};
  layer<64, 128, Order> l2_{seed::b2};
  layer<10, 64, Order> l3_{seed::b3};
  alignas(alignment) float h1_[area(128, Samples)];
  alignas(alignment) float h2_[area(64, Samples)];
};

template <int Samples, int Order, bool BiasFirst>
class wide {
 public:
  float const* operator()(float const* in, float* out) {
    map<1024, Samples> h(h_);
    map<1024, Samples> y(out);
    if constexpr (BiasFirst) {
      dense_bias_first(l1_, const_map<1024, Samples>(in), h);
      h = h.cwiseMax(0.0F);
      dense_bias_first(l2_, h, y);
      y = y.cwiseMax(0.0F);
    } else {
      h.noalias() = l1_.w() * const_map<1024, Samples>(in);
      h = (h.colwise() + l1_.b()).cwiseMax(0.0F);
      y.noalias() = l2_.w() * h;
      y = (y.colwise() + l2_.b()).cwiseMax(0.0F);
    }
    return out;
  }

 private:
  layer<1024, 1024, Order> l1_{seed::c1};
  layer<1024, 1024, Order> l2_{seed::c2};
  alignas(alignment) float h_[area(1024, Samples)];
};

// --- B1: columns swept by hand ---------------------------------------------------------------------------------------

/// y = relu(b + W x), one column after the other, with `Rows` sums in registers: with all of them the weights stream
/// once, in order; fewer leave registers free.
template <int Rows, int Outputs, int Inputs>
void relu_of_column_sweep(layer<Outputs, Inputs> const& l, float const* x, float* out) {
  static_assert(Outputs % Rows == 0);
  using part = Eigen::Array<float, Rows, 1>;
  for (int row = 0; row < Outputs; row += Rows) {
    part sum = l.b().template segment<Rows>(row).array();
    float const* w = l.w().data() + row;
    for (int j = 0; j < Inputs; ++j, w += Outputs) sum += Eigen::Map<part const, Eigen::Aligned64>(w) * x[j];
    Eigen::Map<part, Eigen::Aligned64> y(out + row);
    y = sum.max(0.0F);
  }
}

template <int Rows>
class mlp_by_column_sweep {
 public:
  float const* operator()(float const* in, float* out) {
    relu_of_column_sweep<Rows>(l1_, in, h1_);
    relu_of_column_sweep<64>(l2_, h1_, h2_);
    unaligned_map<10> y(out);
    y.noalias() = l3_.w() * const_map<64>(h2_);
    y += l3_.b();
    softmax_columns(y);
    return out;
  }

 private:
  layer<128, 784> l1_{seed::b1};
  layer<64, 128> l2_{seed::b2};
  layer<10, 64, Eigen::RowMajor> l3_{seed::b3};
  alignas(alignment) float h1_[128];
  alignas(alignment) float h2_[64];
};

// --- D --------------------------------------------------------------------------------------------------------------

template <int N>
struct fused_fixed {
  float const* operator()(float const* in, float* out) const {
    using array = Eigen::Array<float, N, 1>;
    auto const at = [in](int i) {
      return Eigen::Map<array const, Eigen::Aligned64>(in + static_cast<std::size_t>(i) * padded(N));
    };
    Eigen::Map<array, Eigen::Aligned64> y(out);
    y = (at(0) * at(1) + at(2)).max(0.0F) * at(3) - at(4);
    return out;
  }
};

template <int N>
struct fused_dynamic {
  float const* operator()(float const* in, float* out) const {
    auto const at = [in](int i) {
      return Eigen::Map<Eigen::ArrayXf const, Eigen::Aligned64>(in + static_cast<std::size_t>(i) * padded(N), N);
    };
    Eigen::Map<Eigen::ArrayXf, Eigen::Aligned64> y(out, N);
    y = (at(0) * at(1) + at(2)).max(0.0F) * at(3) - at(4);
    return out;
  }
};

}  // namespace

contenders hand_eigen() {
  using Eigen::ColMajor;
  using Eigen::RowMajor;
  return {
      contend<tiny_by_columns>("A", "eigen/sum-of-columns"),
      contend<tiny_lazy>("A", "eigen/lazy"),
      contend<mlp_by_column_sweep<128>>("B1", "eigen/column-sweep-128"),
      contend<mlp_by_column_sweep<64>>("B1", "eigen/column-sweep-64"),
      contend<mlp<1, ColMajor>>("B1", "eigen/col"),
      contend<mlp<1, RowMajor>>("B1", "eigen/row"),
      contend<mlp<32, ColMajor>>("B32", "eigen/col"),
      contend<mlp<32, RowMajor>>("B32", "eigen/row"),
      contend<mlp<256, ColMajor>>("B256", "eigen/col"),
      contend<mlp<256, RowMajor>>("B256", "eigen/row"),
      contend<wide<1, ColMajor, false>>("C1", "eigen/col"),
      contend<wide<1, RowMajor, false>>("C1", "eigen/row"),
      contend<wide<256, ColMajor, true>>("C256", "eigen/col"),
      contend<wide<256, RowMajor, true>>("C256", "eigen/row"),
      contend<wide<256, RowMajor, false>>("C256", "eigen/row-bias-last"),
      contend<fused_fixed<1000>>("D3", "eigen/fixed"),
      contend<fused_dynamic<1000>>("D3", "eigen/dynamic"),
      contend<fused_fixed<1'000'000>>("D6", "eigen/fixed"),
      contend<fused_dynamic<1'000'000>>("D6", "eigen/dynamic"),
  };
}

}  // namespace bench
