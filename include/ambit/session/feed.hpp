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
#include <new>
#include <string_view>
#include <type_traits>

namespace ambit {
inline namespace AMBIT_ABI {

/// A node of a session's graph: a tensor, or its name, "model/fc1/Relu:0" or "model/fc1/Relu".
class node_ref {
 public:
  node_ref(ambit::tensor t) : of_(t.graph()), id_(t.id()) {}
  template <std::convertible_to<std::string_view> Name>
  node_ref(Name const& name) : id_(named), by_name_(true) {
    std::string_view const n = name;
    of_ = n.data();
    size_ = n.size();
  }

  [[nodiscard]] bool by_name() const { return by_name_; }
  [[nodiscard]] std::string_view name() const { return {static_cast<char const*>(of_), size_}; }
  /// Where it is one.
  [[nodiscard]] ambit::tensor tensor() const {
    auto* const g = static_cast<ambit::graph*>(const_cast<void*>(of_));
    return by_name() || g == nullptr ? ambit::tensor{} : ambit::tensor(*g, id_);
  }
  /// The graph, or the characters of the name.
  [[nodiscard]] void const* of() const { return of_; }
  /// Of a tensor; less than -1 of a name.
  [[nodiscard]] int id() const { return id_; }

 private:
  friend class feed;
  static constexpr int named = -2;
  node_ref(void const* of, int id, std::size_t size) : of_(of), id_(id), by_name_(id == named), size_(size) {}

  void const* of_ = nullptr;
  int id_ = -1;
  bool by_name_ = false;  // apart from the id: where a tensor is given, the compiler knows it
  std::size_t size_ = 0;
};

/// All of a feed that a plan depends on, in three words, as each run compares them: the graph; node, dtype and, of a matrix,
/// rows; the number of elements. Not a shape that was given.
class feed_form {
 public:
  static constexpr std::int64_t no_matrix = -1;
  static constexpr std::int64_t shaped = -2;
  static constexpr std::int64_t many = -3;  // rows, more than there is room for

  feed_form() = default;
  feed_form(void const* of, int id, ambit::dtype type, std::int64_t size, std::int64_t rows) : of_(of), size_(size) {
    std::int64_t const kept = rows < 1 << 23 ? rows : many;
    layout_ = static_cast<std::uint32_t>(id) | static_cast<std::uint64_t>(type) << 32 |
              static_cast<std::uint64_t>(kept) << 40;
  }
  [[nodiscard]] void const* of() const { return of_; }
  [[nodiscard]] int id() const { return static_cast<int>(layout_ & 0xffffffff); }
  [[nodiscard]] ambit::dtype dtype() const { return static_cast<ambit::dtype>(layout_ >> 32 & 255); }
  [[nodiscard]] std::int64_t size() const { return size_; }
  /// Of a matrix, or one of the constants.
  [[nodiscard]] std::int64_t rows() const { return static_cast<std::int64_t>(layout_) >> 40; }
  /// Whether the words say all.
  [[nodiscard]] bool complete() const { return rows() >= no_matrix; }
  /// All but the graph. None is like an empty one, which has no dtype.
  [[nodiscard]] bool same_layout(feed_form const& other) const { return layout_ == other.layout_ && size_ == other.size_; }

 private:
  void const* of_ = nullptr;
  std::uint64_t layout_ = 0;
  std::int64_t size_ = 0;
};

/// The value of a node in one run: `{x, data}`. Data are numbers, arrays, std::array, span or vector, row-major Eigen
/// matrices and vectors, and stay the caller's: they must live until the run returns. Unknown extents come from the
/// data's size and, of a matrix, its rows and columns; or give the shape, `{x, data, {2, 3}}`.
class feed {
 public:
  template <class Data>
  feed(node_ref const& node, Data const& data) {
    take(node, data, feed_form::no_matrix, unknown_shape);
  }
  template <class Data>
  feed(node_ref const& node, Data const& data, ambit::shape const& s) {
    std::int64_t const rows = s.known() ? feed_form::shaped : feed_form::no_matrix;
    if constexpr (std::is_pointer_v<Data>)
      describe(node, data, s.elements(), rows, s);
    else
      take(node, data, rows, s);
  }

  [[nodiscard]] feed_form const& form() const { return form_; }
  [[nodiscard]] node_ref node() const {
    return {form_.of(), form_.id(), form_.id() == node_ref::named ? more_.all.name_size : 0};
  }
  [[nodiscard]] void const* data() const { return data_; }
  [[nodiscard]] ambit::dtype dtype() const { return form_.dtype(); }
  [[nodiscard]] std::int64_t size() const { return form_.size(); }
  /// Unknown where it was not given.
  [[nodiscard]] ambit::shape shape() const {
    return form_.rows() == feed_form::shaped ? more_.all.shape : unknown_shape;
  }
  /// Rows of a matrix; -1 of anything else.
  [[nodiscard]] std::int64_t rows() const {
    if (form_.rows() == feed_form::many) return more_.all.rows;
    return form_.rows() == feed_form::shaped ? -1 : form_.rows();
  }

 private:
  template <class Data>
  void take(node_ref const& node, Data const& data, std::int64_t rows, ambit::shape const& s) {
    if constexpr (std::is_arithmetic_v<Data>) {
      describe(node, &data, 1, rows, s);
    } else if constexpr (std::is_base_of_v<Eigen::EigenBase<Data>, Data>) {
      constexpr bool direct = (Data::Flags & Eigen::DirectAccessBit) != 0;
      constexpr bool in_order = Data::IsVectorAtCompileTime || Data::IsRowMajor;
      static_assert(direct && in_order && Data::InnerStrideAtCompileTime == 1,
                    "ambit: data to feed must lie in memory row by row, as NumPy's arrays do: pass a matrix with "
                    "Eigen::RowMajor, or evaluate it into one first");
      if (!Data::IsVectorAtCompileTime && data.outerSize() > 1 && data.outerStride() != data.innerSize())
        raise({errc::feed_shape, "a matrix to feed", "rows one after the other", "rows that lie apart", {}, {}});
      bool const matrix = !Data::IsVectorAtCompileTime && rows == feed_form::no_matrix;
      describe(node, data.data(), data.size(), matrix ? data.rows() : rows, s);
    } else {
      static_assert(
          requires { std::data(data), std::size(data); },
          "ambit: data to feed are a number, an array, a std::array, span or vector, or an Eigen matrix; a "
          "pointer needs a shape behind it");
      describe(node, std::data(data), static_cast<std::int64_t>(std::size(data)), rows, s);
    }
  }
  template <class T>
  void describe(node_ref const& node, T const* data, std::int64_t size, std::int64_t rows, ambit::shape const& s) {
    data_ = data;
    form_ = {node.of_, node.id_, dtype_of<T>, size, rows};
    if (!form_.complete() || node.by_name()) ::new (&more_.all) extras{rows, node.size_, s};
  }

  feed_form form_;
  void const* data_ = nullptr;
  // Written only where there is more to say: writing unknown shapes would be most of what a feed costs.
  struct extras {
    std::int64_t rows;
    std::size_t name_size;
    ambit::shape shape;
  };
  union maybe {
    maybe() {}
    extras all;
  } more_;
};

}  // namespace AMBIT_ABI
}  // namespace ambit
