// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/core/nearest_names.hpp>
#include <ambit/core/variable_entry.hpp>
#include <ambit/io/detail/converted.hpp>
#include <ambit/io/detail/glob.hpp>
#include <ambit/io/detail/renaming.hpp>
#include <ambit/io/detail/sorted_by_name.hpp>
#include <ambit/io/file_tensor.hpp>
#include <ambit/io/load_options.hpp>
#include <ambit/io/load_report.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ambit::detail::io {

/// Which tensor goes into which variable; complete only where the report is ok.
struct binding {
  struct write {
    int variable;
    std::size_t tensor;
    axis_order axes{};
  };
  std::vector<write> writes{};
  load_report report{};
};

/// Bytes of a fully defined shape; nothing where they are more than 64 bits count.
[[nodiscard]] inline std::optional<std::uint64_t> bytes_of(dtype type, shape const& s) {
  std::uint64_t bytes = 1;
  auto const times = [&](std::uint64_t factor) {
    if (factor != 0 && bytes > std::numeric_limits<std::uint64_t>::max() / factor) return false;
    bytes *= factor;
    return true;
  };
  for (int i = 0; i < s.rank(); ++i)
    if (!times(static_cast<std::uint64_t>(s[i]))) return std::nullopt;
  if (!times(static_cast<std::uint64_t>(size_of(type)))) return std::nullopt;
  return bytes;
}

/// Why bytes cannot be values of their dtype; empty where they can. Only a bool has values that it cannot have.
[[nodiscard]] inline std::string invalid_bytes(file_tensor const& tensor, std::span<std::byte const> bytes) {
  std::optional<std::uint64_t> const wanted = bytes_of(tensor.dtype, tensor.shape);
  if (!wanted || *wanted != bytes.size())
    return "expected " + (wanted ? std::to_string(*wanted) : std::string("more than 2^64")) + " bytes for " +
           described(tensor.dtype, tensor.shape) + ", found " + std::to_string(bytes.size());
  if (tensor.dtype == dtype::boolean) {
    auto const bad = std::find_if(bytes.begin(), bytes.end(), [](std::byte b) { return std::to_integer<int>(b) > 1; });
    if (bad != bytes.end())
      return "expected 0 or 1 for each bool, found " + std::to_string(std::to_integer<int>(*bad)) + " at element " +
             std::to_string(bad - bytes.begin());
  }
  return {};
}

/// Checks everything and changes nothing. Not a template: each format and each model shares this code.
class binder {
 public:
  binder(std::span<variable_entry const> table, std::span<file_tensor const> tensors, load_options const& options)
      : table_(table), tensors_(tensors), options_(options), renaming_(tensors, options, out_.report),
        seen_(renaming_.tensors()), by_name_(sorted_by_name(seen_)), used_(tensors.size(), false),
        waived_(tensors.size(), false) {}

  [[nodiscard]] binding run(std::string_view file) && {
    report_.file = file;
    bool any = options_.scope.empty();
    for (std::size_t v = 0; v < table_.size(); ++v) {
      if (!in_scope(table_[v].name, options_.scope)) continue;
      any = true;
      bind_variable(v);
    }
    if (!any) {
      load_issue& issue = report_.rules.emplace_back();
      issue.name = options_.scope;
      issue.other = "scope";
      issue.note = "expected variables of the model in it, found none";
    }
    classify_rest();
    find_duplicates();
    suggest();
    return std::move(out_);
  }

 private:
  void bind_variable(std::size_t v) {
    variable_entry const& variable = table_[v];
    auto const less = [&](std::size_t t, std::string_view name) { return seen_[t].name < name; };
    auto const first = std::lower_bound(by_name_.begin(), by_name_.end(), variable.name, less);
    auto last = first;
    while (last != by_name_.end() && seen_[*last].name == variable.name) used_[*last++] = true;
    if (first == last) {
      if (variable.stored) report_.missing.push_back(issue_of(variable));
      return;
    }
    file_tensor const& tensor = tensors_[*first];
    shape const& found = seen_[*first].shape;
    bool const shape_fits = variable.stored ? variable.shape == found : compatible(variable.shape, found);
    if (!shape_fits) report_.wrong_shape.push_back(issue_of(variable, *first));
    if (variable.dtype != tensor.dtype && !(options_.convert && converts(tensor.dtype, variable.dtype)))
      report_.wrong_dtype.push_back(issue_of(variable, *first));
    if (!tensor.deferred)
      if (std::string note = invalid_bytes(tensor, tensor.bytes); !note.empty()) {
        report_.invalid.push_back(issue_of(variable, *first));
        report_.invalid.back().note = std::move(note);
      }
    ++report_.bound;
    if (variable.stored) out_.writes.push_back({static_cast<int>(v), *first, seen_[*first].axes});
  }

