// SPDX-License-Identifier: BSL-1.0
// The formats that the tool knows: one row each.
#pragma once

#include "arguments.hpp"
#include "weight_file.hpp"
#include <ambit/io/safetensors.hpp>
#include <ambit/io/write_safetensors.hpp>

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

void write_as_safetensors(std::filesystem::path const&, stored_tensors const&, weight_file::metadata_map const&);

inline constexpr weight_format formats[] = {
    {"safetensors", "NAME.safetensors", [](std::filesystem::path const& p) { return p.extension() == ".safetensors"; },
     [](std::filesystem::path const& p) { return open_as<ambit::safetensors>("safetensors", p); },
     write_as_safetensors},
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
