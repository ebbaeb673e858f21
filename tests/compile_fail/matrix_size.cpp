// SPDX-License-Identifier: BSL-1.0
// FIRST: ambit: an input has another number of elements than its placeholder
#include <ambit/ambit.hpp>

using namespace ambit;

inline constexpr auto model = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 4});
  return x + 1;
};

compiled<model> net;

auto next() {
#ifdef ACCEPT
  static Eigen::Matrix<float, 2, 4, Eigen::RowMajor> const x{};
#else
  static Eigen::Matrix<float, 2, 3, Eigen::RowMajor> const x{};
#endif
  return net.run(x);  // TRACE
}
