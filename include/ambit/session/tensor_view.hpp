// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/config.hpp>
#include <ambit/core/dtype.hpp>
#include <ambit/core/error.hpp>
#include <ambit/core/shape.hpp>

#include <Eigen/Core>

#include <cstddef>
#include <cstdint>
#include <span>

namespace ambit {
inline namespace AMBIT_ABI {

namespace run_time {
class planner;
}

/// A value that a run has computed: dense and row-major, good until the next run in the same workspace. FEED_DTYPE where
/// the elements are asked for as another type than they have.
class tensor_view {
 public:
  tensor_view() = default;
  tensor_view(void const* data, ambit::dtype type, ambit::shape const& s) : data_(data), type_(type), shape_(s) {}

  [[nodiscard]] ambit::dtype dtype() const { return type_; }
  [[nodiscard]] ambit::shape const& shape() const { return shape_; }
  [[nodiscard]] std::int64_t size() const { return shape_.elements(); }
  [[nodiscard]] void const* data() const { return data_; }

  template <class T>
  [[nodiscard]] std::span<T const> values() const {
    if (dtype_of<T> != type_) raise({errc::feed_dtype, "a result", to_string(type_), to_string(dtype_of<T>), {}, {}});
    return {static_cast<T const*>(data_), static_cast<std::size_t>(size())};
  }
  /// All extents but the last as rows; a vector is one row.
  template <class T = float>
  [[nodiscard]] auto matrix() const {
    std::int64_t const columns = shape_.rank() == 0 ? 1 : shape_[-1];
    using map = Eigen::Map<Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> const>;
    return map(values<T>().data(), columns == 0 ? 0 : size() / columns, columns);
  }
  /// The element of a row-major index.
  template <class T = float>
  [[nodiscard]] T at(std::int64_t i = 0) const {
    return values<T>()[static_cast<std::size_t>(i)];
  }

 private:
  friend class run_time::planner;  // what is fed and fetched lies elsewhere in each run
  void const* data_ = nullptr;
  ambit::dtype type_ = ambit::dtype::none;
  ambit::shape shape_{};
};

}  // namespace AMBIT_ABI
}  // namespace ambit
