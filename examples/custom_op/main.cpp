// SPDX-License-Identifier: BSL-1.0
// A model with two ops of the user's own. Their structs are named beside the builder; see acme_ops.hpp.
#include "acme_ops.hpp"
#include <ambit/ambit.hpp>

#include <iostream>

using namespace ambit;

inline constexpr auto model = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 4});
  name_scope scope{g, "acme"};
  tensor smooth = acme::swish(x + 1, 1.5F);  // fused with the addition
  return acme::roll(smooth * 2, -1, "rolled");
};

int main() {
  compiled<model, acme::swish_op, acme::roll_op> net;
  float const x[] = {-2, -1, 0, 1, 2, 3, 4, 5};
  std::cout << net.run(x) << '\n';

  graph g;
  tensor const out = model(g);
  std::cout << out.name() << " is a " << out.op() << " of shape " << to_text(out.shape()) << '\n';
}
