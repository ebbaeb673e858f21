// SPDX-License-Identifier: BSL-1.0
// The header of an array in NumPy's format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
#pragma once

#include <ambit/core/dtype.hpp>
#include <ambit/core/shape.hpp>
#include <ambit/io/detail/printable.hpp>
#include <ambit/io/file_error.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace ambit::detail::io {

/// What a header says.
struct npy_header {
  dtype type = dtype::none;
  ambit::shape shape{};
  bool big_endian = false;
  bool fortran = false;    // the first axis is the innermost
  std::size_t length = 0;  // of all in front of the data
};

/// Headers are text of some hundred bytes; NumPy itself reads no more than this unasked. Of a deflated array so much is
/// inflated when its file is opened.
inline constexpr std::size_t largest_npy_header = 10'000;

struct npy_dtype {
  std::string_view code;  // without the byte order
  dtype type;
};
/// bfloat16 is none of NumPy's.
inline constexpr npy_dtype npy_dtypes[] = {
    {"b1", dtype::boolean}, {"i1", dtype::i8},  {"i2", dtype::i16}, {"i4", dtype::i32},   {"i8", dtype::i64},
    {"u1", dtype::u8},      {"u2", dtype::u16}, {"u4", dtype::u32}, {"u8", dtype::u64},   {"f2", dtype::f16},
    {"f4", dtype::f32},     {"f8", dtype::f64}, {"c8", dtype::c64}, {"c16", dtype::c128},
};

/// Where a part of a file is, for messages.
struct file_part {
  std::string const& file;
  std::string_view key;
  std::uint64_t offset;  // of the part's first byte in the file
  bool packed = false;   // a place in the part is no place in the file

  [[noreturn]] void refuse(std::uint64_t at, std::string problem) const {
    raise(file_error(
        {.file = file, .key = std::string(key), .offset = offset + (packed ? 0 : at), .problem = std::move(problem)}));
  }
};

/// Reads the dictionary of a header: the literals of Python that NumPy writes, and no others.
class npy_parser {
 public:
  npy_parser(std::string_view text, std::size_t start, file_part const& part)
      : text_(text), start_(start), part_(part) {}

  [[nodiscard]] npy_header parse() {
    npy_header out;
    unsigned seen = 0;
    expect('{');
    while (!accept('}')) {
      std::size_t const begin = at_;
      std::string_view const key = quoted("a key in quotes");
      auto const* const name = std::find(std::begin(keys), std::end(keys), key);
      if (name == std::end(keys))
        refuse(begin, "expected the keys descr, fortran_order and shape, found " + in_quotes(key));
      auto const bit = 1U << (name - std::begin(keys));
      if ((seen & bit) != 0) refuse(begin, "expected each key once, found " + in_quotes(key) + " again");
      seen |= bit;
      expect(':');
      skip_space();
      if (bit == 1)
        descr(out);
      else if (bit == 2)
        out.fortran = boolean();
      else
        extents(out.shape);
      if (!accept(',')) {
        expect('}');
        break;
      }
    }
    if (seen != 7) refuse(at_, "expected the keys descr, fortran_order and shape, found no " + missing(seen));
    skip_space();
    if (at_ != text_.size()) refuse(at_, "expected the end of the header, found " + in_quotes(text_.substr(at_, 16)));
    return out;
  }

 private:
  static constexpr std::string_view keys[] = {"descr", "fortran_order", "shape"};

