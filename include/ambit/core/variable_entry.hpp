// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/core/dtype.hpp>
#include <ambit/core/shape.hpp>

#include <string_view>

namespace ambit {

/// One row of a model's table of variables: what a weight file is bound to. A table and not a type a variable, so that
/// loaders are one loop (a `hana::for_each` over 512 variables cost 1.9 s in a prototype).
struct variable_entry {
  std::string_view name;                    ///< the scope path without ":0": "model/fc1/kernel"
  ambit::dtype dtype = ambit::dtype::none;  ///< of the elements
  ambit::shape shape;                       ///< fully defined where `stored`
  bool stored = true;  ///< false: declared, but no output or state needs it, so that the model has no memory for it
};

}  // namespace ambit
