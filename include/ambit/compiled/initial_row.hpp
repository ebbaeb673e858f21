// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/core/dtype.hpp>
#include <ambit/core/literal.hpp>
#include <ambit/kernels/panels.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace ambit {
inline namespace AMBIT_ABI {
namespace lowering {

/// Constant initial values of one variable, as a loop reads them.
struct initial_row {
  std::int64_t offset;
  loops::weight_form form;
  std::int64_t elements;
  dtype type;
  double fill;
  std::uint64_t const* values;  // null: fill
  dtype value_type;
};
// One loop for all dtypes: a loop each took 0.2 s to compile in every file that has a model. A template, as models
// without such values have none of it.
template <class Row = initial_row>
void write_initial(std::byte* block, Row const& r) {
  for (std::int64_t i = 0; i < r.elements; ++i) {
    std::byte* const at = block + r.offset + r.form.offset(i) * size_of(r.type);
    detail::with_element(r.type, [&]<class T>(T) {
      // As the dtype itself: not every 64-bit integer is a double.
      T const number = r.values == nullptr ? static_cast<T>(r.fill) : literal::value_of<T>(r.value_type, r.values[i]);
      std::memcpy(at, &number, sizeof(number));
    });
  }
}

}  // namespace lowering
}  // namespace AMBIT_ABI
}  // namespace ambit
