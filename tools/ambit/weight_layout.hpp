// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/compiled/embedded_weights.hpp>
#include <ambit/core/hash.hpp>
#include <ambit/core/literal.hpp>
#include <ambit/core/variable_entry.hpp>
#include <ambit/io/detail/bind.hpp>
#include <ambit/io/detail/file_bytes.hpp>
#include <ambit/io/file_error.hpp>
#include <ambit/kernels/alignment.hpp>

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ambit_tool {

/// A variable of a layout.
struct placed_variable {
  bool saved = true;  // a file holds it
  std::string name{};
  ambit::dtype dtype = ambit::dtype::none;
  ambit::shape shape{};
  std::int64_t offset = -1;  // bytes; -1: the model has no memory for it
  ambit::loops::weight_form form{};
  ambit::dtype value_type = ambit::dtype::none;
  std::vector<std::uint64_t> initial{};  // of one that is not saved: nothing, one pattern, or as many as elements

  [[nodiscard]] std::int64_t stored_bytes() const {
    bool const plain = form.form == ambit::loops::weight_form::kind::row_major;
    return (plain ? shape.elements() : form.elements()) * ambit::size_of(dtype);
  }
};

/// How a build lays the weights of a model out: `ambit::weight_layout`, read back.
struct weight_layout {
  bool little_endian = true;
  std::int64_t bytes = 0;
  std::uint64_t hash = 0;  // of the text
  std::vector<placed_variable> variables{};
};

/// Reads the text. What it says is checked, so that nothing is written outside of the block.
class layout_reader {
 public:
  /// `begin` is where in the file the text is.
  layout_reader(std::string_view text, std::string file, std::uint64_t begin)
      : rest_(text), file_(std::move(file)), at_(begin) {}

  [[nodiscard]] weight_layout read() {
    std::string_view const all = rest_;
    weight_layout out;
    literal("ambit weight layout ");
    if (std::int64_t const version = number(0, 1'000'000); version != ambit::weight_layout_version)
      refuse("expected version " + std::to_string(ambit::weight_layout_version) + ", found " + std::to_string(version) +
             "; it was made by another version of ambit than this tool");
    literal(" ");
    out.little_endian = rest_.starts_with("little");
    literal(out.little_endian ? "little " : "big ");
    out.bytes = number(0, std::int64_t{1} << 48);
    literal("\n");
    std::int64_t placed = 0;
    while (!rest_.starts_with("end\n")) {
      placed_variable const& v = out.variables.emplace_back(variable());
      if (v.offset < 0) continue;
      if (v.offset < placed || v.offset % ambit::loops::block_alignment != 0)
        refuse("expected the offset of \"" + v.name + "\" behind the variable before it, found " + std::to_string(v.offset));
      placed = v.offset + ambit::loops::aligned(v.stored_bytes());
      if (placed > out.bytes) refuse("\"" + v.name + "\" ends behind the " + std::to_string(out.bytes) + " bytes of the block");
    }
    if (placed != out.bytes)
      refuse("expected the variables to end at byte " + std::to_string(out.bytes) + ", found " + std::to_string(placed));
    literal("end\n");
    out.hash = ambit::detail::fnv1a(all.substr(0, all.size() - rest_.size()));
    return out;
  }
  /// What is left behind the end.
  [[nodiscard]] std::string_view rest() const { return rest_; }

 private:
  using kind = ambit::loops::weight_form::kind;

  placed_variable variable() {
    placed_variable v;
    v.saved = rest_.starts_with("saved");
    literal(v.saved ? "saved" : "own");
    auto const length = static_cast<std::size_t>(next(0, static_cast<std::int64_t>(rest_.size())));
    literal(" ");
    if (length > rest_.size()) refuse("expected a name of " + std::to_string(length) + " bytes, found the end");
    v.name = rest_.substr(0, length);
    advance(length);
    v.dtype = type();
    std::int64_t const rank = next(0, ambit::shape::max_rank);
    for (int axis = 0; axis < rank; ++axis) v.shape.push_back(static_cast<int>(next(0, most)));
    v.offset = next(-1, std::int64_t{1} << 48);
    v.form = form();
    auto const bytes = ambit::detail::io::bytes_of(v.dtype, v.shape);
    if (!bytes || *bytes > std::uint64_t{1} << 48) refuse("the shape of \"" + v.name + "\" is too large");
    if (!fits(v.form, v.shape.elements())) refuse("the form of \"" + v.name + "\" is not one of its shape");
    std::int64_t const values = next(0, v.saved ? 0 : v.shape.elements() > 1 ? v.shape.elements() : 1);
    if (values > 1 && values != v.shape.elements()) refuse("expected one initial value, or one an element");
    if (values > 0) v.value_type = type();
    for (std::int64_t i = 0; i < values; ++i)
      v.initial.push_back(static_cast<std::uint64_t>(next(std::numeric_limits<std::int64_t>::min(),
                                                          std::numeric_limits<std::int64_t>::max())));
    literal("\n");
    return v;
  }
  ambit::loops::weight_form form() {
    ambit::loops::weight_form f;
    f.form = static_cast<kind>(next(0, static_cast<std::int64_t>(kind::gates)));
    f.transposed = next(0, 1) == 1;
    ambit::loops::weight_form::each_number(f, [this](int& number) { number = static_cast<int>(next(0, most)); });
    for (int const divisor : {f.lanes, f.vectors, f.gates, f.last_lanes, f.blocks})
      if (divisor < 1) refuse("expected at least one lane, vector, gate and block");
    for (int const width : {f.lanes, f.vectors, f.gates, f.last_lanes, f.row, f.last_row})
      if (width > 4096) refuse("expected rows of at most 4096 elements");
    return f;
  }
  // Every offset that a form computes is inside of its elements.
  static bool fits(ambit::loops::weight_form const& f, std::int64_t elements) {
    if (f.form == kind::row_major) return true;
    if (std::int64_t{f.depth} * f.outputs != elements) return false;
    if (f.outputs % f.blocks != 0 || f.outputs % f.gates != 0) return false;
    if (f.form != kind::gates) return true;
    return f.last_lanes >= f.outputs / f.gates % f.lanes && f.row >= f.gates * f.lanes && f.last_row >= f.gates * f.last_lanes;
  }
  ambit::dtype type() {
    literal(" ");
    std::string_view const name = rest_.substr(0, rest_.find(' '));
    for (auto t : {ambit::dtype::f32, ambit::dtype::f64, ambit::dtype::i32, ambit::dtype::i64, ambit::dtype::boolean})
      if (ambit::to_string(t) == name) {
        advance(name.size());
        return t;
      }
    refuse("expected a dtype that models are evaluated in");
  }
  std::int64_t next(std::int64_t least, std::int64_t most_) {
    literal(" ");
    return number(least, most_);
  }
  std::int64_t number(std::int64_t least, std::int64_t most_) {
    std::int64_t n = 0;
    auto const [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), n);
    if (error != std::errc{} || n < least || n > most_)
      refuse("expected a number from " + std::to_string(least) + " to " + std::to_string(most_));
    advance(static_cast<std::size_t>(end - rest_.data()));
    return n;
  }
  void literal(std::string_view text) {
    if (!rest_.starts_with(text)) refuse("expected \"" + std::string(text == "\n" ? "\\n" : text) + '"');
    advance(text.size());
  }
  void advance(std::size_t count) {
    rest_.remove_prefix(count);
    at_ += count;
  }
  [[noreturn]] void refuse(std::string problem) const {
    throw ambit::file_error({.file = file_, .key = "layout", .offset = at_, .problem = std::move(problem)});
  }

  static constexpr std::int64_t most = 1 << 30;
  std::string_view rest_;
  std::string file_;
  std::uint64_t at_;
};

