// SPDX-License-Identifier: BSL-1.0
// Case files: lines of words, blocks of statements. What a statement means is not known here.
#pragma once

#include <iosfwd>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace conformance {

/// The file is not in the language of the cases.
class malformed : public std::runtime_error {
 public:
  malformed(int line, std::string const& message) : std::runtime_error(message), line_(line) {}
  [[nodiscard]] int line() const { return line_; }

 private:
  int line_;
};

/// A value as written and without its quotes, which tell the string "None" from None.
struct word {
  std::string raw{};
  std::string text{};

  word() = default;
  explicit word(std::string as_written);
  [[nodiscard]] bool none() const { return raw == "None"; }
  [[nodiscard]] bool reference() const { return !raw.empty() && raw.front() == '$'; }
  [[nodiscard]] bool current_scope() const { return raw == "@cur"; }
  [[nodiscard]] bool is_list() const { return !raw.empty() && raw.front() == '['; }
  /// The identifier of a reference.
  [[nodiscard]] std::string id() const { return raw.substr(1); }
};

struct option {
  std::string key{};
  word value{};
};

struct statement {
  int line = 0;
  std::string keyword{};
  std::vector<word> words{};  // the positional ones after the keyword
  std::vector<option> options{};
  std::string as{};
  bool block = false;
  std::vector<statement> body{};

  /// The value of an option, or null where it is not given.
  [[nodiscard]] word const* find(std::string_view key) const {
    for (option const& o : options)
      if (o.key == key) return &o.value;
    return nullptr;
  }
};

struct test_case {
  int line = 0;
  std::string name{};
  std::vector<statement> body{};
};

/// Reads a whole file and checks every statement against the grammar. Throws `malformed`.
[[nodiscard]] std::vector<test_case> read_cases(std::istream& in);

}  // namespace conformance
