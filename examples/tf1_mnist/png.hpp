// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

/// As much of PNG (RFC 2083) as images of digits are: grey, eight bits, not interlaced. Checksums are not looked at.
namespace tf1_mnist::png {

/// Decodes DEFLATE (RFC 1951), bit by bit.
class inflater {
 public:
  explicit inflater(std::string_view in) : in_(in) {}

  /// Until the last block, or as soon as more than `most` bytes come out.
  [[nodiscard]] std::string run(std::size_t most) {
    for (bool last = false; !last && out_.size() <= most;) {
      last = bits(1) != 0;
      switch (bits(2)) {
      case 0: stored(); break;
      case 1: {
        std::vector<int> lengths(288, 8);
        for (std::size_t i = 144; i < 256; ++i) lengths[i] = 9;
        for (std::size_t i = 256; i < 280; ++i) lengths[i] = 7;
        coded(code(lengths), code(std::vector<int>(30, 5)), most);
        break;
      }
      case 2: described(most); break;
      default: fail();
      }
    }
    return out_;
  }

 private:
  /// A canonical Huffman code: how many symbols have each length, and these in their order.
  struct code {
    explicit code(std::vector<int> const& lengths) {
      for (int const l : lengths) ++count[static_cast<std::size_t>(l)];
      count[0] = 0;
      for (int length = 1; length < 16; ++length)
        for (std::size_t i = 0; i < lengths.size(); ++i)
          if (lengths[i] == length) symbols.push_back(static_cast<int>(i));
    }
    std::array<int, 16> count{};
    std::vector<int> symbols{};
  };

  [[noreturn]] static void fail() { throw std::runtime_error("the image is damaged"); }
  int bits(int count) {
    int out = 0;
    for (int i = 0; i < count; ++i, ++at_) {
      if (at_ / 8 >= in_.size()) fail();
      out |= (static_cast<unsigned char>(in_[at_ / 8]) >> (at_ % 8) & 1) << i;
    }
    return out;
  }
  int symbol(code const& c) {
    int value = 0, first = 0, index = 0;
    for (int const count : c.count) {
      if (value < first) fail();
      if (value - first < count) return c.symbols[static_cast<std::size_t>(index + value - first)];
      index += count;
      first = (first + count) << 1;
      value = value << 1 | bits(1);
    }
    fail();
  }
  void stored() {
    at_ = (at_ + 7) / 8 * 8;
    int const size = bits(16);
    bits(16);
    for (int i = 0; i < size; ++i) out_ += static_cast<char>(bits(8));
  }
  void described(std::size_t most) {
    static constexpr std::size_t order[] = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
    auto const literals = static_cast<std::size_t>(bits(5) + 257), distances = static_cast<std::size_t>(bits(5) + 1);
    std::vector<int> lengths(19, 0);
    for (std::size_t n = static_cast<std::size_t>(bits(4)) + 4, i = 0; i < n; ++i) lengths[order[i]] = bits(3);
    code const of_lengths(lengths);
    lengths.clear();
    while (lengths.size() < literals + distances) {
      int const s = symbol(of_lengths);
      if (s == 16 && lengths.empty()) fail();
      int const value = s < 16 ? s : s == 16 ? lengths.back() : 0;
      int const repeat = s < 16 ? 1 : s == 16 ? 3 + bits(2) : s == 17 ? 3 + bits(3) : 11 + bits(7);
      lengths.insert(lengths.end(), static_cast<std::size_t>(repeat), value);
    }
    lengths.resize(literals + distances);
    auto const middle = lengths.begin() + static_cast<std::ptrdiff_t>(literals);
    coded(code({lengths.begin(), middle}), code({middle, lengths.end()}), most);
  }
  void coded(code const& literals, code const& distances, std::size_t most) {
    while (out_.size() <= most) {
      int s = symbol(literals);
      if (s == 256) return;
      if (s < 256) {
        out_ += static_cast<char>(s);
        continue;
      }
      s -= 257;
      int const length = s < 8 ? s + 3 : s == 28 ? 258 : 3 + ((4 + s % 4) << (s / 4 - 1)) + bits(s / 4 - 1);
      int const d = symbol(distances);
      int const back = d < 4 ? d + 1 : 1 + ((2 + d % 2) << (d / 2 - 1)) + bits(d / 2 - 1);
      if (static_cast<std::size_t>(back) > out_.size()) fail();
      for (int i = 0; i < length; ++i) out_ += out_[out_.size() - static_cast<std::size_t>(back)];
    }
  }

  std::string_view in_;
  std::size_t at_ = 0;  // in bits
  std::string out_;
};

/// The pixels of a grey image of that size, row by row.
[[nodiscard]] inline std::vector<float> read(std::filesystem::path const& path, std::size_t width, std::size_t height) {
  std::ifstream in(path, std::ios::binary);
  std::string const file{std::istreambuf_iterator<char>(in), {}};
  auto const fail = [&]() {
    throw std::runtime_error(path.string() + ": expected a grey PNG of " + std::to_string(width) + " x " +
                             std::to_string(height) + " pixels, eight bits each");
  };
  auto const number = [&](std::size_t at) {
    std::size_t out = 0;
    for (std::size_t i = at; i < at + 4; ++i) out = out << 8 | static_cast<unsigned char>(file[i]);
    return out;
  };
  if (file.size() < 33 || file.substr(0, 8) != "\x89PNG\r\n\x1a\n" || number(16) != width || number(20) != height ||
      file.substr(24, 5) != std::string("\x08\0\0\0\0", 5))
    fail();
  std::string data;
  for (std::size_t at = 8; at + 12 <= file.size() && number(at) <= file.size() - at - 12; at += 12 + number(at))
    if (file.compare(at + 4, 4, "IDAT") == 0) data += file.substr(at + 8, number(at));
  if (data.size() < 2) fail();
  std::size_t const stride = width + 1;  // each row begins with how it was filtered
  std::string rows = inflater(std::string_view(data).substr(2)).run(height * stride);
  if (rows.size() != height * stride) fail();
  std::vector<float> out;
  std::vector<int> above(width, 0), row(width);
  for (std::size_t y = 0; y < height; ++y) {
    for (std::size_t x = 0; x < width; ++x) {
      int const a = x > 0 ? row[x - 1] : 0, b = above[x], c = x > 0 ? above[x - 1] : 0;
      int const pa = std::abs(b - c), pb = std::abs(a - c), pc = std::abs(a + b - c - c);
      int guess = 0;
      switch (rows[y * stride]) {
      case 0: break;
      case 1: guess = a; break;
      case 2: guess = b; break;
      case 3: guess = (a + b) / 2; break;
      case 4: guess = pa <= pb && pa <= pc ? a : pb <= pc ? b : c; break;
      default: fail();
      }
      row[x] = (static_cast<unsigned char>(rows[y * stride + 1 + x]) + guess) & 0xFF;
      out.push_back(static_cast<float>(row[x]));
    }
    above = row;
  }
  return out;
}

}  // namespace tf1_mnist::png
