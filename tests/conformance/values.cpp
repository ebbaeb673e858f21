// SPDX-License-Identifier: BSL-1.0
#include "values.hpp"

#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <utility>

namespace conformance {
namespace {

/// A Python literal while it is read: the nested lists, flattened, and their extents.
class literal_reader {
 public:
  literal_reader(std::string_view text, int line) : rest_(text), line_(line) {}

  ambit::literal read() {
    item(0);
    if (!rest_.empty()) fail();
    ambit::shape shape;
    for (int extent : extents_) shape.push_back(extent);
    ambit::dtype type = ambit::dtype::f32;  // of an empty list
    if (any_text_)
      type = ambit::dtype::string;
    else if (any_float_)
      type = ambit::dtype::f32;
    else if (any_int_)
      type = wide_ ? ambit::dtype::i64 : ambit::dtype::i32;
    else if (any_bool_)
      type = ambit::dtype::boolean;
    if (any_text_ + any_bool_ + (any_float_ || any_int_) > 1) fail();
    ambit::literal out(type, shape);
    for (double number : numbers_) {
      if (type == ambit::dtype::f32)
        out.push_back(number);
      else
        out.push_back(static_cast<std::int64_t>(number));
    }
    if (!out.consistent()) fail();
    return out;
  }

 private:
  [[noreturn]] void fail() const { throw malformed(line_, "this is not a literal"); }
  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  void item(int depth) {
    if (take('['))
      list(depth);
    else if (leaf_depth_ >= 0 && leaf_depth_ != depth)
      fail();
    else
      leaf_depth_ = depth, scalar();
  }

  void list(int depth) {
    if (depth >= ambit::shape::max_rank) throw malformed(line_, "lists are nested too deeply");
    int count = 0;
    std::size_t const level = static_cast<std::size_t>(depth);
    bool const first = extents_.size() <= level;
    if (first) extents_.push_back(0);
    if (!take(']')) {
      do {
        item(depth + 1);
        ++count;
      } while (take(','));
      if (!take(']')) fail();
    }
    if (first)
      extents_[level] = count;
    else if (extents_[level] != count)
      fail();
  }

  void scalar() {
    if (take('"')) {
      std::size_t const end = rest_.find('"');
      rest_.remove_prefix(end + 1);
      any_text_ = true;
      numbers_.push_back(0);
      return;
    }
    std::string const token(rest_.substr(0, rest_.find_first_of(",]")));
    rest_.remove_prefix(token.size());
    if (token == "True" || token == "False") {
      any_bool_ = true;
      numbers_.push_back(token == "True" ? 1 : 0);
      return;
    }
    std::int64_t integer = 0;
    char const* const end = token.data() + token.size();
    if (auto const r = std::from_chars(token.data(), end, integer); r.ec == std::errc() && r.ptr == end) {
      any_int_ = true;
      wide_ |= integer < std::numeric_limits<std::int32_t>::min() || integer > std::numeric_limits<std::int32_t>::max();
      numbers_.push_back(static_cast<double>(integer));
      return;
    }
    if (token.empty() || token.find_first_not_of("0123456789.eE+-") != std::string::npos) fail();
    char* stop = nullptr;
    double const number = std::strtod(token.c_str(), &stop);
    if (*stop != '\0' || stop == token.c_str()) fail();
    any_float_ = true;
    numbers_.push_back(number);
  }

