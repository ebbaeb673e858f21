// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/core/list.hpp>
#include <ambit/core/text.hpp>

#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

namespace ambit::detail {

/// Finds the names that a mistyped one may have meant, by edit distance (Levenshtein over bytes). In the compiler too.
///
/// Names come from files, so the whole search of a report has a budget of table cells: a file of a million unknown
/// names gets its report in time, with nearest names for the first of them.
class nearest_names {
 public:
  static constexpr int shown = 3;
  static constexpr std::size_t longest = 512;  // bytes of a name that is looked for
  static constexpr std::size_t budget = std::size_t{1} << 25;
  /// A search in the compiler must leave most of clang's 1,048,576 steps to the builder that made the mistake.
  static constexpr std::size_t constexpr_budget = std::size_t{1} << 12;

  constexpr explicit nearest_names(list<std::string_view> candidates) : candidates_(std::move(candidates)) {}

  /// At most three names, nearest first, that differ in no more than a third of the longer one (and one).
  [[nodiscard]] constexpr list<std::string_view> of(std::string_view name) {
    list<std::string_view> names;
    std::size_t far[shown + 1] = {};
    if (name.size() > longest) return names;
    std::size_t most = budget;
    if (std::is_constant_evaluated()) most = constexpr_budget;
    for (int c = 0; c < candidates_.size() && spent_ < most; ++c) {
      std::string_view const candidate = candidates_[c];
      if (candidate.size() > longest) continue;
      std::size_t const limit = (name.size() > candidate.size() ? name.size() : candidate.size()) / 3 + 1;
      std::size_t const found = distance(name, candidate, limit);
      if (found > limit) continue;
      int i = names.size();
      names.push_back(candidate);
      for (; i > 0 && far[i - 1] > found; --i) far[i] = far[i - 1], names[i] = names[i - 1];
      far[i] = found, names[i] = candidate;
      if (names.size() > shown) names.truncate(shown);
    }
    return names;
  }

  /// Edits between two texts; anything above `limit` where there are more than that.
  [[nodiscard]] constexpr std::size_t distance(std::string_view a, std::string_view b, std::size_t limit) {
    spent_ += 1 + (a.size() < b.size() ? a.size() : b.size());
    while (!a.empty() && !b.empty() && a.front() == b.front()) {  // paths share their scopes
      a.remove_prefix(1);
      b.remove_prefix(1);
    }
    while (!a.empty() && !b.empty() && a.back() == b.back()) {
      a.remove_suffix(1);
      b.remove_suffix(1);
    }
    if (a.size() > b.size()) std::swap(a, b);
    if (b.size() - a.size() > limit) return limit + 1;
    spent_ += a.size() * b.size();
    row_.clear();
    for (std::size_t i = 0; i <= a.size(); ++i) row_.push_back(i);
    std::size_t* const row = row_.data();
    for (std::size_t j = 1; j <= b.size(); ++j) {
      std::size_t diagonal = std::exchange(row[0], j);
      std::size_t least = row[0];
      for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t best = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
        diagonal = row[i];
        if (row[i] + 1 < best) best = row[i] + 1;
        if (row[i - 1] + 1 < best) best = row[i - 1] + 1;
        row[i] = best;
        if (best < least) least = best;
      }
      if (least > limit) return limit + 1;
    }
    return row[a.size()];
  }

 private:
  list<std::string_view> candidates_;
  list<std::size_t> row_;
  std::size_t spent_ = 0;
};

/// "a, b, c" for a message, or "none".
template <class Names>
[[nodiscard]] constexpr text listed(Names const& names) {
  text out;
  for (std::string_view const name : names) {
    if (!out.empty()) out += ", ";
    out += name;
  }
  if (out.empty()) out += "none";
  return out;
}

}  // namespace ambit::detail
