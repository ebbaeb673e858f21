// SPDX-License-Identifier: BSL-1.0
// The value of one variable, read and written by name, in anything that has a table of variables.
#pragma once

#include <ambit/core/error.hpp>
#include <ambit/core/literal.hpp>
#include <ambit/core/nearest_names.hpp>
#include <ambit/core/variable_entry.hpp>
#include <ambit/io/weight_store.hpp>

#include <concepts>
#include <cstddef>
#include <cstdlib>
#include <initializer_list>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace ambit {

namespace detail::io {

[[noreturn]] inline void refuse_value(failure const& f) {
  raise(f);
  std::abort();  // never reached: raise does not return in the program
}

/// The row of a name in a table. Error: VARIABLE_UNKNOWN with the nearest names.
inline int row_of(std::span<variable_entry const> table, std::string_view name, place where) {
  for (std::size_t i = 0; i < table.size(); ++i)
    if (table[i].name == name) return static_cast<int>(i);
  list<std::string_view> names;
  for (variable_entry const& v : table) names.push_back(v.name);
  refuse_value({errc::variable_unknown, name, {}, listed(nearest_names(std::move(names)).of(name)), where, {}});
}

/// The same for one whose value are so many elements of a dtype. Error: VALUE_MISMATCH.
inline int row_of(std::span<variable_entry const> table, std::string_view name, dtype type, std::size_t count,
                  place where) {
  int const row = row_of(table, name, where);
  variable_entry const& v = table[static_cast<std::size_t>(row)];
  if (v.stored && v.dtype == type && static_cast<std::size_t>(v.shape.elements()) == count) return row;
  text want, have;
  want.append(static_cast<long long>(count));
  want += " elements of ";
  want += to_string(type);
  have += to_string(v.dtype);
  have += ' ';
  have += to_text(v.shape);
  if (!v.stored) have += ", which the model keeps no value of, as no output needs it";
  refuse_value({errc::value_mismatch, name, std::move(want), std::move(have), where, {}});
}

}  // namespace detail::io

/// Copies the value of a variable, "model/fc1/kernel", into `out`, row-major.
/// Errors: VARIABLE_UNKNOWN with the nearest names; VALUE_MISMATCH where `out` is not of the variable's dtype and number
/// of elements, or the variable is declared but not stored. `out` is as it was then. Linear in the table.
template <readable_weights Store, arithmetic T>
  requires(!std::is_const_v<T>)
void read_value(Store const& store, std::string_view name, std::span<T> out, char const* file = __builtin_FILE(),
                int line = __builtin_LINE()) {
  store.read(detail::io::row_of(store.table(), name, dtype_of<T>, out.size(), {file, line}), out.data());
}
/// The same into anything that is an array: `read_value(net, "model/fc1/kernel", array)`.
template <readable_weights Store, class Array>
  requires requires(Array&& a) { std::span(a); }
void read_value(Store const& store, std::string_view name, Array&& out, char const* file = __builtin_FILE(),
                int line = __builtin_LINE()) {
  read_value(store, name, std::span<typename decltype(std::span(out))::element_type>(out), file, line);
}
/// The value as elements of their own: `read_value<float>(net, "model/fc1/kernel")`. Not of bool, whose vectors have none.
template <arithmetic T, readable_weights Store>
  requires(!std::same_as<T, bool>)
[[nodiscard]] std::vector<T> read_value(Store const& store, std::string_view name, char const* file = __builtin_FILE(),
                                        int line = __builtin_LINE()) {
  place const where{file, line};
  int const row = detail::io::row_of(store.table(), name, where);
  shape const& s = store.table()[static_cast<std::size_t>(row)].shape;
  std::vector<T> out(s.fully_defined() ? static_cast<std::size_t>(s.elements()) : 0);
  read_value(store, name, std::span<T>(out), file, line);
  return out;
}

/// Gives a variable a value, row-major. The errors of `read_value`; the variable is as it was then.
template <writable_weights Store, arithmetic T>
void write_value(Store&& store, std::string_view name, std::span<T const> in, char const* file = __builtin_FILE(),
                 int line = __builtin_LINE()) {
  store.write(detail::io::row_of(store.table(), name, dtype_of<T>, in.size(), {file, line}), in.data());
}
template <writable_weights Store, class Array>
  requires requires(Array const& a) { std::span(a); }
void write_value(Store&& store, std::string_view name, Array const& in, char const* file = __builtin_FILE(),
                 int line = __builtin_LINE()) {
  using element = typename decltype(std::span(in))::value_type;
  write_value(store, name, std::span<element const>(in), file, line);
}
template <writable_weights Store, arithmetic T>
void write_value(Store&& store, std::string_view name, std::initializer_list<T> in, char const* file = __builtin_FILE(),
                 int line = __builtin_LINE()) {
  write_value(store, name, std::span<T const>(in.begin(), in.size()), file, line);
}

}  // namespace ambit
