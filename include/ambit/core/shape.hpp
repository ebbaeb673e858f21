// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/core/text.hpp>

#include <cstdint>
#include <initializer_list>
#include <limits>

namespace ambit {

/// An extent that is not known while the graph is built (a batch).
inline constexpr int dyn = -1;

/// The extents of a tensor, outermost first; at most `shape::max_rank` of them. An extent may be `dyn`; a whole shape
/// may be unknown (`unknown_shape`). `shape{}` is a scalar's.
class shape {
 public:
  static constexpr int max_rank = 8;

  constexpr shape() = default;
  constexpr shape(std::initializer_list<int> extents) {
    for (int extent : extents) push_back(extent);
  }
  [[nodiscard]] static constexpr shape unknown() {
    shape s;
    s.rank_ = -1;
    return s;
  }

  /// Number of extents; -1 where the shape is unknown.
  [[nodiscard]] constexpr int rank() const { return rank_; }
  [[nodiscard]] constexpr bool known() const { return rank_ >= 0; }
  /// The extent of an axis; negative axes count from the end. `dyn` where there is no such axis or the shape is unknown.
  [[nodiscard]] constexpr int operator[](int axis) const {
    int const i = axis < 0 ? axis + rank_ : axis;
    return i >= 0 && i < rank_ ? extents_[i] : dyn;
  }
  constexpr void set(int axis, int extent) { extents_[axis] = extent; }
  /// Appends an extent; more than `max_rank` make the shape too long (`valid`).
  constexpr void push_back(int extent) {
    if (rank_ < max_rank)
      extents_[rank_++] = extent;
    else
      valid_ = false;
  }
  /// False where more than `max_rank` extents were given or one is below -1.
  [[nodiscard]] constexpr bool valid() const {
    for (int i = 0; i < rank_; ++i)
      if (extents_[i] < dyn) return false;
    return valid_;
  }
  /// Every extent is known.
  [[nodiscard]] constexpr bool fully_defined() const {
    for (int i = 0; i < rank_; ++i)
      if (extents_[i] < 0) return false;
    return rank_ >= 0;
  }
  /// Product of the extents (a `dyn` one counts as 1); 1 for a scalar; the largest number where it would overflow.
  [[nodiscard]] constexpr std::int64_t elements() const {
    constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
    std::int64_t n = 1;
    for (int i = 0; i < rank_; ++i) {
      if (extents_[i] == 0) return 0;
      if (extents_[i] > 1) n = n > most / extents_[i] ? most : n * extents_[i];
    }
    return n;
  }

  friend constexpr bool operator==(shape const& a, shape const& b) {
    if (a.rank_ != b.rank_) return false;
    for (int i = 0; i < a.rank_; ++i)
      if (a.extents_[i] != b.extents_[i]) return false;
    return true;
  }
  /// Same rank, and each pair of extents equal or one of them unknown.
  [[nodiscard]] friend constexpr bool compatible(shape const& a, shape const& b) {
    if (!a.known() || !b.known()) return true;
    if (a.rank_ != b.rank_) return false;
    for (int i = 0; i < a.rank_; ++i)
      if (a.extents_[i] >= 0 && b.extents_[i] >= 0 && a.extents_[i] != b.extents_[i]) return false;
    return true;
  }
  /// All that is known of one shape from two that are compatible.
  [[nodiscard]] friend constexpr shape merged(shape const& a, shape const& b) {
    if (!a.known()) return b;
    shape out = a;
    for (int i = 0; i < b.rank_; ++i)
      if (out.extents_[i] < 0) out.extents_[i] = b.extents_[i];
    return out;
  }

 private:
  int extents_[max_rank] = {};
  int rank_ = 0;
  bool valid_ = true;
};

inline constexpr shape unknown_shape = shape::unknown();

/// "(2, 3)", "(1,)", "()", "(?, 3)" or "<unknown>": as Python prints them.
[[nodiscard]] constexpr text to_text(shape const& s) {
  if (!s.known()) return "<unknown>";
  text out{"("};
  for (int i = 0; i < s.rank(); ++i) {
    if (i > 0) out += ", ";
    if (s[i] < 0)
      out += '?';
    else
      out.append(s[i]);
  }
  if (s.rank() == 1) out += ',';
  out += ')';
  return out;
}

}  // namespace ambit
