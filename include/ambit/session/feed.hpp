// SPDX-License-Identifier: BSL-1.0
// What a run is asked for, and what it is given.
#pragma once

#include <ambit/graph/graph.hpp>

#include <Eigen/Core>

#include <algorithm>
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
  node_ref(ambit::tensor t) : of_(t.graph()), number_(t.id()) {}
  template <std::convertible_to<std::string_view> Name>
  node_ref(Name const& name) {
    std::string_view const n = name;
    of_ = n.data();
    number_ = first_name - static_cast<std::int64_t>(n.size());
  }

  [[nodiscard]] bool by_name() const { return number_ <= first_name; }
  [[nodiscard]] std::string_view name() const {
    return {static_cast<char const*>(of_), static_cast<std::size_t>(first_name - number_)};
  }
  /// Where it is one.
  [[nodiscard]] ambit::tensor tensor() const {
    auto* const g = static_cast<ambit::graph*>(const_cast<void*>(of_));
    return g == nullptr ? ambit::tensor{} : ambit::tensor(*g, id());
  }
  [[nodiscard]] void const* graph() const { return of_; }
  [[nodiscard]] int id() const { return static_cast<int>(number_); }
  bool operator==(node_ref const&) const = default;  // a name is no other name, nor a tensor

 private:
  // Two words, as a run looks at each of them: the graph and a number from -1 on, or characters and how many, negative.
  static constexpr std::int64_t first_name = -2;
  void const* of_ = nullptr;
  std::int64_t number_ = -1;
};

/// The value of a node in one run: `{x, data}`. Data are numbers, arrays, std::array, span or vector, row-major Eigen
/// matrices and vectors, and stay the caller's: they must live until the run returns. Unknown extents come from the
/// data's size and, of a matrix, its rows and columns; or give the shape, `{x, data, {2, 3}}`.
class feed {
 public:
  /// All that a plan depends on, in four words, as each run compares them; without the shape, where one was given.
  class form {
   public:
    static constexpr std::int64_t no_matrix = -1;
    static constexpr std::int64_t shaped = -2;

    explicit form(node_ref of) : node(of) {}
    void describe(ambit::dtype type, std::int64_t elements, std::int64_t rows) {
      size = elements;
      layout_ = rows * 256 + static_cast<std::int64_t>(type);
    }
    [[nodiscard]] ambit::dtype dtype() const { return static_cast<ambit::dtype>(layout_ & 255); }
    /// Of a matrix, or one of the constants.
    [[nodiscard]] std::int64_t rows() const { return layout_ >> 8; }
    bool operator==(form const&) const = default;

    node_ref node;
    std::int64_t size = 0;

   private:
    std::int64_t layout_ = no_matrix * 256;
  };

  template <class Data>
  feed(node_ref node, Data const& data) : form_(node) {
    take(data, form::no_matrix);
  }
  template <class Data>
  feed(node_ref node, Data const& data, ambit::shape const& s) : form_(node), shape_(s) {
    std::int64_t const rows = s.known() ? form::shaped : form::no_matrix;
    if constexpr (std::is_pointer_v<Data>) {
      data_ = data;
      form_.describe(dtype_of<std::remove_pointer_t<Data>>, s.elements(), rows);
    } else {
      take(data, rows);
    }
  }

  [[nodiscard]] form const& what() const { return form_; }
  [[nodiscard]] node_ref const& node() const { return form_.node; }
  [[nodiscard]] void const* data() const { return data_; }
  [[nodiscard]] ambit::dtype dtype() const { return form_.dtype(); }
  [[nodiscard]] std::int64_t size() const { return form_.size; }
  /// Unknown where it was not given.
  [[nodiscard]] ambit::shape shape() const { return form_.rows() == form::shaped ? shape_.given : unknown_shape; }
  /// Rows of a matrix; -1 of anything else.
  [[nodiscard]] std::int64_t rows() const { return std::max(form_.rows(), form::no_matrix); }

 private:
  template <class Data>
  void take(Data const& data, std::int64_t rows) {
    if constexpr (std::is_arithmetic_v<Data>) {
      data_ = &data;
      form_.describe(dtype_of<Data>, 1, rows);
    } else if constexpr (std::is_base_of_v<Eigen::EigenBase<Data>, Data>) {
      constexpr bool direct = (Data::Flags & Eigen::DirectAccessBit) != 0;
      constexpr bool in_order = Data::IsVectorAtCompileTime || Data::IsRowMajor;
      static_assert(direct && in_order && Data::InnerStrideAtCompileTime == 1,
                    "ambit: data to feed must lie in memory row by row, as NumPy's arrays do: pass a matrix with "
                    "Eigen::RowMajor, or evaluate it into one first");
      if (!Data::IsVectorAtCompileTime && data.outerSize() > 1 && data.outerStride() != data.innerSize())
        raise({errc::feed_shape, "a matrix to feed", "rows one after the other", "rows that lie apart", {}, {}});
      data_ = data.data();
      bool const matrix = !Data::IsVectorAtCompileTime && rows == form::no_matrix;
      form_.describe(dtype_of<typename Data::Scalar>, data.size(), matrix ? data.rows() : rows);
    } else {
      static_assert(requires { std::data(data), std::size(data); },
                    "ambit: data to feed are a number, an array, a std::array, span or vector, or an Eigen matrix; a "
                    "pointer needs a shape behind it");
      data_ = std::data(data);
      form_.describe(dtype_of<std::remove_cvref_t<decltype(*std::data(data))>>, static_cast<std::int64_t>(std::size(data)),
                     rows);
    }
  }

  form form_;
  void const* data_ = nullptr;
  // Written only where one was given: writing unknown ones would be most of what a feed costs.
  union given_shape {
    given_shape() : none() {}
    explicit given_shape(ambit::shape const& s) : given(s) {}
    char none;
    ambit::shape given;
  } shape_;
};

}  // namespace AMBIT_ABI
}  // namespace ambit
