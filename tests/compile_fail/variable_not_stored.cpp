// SPDX-License-Identifier: BSL-1.0
// FIRST: ambit: no output needs this variable, so the model keeps no value for it
#include <ambit/ambit.hpp>

using namespace ambit;

inline constexpr auto model = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 4});
  tensor unused = get_variable(g, "unused", {4});
#ifdef ACCEPT
  return x + unused;
#else
  return x + 1;
#endif
};

compiled<model> net;

auto value() { return net["unused"_n](0, 0); }
