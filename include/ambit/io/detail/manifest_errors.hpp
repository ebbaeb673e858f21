// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/compiled/diagnostics.hpp>

namespace ambit {

namespace detail {
enum class manifest_fault : unsigned char { none, missing, unexpected, shape, dtype };
}

/// The weight file that a manifest was made of.
template <class>
struct in_file {};

namespace diagnostics {

template <bool Good, fixed_string Name, class Letters, class Want, class Have, class File>
struct variable_is_not_in_the_file {
  static_assert(holds_for<Good, shown<Name>>,
                "ambit: the weight file has no tensor for this variable; give both one name, or make the file anew "
                "[MANIFEST_MISSING]");
};
template <bool Good, fixed_string Name, class Letters, class Want, class Have, class File>
struct tensor_is_not_in_the_model {
  static_assert(holds_for<Good, shown<Name>>,
                "ambit: the weight file has a tensor that the model has no variable for; give both one name, or waive "
                "it by a pattern: matches<model, manifest, \"*/Adam*\"> [MANIFEST_UNEXPECTED]");
};
template <bool Good, fixed_string Name, class Letters, class Want, class Have, class File>
struct variable_has_another_shape_in_the_file {
  static_assert(
      holds_for<Good, shown<Name>>,
      "ambit: the variable has another shape in the weight file; build the model with the shapes of the file, "
      "or make the file anew [MANIFEST_SHAPE]");
};
template <bool Good, fixed_string Name, class Letters, class Want, class Have, class File>
struct variable_has_another_dtype_in_the_file {
  static_assert(
      holds_for<Good, shown<Name>>,
      "ambit: the variable has another dtype in the weight file; build the model with the dtypes of the file, "
      "or make the file anew [MANIFEST_DTYPE]");
};

template <detail::manifest_fault>
struct manifest_error;
template <>
struct manifest_error<detail::manifest_fault::missing> {
  template <bool Good, fixed_string Name, class Letters, class Want, class Have, class File>
  using type = variable_is_not_in_the_file<Good, Name, Letters, Want, Have, File>;
};
template <>
struct manifest_error<detail::manifest_fault::unexpected> {
  template <bool Good, fixed_string Name, class Letters, class Want, class Have, class File>
  using type = tensor_is_not_in_the_model<Good, Name, Letters, Want, Have, File>;
};
template <>
struct manifest_error<detail::manifest_fault::shape> {
  template <bool Good, fixed_string Name, class Letters, class Want, class Have, class File>
  using type = variable_has_another_shape_in_the_file<Good, Name, Letters, Want, Have, File>;
};
template <>
struct manifest_error<detail::manifest_fault::dtype> {
  template <bool Good, fixed_string Name, class Letters, class Want, class Have, class File>
  using type = variable_has_another_dtype_in_the_file<Good, Name, Letters, Want, Have, File>;
};

}  // namespace diagnostics
}  // namespace ambit
