// SPDX-License-Identifier: BSL-1.0
// What the hand-written Eigen contenders share.
#pragma once

#include "buffer.hpp"
#include "weights.hpp"

#include <Eigen/Core>

#include <algorithm>

namespace bench {

// Eigen wants vectors in their own order.
template <int Rows, int Columns, int Order = Eigen::ColMajor>
using matrix = Eigen::Matrix<float, Rows, Columns,
                             (Rows == 1      ? static_cast<int>(Eigen::RowMajor)
                              : Columns == 1 ? static_cast<int>(Eigen::ColMajor)
                                             : Order)>;
template <int Rows, int Columns = 1, int Order = Eigen::ColMajor>
using map = Eigen::Map<matrix<Rows, Columns, Order>, Eigen::Aligned64>;
template <int Rows, int Columns = 1, int Order = Eigen::ColMajor>
using const_map = Eigen::Map<matrix<Rows, Columns, Order> const, Eigen::Aligned64>;
// Results of ten floats a sample, and parts of longer arrays.
template <int Rows, int Columns = 1>
using unaligned_map = Eigen::Map<matrix<Rows, Columns>>;

/// Weights of a dense layer, in a fixed array: no pointer to follow, sizes known to the compiler.
template <int Outputs, int Inputs, int Order = Eigen::ColMajor>
class layer {
 public:
  explicit layer(seed s) {
    auto const k = kernel(Outputs, Inputs, s);
    Eigen::Map<Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Order>>(w_, Outputs, Inputs) =
        Eigen::Map<Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> const>(k.data(), Outputs,
                                                                                                Inputs);
    std::ranges::copy(bench::bias(Outputs, s), b_);
  }
  [[nodiscard]] auto w() const { return const_map<Outputs, Inputs, Order>(w_); }
  [[nodiscard]] auto b() const { return const_map<Outputs>(b_); }

 private:
  alignas(alignment) float w_[area(Outputs, Inputs)];
  alignas(alignment) float b_[area(Outputs, 1)];
};

template <class Matrix>
void softmax_columns(Matrix&& y) {
  for (Eigen::Index i = 0; i < y.cols(); ++i) {
    auto column = y.col(i);
    float const top = column.maxCoeff();
    column = (column.array() - top).exp();
    column *= 1.0F / column.sum();
  }
}

}  // namespace bench
