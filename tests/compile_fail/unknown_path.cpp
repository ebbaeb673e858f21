// SPDX-License-Identifier: BSL-1.0
// FIRST: variable_is_not_in_this_model
// FIRST: ambit: the model has no variable of this path [UNKNOWN_PATH]
// SHOWS: model/fc1/kernal
#include <ambit/ambit.hpp>

using namespace ambit;

inline constexpr auto model = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 4});
  variable_scope fc{g, "model/fc1"};
  return matmul(x, get_variable(g, "kernel", {4, 3}));
};

compiled<model> net;

auto weight() {
#ifndef ACCEPT
  // [UNKNOWN_PATH wrong]
  return net["model"_n / "fc1"_n / "kernal"_n](0, 2);  // TRACE
  // [end]
#else
  // [UNKNOWN_PATH right]
  return net["model"_n / "fc1"_n / "kernel"_n](0, 2);
  // [end]
#endif
}
