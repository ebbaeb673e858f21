// SPDX-License-Identifier: BSL-1.0
// What a fuzz target is, and what a reader promises whatever a file holds.
#pragma once

#include "driver/memory.hpp"
#include "unit/io_files.hpp"
#include <ambit/io/detail/printable.hpp>
#include <ambit/io/file_error.hpp>
#include <ambit/io/weights.hpp>

#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fuzz {

// Each target defines these three; driver/libfuzzer.cpp and driver/replay.cpp call them.

/// Reads one input through the public interface; ends the process where a promise is broken. Returns whether it was read.
bool run(std::string const& input);
/// Inputs to begin with, made by the project's own writers.
std::vector<std::string> seeds();
/// Changes the bytes of a text, which then has at most so many.
using change = std::function<std::string(std::string text, std::size_t most)>;
/// An input like that one, with checksums and lengths repaired: random changes alone would get no further than these.
std::string mutated(std::string const& input, change const& changed, std::uint64_t random, std::size_t most);

[[noreturn]] inline void fail(std::string const& what) {
  std::fprintf(stderr, "broken promise: %s\n", what.c_str());
  std::abort();
}
inline void require(bool holds, char const* what) {
  if (!holds) fail(what);
}

/// A folder for the files of one process; in memory where there is such a one: on a disk they are most of the time.
inline std::filesystem::path const& here() {
  static char const* const memory = "/dev/shm";
  static io_test::folder const folder(::access(memory, W_OK) == 0 ? memory : std::filesystem::temp_directory_path());
  return folder.path;
}
inline void write(std::filesystem::path const& path, std::string const& content) {
  io_test::write_bytes(path, std::as_bytes(std::span(content)));
}

/// Text for a terminal: UTF-8, no control characters but the end of a line.
inline void require_printable(std::string_view text) {
  require(ambit::detail::io::utf8_end(text) == text.size(), "a message is no UTF-8");
  for (char const c : text)
    require(static_cast<unsigned char>(c) >= 0x20 || c == '\n', "a message has control characters");
}

/// A refusal names the file and a place in it, and is short. Returns what it says.
inline std::string require_clear(ambit::file_error const& error, std::string const& file, std::size_t size) {
  std::string what = error.what();
  require(error.file().starts_with(file), "a refusal is about another file");
  require(what.starts_with("ambit: cannot read \"" + ambit::detail::io::printable(file)), "a refusal names no file");
  require_printable(what);
  require(what.size() < 2000, "a refusal is long");
  bool const access = what.ends_with("[FILE_ACCESS]");
  require(access || what.ends_with("[BAD_FILE]"), "a refusal has no id");
  require(access || (error.offset() && *error.offset() <= size), "a refusal has no place in the file");
  require(access || what.find("expected ") != std::string::npos, "a refusal does not say what was expected");
  return what;
}

/// No two tensors have a byte in common.
inline void require_apart(std::span<ambit::file_tensor const> tensors) {
  std::vector<std::span<std::byte const>> all;
  for (ambit::file_tensor const& t : tensors)
    if (!t.bytes.empty()) all.push_back(t.bytes);
  std::sort(all.begin(), all.end(), [](auto const& a, auto const& b) { return std::less<>{}(a.data(), b.data()); });
  for (std::size_t i = 1; i < all.size(); ++i)
    require(all[i - 1].data() + all[i - 1].size() <= all[i].data(), "tensors share bytes");
}

/// `try_load` fills a model or leaves it alone.
template <class Source>
void require_all_or_nothing(Source const& source, io_test::mock_store& store, ambit::load_options const& options,
                            std::string const& file, std::size_t size) {
  auto const before = store.data;
  bool loaded = false;
  try {
    ambit::load_report const report = ambit::try_load(store, source, options);
    loaded = report.ok();
    require_printable(to_string(report));
  } catch (ambit::file_error const& error) {
    (void)require_clear(error, file, size);
  }
  require(loaded || (store.writes == 0 && store.data == before), "an error changed the model");
  require(store.aligned, "a value was misaligned");
  int stored = 0;
  for (ambit::variable_entry const& v : store.table()) stored += v.stored ? 1 : 0;
  require(!loaded || store.writes == stored, "a variable was not loaded");
}

/// Reads a file and loads it into models that it fits and that it does not fit. Memory is bounded: `fixed` bytes, `factor`
/// for each byte of the file, and what the models take. Returns the refusal, or "read" and what was read as text.
template <class Open>
std::string read_and_load(std::string const& file, std::size_t size, std::size_t factor, Open open) {
  static constexpr std::size_t fixed = 256 * 1024, largest = 1 << 20;
  memory_watch const watch;
  std::size_t models = 0;
  std::string out;
  try {
    auto const source = open();
    require(watch.most() <= fixed + factor * size, "reading takes more memory than the file accounts for");
    out = "read";
    io_test::mock_store same, other;
    for (ambit::file_tensor const& t : source.tensors()) {
      out += ' ' + t.name + ' ' + ambit::detail::io::described(t.dtype, t.shape);
      out.append(reinterpret_cast<char const*>(t.bytes.data()), t.bytes.size());
      auto const bytes = ambit::detail::io::bytes_of(t.dtype, t.shape);
      if (t.dtype == ambit::dtype::none || t.dtype == ambit::dtype::string || !bytes || *bytes > largest - models)
        continue;
      models += static_cast<std::size_t>(*bytes);
      same.add(t.name, t.dtype, t.shape);
    }
    require_apart(source.tensors());
    std::size_t const fits = models;
    require_all_or_nothing(source, same, {.ignore = {"*"}}, file, size);
    // The first tensor as another one: renamed, transposed, converted; and a variable that is missing half of the time.
    ambit::load_options options{.ignore = {"*"}, .convert = true};
    if (!source.tensors().empty() && !same.table().empty()) {
      ambit::variable_entry const& v = same.table().front();
      options.renames = {{std::string(v.name), "model/renamed", ambit::transposed}};
      other.add("model/renamed", size % 3 == 0 ? ambit::dtype::f64 : ambit::dtype::i32, ambit::transposed.of(v.shape));
      models += other.data.front().size();
    }
    if (size % 2 == 0) other.add("model/absent", ambit::dtype::f32, {2});
    require_all_or_nothing(source, other, options, file, size);
    // Each tensor is there once as text, in the model, in the copy to compare with, and while it is moved or converted.
    require(watch.most() <= fixed + factor * size + 4 * (fits + out.size()) + 8 * models,
            "loading takes more memory than file and model account for");
  } catch (ambit::file_error const& error) {
    out = require_clear(error, file, size);
    require(watch.most() <= fixed + factor * size, "a refusal takes more memory than the file accounts for");
  }
  return out;
}

}  // namespace fuzz
