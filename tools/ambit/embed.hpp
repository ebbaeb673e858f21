// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "arguments.hpp"
#include "cpp_source.hpp"
#include "weight_file.hpp"
#include "weight_layout.hpp"
#include <ambit/compiled/initial_row.hpp>
#include <ambit/io/content_hash.hpp>
#include <ambit/io/weights.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ambit_tool {

struct embed_options {
  std::string name{};  // of the constant, with its namespaces; empty: after the file
  ambit::load_options load{};
};

struct embedded_source {
  std::string header{};
  std::string assembly{};
};

/// The block of a model's weights as the target reads it; `load` fills it.
class weight_image {
 public:
  explicit weight_image(weight_layout const& layout)
      : layout_(layout), bytes_(static_cast<std::size_t>(layout.bytes), std::byte{0}) {
    for (std::size_t i = 0; i < layout.variables.size(); ++i) {
      placed_variable const& v = layout.variables[i];
      if (v.saved) {
        table_.push_back({v.name, v.dtype, v.shape, v.offset >= 0});
        rows_.push_back(i);
      } else if (v.offset >= 0 && !v.initial.empty()) {
        bool const many = v.initial.size() > 1 || v.shape.elements() == 1;
        double const fill = many ? 0 : ambit::literal::value_of<double>(v.value_type, v.initial[0]);
        ambit::lowering::write_initial(bytes_.data(), {v.offset, v.form, v.shape.elements(), v.dtype, fill,
                                                       many ? v.initial.data() : nullptr, v.value_type});
        to_target(v);
      }
    }
  }
  [[nodiscard]] std::span<ambit::variable_entry const> table() const { return table_; }
  void write(int i, void const* row_major) {
    placed_variable const& v = layout_.variables[rows_[static_cast<std::size_t>(i)]];
    ambit::loops::pack(v.form, v.dtype, v.shape.elements(), row_major, bytes_.data() + v.offset);
    to_target(v);
  }

  /// The block in words of eight bytes, as numbers of the target.
  [[nodiscard]] std::size_t words() const { return bytes_.size() / 8; }
  [[nodiscard]] std::uint64_t word(std::size_t i) const {
    std::uint64_t out = 0;
    for (std::size_t k = 0; k < 8; ++k) {
      std::size_t const significance = layout_.little_endian ? k : 7 - k;
      out |= static_cast<std::uint64_t>(bytes_[8 * i + k]) << (8 * significance);
    }
    return out;
  }

 private:
  void to_target(placed_variable const& v) {
    if (layout_.little_endian != (std::endian::native == std::endian::little))
      ambit::detail::io::swap_order(bytes_.data() + v.offset, static_cast<std::size_t>(v.stored_bytes()), v.dtype);
  }

  weight_layout const& layout_;
  std::vector<std::byte> bytes_;
  std::vector<ambit::variable_entry> table_;
  std::vector<std::size_t> rows_;  // of the layout, for each row of the table
};

/// "T=V".
inline std::pair<std::string, std::string> rule_of(std::string const& option, std::string_view name) {
  std::size_t const equals = option.find('=');
  if (equals == std::string::npos)
    throw usage_error("the option \"" + std::string(name) + "\" needs a value with \"=\", found \"" + option + '"');
  return {option.substr(0, equals), option.substr(equals + 1)};
}
[[nodiscard]] inline ambit::load_options load_options_of(arguments const& given) {
  ambit::load_options out{.ignore = given.list("--ignore"), .convert = given.flag("--convert")};
  for (std::string const& option : given.list("--rename")) {
    auto const [tensor, variable] = rule_of(option, "--rename");
    out.renames.push_back({tensor, variable});
  }
  for (std::string const& option : given.list("--transpose")) {
    auto const [tensor, variable] = rule_of(option, "--transpose");
    out.renames.push_back({tensor, variable, ambit::transposed});
  }
  for (std::string const& option : given.list("--prefix")) {
    auto const [file, model] = rule_of(option, "--prefix");
    out.prefixes.push_back({file, model});
  }
  return out;
}

[[nodiscard]] inline std::string form_for_cpp(ambit::loops::weight_form const& f) {
  using kind = ambit::loops::weight_form::kind;
  if (f.form == kind::row_major) return "{}";
  std::string out = "{ambit::loops::weight_form::kind::";
  out += f.form == kind::panels ? "panels" : f.form == kind::rows ? "rows" : "gates";
  out += f.transposed ? ", true" : ", false";
  ambit::loops::weight_form::each_number(f, [&](int number) { out += ", " + std::to_string(number); });
  return out + '}';
}

