// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/core/dtype.hpp>
#include <ambit/core/name.hpp>
#include <ambit/graph/tensor.hpp>

#include <concepts>
#include <initializer_list>
#include <string_view>

namespace ambit {

/// How a variable scope treats variables that exist. TensorFlow's None, False, True and AUTO_REUSE; `no` cannot undo an
/// enclosing `yes` and means `inherit`, as there (SPEC 7.4).
enum class reuse { inherit, no, yes, automatic };

/// When a variable is synchronised; only `on_read` matters here: such a variable is not trainable by default.
enum class synchronization { automatic, none, on_write, on_read };
enum class aggregation { none, sum, mean, only_first_replica };

/// A bool that may be left open; converts from bool.
class option {
 public:
  constexpr option() = default;
  template <std::same_as<bool> Bool>
  constexpr option(Bool value) : value_(value ? 1 : 0) {}
  [[nodiscard]] constexpr bool given() const { return value_ >= 0; }
  [[nodiscard]] constexpr bool value_or(bool otherwise) const { return value_ >= 0 ? value_ == 1 : otherwise; }
  [[nodiscard]] constexpr option or_else(option other) const { return value_ >= 0 ? *this : other; }
  friend constexpr bool operator==(option, option) = default;

 private:
  int value_ = -1;
};

/// A device name that may be left open; the empty name "" is given, and stops inheritance (SPEC 12.10).
using device = std::string_view;
[[nodiscard]] constexpr bool given(device d) { return d.data() != nullptr; }

/// The keys of TensorFlow's standard collections.
namespace collections {
inline constexpr std::string_view global_variables = "variables";
inline constexpr std::string_view trainable_variables = "trainable_variables";
inline constexpr std::string_view local_variables = "local_variables";
inline constexpr std::string_view regularization_losses = "regularization_losses";
}  // namespace collections

/// Names of collections; left open where default-constructed, which is not the empty list `collection_list::empty()`.
class collection_list {
 public:
  constexpr collection_list() = default;
  constexpr collection_list(std::initializer_list<std::string_view> keys) : given_(true) {
    for (std::string_view key : keys) keys_.push_back(key);
  }
  [[nodiscard]] static constexpr collection_list empty() {
    collection_list l;
    l.given_ = true;
    return l;
  }
  constexpr void add(std::string_view key) {
    given_ = true;
    if (!contains(key)) keys_.push_back(key);
  }
  [[nodiscard]] constexpr bool given() const { return given_; }
  [[nodiscard]] constexpr bool contains(std::string_view key) const {
    for (std::string_view k : keys_)
      if (k == key) return true;
    return false;
  }
  [[nodiscard]] constexpr std::string_view const* begin() const { return keys_.begin(); }
  [[nodiscard]] constexpr std::string_view const* end() const { return keys_.end(); }

 private:
  list<std::string_view> keys_;
  bool given_ = false;
};

/// Tensors that a scope is said to work on; all must belong to one graph. Left open where default-constructed.
class value_list {
 public:
  constexpr value_list() = default;
  constexpr value_list(std::initializer_list<tensor> values) : values_(values), given_(true) {}
  [[nodiscard]] static constexpr value_list empty() { return value_list(std::initializer_list<tensor>{}); }
  constexpr void add(tensor t) {
    given_ = true;
    values_.push_back(t);
  }
  [[nodiscard]] constexpr bool given() const { return given_; }
  [[nodiscard]] constexpr tensor const* begin() const { return values_.begin(); }
  [[nodiscard]] constexpr tensor const* end() const { return values_.end(); }

 private:
  list<tensor> values_;
  bool given_ = false;
};

}  // namespace ambit
