// SPDX-License-Identifier: BSL-1.0
#include <ambit/core.hpp>

int main() {
  ambit::graph g;
  (void)g;
}
