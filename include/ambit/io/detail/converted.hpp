// SPDX-License-Identifier: BSL-1.0
// From one dtype to another: what `load_options::convert` does.
#pragma once

#include <ambit/core/dtype.hpp>
#include <ambit/io/detail/half.hpp>

#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

namespace ambit::detail::io {

/// Whether there is a conversion at all; single values of it may still not fit.
[[nodiscard]] constexpr bool converts(dtype from, dtype to) {
  bool const wide = to == dtype::f32 || to == dtype::f64;
  return (is_floating(from) && wide) || (is_integer(from) && (wide || is_integer(to)));
}

struct half_bits {
  std::uint16_t bits;
  [[nodiscard]] float value() const { return from_half(bits); }
};
struct bfloat_bits {
  std::uint16_t bits;
  [[nodiscard]] float value() const { return from_bfloat(bits); }
};
template <std::integral T>
[[nodiscard]] constexpr T number(T value) {
  return value;
}
template <std::floating_point T>
[[nodiscard]] constexpr T number(T value) {
  return value;
}
[[nodiscard]] inline float number(half_bits value) { return value.value(); }
[[nodiscard]] inline float number(bfloat_bits value) { return value.value(); }

/// Calls `f(T{})` with the C++ type of a dtype that `converts`.
template <class F>
void with_element(dtype type, F f) {
  switch (type) {
  case dtype::f16: f(half_bits{}); break;
  case dtype::bf16: f(bfloat_bits{}); break;
  case dtype::f32: f(float{}); break;
  case dtype::f64: f(double{}); break;
  case dtype::i8: f(std::int8_t{}); break;
  case dtype::i16: f(std::int16_t{}); break;
  case dtype::i32: f(std::int32_t{}); break;
  case dtype::i64: f(std::int64_t{}); break;
  case dtype::u8: f(std::uint8_t{}); break;
  case dtype::u16: f(std::uint16_t{}); break;
  case dtype::u32: f(std::uint32_t{}); break;
  case dtype::u64: f(std::uint64_t{}); break;
  default: break;
  }
}

/// Converts where the value fits; a cast rounds to nearest, ties to even, in the default rounding mode.
template <class To, class From>
[[nodiscard]] bool convert_one(From from, To& to) {
  if constexpr (std::integral<To>) {
    if (!std::in_range<To>(from)) return false;
  } else if constexpr (std::same_as<From, double> && std::same_as<To, float>) {
    // What rounds to infinity: the largest float is 0x1.fffffep127, and half a unit more ties to even, upwards.
    if (std::isfinite(from) && std::fabs(from) >= 0x1.ffffffp127) return false;
  }
  to = static_cast<To>(from);
  return true;
}

/// Converts `count` elements in the host's byte order at any address. Returns the index of the first one that does not
/// fit, or `count`. With `out` null only looks.
[[nodiscard]] inline std::size_t convert_elements(dtype from, dtype to, std::byte const* in, std::size_t count,
                                                  std::byte* out) {
  std::size_t stopped = count;
  with_element(from, [&]<class From>(From) {
    with_element(to, [&]<class To>(To) {
      if constexpr (std::integral<To> || std::floating_point<To>) {
        using value_type = decltype(number(From{}));
        if constexpr (std::integral<value_type> || std::floating_point<To>) {
          for (std::size_t i = 0; i < count; ++i) {
            From element;
            std::memcpy(&element, in + i * sizeof element, sizeof element);
            To value{};
            if (!convert_one(number(element), value)) {
              stopped = i;
              return;
            }
            if (out != nullptr) std::memcpy(out + i * sizeof value, &value, sizeof value);
          }
        }
      }
    });
  });
  return stopped;
}

/// Element `i` as text, for the report.
[[nodiscard]] inline std::string element_text(dtype type, std::byte const* in, std::size_t i) {
  std::string out;
  with_element(type, [&]<class T>(T element) {
    std::memcpy(&element, in + i * sizeof element, sizeof element);
    if constexpr (std::floating_point<T>) {
      char buffer[40];
      std::snprintf(buffer, sizeof buffer, "%.9g", static_cast<double>(element));
      out = buffer;
    } else {
      out = std::to_string(number(element));
    }
  });
  return out;
}

}  // namespace ambit::detail::io
