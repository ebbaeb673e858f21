// SPDX-License-Identifier: BSL-1.0
// Uses every part that is installed: a model that the compiler built, and weights by name.
#include "model.hpp"
#include <ambit/io/safetensors.hpp>
#if __has_include("weights_manifest.hpp")  // without CMake nobody writes it
#include "weights_manifest.hpp"
#endif

using namespace ambit;

#if __has_include("weights_manifest.hpp")
static_assert(matches<builder, weights_manifest>);
#endif

int main() {
  compiled<builder> trained, net;
  trained.edit("model/kernel"_n)(1, 0) = 3;
  write_safetensors("consumer.safetensors", trained);
  load(net, safetensors{"consumer.safetensors"});
  float const x[] = {1, 2};
  return net.run(x)(0) == 6 ? 0 : 1;
}
