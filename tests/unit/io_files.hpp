// SPDX-License-Identifier: BSL-1.0
// A model without a graph, files made by hand, and a folder that goes away; for any program, with Boost.Test or without.
#pragma once

#include <ambit/core/variable_entry.hpp>
#include <ambit/io/weight_store.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace io_test {

using bytes = std::vector<std::byte>;

inline bytes to_bytes(std::string_view text) {
  auto const* const data = reinterpret_cast<std::byte const*>(text.data());
  return {data, data + text.size()};
}

/// Eight bytes of length, a header, data.
inline bytes file_of(std::string_view header, std::size_t data_size, char fill = 0) {
  std::string out;
  for (std::size_t i = 0; i < 8; ++i) out += static_cast<char>(header.size() >> (8 * i) & 0xFF);
  return to_bytes(out.append(header).append(data_size, fill));
}

/// A weight store of plain bytes that counts its writes.
class mock_store {
 public:
  void add(std::string name, ambit::dtype type, ambit::shape shape, bool stored = true) {
    names_.push_back(std::make_unique<std::string>(std::move(name)));
    table_.push_back({*names_.back(), type, shape, stored});
    bool const sized = stored && shape.fully_defined();
    data.emplace_back(
        sized ? static_cast<std::size_t>(shape.elements()) * static_cast<std::size_t>(ambit::size_of(type)) : 0,
        std::byte{0xEE});
  }
  [[nodiscard]] std::span<ambit::variable_entry const> table() const { return table_; }
  void write(int index, void const* in) {
    auto& out = data[static_cast<std::size_t>(index)];
    aligned = aligned && (out.empty() || reinterpret_cast<std::uintptr_t>(in) % alignment(index) == 0);
    if (!out.empty()) std::memcpy(out.data(), in, out.size());
    ++writes;
  }
  void read(int index, void* out) const {
    auto const& in = data[static_cast<std::size_t>(index)];
    if (!in.empty()) std::memcpy(out, in.data(), in.size());
  }
  template <class T>
  [[nodiscard]] std::vector<T> values(std::size_t index) const {
    std::vector<T> out(data[index].size() / sizeof(T));
    std::memcpy(out.data(), data[index].data(), data[index].size());
    return out;
  }
  template <class T>
  void set(std::size_t index, std::vector<T> const& values) {
    std::memcpy(data[index].data(), values.data(), data[index].size());
  }

  std::vector<bytes> data;
  int writes = 0;
  bool aligned = true;

 private:
  [[nodiscard]] std::size_t alignment(int index) const {
    ambit::dtype const type = table_[static_cast<std::size_t>(index)].dtype;
    return static_cast<std::size_t>(ambit::is_complex(type) ? ambit::size_of(type) / 2 : ambit::size_of(type));
  }
  std::vector<std::unique_ptr<std::string>> names_;
  std::vector<ambit::variable_entry> table_;
};

/// Numbers of several kinds, one variable without memory, one without elements, and one of the given name.
inline mock_store varied_store(std::string odd_name) {
  using ambit::dtype;
  mock_store store;
  store.add("model/fc1/kernel", dtype::f32, {2, 3});
  store.add("model/unused", dtype::f32, {7}, false);
  store.add(std::move(odd_name), dtype::f64, {2});
  store.add("flags", dtype::boolean, {3});
  store.add("none", dtype::f32, {0, 5});
  store.set<float>(0,
                   {1, -0.0F, std::numeric_limits<float>::quiet_NaN(), 4, std::numeric_limits<float>::infinity(), 6});
  store.set<double>(2, {1e300, std::numeric_limits<double>::denorm_min()});
  store.set<char>(3, {1, 0, 1});
  return store;
}
/// The same variables, with other values.
inline mock_store like(mock_store const& store) {
  mock_store other;
  for (ambit::variable_entry const& entry : store.table())
    other.add(std::string(entry.name), entry.dtype, entry.shape, entry.stored);
  return other;
}

static_assert(ambit::weight_store<mock_store>);
static_assert(!ambit::writable_weights<mock_store const> && ambit::readable_weights<mock_store const>);
static_assert(!ambit::weight_store<std::string>);

class folder {
 public:
  explicit folder(std::filesystem::path const& parent = std::filesystem::temp_directory_path()) {
    static std::atomic<int> count{0};
    auto const now = std::chrono::steady_clock::now().time_since_epoch().count();
    path = parent / ("ambit_io_" + std::to_string(now) + '_' + std::to_string(++count));
    std::filesystem::create_directory(path);
  }
  folder(folder const&) = delete;
  folder& operator=(folder const&) = delete;
  ~folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  [[nodiscard]] std::size_t files() const {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(path), {}));
  }
  std::filesystem::path path;
};

inline void write_bytes(std::filesystem::path const& path, std::span<std::byte const> content) {
  std::ofstream out(path, std::ios::binary);
  out.write(reinterpret_cast<char const*>(content.data()), static_cast<std::streamsize>(content.size()));
  if (!out.flush()) throw std::runtime_error("cannot write " + path.string());
}

inline std::string read_text(std::filesystem::path const& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline std::string environment(char const* name) {
  char const* const value = std::getenv(name);
  return value != nullptr ? value : "";
}

/// The source tree, and the folder of files that the project did not make; empty where unknown.
inline std::filesystem::path source_dir() {
  std::string const dir = environment("AMBIT_SOURCE_DIR");
#ifdef AMBIT_SOURCE_DIR
  if (dir.empty()) return AMBIT_SOURCE_DIR;
#endif
  return dir;
}
inline std::filesystem::path fixtures() {
  std::string const dir = environment("AMBIT_FIXTURES");
  if (!dir.empty()) return dir;
  return source_dir().empty() ? std::filesystem::path() : source_dir() / ".." / "shared" / "fixtures";
}

}  // namespace io_test
