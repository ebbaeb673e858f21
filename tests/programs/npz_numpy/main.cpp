// SPDX-License-Identifier: BSL-1.0
// Reads what check.py wrote, each variant of which must be the same weights, and writes it again.
#include <ambit/core/variable_entry.hpp>
#include <ambit/io/npy.hpp>
#include <ambit/io/npz.hpp>
#include <ambit/io/zlib.hpp>

#include <cstddef>
#include <cstdio>
#include <cstring>
#include <span>
#include <string>
#include <vector>

namespace {

/// A store with the variables that a file has.
struct weights {
  explicit weights(ambit::npz const& file) {
    for (ambit::file_tensor const& t : file.tensors()) entries.push_back({t.name, t.dtype, t.shape, true});
    for (ambit::variable_entry const& v : entries)
      values.emplace_back(static_cast<std::size_t>(v.shape.elements() * ambit::size_of(v.dtype)));
  }
  [[nodiscard]] std::span<ambit::variable_entry const> table() const { return entries; }
  void write(int i, void const* in) {
    auto& out = values[static_cast<std::size_t>(i)];
    if (!out.empty()) std::memcpy(out.data(), in, out.size());
  }
  void read(int i, void* out) const {
    auto const& in = values[static_cast<std::size_t>(i)];
    if (!in.empty()) std::memcpy(out, in.data(), in.size());
  }
  std::vector<ambit::variable_entry> entries;
  std::vector<std::vector<std::byte>> values;
};

}  // namespace

int main() try {
  ambit::npz const plain("littleC.npz");
  weights first(plain);
  ambit::load(first, plain);
  for (std::string const name : {"littleF", "bigC", "bigF"})
    for (std::string const end : {".npz", "_packed.npz"}) {
      weights other(plain);
      ambit::load(other, ambit::npz(name + end, ambit::zlib_inflate));
      if (other.values != first.values) return std::printf("%s differs\n", (name + end).c_str()), 1;
    }
  ambit::write_npz("stored.npz", first);
  ambit::write_npz("packed.npz", first, ambit::zlib_deflate);
  weights other(plain);
  ambit::load(other, ambit::npz("packed.npz", ambit::zlib_inflate));
  ambit::load(other, ambit::npy("single.npy", "f8/3x1x4"), {.scope = "f8/3x1x4"});
  if (other.values != first.values) return std::puts("packed.npz or single.npy differs"), 1;
  ambit::write_npy("copy.npy", first, "f8/3x1x4");
  std::printf("%zu arrays\n", first.entries.size());
} catch (std::exception const& error) {
  std::puts(error.what());
  return 1;
}