  std::string_view rest_;
  int line_;
  std::vector<int> extents_{};
  std::vector<double> numbers_{};
  int leaf_depth_ = -1;
  bool any_text_ = false, any_bool_ = false, any_float_ = false, any_int_ = false, wide_ = false;
};

}  // namespace

std::optional<bool> parse_bool(word const& w, int line) {
  if (w.raw == "True") return true;
  if (w.raw == "False") return false;
  if (w.none()) return std::nullopt;
  throw malformed(line, "`" + w.raw + "` is not True, False or None");
}

ambit::option parse_option(word const& w, int line) {
  std::optional<bool> const value = parse_bool(w, line);
  if (!value) return {};
  return *value;
}

int parse_int(std::string_view text, int line) {
  int value = 0;
  char const* const end = text.data() + text.size();
  auto const r = std::from_chars(text.data(), end, value);
  if (r.ec != std::errc() || r.ptr != end) throw malformed(line, "`" + std::string(text) + "` is not a number");
  return value;
}

ambit::shape parse_shape(word const& w, int line) {
  if (w.none()) return ambit::unknown_shape;
  ambit::shape s;
  for (word const& extent : parse_list(w, line)) {
    int const n = extent.raw == "?" ? ambit::dyn : parse_int(extent.raw, line);
    if (extent.raw != "?" && n < 0) throw malformed(line, "`" + w.raw + "` has a negative extent");
    s.push_back(n);
  }
  return s;
}

ambit::dtype parse_dtype(word const& w, int line) {
  for (int i = 1; i <= static_cast<int>(ambit::dtype::c128); ++i)
    if (auto const type = static_cast<ambit::dtype>(i); ambit::to_string(type) == w.raw) return type;
  throw malformed(line, "`" + w.raw + "` is not a dtype");
}

ambit::synchronization parse_synchronization(word const& w, int line) {
  if (w.raw == "AUTO") return ambit::synchronization::automatic;
  if (w.raw == "NONE") return ambit::synchronization::none;
  if (w.raw == "ON_WRITE") return ambit::synchronization::on_write;
  if (w.raw == "ON_READ") return ambit::synchronization::on_read;
  throw malformed(line, "`" + w.raw + "` is not AUTO, NONE, ON_WRITE or ON_READ");
}

std::vector<word> parse_list(word const& w, int line) {
  if (w.raw.size() < 2 || w.raw.front() != '[' || w.raw.back() != ']')
    throw malformed(line, "`" + w.raw + "` is not a list");
  std::vector<word> items;
  std::string item;
  bool quotes = false;
  for (char c : std::string_view(w.raw).substr(1, w.raw.size() - 2)) {
    if (c == '"') quotes = !quotes;
    if (c == ',' && !quotes)
      items.emplace_back(std::exchange(item, {}));
    else
      item += c;
  }
  if (!item.empty() || !items.empty()) items.emplace_back(item);
  for (word const& i : items)
    if (i.raw.empty()) throw malformed(line, "`" + w.raw + "` has an empty item");
  return items;
}

ambit::literal parse_literal(word const& w, int line) { return literal_reader(w.raw, line).read(); }

std::optional<ambit::reuse> find_reuse(word const& w) {
  if (w.raw == "True") return ambit::reuse::yes;
  if (w.raw == "False") return ambit::reuse::no;
  if (w.raw == "AUTO") return ambit::reuse::automatic;
  if (w.none()) return ambit::reuse::inherit;
  return std::nullopt;
}

std::vector<std::string> split_colons(std::string_view text) {
  std::vector<std::string> parts;
  for (;;) {
    std::size_t const colon = text.find(':');
    parts.emplace_back(text.substr(0, colon));
    if (colon == std::string_view::npos) return parts;
    text.remove_prefix(colon + 1);
  }
}

std::string join(std::vector<std::string> const& items) {
  std::string out = "[";
  for (std::string const& item : items) {
    if (out.size() > 1) out += ',';
    out += item;
  }
  return out + "]";
}

std::string to_string(ambit::text const& t) { return std::string(t.view()); }

std::string_view collection_key(std::string_view word) {
  if (word == "global") return ambit::collections::global_variables;
  if (word == "trainable") return ambit::collections::trainable_variables;
  if (word == "local") return ambit::collections::local_variables;
  if (word == "losses") return ambit::collections::regularization_losses;
  return word;
}

}  // namespace conformance
