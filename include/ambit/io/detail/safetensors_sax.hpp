// SPDX-License-Identifier: BSL-1.0
#pragma once

#if !__has_include(<nlohmann/json.hpp>)
#error "ambit/io/safetensors.hpp reads JSON with nlohmann/json; install it (Debian, Ubuntu: nlohmann-json3-dev)"
#endif

#include <ambit/core/dtype.hpp>
#include <ambit/core/shape.hpp>
#include <ambit/io/detail/printable.hpp>
#include <ambit/io/detail/safetensors_dtype.hpp>
#include <ambit/io/file_tensor.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ambit::detail::io {

/// What the header says. `tensors[i].bytes` is still empty; its data is `ranges[i]`.
struct safetensors_header {
  struct range {
    std::uint64_t begin = 0, end = 0;  // in the data
    std::uint64_t at = 0;              // in the header: the end of the tensor's key
  };
  std::vector<file_tensor> tensors{};
  std::vector<range> ranges{};
  std::map<std::string, std::string, std::less<>> metadata{};
  std::uint64_t length = 0;  // of the header
};

/// Characters for the parser that leave a trace of how far it has read: its SAX events carry no position.
struct traced_iterator {
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = char const*;
  using reference = char const&;
  using iterator_category = std::forward_iterator_tag;

  char const* at = nullptr;
  char const** read = nullptr;

  char const& operator*() const { return *at; }
  traced_iterator& operator++() {
    *read = ++at;
    return *this;
  }
  traced_iterator operator++(int) {
    traced_iterator before = *this;
    ++*this;
    return before;
  }
  friend bool operator==(traced_iterator const& a, traced_iterator const& b) { return a.at == b.at; }
  friend bool operator!=(traced_iterator const& a, traced_iterator const& b) { return a.at != b.at; }
};

/// The events of nlohmann's SAX interface: a document model would keep the last of two equal keys and say nothing, and
/// would take memory for whatever a file nests. Fields that the format does not know are skipped, as the reference does.
class safetensors_sax {
 public:
  using json = nlohmann::json;
  static constexpr int deepest = 128;  // the reference's limit (serde_json)

  safetensors_sax(std::string_view text, safetensors_header& header)
      : text_(text), read_(text.data()), header_(header) {}

  [[nodiscard]] bool parse() {
    return json::sax_parse(traced_iterator{text_.data(), &read_}, traced_iterator{text_.data() + text_.size(), &read_},
                           this);
  }
  [[nodiscard]] std::string const& key() const { return key_; }
  [[nodiscard]] std::string const& problem() const { return problem_; }
  /// The last byte of what was refused, from the start of the header.
  [[nodiscard]] std::uint64_t stopped() const { return stopped_; }

  bool null() { return scalar("null"); }
  bool boolean(bool value) { return scalar(value ? "true" : "false"); }
  bool number_integer(json::number_integer_t value) { return scalar(std::to_string(value), 2); }
  bool number_float(json::number_float_t, std::string const& value) { return scalar(printable(value, 40), 2); }
  bool number_unsigned(json::number_unsigned_t value) {
    if (awaited_ == awaited::extent) {
      if (header_.tensors.back().shape.rank() == shape::max_rank)
        return refuse("expected a shape of at most " + std::to_string(shape::max_rank) + " extents, found more", 2);
      if (value > static_cast<std::uint64_t>(std::numeric_limits<int>::max()))
        return refuse("expected extents up to " + std::to_string(std::numeric_limits<int>::max()) + ", found " +
                          std::to_string(value),
                      2);
      header_.tensors.back().shape.push_back(static_cast<int>(value));
      return true;
    }
    if (awaited_ == awaited::offset) {
      if (offsets_ == 2) return refuse("expected data_offsets of two numbers, found more", 2);
      auto& range = header_.ranges.back();
      (offsets_++ == 0 ? range.begin : range.end) = value;
      return true;
    }
    return scalar(std::to_string(value), 2);
  }
  bool string(std::string& value) {
    if (awaited_ == awaited::metadata_text) {
      header_.metadata[metadata_key_] = std::move(value);
      awaited_ = awaited::metadata_key;
      return true;
    }
    if (awaited_ != awaited::dtype_text) return scalar(in_quotes(value));
    auto const* const found = std::find_if(std::begin(safetensors_dtypes), std::end(safetensors_dtypes),
                                           [&](safetensors_dtype const& row) { return row.name == value; });
    if (found == std::end(safetensors_dtypes))
      return refuse("expected a dtype, one of" + known() + ", found " + in_quotes(value));
    header_.tensors.back().dtype = found->type;
    awaited_ = awaited::field;
    return true;
  }
  bool binary(json::binary_t&) { return scalar("binary data"); }  // no event of JSON

