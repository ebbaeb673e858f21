// SPDX-License-Identifier: BSL-1.0
// The values of one model for another: by name, with the rules and the report of loading a file. Needs no JSON.
#pragma once

#include <ambit/io/file_tensor.hpp>
#include <ambit/io/weight_store.hpp>
#include <ambit/io/weights.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ambit {

/// The values that a store had at one moment, as a weight file in memory: `load` takes it. Its own copy, so the store may
/// change or go, or be what is loaded again.
class weights_snapshot {
 public:
  /// `called` is what reports call it.
  template <readable_weights Store>
  explicit weights_snapshot(Store const& store, std::string called = "<another model>") : file_(std::move(called)) {
    std::span<variable_entry const> const table = store.table();
    std::size_t size = 0;
    for (variable_entry const& v : table)
      if (v.stored) size += bytes_of(v);
    // Words of the largest alignment that a dtype has: each variable begins at one.
    owned_ = std::make_unique_for_overwrite<std::max_align_t[]>(size / sizeof(std::max_align_t));
    auto* at = reinterpret_cast<std::byte*>(owned_.get());
    for (std::size_t i = 0; i < table.size(); ++i) {
      variable_entry const& v = table[i];
      if (!v.stored) continue;
      auto const count = static_cast<std::size_t>(v.shape.elements() * size_of(v.dtype));
      store.read(static_cast<int>(i), at);
      detail::io::convert_order(at, count, v.dtype);  // as in a file
      tensors_.push_back({std::string(v.name), v.dtype, v.shape, {at, count}});
      at += bytes_of(v);
    }
  }

  /// The stored variables, in the order of the store's table.
  [[nodiscard]] std::span<file_tensor const> tensors() const& noexcept { return tensors_; }
  void tensors() const&& = delete;
  [[nodiscard]] std::string_view file() const noexcept { return file_; }

 private:
  /// With what is left free behind it, so that the next one is aligned.
  static std::size_t bytes_of(variable_entry const& v) {
    constexpr std::size_t word = sizeof(std::max_align_t);
    return (static_cast<std::size_t>(v.shape.elements() * size_of(v.dtype)) + word - 1) / word * word;
  }

  std::string file_;
  std::vector<file_tensor> tensors_;
  std::unique_ptr<std::max_align_t[]> owned_;
};

static_assert(weight_source<weights_snapshot>);

/// Gives each variable of one model the value that the variable of the same name has in another: compiled models, their
/// parameters, sessions, in any combination.
///
/// Total and transactional, as `load` is: each variable of `to` must have exactly one of its name, shape and dtype in
/// `from`, and each stored variable of `from` is used or waived by `options.ignore`. Variables that `from` has no memory
/// for have no value, and count as absent.
///
/// Returns the report, which then lists only what was ignored.
/// Throws `weights_error` with all that is wrong at once; nothing in `to` has changed then.
/// Complexity: that of `load`. Memory: one copy of the values of `from`, so that both may share theirs.
template <readable_weights From, writable_weights To>
load_report copy_variables(From const& from, To&& to, load_options const& options = {}) {
  weights_snapshot const values(from);
  return load(to, values, options);
}

/// As `copy_variables`, but returns what is wrong instead of throwing; then too nothing in `to` has changed.
template <readable_weights From, writable_weights To>
[[nodiscard]] load_report try_copy_variables(From const& from, To&& to, load_options const& options = {}) {
  weights_snapshot const values(from);
  return try_load(to, values, options);
}

}  // namespace ambit
