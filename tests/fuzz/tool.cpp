// SPDX-License-Identifier: BSL-1.0
// What tools/ambit says of a file of safetensors: a table for a terminal, and a header of C++. The names are a stranger's,
// and neither a terminal nor a compiler may obey them.
#include "../../tools/ambit/inspect.hpp"
#include "../../tools/ambit/manifest.hpp"
#include "safetensors_parts.hpp"
#include <ambit/io/safetensors.hpp>

#include <memory>
#include <sstream>

namespace {

/// Takes a string literal off the front of a text and returns what it stands for.
std::string take_literal(std::string_view& text) {
  std::string out;
  fuzz::require(text.starts_with('"'), "a name is no literal");
  std::size_t at = 1;
  for (; at < text.size() && text[at] != '"'; ++at) {
    fuzz::require(text[at] >= 0x20 && text[at] < 0x7F, "a literal has odd characters");
    if (text[at] != '\\') {
      out += text[at];
    } else if (text[at + 1] == '"' || text[at + 1] == '\\') {
      out += text[++at];
    } else {
      int value = 0;
      for (int digits = 0; digits < 3; ++digits) {
        char const digit = text[++at];
        fuzz::require(digit >= '0' && digit <= '7', "a literal has another escape");
        value = 8 * value + (digit - '0');
      }
      out += static_cast<char>(value);
    }
  }
  fuzz::require(at < text.size(), "a literal has no end");
  text.remove_prefix(at + 1);
  return out;
}

/// The names in the table of a header.
std::vector<std::string> names_in(std::string_view header) {
  std::vector<std::string> out;
  static constexpr std::string_view begin = "_tensors[] = {\n", row = "    {";
  std::size_t const table = header.find(begin);
  if (table == std::string_view::npos) return out;
  for (header.remove_prefix(table + begin.size()); header.starts_with(row);) {
    header.remove_prefix(row.size());
    out.push_back(take_literal(header));
    fuzz::require(header.starts_with(", 0x"), "something follows a name");
    std::size_t const end = header.find("}},\n");
    fuzz::require(end < header.find('"'), "a row has no end");
    header.remove_prefix(end + 4);
  }
  fuzz::require(header.starts_with("};\n"), "something is in the table");
  return out;
}

}  // namespace

bool fuzz::run(std::string const& input) {
  try {
    auto source = std::make_shared<ambit::safetensors const>(
        ambit::safetensors::from_bytes(std::as_bytes(std::span(input)), "a folder/odd \"name\"\n.safetensors"));
    std::vector<std::string> names;
    for (ambit::file_tensor const& t : source->tensors()) names.push_back(t.name);
    std::sort(names.begin(), names.end());
    ambit_tool::weight_file const file("safetensors", std::move(source));
    std::ostringstream table;
    ambit_tool::inspect(table, file);
    require_printable(table.str());
    std::string const header = ambit_tool::manifest_header(file, {.name = "some::name"});
    require_printable(header);
    require(names_in(header) == names, "the header has other names than the file");
    return true;
  } catch (ambit::file_error const&) {
    return false;
  }
}

std::vector<std::string> fuzz::seeds() {
  std::vector<std::string> out;
  for (std::string const& name :
       {std::string("model/fc1/bias"),
        std::string("a/\"};\n#error \\\" */ ?"
                    "?/"),
        std::string("\x1B[2J\x7F\xC2\x85/\xC3\xA9"), std::string("\\123\\u0041\\0"), std::string("/")}) {
    std::filesystem::path const path = here() / "seed";
    ambit::write_safetensors(path, io_test::varied_store(name), {{name, "value\n"}});
    out.push_back(io_test::read_text(path));
  }
  out.push_back(file_of("{}", ""));
  out.push_back(file_of("[]", ""));
  out.push_back(file_of(R"({"\u0000a":{"dtype":"U8","shape":[0,2147483647,2147483647],"data_offsets":[0,0]}})", ""));
  return out;
}

std::string fuzz::mutated(std::string const& input, change const& changed, std::uint64_t random, std::size_t most) {
  return mutated_header(input, changed, random, most);
}
