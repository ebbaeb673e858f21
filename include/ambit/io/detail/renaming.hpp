// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/core/nearest_names.hpp>
#include <ambit/core/shape.hpp>
#include <ambit/io/detail/printable.hpp>
#include <ambit/io/detail/sorted_by_name.hpp>
#include <ambit/io/file_tensor.hpp>
#include <ambit/io/load_options.hpp>
#include <ambit/io/load_report.hpp>

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ambit::detail::io {

/// Whether a name is a scope or lies in it; everything lies in the root, "".
[[nodiscard]] constexpr bool in_scope(std::string_view name, std::string_view scope) {
  return scope.empty() || name == scope || (name.starts_with(scope) && name.substr(scope.size()).starts_with('/'));
}

/// A tensor under the name, and with the shape, that it has in the model.
struct renamed_tensor {
  std::string_view name;
  ambit::shape shape;
  axis_order axes{};
};

/// What the rules of `load_options` make of the names of a file; those that decide nothing become issues.
class renaming {
 public:
  renaming(std::span<file_tensor const> tensors, load_options const& options, load_report& report)
      : options_(options), report_(report), decided_(options.prefixes.size(), false) {
    tensors_.reserve(tensors.size());
    for (file_tensor const& tensor : tensors) tensors_.push_back({tensor.name, tensor.shape});
    if (options.renames.empty() && options.prefixes.empty()) return;
    made_.resize(tensors.size());
    std::vector<bool> single(tensors.size(), false);
    apply_renames(tensors, single);
    for (std::size_t t = 0; t < tensors.size(); ++t)
      if (!single[t]) apply_prefixes(t);
    for (std::size_t i = 0; i < options.prefixes.size(); ++i)
      if (!decided_[i])
        refuse("prefix", options.prefixes[i].file, "expected tensors under it, found none that it decides");
  }
  renaming(renaming const&) = delete;
  renaming& operator=(renaming const&) = delete;

  /// As many as the file has, in its order. The names live as long as this and the tensors.
  [[nodiscard]] std::span<renamed_tensor const> tensors() const { return tensors_; }

 private:
  void apply_renames(std::span<file_tensor const> tensors, std::vector<bool>& single) {
    std::vector<std::size_t> const order = sorted_by_name(tensors);
    for (rename_rule const& rule : options_.renames) {
      auto const less = [&](std::size_t t, std::string_view name) { return std::string_view(tensors[t].name) < name; };
      auto at = std::lower_bound(order.begin(), order.end(), std::string_view(rule.tensor), less);
      if (at == order.end() || tensors[*at].name != rule.tensor) {
        refuse("rename", rule.tensor,
               "expected a tensor of this name for " + in_quotes(rule.variable) + ", found none");
        list<std::string_view> names;
        for (file_tensor const& tensor : tensors) names.push_back(tensor.name);
        nearest_names search(std::move(names));
        for (std::string_view near : search.of(rule.tensor)) report_.rules.back().nearest.emplace_back(near);
      }
      // Of a name that the file has twice, both: that is reported as a duplicate.
      for (; at != order.end() && tensors[*at].name == rule.tensor; ++at) {
        renamed_tensor& tensor = tensors_[*at];
        if (single[*at]) {
          refuse("rename", rule.tensor,
                 "expected one rule for it, found another one to " + in_quotes(rule.variable) + " after " +
                     in_quotes(tensor.name));
          break;
        }
        single[*at] = true;
        tensor.name = made_[*at] = rule.variable;
        tensor.axes = rule.axes;
        if (rule.axes.fits(tensor.shape.rank()))
          tensor.shape = rule.axes.of(tensor.shape);
        else
          refuse("rename", rule.tensor,
                 "expected an order of the axes of " + std::string(to_text(tensor.shape).view()) +
                     ", found one that is no permutation of them");
      }
    }
  }

  void apply_prefixes(std::size_t t) {
    std::string_view const name = tensors_[t].name;
    std::size_t best = options_.prefixes.size(), length = 0;
    std::string_view rest;
    for (std::size_t i = 0; i < options_.prefixes.size(); ++i) {
      std::string_view const front = options_.prefixes[i].file;
      if (!name.starts_with(front) || (best < i && front.size() <= length)) continue;
      std::string_view behind = name.substr(front.size());
      bool const whole = front.empty() || front.ends_with('/') || front.ends_with('.') || behind.empty();
      if (!whole && !behind.starts_with('/')) continue;
      if (!whole) behind.remove_prefix(1);
      best = i;
      length = front.size();
      rest = behind;
    }
    if (best == options_.prefixes.size()) return;
    decided_[best] = true;
    std::string& out = made_[t];
    out = options_.prefixes[best].model;
    while (out.ends_with('/')) out.pop_back();
    if (!out.empty() && !rest.empty()) out += '/';
    out += rest;
    tensors_[t].name = out;
  }

  void refuse(char const* rule, std::string_view name, std::string note) {
    load_issue issue;
    issue.name = name;
    issue.other = rule;
    issue.note = std::move(note);
    report_.rules.push_back(std::move(issue));
  }

  load_options const& options_;
  load_report& report_;
  std::vector<bool> decided_;
  std::vector<renamed_tensor> tensors_;
  std::vector<std::string> made_;  // never resized again, so that views into it stay
};

}  // namespace ambit::detail::io
