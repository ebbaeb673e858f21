// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/core/list.hpp>

#include <string_view>

namespace ambit {

/// An owned string for constant expressions (std::string is unreliable there in libstdc++ 12): names and messages that
/// are put together from parts. Converts to std::string_view, and so to std::string, std::filesystem::path and `name`.
class text {
 public:
  constexpr text() = default;
  constexpr text(std::string_view chars) { *this += chars; }
  constexpr text(char const* chars) : text(std::string_view(chars)) {}

  constexpr operator std::string_view() const { return view(); }
  /// Never a null pointer: an empty text is the name "", not an absent one.
  [[nodiscard]] constexpr std::string_view view() const {
    if (chars_.empty()) return std::string_view("", 0);
    return {chars_.data(), static_cast<std::size_t>(chars_.size())};
  }
  [[nodiscard]] constexpr std::size_t size() const { return static_cast<std::size_t>(chars_.size()); }
  [[nodiscard]] constexpr bool empty() const { return chars_.empty(); }
  [[nodiscard]] constexpr char operator[](int i) const { return chars_[i]; }

  constexpr text& operator+=(std::string_view chars) {
    int const length = static_cast<int>(chars.size());
    chars_.make_room(length);
    for (char c : chars) chars_.push_back(c);
    return *this;
  }
  constexpr text& operator+=(char c) {
    chars_.push_back(c);
    return *this;
  }
  /// Appends a number in decimal.
  constexpr text& append(long long number) {
    char digits[20]{};
    int count = 0;
    unsigned long long rest = number < 0 ? 0ULL - static_cast<unsigned long long>(number)
                                         : static_cast<unsigned long long>(number);
    do digits[count++] = static_cast<char>('0' + rest % 10);
    while (rest /= 10);
    if (number < 0) chars_.push_back('-');
    while (count > 0) chars_.push_back(digits[--count]);
    return *this;
  }

  friend constexpr text operator+(text a, std::string_view b) {
    a += b;
    return a;
  }
  friend constexpr bool operator==(text const& a, text const& b) { return a.view() == b.view(); }
  friend constexpr bool operator==(text const& a, std::string_view b) { return a.view() == b; }
  friend constexpr bool operator==(text const& a, char const* b) { return a.view() == b; }

  /// Prints to any stream with `write`, without <ostream> in every file that names a scope.
  template <class Stream>
    requires requires(Stream& out, char const* p) { out.write(p, 1); }
  friend Stream& operator<<(Stream& out, text const& t) {
    out.write(t.chars_.data(), t.chars_.size());
    return out;
  }

 private:
  list<char> chars_;
};

}  // namespace ambit
