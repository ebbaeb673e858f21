// SPDX-License-Identifier: BSL-1.0
// Prints a hash of the bits that each initializer draws. The output is the same with every compiler and flag.
#include <ambit/core.hpp>
#include <ambit/init/initialize.hpp>

#include <cstdio>
#include <vector>

using namespace ambit;

namespace {

void show(char const* kind, initializer const& from, shape const& s) {
  for (dtype type : {dtype::f32, dtype::f64}) {
    std::vector<unsigned char> bytes(static_cast<std::size_t>(s.elements() * size_of(type)));
    initialize(from, "model/fc1/kernel", s, type, 42, bytes.data());
    std::uint64_t hash = detail::fnv_basis;
    for (unsigned char b : bytes) hash = (hash ^ b) * detail::fnv_prime;
    std::printf("%s %.*s %016llx\n", kind, static_cast<int>(to_string(type).size()), to_string(type).data(),
                static_cast<unsigned long long>(hash));
  }
}

}  // namespace

int main() {
  shape const matrix{97, 103}, window{3, 5, 16, 24};
  show("random_uniform", random_uniform(-0.1, 0.3), matrix);
  show("random_normal", random_normal(0.1, 0.7), matrix);
  show("truncated_normal", truncated_normal(0.1, 0.7), matrix);
  show("glorot_uniform", glorot_uniform(), window);
  show("glorot_normal", glorot_normal(), window);
  show("he_uniform", he_uniform(), window);
  show("he_normal", he_normal(), window);
  show("lecun_uniform", lecun_uniform(), window);
  show("lecun_normal", lecun_normal(), window);
  show("untruncated", variance_scaling(3, fan::out, random_distribution::untruncated_normal), window);
  show("orthogonal tall", orthogonal_initializer(0.3), {103, 37});
  show("orthogonal wide", orthogonal_initializer(), {37, 103});
  show("identity", identity_initializer(2), {5, 7});
  show("constant", constant_initializer(0.1), {3});
}
