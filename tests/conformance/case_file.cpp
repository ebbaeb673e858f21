// SPDX-License-Identifier: BSL-1.0
#include "case_file.hpp"

#include "grammar.hpp"

#include <algorithm>
#include <istream>
#include <utility>

namespace conformance {
namespace {

// Deeper nesting than any program has; bounds the recursion over a hostile file.
constexpr int deepest_block = 200;

bool blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

std::vector<std::string> split(std::string const& line, int number) {
  std::vector<std::string> tokens;
  std::string token;
  bool inside = false;
  bool quotes = false;
  for (char c : line) {
    if (c == '"') quotes = !quotes;
    if (!blank(c) || quotes) {
      token += c;
      inside = true;
    } else if (inside) {
      tokens.push_back(std::exchange(token, {}));
      inside = false;
    }
  }
  if (quotes) throw malformed(number, "a quote is not closed");
  if (inside) tokens.push_back(token);
  return tokens;
}

/// Where the key of `key=value` ends, or npos: ^[a-z_]+=
std::size_t key_length(std::string const& token) {
  std::size_t const end = token.find_first_not_of("abcdefghijklmnopqrstuvwxyz_");
  return end != std::string::npos && end > 0 && token[end] == '=' ? end : std::string::npos;
}

statement parse_statement(std::vector<std::string> const& tokens, int number) {
  statement s;
  s.line = number;
  s.keyword = tokens.front();
  std::size_t size = tokens.size();
  if (takes_as(s.keyword) && size >= 3 && tokens[size - 2] == "as") {
    s.as = tokens.back();
    size -= 2;
  }
  for (std::size_t i = 1; i < size; ++i) {
    std::size_t const key = key_length(tokens[i]);
    if (key == std::string::npos) {
      s.words.emplace_back(tokens[i]);
      continue;
    }
    option o{tokens[i].substr(0, key), word(tokens[i].substr(key + 1))};
    if (s.find(o.key) != nullptr) throw malformed(number, "option " + o.key + " is given twice");
    s.options.push_back(std::move(o));
  }
  s.block = opens_block(s.keyword);
  check_grammar(s);
  return s;
}

class reader {
 public:
  explicit reader(std::istream& in) : in_(in) {}

  std::vector<test_case> read() {
    std::vector<test_case> cases;
    while (next()) {
      if (tokens_.front() != "case") throw malformed(number_, "expected `case`, found `" + tokens_.front() + "`");
      if (tokens_.size() < 2 || key_length(tokens_[1]) != std::string::npos)
        throw malformed(number_, "a case needs a name");
      for (std::size_t i = 2; i < tokens_.size(); ++i)
        if (key_length(tokens_[i]) == std::string::npos)
          throw malformed(number_, "expected key=value, found `" + tokens_[i] + "`");
      test_case c;
      c.line = number_;
      c.name = tokens_[1];
      read_body(c.body, "endcase", 0);
      cases.push_back(std::move(c));
    }
    return cases;
  }

 private:
  bool next() {
    std::string line;
    while (std::getline(in_, line)) {
      ++number_;
      std::size_t const first = line.find_first_not_of(" \t\r");
      if (first == std::string::npos || line[first] == '#') continue;
      tokens_ = split(line, number_);
      return true;
    }
    return false;
  }

  void read_body(std::vector<statement>& body, std::string_view closing, int depth) {
    int const opened = number_;
    while (next()) {
      if (tokens_.front() == closing) {
        if (tokens_.size() > 1) throw malformed(number_, "nothing may follow `" + tokens_.front() + "`");
        return;
      }
      if (tokens_.front() == "case" || tokens_.front() == "endcase" || tokens_.front() == "end")
        throw malformed(number_, "expected `" + std::string(closing) + "` of line " + std::to_string(opened) +
                                     ", found `" + tokens_.front() + "`");
      statement s = parse_statement(tokens_, number_);
      if (s.block) {
        if (depth >= deepest_block) throw malformed(number_, "blocks are nested too deeply");
        read_body(s.body, "end", depth + 1);
      }
      body.push_back(std::move(s));
    }
    throw malformed(opened, "`" + std::string(closing) + "` is missing");
  }

  std::istream& in_;
  int number_ = 0;
  std::vector<std::string> tokens_{};
};

}  // namespace

word::word(std::string as_written) : raw(std::move(as_written)), text(raw) {
  text.erase(std::remove(text.begin(), text.end(), '"'), text.end());
}

std::vector<test_case> read_cases(std::istream& in) { return reader(in).read(); }

}  // namespace conformance
