// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/core/dtype.hpp>
#include <ambit/core/variable_entry.hpp>
#include <ambit/io/detail/bind.hpp>
#include <ambit/io/detail/converted.hpp>
#include <ambit/io/detail/permute.hpp>
#include <ambit/io/file_tensor.hpp>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace ambit::detail::io {

/// Bytes that are swapped together: a complex number is two.
constexpr std::size_t word_of(dtype type) {
  return static_cast<std::size_t>(is_complex(type) ? size_of(type) / 2 : size_of(type));
}

/// Each word of the other byte order.
inline void swap_order(std::byte* data, std::size_t size, std::size_t word) {
  for (std::size_t i = 0; word > 1 && i + word <= size; i += word) std::reverse(data + i, data + i + word);
}
inline void swap_order(std::byte* data, std::size_t size, dtype type) { swap_order(data, size, word_of(type)); }

/// Little endian to the host's order and back; does nothing on little-endian hosts.
inline void convert_order([[maybe_unused]] std::byte* data, [[maybe_unused]] std::size_t size,
                          [[maybe_unused]] dtype type) {
  if constexpr (std::endian::native == std::endian::big) swap_order(data, size, type);
}

/// Makes of each tensor of a plan what its variable takes: aligned, in the host's byte order, with the axes and the dtype
/// that the variable has. A tensor that is all that already is not copied. (A file may put one at any address, and a
/// float at an odd one is undefined behaviour.)
///
/// In three steps, so that only the last one changes the model and it cannot fail: `fetch` reads what is deferred, `check`
/// looks at values, then all memory is taken; `host` only computes.
class staging {
 public:
  staging(std::span<variable_entry const> table, std::span<file_tensor const> tensors, binding& plan)
      : table_(table), tensors_(tensors), plan_(plan) {}

  /// Reads, checks, takes memory. What does not fit goes into the plan's report.
  template <class Source>
  void prepare(Source const& source) {
    items_.reserve(plan_.writes.size());
    for (binding::write const& w : plan_.writes) {
      file_tensor const& tensor = tensors_[w.tensor];
      item& it = items_.emplace_back();
      it.bytes = tensor.bytes;
      if constexpr (deferred_source<Source>)
        if (tensor.deferred) {
          auto const size = static_cast<std::size_t>(bytes_of(tensor.dtype, tensor.shape).value_or(0));
          it.owned = std::make_unique_for_overwrite<std::byte[]>(size);
          source.read(w.tensor, it.owned.get());
          it.bytes = {it.owned.get(), size};
        }
      if constexpr (requires { source.fetch(it.bytes); }) source.fetch(it.bytes);
      check(w, it);
    }
    if (!plan_.report.ok()) return;
    std::size_t moved = 0, converted = 0;
    for (std::size_t i = 0; i < items_.size(); ++i) {
      binding::write const& w = plan_.writes[i];
      variable_entry const& v = table_[static_cast<std::size_t>(w.variable)];
      if (moves(w, items_[i])) moved = std::max(moved, items_[i].bytes.size());
      if (converts_to(w) != dtype::none)
        converted = std::max(converted, static_cast<std::size_t>(v.shape.elements() * size_of(v.dtype)));
    }
    moved_.resize(moved);
    converted_.resize(converted);
  }

  /// The value of write `i` of the plan, until the next call.
  [[nodiscard]] void const* host(std::size_t i) noexcept {
    binding::write const& w = plan_.writes[i];
    file_tensor const& tensor = tensors_[w.tensor];
    std::span<std::byte const> const bytes = items_[i].bytes;
    std::byte const* at = bytes.data();
    if (moves(w, items_[i])) {
      if (w.axes.none())
        std::memcpy(moved_.data(), at, bytes.size());
      else
        permute(at, tensor.shape, w.axes, static_cast<std::size_t>(size_of(tensor.dtype)), moved_.data());
      convert_order(moved_.data(), bytes.size(), tensor.dtype);
      at = moved_.data();
    }
    if (dtype const to = converts_to(w); to != dtype::none) {
      (void)convert_elements(tensor.dtype, to, at, count(tensor), converted_.data());
      at = converted_.data();
    }
    return at;
  }

 private:
  struct item {
    std::span<std::byte const> bytes{};
    std::unique_ptr<std::byte[]> owned{};  // from operator new, so aligned for every dtype
  };

  static std::size_t count(file_tensor const& tensor) { return static_cast<std::size_t>(tensor.shape.elements()); }

  [[nodiscard]] dtype converts_to(binding::write const& w) const {
    dtype const to = table_[static_cast<std::size_t>(w.variable)].dtype;
    return to == tensors_[w.tensor].dtype ? dtype::none : to;
  }
  [[nodiscard]] bool moves(binding::write const& w, item const& it) const {
    std::size_t const word = word_of(tensors_[w.tensor].dtype);
    bool const ordered = std::endian::native == std::endian::little || word <= 1;
    return !it.bytes.empty() &&
           (!w.axes.none() || !ordered ||
            reinterpret_cast<std::uintptr_t>(it.bytes.data()) % std::max<std::size_t>(word, 1) != 0);
  }

  void check(binding::write const& w, item const& it) {
    file_tensor const& tensor = tensors_[w.tensor];
    if (!tensor.deferred && converts_to(w) == dtype::none) return;  // the binder saw its bytes
    variable_entry const& v = table_[static_cast<std::size_t>(w.variable)];
    load_issue issue;
    issue.name = v.name;
    issue.expected_dtype = v.dtype;
    issue.expected_shape = v.shape;
    issue.found_dtype = tensor.dtype;
    issue.found_shape = w.axes.of(tensor.shape);
    if (tensor.name != v.name) issue.other = tensor.name;
    issue.note = invalid_bytes(tensor, it.bytes);
    if (!issue.note.empty()) {
      plan_.report.invalid.push_back(std::move(issue));
      return;
    }
    dtype const to = converts_to(w);
    if (to == dtype::none) return;
    std::byte const* at = it.bytes.data();
    std::vector<std::byte> swapped;
    if constexpr (std::endian::native == std::endian::big) {
      swapped.assign(it.bytes.begin(), it.bytes.end());
      convert_order(swapped.data(), swapped.size(), tensor.dtype);
      at = swapped.data();
    }
    if (std::size_t const bad = convert_elements(tensor.dtype, to, at, count(tensor), nullptr); bad != count(tensor)) {
      issue.note = element_text(tensor.dtype, at, bad) + " at element " + std::to_string(bad) + " does not fit";
      plan_.report.wrong_dtype.push_back(std::move(issue));
    }
  }

  std::span<variable_entry const> table_;
  std::span<file_tensor const> tensors_;
  binding& plan_;
  std::vector<item> items_;
  std::vector<std::byte> moved_, converted_;
};

}  // namespace ambit::detail::io
