// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/config.hpp>
#include <ambit/core/error.hpp>

#include <Eigen/Core>

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string_view>
#include <type_traits>
#include <utility>

namespace ambit {
inline namespace AMBIT_ABI {
namespace lowering {

/// Dense row-major elements of an input, however it was handed over. The functions deduce what they return: clang then
/// refuses an input at once, with the user's line in the trace, and not at the end of the file without it.
template <class T, int Rows, int Columns, class Input>
class AMBIT_LOCAL input_view {
  using plain = std::remove_cvref_t<Input>;
  static constexpr std::size_t size = static_cast<std::size_t>(Rows) * static_cast<std::size_t>(Columns);

 public:
  static auto data(Input const& input) {
    if constexpr (std::is_convertible_v<Input const&, T const*> && !std::is_array_v<plain>) {
      return static_cast<T const*>(input);
    } else if constexpr (std::is_same_v<plain, T>) {
      static_assert(size == 1, "ambit: a number is given for an input of more than one element");
      return &input;
    } else if constexpr (std::is_base_of_v<Eigen::EigenBase<plain>, plain>) {
      return matrix_data(input);
    } else {
      static_assert(requires { std::data(input), std::size(input); },
                    "ambit: an input is a number, a pointer, an array, a std::array, span or vector, or an Eigen matrix");
      static_assert(std::is_same_v<std::remove_cv_t<std::remove_pointer_t<decltype(std::data(input))>>, T>,
                    "ambit: the elements of an input have another type than its placeholder");
      check(std::size(input));
      return std::data(input);
    }
  }

 private:
  static auto matrix_data(Input const& input) {
    static_assert(std::is_same_v<typename plain::Scalar, T>,
                  "ambit: the elements of an input have another type than its placeholder");
    constexpr int fixed = plain::SizeAtCompileTime;
    static_assert(fixed == Eigen::Dynamic || static_cast<std::size_t>(fixed) == size,
                  "ambit: an input has another number of elements than its placeholder");
    if constexpr (fixed == Eigen::Dynamic) check(static_cast<std::size_t>(input.size()));
    constexpr bool direct = (plain::Flags & Eigen::DirectAccessBit) != 0;
    constexpr bool in_order = plain::IsVectorAtCompileTime || plain::IsRowMajor || Rows == 1 || Columns == 1;
    constexpr bool dense = size <= 1 || plain::InnerStrideAtCompileTime == 1;  // a column of a row-major matrix is not
    static_assert(direct && in_order && dense,
                  "ambit: an input must lie in memory row by row, as NumPy's arrays do: pass a matrix with "
                  "Eigen::RowMajor, or evaluate it into one first");
    if constexpr (!plain::IsVectorAtCompileTime) check_rows(input);
    return input.data();
  }
  // Rows of a block may lie apart.
  static void check_rows(Input const& input) {
    if (input.outerSize() <= 1 || input.outerStride() == input.innerSize()) return;
    text want, have;
    want.append(input.innerSize());
    have.append(input.outerStride());
    raise({errc::input_size, "input, from row to row", std::move(want), std::move(have), {}, {}});
  }
  static void check(std::size_t given) {
    if (given == size) return;
    text want, have;
    want.append(static_cast<long long>(size));
    have.append(static_cast<long long>(given));
    raise({errc::input_size, "input", std::move(want), std::move(have), {}, {}});
  }
};

/// An input whose first extent is a batch: any number of rows of `Row` elements. Not a pointer, which does not say how many.
template <class T, std::int64_t Row, class Input>
class AMBIT_LOCAL batched_input {
  using plain = std::remove_cvref_t<Input>;
  static constexpr bool is_eigen = std::is_base_of_v<Eigen::EigenBase<plain>, plain>;

 public:
  static auto data(Input const& input) {
    if constexpr (is_eigen) {
      static_assert(std::is_same_v<typename plain::Scalar, T>,
                    "ambit: the elements of an input have another type than its placeholder");
      constexpr bool direct = (plain::Flags & Eigen::DirectAccessBit) != 0;
      constexpr bool in_order = plain::IsVectorAtCompileTime || plain::IsRowMajor;
      static_assert(direct && in_order && plain::InnerStrideAtCompileTime == 1,
                    "ambit: an input must lie in memory row by row, as NumPy's arrays do: pass a matrix with "
                    "Eigen::RowMajor, or evaluate it into one first");
      if (!plain::IsVectorAtCompileTime && input.outerSize() > 1 && input.outerStride() != input.innerSize()) refuse("rows", input.outerStride());
      return input.data();
    } else {
      static_assert(!std::is_pointer_v<plain>,
                    "ambit: a pointer does not say how large the batch is; pass a std::span, a vector, an array or an "
                    "Eigen matrix");
      static_assert(requires { std::data(input), std::size(input); },
                    "ambit: an input is an array, a std::array, span or vector, or an Eigen matrix");
      static_assert(std::is_same_v<std::remove_cv_t<std::remove_pointer_t<decltype(std::data(input))>>, T>,
                    "ambit: the elements of an input have another type than its placeholder");
      return std::data(input);
    }
  }
  /// Sets the batch, or refuses another one than before.
  static void count(Input const& input, std::int64_t& batch) {
    std::int64_t size = 0;
    if constexpr (is_eigen)
      size = input.size();
    else
      size = static_cast<std::int64_t>(std::size(input));
    if (Row == 0 || size % Row != 0) return refuse("a multiple of the elements of a row", size);
    if (batch >= 0 && batch != size / Row) return refuse("as many rows as the inputs before", size / Row);
    batch = size / Row;
  }

 private:
  static void refuse(std::string_view want, std::int64_t have) {
    text given;
    given.append(have);
    raise({errc::input_size, "input", text(want), std::move(given), {}, {}});
  }
};

}  // namespace lowering
}  // namespace AMBIT_ABI
}  // namespace ambit