  bool start_object(std::size_t) {
    switch (awaited_) {
    case awaited::header: awaited_ = awaited::tensor; return true;
    case awaited::tensor_object: awaited_ = awaited::field; return true;
    case awaited::metadata_object: awaited_ = awaited::metadata_key; return true;
    default: return nested("an object");
    }
  }
  bool key(std::string& value) {
    switch (awaited_) {
    case awaited::tensor: return tensor_key(value);
    case awaited::field: return field_key(value);
    case awaited::metadata_key:
      key_ = "__metadata__";
      if (header_.metadata.contains(value))
        return refuse("expected each key once, found " + in_quotes(value) + " again");
      metadata_key_ = std::move(value);
      awaited_ = awaited::metadata_text;
      return true;
    default: return true;
    }
  }
  bool end_object() {
    switch (awaited_) {
    case awaited::field:
      for (int i = 0; i < 3; ++i)
        if ((fields_ >> i & 1) == 0)
          return refuse("expected dtype, shape and data_offsets, found no " + std::string(names[i]));
      awaited_ = awaited::tensor;
      return true;
    case awaited::metadata_key: awaited_ = awaited::tensor; return true;
    case awaited::skipped: return leave();
    default: return true;  // of the header itself
    }
  }
  bool start_array(std::size_t) {
    switch (awaited_) {
    case awaited::shape_array: awaited_ = awaited::extent; return true;
    case awaited::offsets_array: awaited_ = awaited::offset; return true;
    default: return nested("an array");
    }
  }
  bool end_array() {
    if (awaited_ == awaited::skipped) return leave();
    if (awaited_ == awaited::offset && offsets_ != 2)
      return refuse("expected data_offsets of two numbers, found " + std::to_string(offsets_));
    awaited_ = awaited::field;
    return true;
  }
  bool parse_error(std::size_t, std::string const&, nlohmann::detail::exception const& error) {
    std::string_view what = error.what();  // "[json.exception...] parse error at line 1, column 5: syntax error ..."
    if (std::size_t const id = what.find("] "); id != std::string_view::npos) what.remove_prefix(id + 2);
    if (std::size_t const place = what.find(": "); place != std::string_view::npos) what.remove_prefix(place + 2);
    return refuse("expected JSON, found: " + printable(what, 160));
  }

 private:
  static constexpr std::string_view names[] = {"dtype", "shape", "data_offsets"};

  // What the next event has to be.
  enum class awaited {
    header,
    tensor,  // the key of one, or the end of the header
    tensor_object,
    field,  // the key of one, or the end of the tensor
    dtype_text,
    shape_array,
    extent,
    offsets_array,
    offset,
    metadata_object,
    metadata_key,
    metadata_text,
    skipped,
  };

  bool tensor_key(std::string& value) {
    key_ = value;
    if (value == "__metadata__") {
      if (std::exchange(metadata_seen_, true)) return refuse("expected each key once, found this one again");
      awaited_ = awaited::metadata_object;
      return true;
    }
    header_.tensors.emplace_back().name = std::move(value);
    header_.ranges.emplace_back().at = here(1);
    fields_ = 0;
    offsets_ = 0;
    awaited_ = awaited::tensor_object;
    return true;
  }
  bool field_key(std::string const& value) {
    static constexpr awaited values[] = {awaited::dtype_text, awaited::shape_array, awaited::offsets_array};
    awaited_ = awaited::skipped;
    for (unsigned i = 0; i < 3; ++i) {
      if (value != names[i]) continue;
      if ((fields_ >> i & 1) != 0) return refuse("expected each field once, found " + in_quotes(value) + " again");
      fields_ |= 1U << i;
      awaited_ = values[i];
    }
    return true;
  }
  bool scalar(std::string const& found, std::uint64_t back = 1) {
    if (awaited_ != awaited::skipped) return refuse("expected " + wanted() + ", found " + found, back);
    if (depth_ == 0) awaited_ = awaited::field;
    return true;
  }
  bool nested(char const* found) {
    if (awaited_ != awaited::skipped) return refuse("expected " + wanted() + ", found " + found);
    if (++depth_ > deepest) return refuse("expected at most " + std::to_string(deepest) + " nested values, found more");
    return true;
  }
  bool leave() {
    if (--depth_ == 0) awaited_ = awaited::field;
    return true;
  }
  [[nodiscard]] std::string wanted() const {
    switch (awaited_) {
    case awaited::header: return "an object";
    case awaited::tensor_object: return "an object with dtype, shape and data_offsets";
    case awaited::dtype_text: return "a dtype in quotes";
    case awaited::shape_array: return "an array of extents as the shape";
    case awaited::extent: return "an extent, a whole number from 0";
    case awaited::offsets_array: return "an array of two numbers as data_offsets";
    case awaited::offset: return "an offset, a whole number from 0";
    case awaited::metadata_object: return "an object from text to text";
    case awaited::metadata_text: return "text as the value of " + in_quotes(metadata_key_);
    default: return "a key";
    }
  }
  static std::string known() {
    std::string out;
    for (safetensors_dtype const& row : safetensors_dtypes) out += ' ' + std::string(row.name);
    return out;
  }
  // The parser has read one character past the end of a number.
  [[nodiscard]] std::uint64_t here(std::uint64_t back) const {
    auto const read = static_cast<std::uint64_t>(read_ - text_.data());
    return read > back ? read - back : 0;
  }
  bool refuse(std::string problem, std::uint64_t back = 1) {
    problem_ = std::move(problem);
    stopped_ = here(back);
    return false;
  }

  std::string_view text_;
  char const* read_;
  safetensors_header& header_;
  awaited awaited_ = awaited::header;
  unsigned fields_ = 0;  // a bit for each of `names` seen
  int offsets_ = 0;
  int depth_ = 0;  // inside a skipped value
  bool metadata_seen_ = false;
  std::string key_, metadata_key_, problem_;
  std::uint64_t stopped_ = 0;
};

}  // namespace ambit::detail::io
