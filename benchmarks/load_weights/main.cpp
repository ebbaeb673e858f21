// SPDX-License-Identifier: BSL-1.0
// Loading files of 1 GB against one `read` of as many bytes into the same memory: load_weights [FOLDER], which holds the
// files meanwhile (default: the system's folder of temporary files). Each the best of five, so from the page cache.
#include <ambit/core/variable_entry.hpp>
#include <ambit/io/safetensors.hpp>
#if __has_include(<protozero/pbf_reader.hpp>) && __has_include(<boost/crc.hpp>)
#include <ambit/io/checkpoint.hpp>
#define LOAD_WEIGHTS_CHECKPOINT 1
#endif

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <thread>
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

void show(char const* what, double seconds, double base) {
  std::printf("%-42s %6.3f s  %5.2f\n", what, seconds, seconds / base);
}

template <class F>
double best_of_five(F f) {
  double best = 1e9;
  for (int i = 0; i < 5; ++i) {
    auto const start = std::chrono::steady_clock::now();
    f();
    best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  return best;
}

/// A file that was written just now is read, not mapped: see `ambit::safetensors`. Three seconds suffice everywhere.
void let_settle() { std::this_thread::sleep_for(std::chrono::milliseconds(3100)); }

double read_whole(large_model& model, std::filesystem::path const& path) {
  return best_of_five([&] {
    std::ifstream in(path, std::ios::binary);
    in.read(reinterpret_cast<char*>(model.values.data()), static_cast<std::streamsize>(model.values.size()));
  });
}

void time_safetensors(large_model& model, std::filesystem::path const& path) {
  ambit::write_safetensors(path, model);
  let_settle();
  double const base = read_whole(model, path);
  show("read into the same memory", base, base);
  show("load, safetensors{path}", best_of_five([&] { ambit::load(model, ambit::safetensors{path}); }), base);
  show("load, safetensors::mapped(path)", best_of_five([&] { ambit::load(model, ambit::safetensors::mapped(path)); }),
       base);
  show("load, of tensors that were looked at", best_of_five([&] {
         ambit::safetensors const file(path);
         (void)file.tensors();  // reads them
         ambit::load(model, file);
       }),
       base);
  if (!ambit::safetensors::mapped(path).is_mapped()) std::puts("(no lease on this file: it was read, not mapped)");
  std::filesystem::remove(path);
}

#ifdef LOAD_WEIGHTS_CHECKPOINT
void time_checkpoint(large_model& model, std::filesystem::path const& prefix) {
  ambit::write_checkpoint(prefix, model);
  let_settle();
  std::filesystem::path const data = prefix.string() + ".data-00000-of-00001";
  double const base = read_whole(model, data);
  show("read into the same memory", base, base);
  double const whole = best_of_five([&] { ambit::load(model, ambit::checkpoint{prefix}); });
  show("load, checkpoint{prefix}", whole, base);
  std::uint32_t sum = 0;
  double const sums = best_of_five([&] {
    for (std::size_t i = 0; i < large_model::layers; ++i) {
      ambit::detail::io::crc32c crc;
      crc.add(model.values.data() + i * large_model::layer, large_model::layer);
      sum += crc.masked();
    }
  });
  show("  its checksums alone", sums, base);
  show("  without its checksums", whole - sums, base);
  std::printf("checksums: %.1f GB/s (%08x)\n", static_cast<double>(model.values.size()) / sums / 1e9, sum);
  std::filesystem::remove(data);
  std::filesystem::remove(prefix.string() + ".index");
}
#endif

}  // namespace

int main(int argc, char** argv) {
  namespace fs = std::filesystem;
  fs::path const folder = argc > 1 ? fs::path(argv[1]) : fs::temp_directory_path();
  large_model model;
  time_safetensors(model, folder / "ambit_load_weights.safetensors");
#ifdef LOAD_WEIGHTS_CHECKPOINT
  time_checkpoint(model, folder / "ambit_load_weights.ckpt");
#endif
}
