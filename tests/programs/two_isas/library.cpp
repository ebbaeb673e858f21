// SPDX-License-Identifier: BSL-1.0
// One library. What it exports without a C name is what the compiler makes of ambit's and Eigen's templates; it uses no
// Eigen of its own.
#include "programs/no_heap/model.hpp"

namespace {
compiled<model> net;
}

extern "C" {
/// The vector width, in bytes, of this library's Eigen.
int packet_bytes() { return static_cast<int>(sizeof(Eigen::internal::packet_traits<float>::type)); }
/// All outputs of the model, one after the other.
void run_model(float const* x, float* out) {
  auto kernel = net.edit("fc/kernel"_n);
  for (int i = 0; i < kernel.size(); ++i) kernel(i) = static_cast<float>(i * 37 % 101) / 101 - 0.5F;
  auto bias = net.edit("fc/bias"_n);
  for (int i = 0; i < bias.size(); ++i) bias(i) = 0.5F;
  net.reset();
  auto const [a, b, c, d] = net.run(x);
  for (auto const& [data, size] : {std::pair(a.data(), a.size()), std::pair(b.data(), b.size()),
                                   std::pair(c.data(), c.size()), std::pair(d.data(), d.size())})
    for (Eigen::Index i = 0; i < size; ++i) *out++ = data[i];
}
}
