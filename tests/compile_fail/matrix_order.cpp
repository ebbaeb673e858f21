// SPDX-License-Identifier: BSL-1.0
// FIRST: ambit: an input must lie in memory row by row, as NumPy's arrays do: pass a matrix with Eigen::RowMajor, or evaluate it into one first
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
  static Eigen::Matrix<float, 2, 4> const x{};
#endif
  return net.run(x);  // TRACE
}
