// SPDX-License-Identifier: BSL-1.0
// FIRST: op_in_a_statement
// FIRST: ambit: fused takes elementwise ops (add, tanh, where, cast, ...); record what this op makes first, as a tensor, and fuse what comes behind it
// FIRST: matmul_op
#include <ambit/ops.hpp>
#include <ambit/session/fused.hpp>

using namespace ambit;

tensor model(graph& g) {
  tensor x = placeholder(g, "x", {4, 4});
#ifndef ACCEPT
  return fused(relu(matmul(x, x)) * 2);
#else
  tensor product = matmul(x, x);
  return fused(relu(product) * 2);
#endif
}
