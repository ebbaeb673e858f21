// SPDX-License-Identifier: BSL-1.0
// Does not compile, and is here for what the compiler says: two layers are called "fc1". See capture.sh.
#include "../digits.hpp"

using namespace optical_digits;

inline constexpr auto twice = [](graph& g) {
  tensor pixels = placeholder(g, "pixels", {1, 64});
  variable_scope model{g, "model"};
  tensor hidden = relu(dense(g, "fc1", pixels, 32));
  return softmax(dense(g, "fc1", hidden, 10));
};

compiled<twice> net;
