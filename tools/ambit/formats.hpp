// SPDX-License-Identifier: BSL-1.0
// The formats that the tool knows: one row each.
#pragma once

#include "arguments.hpp"
#include "weight_file.hpp"
#include <ambit/io/npy.hpp>
#include <ambit/io/npz.hpp>
#include <ambit/io/safetensors.hpp>
#if __has_include(<protozero/pbf_reader.hpp>)  // optional: checkpoints are an index of protocol buffers
#include <ambit/io/checkpoint.hpp>
#endif
#ifdef AMBIT_TOOL_ZLIB  // optional, and linked: deflated members of archives
#include <ambit/io/zlib.hpp>
#endif

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace ambit_tool {

/// The tensors of a file as a store that the library's writers read from.
class stored_tensors;

struct weight_format {
  std::string_view name;
  std::string_view files;  // for --help
  bool (*claims)(std::filesystem::path const&);
  weight_file (*open)(std::filesystem::path const&);
  void (*write)(std::filesystem::path const&, stored_tensors const&,
                weight_file::metadata_map const&);  // null: none yet
};

template <class Source>
weight_file open_as(std::string_view format, std::filesystem::path const& path) {
  return {format, std::make_shared<Source const>(path)};
}

/// "model.ckpt-1" for "model.ckpt-1.index".
inline std::filesystem::path prefix_of(std::filesystem::path path) {
  if (path.extension() == ".index") path.replace_extension();
  return path;
}

void write_as_safetensors(std::filesystem::path const&, stored_tensors const&, weight_file::metadata_map const&);
void write_as_npz(std::filesystem::path const&, stored_tensors const&, weight_file::metadata_map const&);
void write_as_checkpoint(std::filesystem::path const&, stored_tensors const&, weight_file::metadata_map const&);

inline weight_file open_npz(std::filesystem::path const& path) {
#ifdef AMBIT_TOOL_ZLIB
  return {"npz", std::make_shared<ambit::npz const>(path, ambit::zlib_inflate)};
#else
  return {"npz", std::make_shared<ambit::npz const>(path)};
#endif
}
/// An array has no name but its file's.
inline weight_file open_npy(std::filesystem::path const& path) {
  return {"npy", std::make_shared<ambit::npy const>(path, path.stem().string())};
}

template <char const* Ending>
bool ends_with(std::filesystem::path const& path) {
  return path.extension() == Ending;
}
inline constexpr char safetensors_ending[] = ".safetensors", npz_ending[] = ".npz", npy_ending[] = ".npy";

inline constexpr weight_format formats[] = {
    {"safetensors", "NAME.safetensors", ends_with<safetensors_ending>,
     [](std::filesystem::path const& p) { return open_as<ambit::safetensors>("safetensors", p); },
     write_as_safetensors},
    {"npz", "NAME.npz, an archive of NumPy", ends_with<npz_ending>, open_npz, write_as_npz},
    {"npy", "NAME.npy, one array of NumPy", ends_with<npy_ending>, open_npy, nullptr},
#if __has_include(<protozero/pbf_reader.hpp>)
    {"checkpoint", "PREFIX of a TensorFlow V2 checkpoint, or its .index file",
     [](std::filesystem::path const& p) {
       return p.extension() == ".index" || std::filesystem::exists(p.string() + ".index");
     },
     [](std::filesystem::path const& p) { return open_as<ambit::checkpoint>("checkpoint", prefix_of(p)); },
     write_as_checkpoint},
    {"checkpoint_parts", "the same with partitioned variables in parts, v/part_0 and so on; by --format only",
     [](std::filesystem::path const&) { return false; },
     [](std::filesystem::path const& p) -> weight_file {
       return {"checkpoint_parts",
               std::make_shared<ambit::checkpoint const>(prefix_of(p), ambit::checkpoint_options{.parts = true})};
     },
     nullptr},
#endif
};

[[nodiscard]] inline std::string names_of_formats() {
  std::string out;
  for (weight_format const& f : formats) out += (out.empty() ? "" : ", ") + std::string(f.name);
  return out;
}

/// The format of that name or, where none is given, that the path tells.
[[nodiscard]] inline weight_format const& format_of(std::filesystem::path const& path, std::string_view name) {
  for (weight_format const& f : formats)
    if (name.empty() ? f.claims(path) : f.name == name) return f;
  if (!name.empty())
    throw usage_error("there is no format \"" + std::string(name) + "\"; the formats are " + names_of_formats());
  throw usage_error("\"" + path.string() + "\" does not tell its format; name one of " + names_of_formats() +
                    " with --format or --to");
}

}  // namespace ambit_tool
