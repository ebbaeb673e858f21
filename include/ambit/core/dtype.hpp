// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <string_view>
#include <type_traits>

namespace ambit {

/// Element types. Evaluation supports f32, f64, i32, i64 and boolean; the others are names and sizes, for the scope
/// rules and for files.
enum class dtype : std::uint8_t {
  none,  ///< not given
  f16,
  bf16,
  f32,
  f64,
  i8,
  i16,
  i32,
  i64,
  u8,
  u16,
  u32,
  u64,
  boolean,
  string,
  c64,
  c128,
};

namespace detail {
struct dtype_facts {
  std::string_view name;  // as TensorFlow and NumPy spell it
  int bytes;
  char kind;  // f floating, i signed, u unsigned, b boolean, s string, c complex
};
inline constexpr dtype_facts dtype_table[] = {
    {"none", 0, ' '},    {"float16", 2, 'f'}, {"bfloat16", 2, 'f'}, {"float32", 4, 'f'}, {"float64", 8, 'f'},
    {"int8", 1, 'i'},    {"int16", 2, 'i'},   {"int32", 4, 'i'},    {"int64", 8, 'i'},   {"uint8", 1, 'u'},
    {"uint16", 2, 'u'},  {"uint32", 4, 'u'},  {"uint64", 8, 'u'},   {"bool", 1, 'b'},    {"string", 16, 's'},
    {"complex64", 8, 'c'}, {"complex128", 16, 'c'},
};
constexpr dtype_facts const& facts_of(dtype t) { return dtype_table[static_cast<int>(t)]; }

template <class T>
inline constexpr dtype dtype_for = dtype::none;
template <>
inline constexpr dtype dtype_for<float> = dtype::f32;
template <>
inline constexpr dtype dtype_for<double> = dtype::f64;
template <>
inline constexpr dtype dtype_for<std::int8_t> = dtype::i8;
template <>
inline constexpr dtype dtype_for<std::int16_t> = dtype::i16;
template <>
inline constexpr dtype dtype_for<std::int32_t> = dtype::i32;
template <>
inline constexpr dtype dtype_for<std::int64_t> = dtype::i64;
template <>
inline constexpr dtype dtype_for<std::uint8_t> = dtype::u8;
template <>
inline constexpr dtype dtype_for<std::uint16_t> = dtype::u16;
template <>
inline constexpr dtype dtype_for<std::uint32_t> = dtype::u32;
template <>
inline constexpr dtype dtype_for<std::uint64_t> = dtype::u64;
template <>
inline constexpr dtype dtype_for<bool> = dtype::boolean;

template <dtype>
struct element;
template <>
struct element<dtype::f32> : std::type_identity<float> {};
template <>
struct element<dtype::f64> : std::type_identity<double> {};
template <>
struct element<dtype::i32> : std::type_identity<std::int32_t> {};
template <>
struct element<dtype::i64> : std::type_identity<std::int64_t> {};
template <>
struct element<dtype::boolean> : std::type_identity<bool> {};
}  // namespace detail

/// The dtype of a C++ arithmetic type.
template <class T>
inline constexpr dtype dtype_of = detail::dtype_for<std::remove_cv_t<T>>;

/// The C++ type that evaluation uses for a dtype.
template <dtype Type>
using element_of = typename detail::element<Type>::type;

/// "float32", as TensorFlow and NumPy spell it.
[[nodiscard]] constexpr std::string_view to_string(dtype t) { return detail::facts_of(t).name; }
/// Bytes of one element; strings count 16, as TensorFlow's partitioners do.
[[nodiscard]] constexpr int size_of(dtype t) { return detail::facts_of(t).bytes; }
// By the order of the enumerators: asked for every op of a graph, and clang's constexpr steps are few.
[[nodiscard]] constexpr bool is_floating(dtype t) { return t >= dtype::f16 && t <= dtype::f64; }
[[nodiscard]] constexpr bool is_integer(dtype t) { return t >= dtype::i8 && t <= dtype::u64; }
[[nodiscard]] constexpr bool is_complex(dtype t) { return t >= dtype::c64; }
/// Evaluation has code for it.
[[nodiscard]] constexpr bool is_evaluable(dtype t) {
  return t == dtype::f32 || t == dtype::f64 || t == dtype::i32 || t == dtype::i64 || t == dtype::boolean;
}

namespace detail {
/// Calls `f` with a zero of the C++ type of a dtype that evaluation has code for; not at all for another.
template <class F>
void with_element(dtype type, F const& f) {
  switch (type) {
    case dtype::f32: return f(float{});
    case dtype::f64: return f(double{});
    case dtype::i32: return f(std::int32_t{});
    case dtype::i64: return f(std::int64_t{});
    case dtype::boolean: return f(bool{});
    default: return;
  }
}
}  // namespace detail

}  // namespace ambit
