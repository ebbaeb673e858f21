// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "arguments.hpp"
#include "cpp_source.hpp"
#include "weight_file.hpp"
#include <ambit/core/hash.hpp>
#include <ambit/io/content_hash.hpp>
#include <ambit/io/detail/printable.hpp>
#include <ambit/io/file_error.hpp>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace ambit_tool {

struct manifest_options {
  std::string name{};  // of the constant, with its namespaces; empty: after the file
  std::vector<std::string> ignore{};
};

/// The text of a header with the table of a file as a constant.
[[nodiscard]] inline std::string manifest_header(weight_file const& file, manifest_options const& options) {
  std::filesystem::path const path{std::string(file.file())};
  auto const [space, name] = constant_name(options.name, path, "_manifest");

  std::vector<ambit::file_tensor const*> rows;
  for (ambit::file_tensor const& t : file.tensors())
    if (!ignored(options.ignore, t.name)) rows.push_back(&t);
  std::sort(rows.begin(), rows.end(), [](auto const* a, auto const* b) { return a->name < b->name; });

  // No folder: the header of a build must not depend on where it is made.
  std::string const shown = path.filename().string();
  std::string out = "// What a weight file holds, written by `ambit manifest`; do not edit.\n#pragma once\n\n"
                    "#include <ambit/io/manifest.hpp>\n\n";
  if (!space.empty()) out += "namespace " + space + " {\n\n";
  if (!rows.empty()) {
    out += "inline constexpr ambit::manifest_tensor " + name + "_tensors[] = {\n";
    for (std::size_t i = 0; i < rows.size(); ++i) {
      ambit::file_tensor const& t = *rows[i];
      if (i > 0 && rows[i - 1]->name == t.name)
        throw ambit::file_error(
            {.file = std::string(file.file()), .key = t.name, .problem = "expected each name once"});
      out += "    {" + quoted_for_cpp(t.name) + ", " + hexadecimal(ambit::detail::fnv1a(t.name)) +
             ", ambit::dtype::" + enumerator_of(t.dtype) + ", {";
      out += extents_of(t.shape) + "}},\n";
    }
    out += "};\n";
  }
  out += "inline constexpr ambit::weight_manifest " + name + "{" + quoted_for_cpp(shown) + ", " +
         hexadecimal(ambit::content_hash(file)) + ", " + (rows.empty() ? "{}" : name + "_tensors") + "};\n";
  if (!space.empty()) out += "\n}  // namespace " + space + '\n';
  return out;
}

}  // namespace ambit_tool