/// The words of the block, a few a line.
inline void append_words(std::string& out, weight_image const& image, std::string_view line, std::string_view end) {
  constexpr std::size_t each = 4;
  for (std::size_t i = 0; i < image.words(); ++i) {
    if (i % each == 0) out += line;
    std::uint64_t const word = image.word(i);
    out += "0x";
    int shift = 60;
    while (shift > 0 && word >> shift == 0) shift -= 4;
    for (; shift >= 0; shift -= 4) out += "0123456789abcdef"[word >> shift & 15];
    out += i % each == each - 1 || i + 1 == image.words() ? end : std::string_view(", ");
  }
}

[[nodiscard]] inline std::string assembly_of(weight_image const& image, std::string const& symbol) {
  std::string out = "// Weights in the layout of one model and one target, written by `ambit embed`; do not edit.\n"
                    "#if defined(__APPLE__)\n"
                    "#define AMBIT_ROM_SYMBOL _" + symbol + "\n"
                    "  .section __TEXT,__const\n"
                    "#else\n"
                    "#define AMBIT_ROM_SYMBOL " + symbol + "\n"
                    "#if defined(_WIN32)\n"
                    "  .section .rdata,\"dr\"\n"
                    "#else\n"
                    "  .section .rodata." + symbol + ",\"a\"\n"
                    "#endif\n"
                    "#endif\n"
                    "  .globl AMBIT_ROM_SYMBOL\n"
                    "  .balign 64\n"
                    "AMBIT_ROM_SYMBOL:\n";
  append_words(out, image, "  .quad ", "\n");
  return out + "#if defined(__ELF__)\n  .section .note.GNU-stack,\"\",%progbits\n#endif\n";
}

/// The weights of a file in a layout, as the source of a program. Throws `weights_error` where the file does not fit.
[[nodiscard]] inline embedded_source embed(weight_file const& file, weight_layout const& layout,
                                           embed_options const& options, bool assembly) {
  std::filesystem::path const path{std::string(file.file())};
  auto const [space, name] = constant_name(options.name, path, "_weights");
  weight_image image(layout);
  (void)ambit::load(image, file, options.load);

  // Two libraries in one process may hold weights of one name, for two instruction sets or of two versions of a file; an
  // inline variable of theirs would be one, so the layout and what the block holds are a part of the name.
  std::uint64_t hash = layout.hash;
  for (std::size_t i = 0; i < image.words(); ++i) hash = (hash ^ image.word(i)) * 1099511628211ULL;
  std::string const version = hexadecimal(hash).substr(2, 16);
  std::string const symbol = "ambit_rom_" + version + '_' + name;

  embedded_source out;
  std::string& text = out.header;
  text = "// Weights in the layout of one model and one target, written by `ambit embed`; do not edit.\n#pragma once\n\n"
         "#include <ambit/compiled/embedded_weights.hpp>\n\n";
  if (assembly && image.words() > 0) text += "extern \"C\" ambit::rom_word const " + symbol + "[];\n\n";
  if (!space.empty()) text += "namespace " + space + " {\n";
  text += "inline namespace weights_" + version + " {\n\n";
  bool any = false;
  for (placed_variable const& v : layout.variables) {
    if (v.offset < 0) continue;
    if (!any) text += "inline constexpr ambit::embedded_variable " + name + "_variables[] = {\n";
    any = true;
    text += "    {" + quoted_for_cpp(v.name) + ", " + hexadecimal(ambit::detail::fnv1a(v.name)) + ", ambit::dtype::" +
            enumerator_of(v.dtype) + ", {" + extents_of(v.shape) + "}, " + std::to_string(v.offset) + ", " +
            form_for_cpp(v.form) + "},\n";
  }
  if (any) text += "};\n";
  std::string block = "nullptr";
  if (assembly) {
    out.assembly = assembly_of(image, symbol);
    if (image.words() > 0) block = symbol;
  } else if (image.words() > 0) {
    block = name + "_block";
    text += "alignas(64) inline constexpr ambit::rom_word " + block + "[] = {\n";
    append_words(text, image, "    ", ",\n");
    text += "};\n";
  }
  text += "inline constexpr ambit::embedded_weights " + name + "{\n    .file = " +
          quoted_for_cpp(path.filename().string()) + ",\n    .hash = " + hexadecimal(ambit::content_hash(file)) +
          ",\n    .version = " + std::to_string(ambit::weight_layout_version) +
          ",\n    .little_endian = " + (layout.little_endian ? "true" : "false") +
          ",\n    .bytes = " + std::to_string(layout.bytes) + ",\n    .variables = " +
          (any ? name + "_variables" : std::string("{}")) + ",\n    .block = " + block + "};\n\n" +
          "}  // namespace weights_" + version + '\n';
  if (!space.empty()) text += "}  // namespace " + space + '\n';
  return out;
}

}  // namespace ambit_tool