  static std::string missing(unsigned seen) {
    for (unsigned i = 0; i < 3; ++i)
      if ((seen >> i & 1U) == 0) return std::string(keys[i]);
    return {};
  }
  [[noreturn]] void refuse(std::size_t at, std::string problem) const { part_.refuse(start_ + at, std::move(problem)); }
  [[nodiscard]] std::string found() const {
    return at_ < text_.size() ? in_quotes(text_.substr(at_, 16)) : std::string("the end of the header");
  }
  void skip_space() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t')) ++at_;
  }
  bool accept(char c) {
    skip_space();
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  void expect(char c) {
    if (!accept(c)) refuse(at_, std::string("expected '") + c + "', found " + found());
  }
  std::string_view quoted(char const* what) {
    skip_space();
    char const quote = at_ < text_.size() ? text_[at_] : ' ';
    std::size_t const end = quote == '\'' || quote == '"' ? text_.find(quote, at_ + 1) : std::string_view::npos;
    if (end == std::string_view::npos) refuse(at_, std::string("expected ") + what + ", found " + found());
    std::string_view const out = text_.substr(at_ + 1, end - at_ - 1);
    if (out.find('\\') != std::string_view::npos) refuse(at_, "expected text without escapes, found " + in_quotes(out));
    at_ = end + 1;
    return out;
  }
  void descr(npy_header& out) {
    std::size_t const begin = at_;
    if (at_ < text_.size() && text_[at_] == '[')
      refuse(begin, "expected a dtype of numbers, found one with fields; save each field as an array of its own");
    std::string_view const text = quoted("a dtype in quotes");
    std::string_view code = text;
    char const order = code.empty() ? ' ' : code.front();
    if (order == '<' || order == '>' || order == '|') code.remove_prefix(1);
    auto const* const row =
        std::find_if(std::begin(npy_dtypes), std::end(npy_dtypes), [&](npy_dtype const& d) { return d.code == code; });
    if (row == std::end(npy_dtypes) || (order == '|' && size_of(row->type) > 1))
      refuse(begin, "expected a dtype of numbers such as \"<f4\", found " + in_quotes(text) + hint(code));
    if (order != '<' && order != '>' && size_of(row->type) > 1)
      refuse(begin, "expected the byte order, '<' or '>', in front of the dtype, found " + in_quotes(text));
    out.type = row->type;
    out.big_endian = order == '>' && size_of(row->type) > 1;
  }
  static std::string hint(std::string_view code) {
    if (code.starts_with('O')) return ", Python objects in a pickle, which runs code when it is read";
    if (code.starts_with('U') || code.starts_with('S')) return ", text";
    if (code.starts_with('V')) return ", raw bytes (bfloat16 is saved so: save it as float32)";
    return {};
  }
  bool boolean() {
    for (bool const value : {true, false}) {
      std::string_view const word = value ? "True" : "False";
      if (!text_.substr(at_).starts_with(word)) continue;
      at_ += word.size();
      return value;
    }
    refuse(at_, "expected True or False as fortran_order, found " + found());
  }
  void extents(shape& out) {
    expect('(');
    while (!accept(')')) {
      skip_space();
      std::size_t const begin = at_;
      std::uint64_t value = 0;
      for (; at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9'; ++at_) {
        value = value * 10 + static_cast<std::uint64_t>(text_[at_] - '0');
        if (value > static_cast<std::uint64_t>(std::numeric_limits<int>::max()))
          refuse(begin, "expected extents up to " + std::to_string(std::numeric_limits<int>::max()) + ", found " +
                            in_quotes(text_.substr(begin, 24)));
      }
      if (at_ == begin) refuse(begin, "expected an extent, a whole number from 0, found " + found());
      if (at_ < text_.size() && text_[at_] == 'L') ++at_;  // a long of Python 2
      if (out.rank() == shape::max_rank)
        refuse(begin, "expected a shape of at most " + std::to_string(shape::max_rank) + " extents, found more");
      out.push_back(static_cast<int>(value));
      bool const comma = accept(',');
      if (!comma && out.rank() == 1) refuse(at_, "expected ',' after the only extent, found " + found());
      if (!comma) {
        expect(')');
        return;
      }
    }
  }

  std::string_view text_;
  std::size_t start_;  // of the text, in the part
  file_part const& part_;
  std::size_t at_ = 0;
};

/// Reads the header at the front of `bytes`, which may hold less than the whole array: `size` is that of all of it.
[[nodiscard]] inline npy_header parse_npy_header(std::span<std::byte const> bytes, std::uint64_t size,
                                                 file_part const& part) {
  std::string_view const text(reinterpret_cast<char const*>(bytes.data()), bytes.size());
  auto const byte = [&](std::size_t i) { return std::to_integer<std::size_t>(bytes[i]); };
  constexpr std::string_view magic = "\x93NUMPY";
  if (!text.starts_with(magic))
    part.refuse(0, "expected an array of NumPy, which begins with \"\\x93NUMPY\", found " +
                       (text.empty() ? std::string("nothing") : in_quotes(text.substr(0, magic.size()))));
  if (size < 8) part.refuse(size, "expected the version of the format, found the end; the file is truncated");
  if (byte(6) < 1 || byte(6) > 3 || byte(7) != 0)
    part.refuse(6,
                "expected version 1.0, 2.0 or 3.0, found " + std::to_string(byte(6)) + '.' + std::to_string(byte(7)));
  std::size_t const width = byte(6) == 1 ? 2 : 4, start = 8 + width;
  if (size < start) part.refuse(size, "expected the length of the header, found the end; the file is truncated");
  std::uint64_t length = 0;
  for (std::size_t i = width; i-- > 0;) length = length << 8 | byte(8 + i);
  if (length > largest_npy_header)
    part.refuse(8, "expected a header of at most " + std::to_string(largest_npy_header) + " bytes, found a length of " +
                       std::to_string(length));
  if (length > size - start)
    part.refuse(8, "expected a header of " + std::to_string(length) + " bytes, found " + std::to_string(size - start) +
                       " up to the end; the file is truncated");
  npy_header out = npy_parser(text.substr(start, static_cast<std::size_t>(length)), start, part).parse();
  out.length = start + static_cast<std::size_t>(length);
  return out;
}

/// The header that NumPy writes for an array: version 1.0, padded so that the data begins at a multiple of 64.
[[nodiscard]] inline std::string npy_header_text(dtype type, shape const& s) {
  std::string text = "{'descr': '";
  for (npy_dtype const& row : npy_dtypes)
    if (row.type == type) text += (size_of(type) > 1 ? '<' : '|') + std::string(row.code);
  text += "', 'fortran_order': False, 'shape': " + std::string(to_text(s).view()) + ", }";
  text.append(64 - (10 + text.size()) % 64 - 1, ' ');
  text += '\n';
  std::string out("\x93NUMPY\1\0", 8);
  out += static_cast<char>(text.size() & 0xFF);
  out += static_cast<char>(text.size() >> 8);
  return out + text;
}
[[nodiscard]] constexpr bool npy_has(dtype type) {
  for (npy_dtype const& row : npy_dtypes)
    if (row.type == type) return true;
  return false;
}

}  // namespace ambit::detail::io
