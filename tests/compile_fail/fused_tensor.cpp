// SPDX-License-Identifier: BSL-1.0
// FIRST: ambit: fused takes an expression as it is written, fused(relu(a * b)); what is stored as a tensor has been recorded op by op
#include <ambit/ops.hpp>
#include <ambit/session/fused.hpp>

using namespace ambit;

tensor model(graph& g) {
  tensor x = placeholder(g, "x", {4, 4});
#ifndef ACCEPT
  tensor y = relu(x) * 2;
  return fused(y);
#else
  tensor y = fused(relu(x) * 2);
  return y;
#endif
}
