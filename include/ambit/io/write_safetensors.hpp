// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/core/variable_entry.hpp>
#include <ambit/io/detail/bind.hpp>
#include <ambit/io/detail/printable.hpp>
#include <ambit/io/detail/replaced_file.hpp>
#include <ambit/io/detail/safetensors_dtype.hpp>
#include <ambit/io/detail/staging.hpp>
#include <ambit/io/detail/written_variables.hpp>
#include <ambit/io/file_error.hpp>
#include <ambit/io/weight_store.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ambit {

namespace detail::io {

/// What a safetensors file begins with, and the variables whose data follows.
struct safetensors_layout {
  struct item {
    int variable;
    std::size_t bytes;
  };
  std::string head;  // eight bytes of length, then the header
  std::vector<item> items;
  std::size_t largest = 0;
};

/// JSON text with the escapes that serde_json writes, so that files are the reference's to the byte.
inline void append_json(std::string& out, std::string_view text) {
  static constexpr std::string_view escaped = "\"\\\b\t\n\f\r", letters = "\"\\btnfr";
  static constexpr char digits[] = "0123456789abcdef";
  out += '"';
  for (char const c : text) {
    if (std::size_t const i = escaped.find(c); i != std::string_view::npos) {
      out += '\\';
      out += letters[i];
    } else if (auto const u = static_cast<unsigned char>(c); u < 0x20) {
      out += "\\u00";
      out += digits[u >> 4];
      out += digits[u & 15];
    } else {
      out += c;
    }
  }
  out += '"';
}

/// Tensors by falling alignment and then by name, as the reference writes them, so that all data is aligned.
[[nodiscard]] inline safetensors_layout lay_out(std::span<variable_entry const> table,
                                                std::map<std::string, std::string, std::less<>> const& metadata,
                                                std::string const& file) {
  auto const refuse = [&](std::string_view key, std::string problem) { refuse_to_write(file, key, std::move(problem)); };
  auto const require_utf8 = [&](std::string_view text) {
    if (utf8_end(text) != text.size()) refuse(text, "expected UTF-8");
  };
  std::vector<std::size_t> order = written_variables(table, file);
  for (std::size_t i : order) {
    variable_entry const& variable = table[i];
    require_utf8(variable.name);
    if (variable.name == "__metadata__") refuse(variable.name, "expected another name: the format keeps this one");
    if (rank_of(variable.dtype) < 0)
      refuse(variable.name, "expected a dtype that the format has, found " + std::string(to_string(variable.dtype)));
    if (!variable.shape.fully_defined() || !bytes_of(variable.dtype, variable.shape))
      refuse(variable.name, "expected a known shape, found " + std::string(to_text(variable.shape).view()));
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return rank_of(table[a].dtype) > rank_of(table[b].dtype); });

  safetensors_layout out;
  std::string json = "{";
  if (!metadata.empty()) {
    json += "\"__metadata__\":{";
    for (auto const& [key, value] : metadata) {
      require_utf8(key);
      require_utf8(value);
      if (json.back() != '{') json += ',';
      append_json(json, key);
      json += ':';
      append_json(json, value);
    }
    json += '}';
  }
  std::uint64_t offset = 0;
  for (std::size_t i : order) {
    variable_entry const& variable = table[i];
    std::uint64_t const bytes = *bytes_of(variable.dtype, variable.shape);
    if (json.size() > 1) json += ',';
    append_json(json, variable.name);
    json += ":{\"dtype\":\"" + std::string(safetensors_dtypes[rank_of(variable.dtype)].name) + "\",\"shape\":[";
    for (int axis = 0; axis < variable.shape.rank(); ++axis)
      json += (axis == 0 ? "" : ",") + std::to_string(variable.shape[axis]);
    json += "],\"data_offsets\":[" + std::to_string(offset) + ',' + std::to_string(offset + bytes) + "]}";
    offset += bytes;
    out.items.push_back({static_cast<int>(i), static_cast<std::size_t>(bytes)});
    out.largest = std::max(out.largest, static_cast<std::size_t>(bytes));
  }
  json += '}';
  json.append((8 - json.size() % 8) % 8, ' ');
  for (int i = 0; i < 8; ++i) out.head += static_cast<char>(std::uint64_t{json.size()} >> (8 * i) & 0xFF);
  out.head += json;
  return out;
}

}  // namespace detail::io

/// Writes every variable that a model stores as a safetensors file that `safetensors` and the reference implementation
/// read: `write_safetensors("digits.safetensors", net)`. The same weights give the same bytes.
///
/// The file appears whole or not at all: it is written under another name in the same folder, then renamed.
/// Errors: `file_error`; the old file, if there is one, is as it was.
/// Complexity: O(weights), and one buffer of the largest variable.
template <readable_weights Store>
void write_safetensors(std::filesystem::path const& path, Store const& store,
                       std::map<std::string, std::string, std::less<>> const& metadata = {}) {
  std::span<variable_entry const> const table = store.table();
  detail::io::safetensors_layout const layout = detail::io::lay_out(table, metadata, path.string());
  std::vector<std::byte> buffer(layout.largest);
  detail::io::replaced_file out(path);
  out.write(layout.head.data(), layout.head.size());
  for (auto const& [variable, bytes] : layout.items) {
    store.read(variable, buffer.data());
    detail::io::convert_order(buffer.data(), bytes, table[static_cast<std::size_t>(variable)].dtype);
    out.write(buffer.data(), bytes);
  }
  out.commit();
}

}  // namespace ambit