  void classify_rest() {
    for (std::size_t t = 0; t < tensors_.size(); ++t) {
      if (used_[t]) continue;
      // No model holds strings, and each object-based checkpoint of TensorFlow 2 has some: noted, not refused.
      waived_[t] = tensors_[t].dtype == dtype::string || !in_scope(seen_[t].name, options_.scope) ||
                   std::any_of(options_.ignore.begin(), options_.ignore.end(),
                               [&](std::string const& pattern) { return glob_matches(pattern, tensors_[t].name); });
      if (waived_[t])
        report_.ignored.push_back(tensors_[t].name);
      else
        report_.unexpected.push_back(issue_of(t));
    }
  }

  // A waived tensor may be there twice; it does no harm.
  void find_duplicates() {
    auto const note = [&](auto const& things, std::vector<std::size_t> const& order, char const* where, auto name_of) {
      for (std::size_t i = 0, end = 0; i < order.size(); i = end) {
        end = i + 1;
        while (end < order.size() && things[order[end]].name == things[order[i]].name) ++end;
        if (end - i == 1) continue;
        load_issue& issue = report_.duplicate.emplace_back();
        issue.name = things[order[i]].name;
        issue.note = "expected once, found " + std::to_string(end - i) + " times in " + where;
        bool plain = true;
        for (std::size_t k = i; k < end; ++k) plain = plain && name_of(order[k]) == issue.name;
        for (std::size_t k = i; k < end && !plain; ++k)
          issue.note += (k == i ? ": " : ", ") + in_quotes(name_of(order[k]));
      }
    };
    std::vector<std::size_t> counted;
    for (std::size_t t : by_name_)
      if (!waived_[t]) counted.push_back(t);
    note(seen_, counted, "the file", [&](std::size_t t) { return std::string_view(tensors_[t].name); });
    note(table_, sorted_by_name(table_), "the model", [&](std::size_t v) { return table_[v].name; });
  }

  // A name that has no counterpart is the likelier meaning, so it comes first among equally near ones.
  void suggest() {
    if (report_.missing.empty() && report_.unexpected.empty()) return;
    list<std::string_view> variables, loose;
    for (load_issue const& issue : report_.missing) variables.push_back(issue.name);
    for (std::size_t t = 0; t < tensors_.size(); ++t)
      if (!used_[t]) loose.push_back(tensors_[t].name);
    std::vector<std::string> gone(variables.begin(), variables.end());
    std::sort(gone.begin(), gone.end());
    for (variable_entry const& variable : table_)
      if (!std::binary_search(gone.begin(), gone.end(), std::string(variable.name))) variables.push_back(variable.name);
    nearest_names in_file(std::move(loose)), in_model(std::move(variables));
    auto const note = [](load_issue& issue, std::string_view name, nearest_names& names) {
      for (std::string_view near : names.of(name)) issue.nearest.emplace_back(near);
    };
    for (load_issue& issue : report_.missing) note(issue, issue.name, in_file);
    for (load_issue& issue : report_.unexpected) note(issue, issue.other.empty() ? issue.name : issue.other, in_model);
  }

  static load_issue issue_of(variable_entry const& variable) {
    load_issue issue;
    issue.name = variable.name;
    issue.expected_dtype = variable.dtype;
    issue.expected_shape = variable.shape;
    return issue;
  }
  [[nodiscard]] load_issue issue_of(variable_entry const& variable, std::size_t t) const {
    load_issue issue = issue_of(variable);
    issue.found_dtype = tensors_[t].dtype;
    issue.found_shape = seen_[t].shape;
    if (tensors_[t].name != variable.name) issue.other = tensors_[t].name;
    return issue;
  }
  [[nodiscard]] load_issue issue_of(std::size_t t) const {
    load_issue issue;
    issue.name = tensors_[t].name;
    issue.found_dtype = tensors_[t].dtype;
    issue.found_shape = seen_[t].shape;
    if (tensors_[t].name != seen_[t].name) issue.other = seen_[t].name;
    return issue;
  }

  std::span<variable_entry const> table_;
  std::span<file_tensor const> tensors_;
  load_options const& options_;
  binding out_;
  load_report& report_ = out_.report;
  renaming renaming_;
  std::span<renamed_tensor const> seen_;  // of each tensor, what the model sees
  std::vector<std::size_t> by_name_;
  std::vector<bool> used_, waived_;
};

[[nodiscard]] inline binding bind(std::span<variable_entry const> table, std::span<file_tensor const> tensors,
                                  std::string_view file, load_options const& options) {
  return binder(table, tensors, options).run(file);
}

}  // namespace ambit::detail::io
