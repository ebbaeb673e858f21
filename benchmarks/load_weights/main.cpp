// SPDX-License-Identifier: BSL-1.0
// Loading a file of 1 GB against one `read` of it into the same memory: load_weights [FOLDER], which holds the file
// meanwhile (default: the system's folder of temporary files). Each the best of five, so from the page cache.
#include <ambit/core/variable_entry.hpp>
#include <ambit/io/safetensors.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <vector>

namespace {

/// 64 layers of 16 MB.
struct large_model {
  static constexpr std::size_t layers = 64, layer = std::size_t{16} << 20;

  large_model() : values(layers * layer, std::byte{1}) {
    for (std::size_t i = 0; i < layers; ++i) names.push_back("layer_" + std::to_string(i) + "/kernel");
    for (std::string const& name : names) entries.push_back({name, ambit::dtype::f32, {2048, 2048}, true});
  }
  [[nodiscard]] std::span<ambit::variable_entry const> table() const { return entries; }
  void write(int i, void const* in) { std::memcpy(values.data() + static_cast<std::size_t>(i) * layer, in, layer); }
  void read(int i, void* out) const { std::memcpy(out, values.data() + static_cast<std::size_t>(i) * layer, layer); }

  std::vector<std::string> names;
  std::vector<ambit::variable_entry> entries;
  std::vector<std::byte> values;
};

template <class F>
double best_of_five(char const* what, double base, F f) {
  double best = 1e9;
  for (int i = 0; i < 5; ++i) {
    auto const start = std::chrono::steady_clock::now();
    f();
    best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  std::printf("%-32s %6.3f s  %5.2f\n", what, best, base > 0 ? best / base : 1.0);
  return best;
}

}  // namespace

int main(int argc, char** argv) {
  namespace fs = std::filesystem;
  fs::path const path = (argc > 1 ? fs::path(argv[1]) : fs::temp_directory_path()) / "ambit_load_weights.safetensors";
  large_model model;
  ambit::write_safetensors(path, model);
  double const base = best_of_five("read into the same memory", 0, [&] {
    std::ifstream in(path, std::ios::binary);
    in.read(reinterpret_cast<char*>(model.values.data()), static_cast<std::streamsize>(model.values.size()));
  });
  best_of_five("load, safetensors::mapped(path)", base, [&] { ambit::load(model, ambit::safetensors::mapped(path)); });
  best_of_five("load, safetensors{path}", base, [&] { ambit::load(model, ambit::safetensors{path}); });
  if (!ambit::safetensors::mapped(path).is_mapped()) std::puts("(no lease on this file: it was read, not mapped)");
  fs::remove(path);
}
