// SPDX-License-Identifier: BSL-1.0
// Weights in the program, read in place.
#include "model.hpp"
#include "weights_weights.hpp"

using namespace ambit;

int main() {
  compiled<builder, in_rom<weights_weights>> net;
  static_assert(net.memory().parameters == 0);
  float const x[] = {1, 2};
  return net.run(x)(0) == 7 && net["model/kernel"_n](1, 1) == 4 ? 0 : 1;  // of 1, 2, 3, 4
}
