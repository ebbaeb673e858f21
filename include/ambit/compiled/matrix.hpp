// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/core/shape.hpp>

#include <Eigen/Core>

namespace ambit::detail {

/// Arrays as users see them: a matrix whose rows run over all extents but the last, row-major as in NumPy; a vector is
/// one row.
constexpr int rows_of(shape const& s) {
  return s.rank() < 2 ? 1 : static_cast<int>(s[-1] == 0 ? 0 : s.elements() / s[-1]);
}
constexpr int columns_of(shape const& s) { return s.rank() == 0 ? 1 : s[-1]; }
template <class T, int Rows, int Columns>
using matrix_of = Eigen::Matrix<T, Rows, Columns, Columns == 1 && Rows != 1 ? Eigen::ColMajor : Eigen::RowMajor>;

}  // namespace ambit::detail
