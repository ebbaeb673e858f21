// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <concepts>
#include <cstddef>
#include <string_view>
#include <type_traits>

namespace ambit {

/// Where in the user's sources something was written. (std::source_location is missing with clang 14.)
struct place {
  char const* file = nullptr;
  int line = 0;
};

namespace detail {
template <class T>
inline constexpr bool is_const_char_array = false;
template <std::size_t N>
inline constexpr bool is_const_char_array<char const[N]> = true;

/// Text that is not an array of const char: its owner may be gone after the call.
template <class Text>
concept borrowed_text = std::convertible_to<Text&, std::string_view> && !is_const_char_array<std::remove_reference_t<Text>>;
}  // namespace detail

/// A name as the user gives it: a stem and an optional index, `name{"layer_", i}`, so that loops build no strings.
///
/// Every kind of text is accepted: literals, std::string, std::string_view, const char*, char[], `c ? "a" : "b"`.
/// An array of const char is taken for a literal, which is never copied and must outlive the graph; all other text is
/// copied into the graph when it is first used there. A default-constructed name is absent (TensorFlow's None), which
/// is not the empty name "". Remembers the line that wrote it, for messages.
class name {
 public:
  constexpr name() = default;

  // Not consteval: that would refuse `c ? "ab" : "cd"`, whose type is an array too (docs/design/names.md).
  template <std::size_t N>
  constexpr name(char const (&literal)[N], char const* file = __builtin_FILE(), int line = __builtin_LINE())
      : stem_(literal, length(literal, N)), where_{file, line}, given_(true) {}
  template <std::size_t N>
  constexpr name(char const (&literal)[N], int index, char const* file = __builtin_FILE(), int line = __builtin_LINE())
      : stem_(literal, length(literal, N)), where_{file, line}, index_(index), given_(true), numbered_(true) {}

  template <detail::borrowed_text Text>
  constexpr name(Text&& text, char const* file = __builtin_FILE(), int line = __builtin_LINE())
      : stem_(view(text)), where_{file, line}, given_(stem_.data() != nullptr), borrowed_(true) {}
  template <detail::borrowed_text Text>
  constexpr name(Text&& text, int index, char const* file = __builtin_FILE(), int line = __builtin_LINE())
      : stem_(view(text)), where_{file, line}, index_(index), given_(true), numbered_(true), borrowed_(true) {}

  /// A name whose text is static, such as an op's default: never copied.
  [[nodiscard]] static constexpr name of_static(std::string_view text, place where) {
    name n;
    n.stem_ = text, n.where_ = where, n.given_ = true;
    return n;
  }

  [[nodiscard]] constexpr bool given() const { return given_; }
  [[nodiscard]] constexpr bool empty() const { return stem_.size() == 0 && !numbered_; }
  [[nodiscard]] constexpr std::string_view stem() const { return stem_; }
  [[nodiscard]] constexpr bool numbered() const { return numbered_; }
  [[nodiscard]] constexpr int index() const { return index_; }
  /// The text belongs to somebody else and may be gone after the call.
  [[nodiscard]] constexpr bool borrowed() const { return borrowed_; }
  [[nodiscard]] constexpr place where() const { return where_; }
  /// Ends in "/": an absolute name, used as it is (SPEC 3.5b, 4.2).
  [[nodiscard]] constexpr bool absolute() const { return !numbered_ && stem_.size() > 0 && stem_.data()[stem_.size() - 1] == '/'; }

 private:
  // A null pointer is no name, not a crash.
  template <class Text>
  static constexpr std::string_view view(Text& text) {
    if constexpr (std::is_pointer_v<std::remove_cvref_t<Text>>)
      return text == nullptr ? std::string_view() : std::string_view(text);
    else
      return text;
  }
  // A literal ends at its terminator; a char array may be longer than its text.
  static constexpr std::size_t length(char const* literal, std::size_t size) {
    while (size > 0 && literal[size - 1] == '\0') --size;
    return size;
  }

  std::string_view stem_;
  place where_;
  int index_ = 0;
  bool given_ = false;
  bool numbered_ = false;
  bool borrowed_ = false;
};

}  // namespace ambit
