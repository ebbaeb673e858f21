// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/io/detail/glob.hpp>

#include <algorithm>
#include <initializer_list>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ambit_tool {

/// The command line cannot be obeyed.
struct usage_error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// One of the patterns of --ignore fits the name.
[[nodiscard]] inline bool ignored(std::vector<std::string> const& patterns, std::string_view name) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](std::string const& p) { return ambit::detail::io::glob_matches(p, name); });
}

/// The words of a command line: options, each with a value ("--name x", "--name=x", "-o x"), flags, which have none, and
/// files. After "--" all words are files.
class arguments {
 public:
  arguments(std::span<char const* const> words, std::initializer_list<std::string_view> options,
            std::initializer_list<std::string_view> flags = {}) {
    bool files_only = false;
    for (std::size_t i = 0; i < words.size(); ++i) {
      std::string_view const word = words[i];
      if (files_only || word.size() < 2 || word[0] != '-') {
        files_.emplace_back(word);
      } else if (word == "--") {
        files_only = true;
      } else {
        std::size_t const equals = word.starts_with("--") ? word.find('=') : std::string_view::npos;
        std::string_view const name = word.substr(0, equals);
        if (equals == std::string_view::npos && std::find(flags.begin(), flags.end(), name) != flags.end()) {
          options_.emplace_back(name, std::string());
          continue;
        }
        if (std::find(options.begin(), options.end(), name) == options.end())
          throw usage_error("there is no option \"" + std::string(name) + "\" here");
        if (equals == std::string_view::npos && ++i == words.size())
          throw usage_error("the option \"" + std::string(name) + "\" needs a value");
        options_.emplace_back(name, equals == std::string_view::npos ? words[i] : word.substr(equals + 1));
      }
    }
  }

  /// The value of an option that may be given once; empty where it is not.
  [[nodiscard]] std::string option(std::string_view name) const {
    std::vector<std::string> const all = list(name);
    if (all.size() > 1) throw usage_error("the option \"" + std::string(name) + "\" is given twice");
    return all.empty() ? std::string() : all.front();
  }
  [[nodiscard]] std::vector<std::string> list(std::string_view name) const {
    std::vector<std::string> out;
    for (auto const& [key, value] : options_)
      if (key == name) out.push_back(value);
    return out;
  }
  [[nodiscard]] bool flag(std::string_view name) const { return !list(name).empty(); }
  [[nodiscard]] std::vector<std::string> const& files() const { return files_; }

 private:
  std::vector<std::pair<std::string, std::string>> options_;
  std::vector<std::string> files_;
};

}  // namespace ambit_tool
