// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "arguments.hpp"
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

/// A C++ string literal. Octal escapes end after three digits, whatever follows.
inline std::string quoted_for_cpp(std::string_view text) {
  std::string out = "\"";
  for (char const c : text) {
    auto const u = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (u < 0x20 || u >= 0x7F) {
      out += '\\';
      for (int shift : {6, 3, 0}) out += static_cast<char>('0' + (u >> shift & 7));
    } else {
      out += c;
    }
  }
  return out + '"';
}

inline std::string enumerator_of(ambit::dtype type) {
  auto const& facts = ambit::detail::facts_of(type);
  if (type == ambit::dtype::bf16) return "bf16";
  if (type == ambit::dtype::none) return "none";
  if (facts.kind == 'b') return "boolean";
  if (facts.kind == 's') return "string";
  return facts.kind + std::to_string(8 * facts.bytes);
}

inline std::string hexadecimal(std::uint64_t number) {
  std::string out;
  for (int shift = 60; shift >= 0; shift -= 4) out += "0123456789abcdef"[number >> shift & 15];
  return "0x" + out + "ULL";
}

[[nodiscard]] inline bool is_identifier(std::string_view text) {
  auto const letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  return !text.empty() && letter(text[0]) &&
         std::all_of(text.begin(), text.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

/// "digits-v2.safetensors": digits_v2_manifest
[[nodiscard]] inline std::string manifest_name(std::filesystem::path const& file) {
  std::string name = file.stem().string() + "_manifest";
  for (char& c : name)
    if (!is_identifier(std::string{'_', c})) c = '_';
  return is_identifier(name) ? name : "weights_" + name;
}

/// The text of a header with the table of a file as a constant.
[[nodiscard]] inline std::string manifest_header(weight_file const& file, manifest_options const& options) {
  std::filesystem::path const path{std::string(file.file())};
  std::string space, name = options.name.empty() ? manifest_name(path) : options.name;
  if (std::size_t const colons = name.rfind("::"); colons != std::string::npos) {
    space = name.substr(0, colons);
    name = name.substr(colons + 2);
  }
  std::string_view rest = options.name.empty() ? std::string_view(name) : options.name;
  for (bool more = true; more;) {
    std::size_t const colons = rest.find("::");
    if (!is_identifier(rest.substr(0, colons)))
      throw usage_error("\"" + options.name + "\" is not a name for a constant of C++");
    more = colons != std::string_view::npos;
    if (more) rest.remove_prefix(colons + 2);
  }

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
      for (int axis = 0; axis < t.shape.rank(); ++axis) out += (axis == 0 ? "" : ", ") + std::to_string(t.shape[axis]);
      out += "}},\n";
    }
    out += "};\n";
  }
  out += "inline constexpr ambit::weight_manifest " + name + "{" + quoted_for_cpp(shown) + ", " +
         hexadecimal(ambit::content_hash(file)) + ", " + (rows.empty() ? "{}" : name + "_tensors") + "};\n";
  if (!space.empty()) out += "\n}  // namespace " + space + '\n';
  return out;
}

}  // namespace ambit_tool
