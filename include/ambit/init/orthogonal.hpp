// SPDX-License-Identifier: BSL-1.0
// Initial values that are matrices with a structure.
#pragma once

#include <ambit/graph/variance_scaling.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace ambit {

namespace detail {
inline namespace AMBIT_ABI {

/// Vectors of equal length in an array: its columns or its rows.
struct vectors_of {
  value_array* values;
  std::int64_t count, length;
  std::int64_t between;  // the first elements of neighbours
  std::int64_t step;     // in a vector

  [[nodiscard]] std::int64_t at(std::int64_t vector, std::int64_t i) const { return vector * between + i * step; }
};

/// In four sums, as one would wait for each addition; always the same four.
class exact_sum {
 public:
  void add_product(double const* a, double const* b, std::size_t n) {
    for (std::size_t i = 0; i < n; ++i) part_[i % 4] = rounding::add(part_[i % 4], rounding::multiply(a[i], b[i]));
  }
  [[nodiscard]] double total() const {
    return rounding::add(rounding::add(part_[0], part_[1]), rounding::add(part_[2], part_[3]));
  }

 private:
  double part_[4] = {};
};

/// Gram and Schmidt's method, each vector twice, which is enough for orthogonality to the last bits (Giraud, Langou and
/// Rozloznik 2005): the Q of that QR decomposition whose R has a positive diagonal, hence unique, as TensorFlow's. In place and
/// without memory beyond a few blocks on the stack; Householder's would need the vectors twice. Sums are of doubles.
class AMBIT_LOCAL gram_schmidt {
 public:
  explicit gram_schmidt(vectors_of const& v) : v_(v) {}

  void run(double gain) {
    for (std::int64_t j = 0; j < v_.count; ++j) {
      for (int pass = 0; pass < 2; ++pass)
        for (std::int64_t i = 0; i < j; i += group) project(j, i, j - i < group ? j - i : group);
      normalize(j);
    }
    if (gain == 1) return;
    for (std::int64_t j = 0; j < v_.count; ++j) scale(j, gain);
  }

 private:
  static constexpr std::int64_t group = 16, block = 64;

  [[nodiscard]] std::span<double> load(std::int64_t vector, std::int64_t from, double* to) const {
    std::int64_t const left = v_.length - from;
    std::span<double> const all(to, static_cast<std::size_t>(left < block ? left : block));
    v_.values->load(v_.at(vector, from), v_.step, all);
    return all;
  }
  /// Takes the parts of vectors first to first + n - 1 out of vector j.
  void project(std::int64_t j, std::int64_t first, std::int64_t n) {
    double own_block[block], other_block[block], part[group];
    exact_sum sums[group];
    for (std::int64_t from = 0; from < v_.length; from += block) {
      std::span<double> const own = load(j, from, own_block);
      for (std::int64_t i = 0; i < n; ++i)
        sums[i].add_product(own.data(), load(first + i, from, other_block).data(), own.size());
    }
    for (std::int64_t i = 0; i < n; ++i) part[i] = sums[i].total();
    for (std::int64_t from = 0; from < v_.length; from += block) {
      std::span<double> const own = load(j, from, own_block);
      for (std::int64_t i = 0; i < n; ++i) {
        std::span<double> const other = load(first + i, from, other_block);
        for (std::size_t k = 0; k < own.size(); ++k)
          own[k] = rounding::subtract(own[k], rounding::multiply(part[i], other[k]));
      }
      v_.values->store(v_.at(j, from), v_.step, own);
    }
  }
  void normalize(std::int64_t j) {
    double own_block[block];
    exact_sum squares;
    for (std::int64_t from = 0; from < v_.length; from += block) {
      std::span<double> const own = load(j, from, own_block);
      squares.add_product(own.data(), own.data(), own.size());
    }
    double const length = rounding::square_root(squares.total());
    if (length > 0) scale(j, rounding::divide(1, length));
  }
  void scale(std::int64_t j, double factor) {
    double own_block[block];
    for (std::int64_t from = 0; from < v_.length; from += block) {
      std::span<double> const own = load(j, from, own_block);
      for (double& x : own) x = rounding::multiply(x, factor);
      v_.values->store(v_.at(j, from), v_.step, own);
    }
  }

  vectors_of v_;
};

struct AMBIT_LOCAL orthogonal_kind final : random_kind {
  constexpr orthogonal_kind() : random_kind("orthogonal") {}
  constexpr void draw(drawing const& d, initializer_parameters const&, std::int64_t first,
                      std::span<double> values) const override {
    draw_normal(d, first, values, 0, 1, false);
  }
  void arrange(drawing const& d, initializer_parameters const& p, value_array& values) const override {
    std::int64_t const columns = d.shape[-1], rows = columns == 0 ? 0 : d.shape.elements() / columns;
    gram_schmidt(rows >= columns ? vectors_of{&values, columns, rows, 1, columns}
                                 : vectors_of{&values, rows, columns, columns, 1})
        .run(p[0]);
  }
  [[nodiscard]] constexpr requirement unmet(shape const& s, initializer_parameters const& p) const override {
    bool const finite = p[0] - p[0] == 0;
    return {s.rank() < 2 ? "two axes or more" : nullptr, finite ? nullptr : "a finite gain"};
  }
  constexpr ~orthogonal_kind() = default;
};

/// Of any dtype. Drawn, though it is no random number: one kind of value less for models that never ask.
struct AMBIT_LOCAL identity_kind final : initializer_kind {
  constexpr identity_kind() : initializer_kind("identity") {}
  [[nodiscard]] constexpr bool records_ops() const override { return false; }
  [[nodiscard]] constexpr bool draws() const override { return true; }
  constexpr void draw(drawing const& d, initializer_parameters const& p, std::int64_t first,
                      std::span<double> values) const override {
    std::int64_t const columns = d.shape[1];
    for (std::size_t i = 0; i < values.size(); ++i) {
      std::int64_t const at = first + static_cast<std::int64_t>(i);
      std::int64_t const row = at / columns + (d.part.axis == 0 ? d.part.offset : 0);
      std::int64_t const column = at % columns + (d.part.axis == 1 ? d.part.offset : 0);
      values[i] = row == column ? p[0] : 0;
    }
  }
  [[nodiscard]] constexpr requirement unmet(shape const& s, initializer_parameters const&) const override {
    return {.shape = s.rank() != 2 ? "two axes" : nullptr};
  }
  constexpr ~identity_kind() = default;
};
inline constexpr orthogonal_kind orthogonal_object{};
inline constexpr identity_kind identity_object{};

}  // namespace AMBIT_ABI
}  // namespace detail

/// Orthonormal columns times `gain`, or rows where there are fewer of them; all axes but the last are rows. Uniformly
/// distributed over such matrices; Saxe, McClelland and Ganguli 2014. At least two axes (INIT_SHAPE). For m vectors of length n
/// the time is of order m * m * n.
[[nodiscard]] constexpr initializer orthogonal_initializer(double gain = 1) {
  return {detail::orthogonal_object, {gain}};
}
/// `gain` where row and column are the same, zeros elsewhere. Exactly two axes (INIT_SHAPE). A part of a partitioned
/// variable is a part of the whole's matrix.
[[nodiscard]] constexpr initializer identity_initializer(double gain = 1) { return {detail::identity_object, {gain}}; }

}  // namespace ambit
