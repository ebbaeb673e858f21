// SPDX-License-Identifier: BSL-1.0
// FIRST: ambit: the elements of an input have another type than its placeholder
#include <ambit/ambit.hpp>

#include <array>

using namespace ambit;

inline constexpr auto model = [](graph& g) {
  tensor x = placeholder(g, "x", {2});
  return x + 1;
};

compiled<model> net;

auto next() {
#ifdef ACCEPT
  std::array<float, 2> const x{};
#else
  std::array<double, 2> const x{};
#endif
  return net.run(x);  // TRACE
}
