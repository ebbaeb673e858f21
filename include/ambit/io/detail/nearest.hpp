// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ambit::detail::io {

/// Finds the names that a mistyped one may have meant, by edit distance (Levenshtein over bytes).
///
/// Names come from files, so the whole search of a report has a budget of table cells: a file of a million unknown
/// names gets its report in time, with nearest names for the first of them.
class nearest_names {
 public:
  static constexpr std::size_t shown = 3;
  static constexpr std::size_t longest = 512;  // bytes of a name that is looked for
  static constexpr std::size_t budget = std::size_t{1} << 25;

  explicit nearest_names(std::vector<std::string_view> candidates) : candidates_(std::move(candidates)) {}

  /// At most three names, nearest first, that differ in no more than a third of the longer one (and one).
  [[nodiscard]] std::vector<std::string> of(std::string_view name) {
    std::vector<std::pair<std::size_t, std::size_t>> found;  // distance, candidate
    if (name.size() <= longest) {
      for (std::size_t i = 0; i < candidates_.size() && spent_ < budget; ++i) {
        std::string_view const candidate = candidates_[i];
        if (candidate.size() > longest) continue;
        std::size_t const limit = std::max(name.size(), candidate.size()) / 3 + 1;
        std::size_t const far = distance(name, candidate, limit);
        if (far <= limit) found.emplace_back(far, i);
      }
    }
    std::size_t const count = std::min(found.size(), shown);
    std::partial_sort(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(count), found.end());
    std::vector<std::string> names;
    for (std::size_t i = 0; i < count; ++i) names.emplace_back(candidates_[found[i].second]);
    return names;
  }

  /// Edits between two texts; anything above `limit` where there are more than that.
  [[nodiscard]] std::size_t distance(std::string_view a, std::string_view b, std::size_t limit) {
    spent_ += 1 + std::min(a.size(), b.size());
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
    row_.resize(a.size() + 1);
    for (std::size_t i = 0; i <= a.size(); ++i) row_[i] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      std::size_t diagonal = std::exchange(row_[0], j);
      std::size_t least = row_[0];
      for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t const replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
        diagonal = row_[i];
        row_[i] = std::min({replaced, row_[i] + 1, row_[i - 1] + 1});
        least = std::min(least, row_[i]);
      }
      if (least > limit) return limit + 1;
    }
    return row_.back();
  }

 private:
  std::vector<std::string_view> candidates_;
  std::vector<std::size_t> row_;
  std::size_t spent_ = 0;
};

}  // namespace ambit::detail::io