/// The layout in an object file, a program, or a text file. A compiler may keep the constant twice.
[[nodiscard]] inline weight_layout read_layout(std::filesystem::path const& path) {
  auto const content = ambit::detail::io::read_file(path);
  std::string_view const all(reinterpret_cast<char const*>(content.bytes.data()), content.bytes.size());
  constexpr std::string_view mark = "ambit weight layout ";
  weight_layout found;
  bool any = false;
  for (std::size_t at = all.find(mark); at != std::string_view::npos;) {
    // The tool itself, or a debugger's copy of a message, may hold the words alone.
    std::size_t const digit = at + mark.size();
    if (digit >= all.size() || all[digit] < '0' || all[digit] > '9') {
      at = all.find(mark, digit);
      continue;
    }
    layout_reader reader(all.substr(at), path.string(), at);
    weight_layout layout = reader.read();
    if (any && layout.hash != found.hash)
      throw ambit::file_error({.file = path.string(), .key = "layout", .offset = at,
                               .problem = "expected the layout of one model, found a second one"});
    found = std::move(layout);
    any = true;
    at = all.find(mark, all.size() - reader.rest().size());
  }
  if (!any)
    throw ambit::file_error(
        {.file = path.string(), .key = "layout",
         .problem = "expected the text of ambit::weight_layout<model>, found none; an object file that was compiled "
                    "with -flto does not show it"});
  return found;
}

}  // namespace ambit_tool
