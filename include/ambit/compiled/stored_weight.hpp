// SPDX-License-Identifier: BSL-1.0
// A weight as users see it, a matrix, over the form in which it is stored.
#pragma once

#include <ambit/compiled/matrix.hpp>
#include <ambit/kernels/panels.hpp>

#include <Eigen/Core>

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace ambit {
inline namespace AMBIT_ABI {

/// A weight of fixed rows and columns.
template <class T, int Rows, int Columns>
struct AMBIT_LOCAL stored_weight {
  using element = T;
  using matrix = detail::matrix_of<T, Rows, Columns>;
  static constexpr int rows = Rows, columns = Columns;

  struct AMBIT_LOCAL matrix_reader {
    T const* data;
    loops::weight_form const* form;
    T operator()(Eigen::Index row, Eigen::Index column) const { return data[form->offset(row * Columns + column)]; }
  };
  struct AMBIT_LOCAL vector_reader {
    T const* data;
    loops::weight_form const* form;
    T operator()(Eigen::Index i) const { return data[form->offset(i)]; }
  };
  /// An Eigen expression, good as long as the parameters live, and the form, which is a constant of the plan.
  [[nodiscard]] static auto view(T const* data, loops::weight_form const& form) {
    using reader = std::conditional_t<Rows == 1 || Columns == 1, vector_reader, matrix_reader>;
    return matrix::NullaryExpr(Rows, Columns, reader{data, &form});
  }
};

/// A weight to write to. Tells its owner when it dies, so that nothing computed from the weight is left stale.
template <class Weight, class Owner>
class AMBIT_LOCAL weight_editor {
  using element = typename Weight::element;

 public:
  weight_editor(element* data, loops::weight_form const& form, Owner& owner) : data_(data), form_(form), owner_(&owner) {}
  weight_editor(weight_editor const&) = delete;
  weight_editor& operator=(weight_editor const&) = delete;
  ~weight_editor() { owner_->fold(); }

  /// A matrix or array of the weight's shape.
  template <class Derived>
  weight_editor& operator=(Eigen::EigenBase<Derived> const& values) {
    // Through a matrix, as the expression may be a product, or read this very weight; small ones are no allocation.
    constexpr bool small = sizeof(element) * Weight::rows * Weight::columns <= 4096;
    using dynamic = Eigen::Matrix<element, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    std::conditional_t<small, typename Weight::matrix, dynamic> const all = values.derived();
    eigen_assert(all.rows() == rows() && all.cols() == cols());
    for (int r = 0; r < Weight::rows; ++r)
      for (int c = 0; c < Weight::columns; ++c) (*this)(r, c) = all(r, c);
    return *this;
  }
  [[nodiscard]] element& operator()(Eigen::Index row, Eigen::Index column) {
    return data_[form_.offset(row * Weight::columns + column)];
  }
  /// An element of a vector; of a matrix, row by row.
  [[nodiscard]] element& operator()(Eigen::Index i) { return data_[form_.offset(i)]; }
  void setConstant(element all) {
    for (Eigen::Index i = 0; i < size(); ++i) (*this)(i) = all;
  }
  void setZero() { setConstant(element(0)); }
  [[nodiscard]] static constexpr Eigen::Index rows() { return Weight::rows; }
  [[nodiscard]] static constexpr Eigen::Index cols() { return Weight::columns; }
  [[nodiscard]] static constexpr Eigen::Index size() { return rows() * cols(); }

 private:
  element* data_;
  loops::weight_form form_;
  Owner* owner_;
};

}  // namespace AMBIT_ABI
}  // namespace ambit
