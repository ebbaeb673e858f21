// SPDX-License-Identifier: BSL-1.0
// 256 layers and 64 residual blocks, within every compiler's own limits: no -fconstexpr-*, -ftemplate-depth or
// -fbracket-depth.
#include "deep/models.hpp"
#include <ambit/compiled/compiled.hpp>

using namespace ambit;

using layers = compiled<deep::layers{256}>;
static_assert(layers::table().size() == 512);
static_assert(layers::table()[510].name == "layer_255/kernel");
static_assert(layers::memory().arena == 2 * 64 && layers::memory().arena == layers::memory().arena_bound);

using residual = compiled<deep::residual{64}>;
static_assert(residual::table().size() == 256);
static_assert(residual::table()[255].name == "block_63/b/bias");
static_assert(residual::memory().arena <= 3 * 64);

// Evaluated too, with every step.
float deepest(float const* x);
float deepest(float const* x) {
  static layers one;
  static residual two;
  return one.run(x)(0, 0) + two.run(x)(0, 0);
}
