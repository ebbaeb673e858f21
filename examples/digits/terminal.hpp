#pragma once

#include "dataset.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <ostream>
#include <span>
#include <string>
#include <string_view>

#if defined(__unix__) || defined(__APPLE__)
#include <unistd.h>
#endif

/// Pictures of digits as UTF-8 text, 8 columns each, so that ten fill a terminal of 80 columns. (The leftmost pixels
/// are all but blank in this data and serve as the gap.)
namespace optical_digits {

enum class ink {
  shades, ///< For files, pipes and terminals without colour: a pixel is one of five block characters, an image 8 lines.
  greys,  ///< 24 greys by ECMA-48 sequences for 256 colours: a character is two pixels, one above the other, an image 4
          ///< lines.
};

/// An image and what a model makes of it.
struct verdict {
  image const* shown = nullptr; ///< Must point to an image when it is drawn.
  int prediction = 0;
  double confidence = 0; ///< Probability of the prediction, 0 to 1.
};

/// Greys if standard output is a terminal that says it has 256 colours, and NO_COLOR (https://no-color.org) is not set.
[[nodiscard]] inline ink ink_of_standard_output() {
#if defined(__unix__) || defined(__APPLE__)
  auto const setting = [](char const* variable) {
    char const* const value = std::getenv(variable);
    return std::string_view(value == nullptr ? "" : value);
  };
  bool const colours = setting("TERM").find("256color") != std::string_view::npos || !setting("COLORTERM").empty();
  if (colours && setting("NO_COLOR").empty() && ::isatty(STDOUT_FILENO) == 1) {
    return ink::greys;
  }
#endif
  return ink::shades;
}

namespace detail {

inline constexpr std::size_t image_columns = 8;

/// A character with about as much ink as the pixel. Half blocks in black and white would have the better proportions,
/// but without greys an 8x8 digit is hard to read.
[[nodiscard]] inline std::string_view shade(float pixel) noexcept {
  constexpr std::array<std::string_view, 5> shades{" ", "░", "▒", "▓", "█"};
  return shades[static_cast<std::size_t>(std::lround(std::clamp(pixel, 0.0F, 1.0F) * 4.0F))];
}

/// Colours 232 to 255 of the 256 are greys, from nearly black to nearly white.
[[nodiscard]] inline int grey(float pixel) noexcept {
  return 232 + static_cast<int>(std::lround(std::clamp(pixel, 0.0F, 1.0F) * 23.0F));
}

/// One line of text of one image.
inline void write_line(std::ostream& out, image const& shown, std::size_t line, ink with) {
  auto const pixel = [&](std::size_t y, std::size_t x) { return shown.pixels[y * 8 + x]; };
  for (std::size_t x = 0; x < 8; ++x) {
    if (with == ink::greys) {
      out << "\x1b[38;5;" << grey(pixel(2 * line, x)) << ";48;5;" << grey(pixel(2 * line + 1, x)) << "m▀";
    } else {
      out << shade(pixel(line, x));
    }
  }
  if (with == ink::greys) {
    out << "\x1b[0m";
  }
}

/// `text`, which is ASCII, in the middle of the columns of an image.
[[nodiscard]] inline std::string centred(std::string_view text) {
  std::size_t const space = image_columns - std::min(image_columns, text.size());
  return std::string(space - space / 2, ' ') + std::string(text) + std::string(space / 2, ' ');
}

[[nodiscard]] inline std::string percent(double part) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1f%%", 100.0 * part);
  return text.data();
}

/// One row of pictures and the two lines under it.
inline void write_row(std::ostream& out, std::span<verdict const> row, ink with) {
  std::size_t const lines = with == ink::greys ? 4 : 8;
  for (std::size_t line = 0; line < lines; ++line) {
    for (verdict const& v : row) {
      write_line(out, *v.shown, line, with);
    }
    out << '\n';
  }
  for (verdict const& v : row) {
    std::string const digit = std::to_string(v.prediction);
    out << centred(v.prediction == v.shown->label ? digit : digit + " not " + std::to_string(v.shown->label));
  }
  out << '\n';
  for (verdict const& v : row) {
    out << centred(percent(v.confidence));
  }
  out << '\n';
}

} // namespace detail

/// Draws the images side by side, as many in a row as `columns` has room for (at least one). Under each: the prediction
/// ("9 not 5" where the label disagrees) and the confidence.
inline void draw(std::ostream& out, std::span<verdict const> verdicts, ink with = ink::shades,
                 std::size_t columns = 80) {
  std::size_t const most = std::max<std::size_t>(1, columns / detail::image_columns);
  while (!verdicts.empty()) {
    std::size_t const count = std::min(most, verdicts.size());
    detail::write_row(out, verdicts.first(count), with);
    verdicts = verdicts.subspan(count);
    if (!verdicts.empty()) {
      out << '\n';
    }
  }
}

} // namespace optical_digits
