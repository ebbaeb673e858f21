// SPDX-License-Identifier: BSL-1.0
// A target with any compiler, as a test.
//   fuzz_NAME [COUNT]           the seeds, and COUNT inputs made of them, always the same
//   fuzz_NAME --seeds FOLDER    writes the seeds as files
//   fuzz_NAME --replay FILE...  these inputs, such as libFuzzer's finds
#include "fuzz/fuzz.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

/// The words of a dictionary of libFuzzer: lines of name="text", with \\, \" and \xAB.
std::vector<std::string> words(std::filesystem::path const& path) {
  std::vector<std::string> out;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line.front() == '#') continue;
    std::size_t at = line.find('"');
    std::string word;
    for (++at; at < line.size() && line[at] != '"'; ++at) {
      if (line[at] == '\\' && line.substr(at, 2) == "\\x") {
        word += static_cast<char>(std::stoi(line.substr(at + 2, 2), nullptr, 16));
        at += 3;
      } else {
        word += line[line[at] == '\\' ? ++at : at];
      }
    }
    if (word.empty() || at + 1 != line.size()) throw std::runtime_error(path.string() + ": no entry: " + line);
    out.push_back(word);
  }
  if (out.empty()) throw std::runtime_error(path.string() + ": no dictionary, or an empty one");
  return out;
}

/// What libFuzzer does to bytes, more or less.
class changer {
 public:
  explicit changer(std::vector<std::string> words) : words_(std::move(words)) {}

  std::string operator()(std::string text, std::size_t most) {
    for (std::size_t n = 1 + below(3); n-- > 0;) once(text);
    if (text.size() > most) text.resize(most);
    return text;
  }
  std::size_t below(std::size_t limit) { return limit == 0 ? 0 : static_cast<std::size_t>(engine_() % limit); }
  std::uint64_t number() { return engine_(); }

 private:
  void once(std::string& text) {
    static constexpr unsigned char odd[] = {0, 1, 0x20, 0x30, 0x39, 0x7F, 0x80, 0xFE, 0xFF};
    std::size_t const at = below(text.size() + 1), size = std::min(below(9), text.size() - at);
    switch (below(7)) {
    case 0: text.insert(at, words_[below(words_.size())]); break;
    case 1: {
      std::string const& word = words_[below(words_.size())];
      text.replace(at, std::min(word.size(), text.size() - at), word);
      break;
    }
    case 2: text.erase(at, size); break;
    case 3: text.insert(below(text.size() + 1), text.substr(at, size)); break;
    case 4: text.insert(at, 1, static_cast<char>(odd[below(sizeof odd)])); break;
    case 5:
      if (at < text.size()) text[at] = static_cast<char>(odd[below(sizeof odd)]);
      break;
    default:
      if (at < text.size()) text[at] = static_cast<char>(text[at] ^ 1 << below(8));
    }
  }

  std::vector<std::string> words_;
  std::mt19937_64 engine_{1};
};

int replay_all(std::string const& name, std::size_t count) {
  std::filesystem::path const dictionary =
      std::filesystem::path(io_test::source_dir()) / "tests" / "fuzz" / (name.substr(name.find('_') + 1) + ".dict");
  changer changed(words(dictionary));
  std::vector<std::string> pool = fuzz::seeds();
  std::size_t const seeds = pool.size();
  std::size_t read_seeds = 0, read = 0;
  for (std::string const& seed : pool) read_seeds += fuzz::run(seed);
  for (std::size_t i = 0; i < count; ++i) {
    std::string input = fuzz::mutated(pool[changed.below(pool.size())], std::ref(changed), changed.number(), 4096);
    read += fuzz::run(input);
    // A short walk away from the seeds, which always begins again.
    if (pool.size() < seeds + 64)
      pool.push_back(std::move(input));
    else
      pool[seeds + changed.below(64)] = i % 3 == 0 ? pool[changed.below(seeds)] : std::move(input);
  }
  std::cout << read_seeds << " of " << seeds << " seeds were read, " << read << " of " << count
            << " inputs made of them\n";
  // Else they test one half of a reader only.
  return read_seeds == 0 || read_seeds == seeds || read == 0 || read == count ? 1 : 0;
}

}  // namespace

int main(int count, char** arguments) {
  try {
    std::vector<std::string> const given(arguments + 1, arguments + count);
    if (given.size() == 2 && given[0] == "--seeds") {
      std::filesystem::create_directories(given[1]);
      std::size_t number = 0;
      for (std::string const& seed : fuzz::seeds())
        fuzz::write(std::filesystem::path(given[1]) / ("seed_" + std::to_string(number++)), seed);
      return 0;
    }
    if (!given.empty() && given[0] == "--replay") {
      for (std::size_t i = 1; i < given.size(); ++i) (void)fuzz::run(io_test::read_text(given[i]));
      return 0;
    }
    return replay_all(std::filesystem::path(arguments[0]).filename().string(),
                      given.empty() ? 4000 : std::stoul(given[0]));
  } catch (std::exception const& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
