#pragma once

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

/// The data of the example: UCI optical digits, 8x8 pixels each. Where they come from is told in data/README.md.
namespace optical_digits {

struct image {
  std::array<float, 64> pixels{}; ///< Row by row from the top left; 0 (blank) to 1 (ink), in exact sixteenths.
  int label = 0;                  ///< The digit that was meant, 0 to 9.
};

/// The file cannot be read, or a line of it is not an image. what() is "file:line: reason", or "file: reason" where no
/// line is to blame.
class dataset_error : public std::runtime_error {
public:
  /// Lines count from 1; 0 stands for the file as a whole.
  dataset_error(std::string file, std::size_t line, std::string reason)
      : std::runtime_error(file + (line == 0 ? "" : ":" + std::to_string(line)) + ": " + reason),
        file_(std::move(file)), line_(line), reason_(std::move(reason)) {}

  [[nodiscard]] std::string const& file() const noexcept { return file_; }
  [[nodiscard]] std::size_t line() const noexcept { return line_; }
  [[nodiscard]] std::string const& reason() const noexcept { return reason_; }

private:
  std::string file_;
  std::size_t line_;
  std::string reason_;
};

namespace detail {

/// Output number `index`, from 0, of Steele, Lea and Flood's generator splitmix64 (2014) started with `seed`.
[[nodiscard]] constexpr std::uint64_t splitmix64(std::uint64_t seed, std::uint64_t index) noexcept {
  std::uint64_t z = seed + (index + 1) * 0x9e3779b97f4a7c15U;
  z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
  return z ^ (z >> 31U);
}

/// Takes the text up to the next comma, or the rest, off the front of `text`.
[[nodiscard]] inline std::string_view take_field(std::string_view& text) noexcept {
  std::size_t const comma = text.find(',');
  std::string_view const field = text.substr(0, comma);
  text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
  return field;
}

[[nodiscard]] inline image parse_line(std::string_view text, std::string const& file, std::size_t line) {
  constexpr std::size_t fields = 65;
  std::size_t found = 1;
  for (char const c : text) {
    found += c == ',' ? 1U : 0U;
  }
  if (found != fields) {
    throw dataset_error(file, line,
                        "expected 64 pixels and a label, which is 65 fields, found " + std::to_string(found));
  }

  image result;
  for (std::size_t i = 0; i < fields; ++i) {
    bool const is_label = i == result.pixels.size();
    int const most = is_label ? 9 : 16;
    std::string_view const field = take_field(text);
    int value = 0;
    auto const [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
    if (error != std::errc{} || end != field.data() + field.size() || value < 0 || value > most) {
      throw dataset_error(file, line,
                          (is_label ? "label" : "pixel " + std::to_string(i)) + " is \"" + std::string(field) +
                              "\", expected a whole number from 0 to " + std::to_string(most));
    }
    if (is_label) {
      result.label = value;
    } else {
      result.pixels[i] = static_cast<float>(value) / 16.0F;
    }
  }
  return result;
}

} // namespace detail

/// Whether image `index` (its line, from 0) is kept from training: a fixed random third. train.py has the same rule,
/// and data/README.md tells it; it is arithmetic on the index, as the generators and shuffles of two languages'
/// libraries never agree.
[[nodiscard]] constexpr bool held_out(std::size_t index) noexcept { return detail::splitmix64(1, index) % 3 == 0; }

/// All images, in the order of the file. Throws dataset_error.
[[nodiscard]] inline std::vector<image> read_images(std::string const& file) {
  std::ifstream stream(file);
  if (!stream) {
    throw dataset_error(file, 0, "cannot be opened");
  }
  std::vector<image> images;
  std::string text;
  while (std::getline(stream, text)) {
    if (!text.empty() && text.back() == '\r') {
      text.pop_back(); // a checkout on Windows
    }
    images.push_back(detail::parse_line(text, file, images.size() + 1));
  }
  if (stream.bad()) {
    throw dataset_error(file, images.size() + 1, "cannot be read");
  }
  if (images.empty()) {
    throw dataset_error(file, 0, "holds no images");
  }
  return images;
}

} // namespace optical_digits
