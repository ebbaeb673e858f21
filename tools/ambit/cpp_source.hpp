// SPDX-License-Identifier: BSL-1.0
// Pieces of the C++ that the tool writes.
#pragma once

#include "arguments.hpp"
#include <ambit/core/dtype.hpp>
#include <ambit/core/shape.hpp>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace ambit_tool {

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

inline std::string extents_of(ambit::shape const& s) {
  std::string out;
  for (int axis = 0; axis < s.rank(); ++axis) out += (axis == 0 ? "" : ", ") + std::to_string(s[axis]);
  return out;
}

/// A constant's name and its namespaces.
struct qualified_name {
  std::string space{};
  std::string name{};
};
/// As it was given, "a::b::c"; where nothing was, after a file: digits_v2_manifest for "digits-v2.safetensors".
[[nodiscard]] inline qualified_name constant_name(std::string_view given, std::filesystem::path const& file,
                                                  std::string_view ending) {
  if (given.empty()) {
    std::string name = file.stem().string() + std::string(ending);
    for (char& c : name)
      if (!is_identifier(std::string{'_', c})) c = '_';
    return {{}, is_identifier(name) ? name : "weights_" + name};
  }
  std::string_view rest = given;
  for (bool more = true; more;) {
    std::size_t const colons = rest.find("::");
    if (!is_identifier(rest.substr(0, colons)))
      throw usage_error("\"" + std::string(given) + "\" is not a name for a constant of C++");
    more = colons != std::string_view::npos;
    if (more) rest.remove_prefix(colons + 2);
  }
  std::size_t const colons = given.rfind("::");
  if (colons == std::string_view::npos) return {{}, std::string(given)};
  return {std::string(given.substr(0, colons)), std::string(given.substr(colons + 2))};
}

}  // namespace ambit_tool
