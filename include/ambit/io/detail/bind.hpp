// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/core/nearest_names.hpp>
#include <ambit/core/variable_entry.hpp>
#include <ambit/io/detail/glob.hpp>
#include <ambit/io/file_tensor.hpp>
#include <ambit/io/load_report.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
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

/// Indices of a list of named things, by name; the same names in their own order.
template <class Named>
[[nodiscard]] std::vector<std::size_t> sorted_by_name(std::span<Named const> things) {
  std::vector<std::size_t> order(things.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    int const compared = std::string_view(things[a].name).compare(std::string_view(things[b].name));
    return compared != 0 ? compared < 0 : a < b;
  });
  return order;
}

/// Why bytes cannot be values of their dtype; empty where they can. Only a bool has values that it cannot have.
[[nodiscard]] inline std::string invalid_bytes(file_tensor const& tensor) {
  std::optional<std::uint64_t> const wanted = bytes_of(tensor.dtype, tensor.shape);
  if (!wanted || *wanted != tensor.bytes.size())
    return "expected " + (wanted ? std::to_string(*wanted) : std::string("more than 2^64")) + " bytes for " +
           described(tensor.dtype, tensor.shape) + ", found " + std::to_string(tensor.bytes.size());
  if (tensor.dtype == dtype::boolean) {
    auto const bad =
        std::find_if(tensor.bytes.begin(), tensor.bytes.end(), [](std::byte b) { return std::to_integer<int>(b) > 1; });
    if (bad != tensor.bytes.end())
      return "expected 0 or 1 for each bool, found " + std::to_string(std::to_integer<int>(*bad)) + " at element " +
             std::to_string(bad - tensor.bytes.begin());
  }
  return {};
}

/// Checks everything and changes nothing. Not a template: each format and each model shares this code.
class binder {
 public:
  binder(std::span<variable_entry const> table, std::span<file_tensor const> tensors)
      : table_(table), tensors_(tensors), by_name_(sorted_by_name(tensors)), used_(tensors.size(), false) {}

  [[nodiscard]] binding run(std::string_view file, std::span<std::string const> ignore) && {
    report_.file = file;
    for (std::size_t v = 0; v < table_.size(); ++v) bind_variable(v);
    classify_rest(ignore);
    find_duplicates();
    suggest();
    return std::move(out_);
  }

 private:
  void bind_variable(std::size_t v) {
    variable_entry const& variable = table_[v];
    auto const less = [&](std::size_t t, std::string_view name) { return std::string_view(tensors_[t].name) < name; };
    auto const first = std::lower_bound(by_name_.begin(), by_name_.end(), variable.name, less);
    auto last = first;
    while (last != by_name_.end() && tensors_[*last].name == variable.name) used_[*last++] = true;
    if (first == last) {
      if (variable.stored) report_.missing.push_back(issue_of(&variable, nullptr));
      return;
    }
    file_tensor const& tensor = tensors_[*first];
    bool const shape_fits = variable.stored ? variable.shape == tensor.shape : compatible(variable.shape, tensor.shape);
    if (!shape_fits) report_.wrong_shape.push_back(issue_of(&variable, &tensor));
    if (variable.dtype != tensor.dtype) report_.wrong_dtype.push_back(issue_of(&variable, &tensor));
    if (std::string note = invalid_bytes(tensor); !note.empty()) {
      report_.invalid.push_back(issue_of(&variable, &tensor));
      report_.invalid.back().note = std::move(note);
    }
    ++report_.bound;
    if (variable.stored) out_.writes.push_back({static_cast<int>(v), *first});
  }

  void classify_rest(std::span<std::string const> ignore) {
    for (std::size_t t = 0; t < tensors_.size(); ++t) {
      if (used_[t]) continue;
      bool const waived = std::any_of(ignore.begin(), ignore.end(), [&](std::string const& pattern) {
        return glob_matches(pattern, tensors_[t].name);
      });
      if (waived)
        report_.ignored.push_back(tensors_[t].name);
      else
        report_.unexpected.push_back(issue_of(nullptr, &tensors_[t]));
    }
  }

  // A waived tensor may be there twice; it does no harm.
  void find_duplicates() {
    auto const note = [&](auto const& things, std::vector<std::size_t> const& order, char const* where) {
      for (std::size_t i = 0, end = 0; i < order.size(); i = end) {
        end = i + 1;
        while (end < order.size() && things[order[end]].name == things[order[i]].name) ++end;
        if (end - i == 1) continue;
        load_issue issue;
        issue.name = things[order[i]].name;
        issue.note = "expected once, found " + std::to_string(end - i) + " times in " + where;
        report_.duplicate.push_back(std::move(issue));
      }
    };
    std::vector<std::size_t> counted;
    std::vector<std::string> ignored = report_.ignored;
    std::sort(ignored.begin(), ignored.end());
    for (std::size_t t : by_name_)
      if (used_[t] || !std::binary_search(ignored.begin(), ignored.end(), tensors_[t].name)) counted.push_back(t);
    note(tensors_, counted, "the file");
    note(table_, sorted_by_name(table_), "the model");
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
    auto const note = [](load_issue& issue, nearest_names& names) {
      for (std::string_view near : names.of(issue.name)) issue.nearest.emplace_back(near);
    };
    for (load_issue& issue : report_.missing) note(issue, in_file);
    for (load_issue& issue : report_.unexpected) note(issue, in_model);
  }

  static load_issue issue_of(variable_entry const* variable, file_tensor const* tensor) {
    load_issue issue;
    issue.name = variable != nullptr ? std::string(variable->name) : tensor->name;
    if (variable != nullptr) {
      issue.expected_dtype = variable->dtype;
      issue.expected_shape = variable->shape;
    }
    if (tensor != nullptr) {
      issue.found_dtype = tensor->dtype;
      issue.found_shape = tensor->shape;
    }
    return issue;
  }

  std::span<variable_entry const> table_;
  std::span<file_tensor const> tensors_;
  std::vector<std::size_t> by_name_;
  std::vector<bool> used_;
  binding out_;
  load_report& report_ = out_.report;
};

[[nodiscard]] inline binding bind(std::span<variable_entry const> table, std::span<file_tensor const> tensors,
                                  std::string_view file, std::span<std::string const> ignore) {
  return binder(table, tensors).run(file, ignore);
}

}  // namespace ambit::detail::io
