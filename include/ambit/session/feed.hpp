// SPDX-License-Identifier: BSL-1.0
// What a run is asked for, and what it is given.
#pragma once

#include <ambit/graph/graph.hpp>

#include <Eigen/Core>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string_view>
#include <type_traits>

namespace ambit {
inline namespace AMBIT_ABI {

/// A node of a session's graph: a tensor, or its name, "model/fc1/Relu:0" or "model/fc1/Relu".
class node_ref {
 public:
  node_ref(ambit::tensor t) : tensor_(t) {}
  template <std::convertible_to<std::string_view> Name>
  node_ref(Name const& name) : name_(name) {}

  [[nodiscard]] ambit::tensor tensor() const { return tensor_; }
  [[nodiscard]] std::string_view name() const { return name_; }
  [[nodiscard]] bool by_name() const { return name_.data() != nullptr; }

 private:
  ambit::tensor tensor_{};
  std::string_view name_{};
};

/// The value of a node in one run: `{x, data}`. Data are numbers, arrays, std::array, span or vector, row-major Eigen
/// matrices and vectors, and stay the caller's: they must live until the run returns. Unknown extents come from the
/// data's size and, of a matrix, its rows and columns; or give the shape, `{x, data, {2, 3}}`.
class feed {
 public:
  template <class Data>
  feed(node_ref node, Data const& data) : node_(node) {
    take(data);
  }
  template <class Data>
  feed(node_ref node, Data const& data, ambit::shape const& s) : node_(node), shape_(s) {
    if constexpr (std::is_pointer_v<Data>) {
      data_ = data;
      type_ = dtype_of<std::remove_pointer_t<Data>>;
      size_ = s.elements();
    } else {
      take(data);
    }
  }

  [[nodiscard]] node_ref const& node() const { return node_; }
  [[nodiscard]] void const* data() const { return data_; }
  [[nodiscard]] ambit::dtype dtype() const { return type_; }
  [[nodiscard]] std::int64_t size() const { return size_; }
  /// Unknown where it was not given.
  [[nodiscard]] ambit::shape const& shape() const { return shape_; }
  /// Rows of a matrix; -1 of anything else.
  [[nodiscard]] std::int64_t rows() const { return rows_; }

 private:
  template <class Data>
  void take(Data const& data) {
    if constexpr (std::is_arithmetic_v<Data>) {
      data_ = &data;
      type_ = dtype_of<Data>;
      size_ = 1;
    } else if constexpr (std::is_base_of_v<Eigen::EigenBase<Data>, Data>) {
      constexpr bool direct = (Data::Flags & Eigen::DirectAccessBit) != 0;
      constexpr bool in_order = Data::IsVectorAtCompileTime || Data::IsRowMajor;
      static_assert(direct && in_order && Data::InnerStrideAtCompileTime == 1,
                    "ambit: data to feed must lie in memory row by row, as NumPy's arrays do: pass a matrix with "
                    "Eigen::RowMajor, or evaluate it into one first");
      if (!Data::IsVectorAtCompileTime && data.outerSize() > 1 && data.outerStride() != data.innerSize())
        raise({errc::feed_shape, "a matrix to feed", "rows one after the other", "rows that lie apart", {}, {}});
      data_ = data.data();
      type_ = dtype_of<typename Data::Scalar>;
      size_ = data.size();
      if constexpr (!Data::IsVectorAtCompileTime) rows_ = data.rows();
    } else {
      static_assert(requires { std::data(data), std::size(data); },
                    "ambit: data to feed are a number, an array, a std::array, span or vector, or an Eigen matrix; a "
                    "pointer needs a shape behind it");
      data_ = std::data(data);
      type_ = dtype_of<std::remove_cvref_t<decltype(*std::data(data))>>;
      size_ = static_cast<std::int64_t>(std::size(data));
    }
  }

  node_ref node_;
  void const* data_ = nullptr;
  ambit::dtype type_ = ambit::dtype::none;
  std::int64_t size_ = 0;
  std::int64_t rows_ = -1;
  ambit::shape shape_ = unknown_shape;
};

}  // namespace AMBIT_ABI
}  // namespace ambit
