// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/core/dtype.hpp>
#include <ambit/core/shape.hpp>
#include <ambit/io/detail/printable.hpp>

#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ambit {

/// One variable or tensor that does not fit. `expected` is what the model has, `found` what the file has; where one of
/// them has no such name its dtype is `dtype::none`.
struct load_issue {
  std::string name{};
  dtype expected_dtype = dtype::none;
  dtype found_dtype = dtype::none;
  shape expected_shape{};
  shape found_shape{};
  std::vector<std::string> nearest{};  ///< missing: names in the file; unexpected: names in the model; nearest first
  std::string note{};                  ///< duplicate, invalid, rules and values: what exactly
  /// The other name, where a rule gave one: of a variable, its tensor's; of a tensor, what it is called in the model. Of a
  /// rule, its kind: "rename", "prefix" or "scope".
  std::string other{};
};

/// All that a weight file and a model disagree about, each list in the order of the model's table or of the file. A
/// tensor can be in several lists.
struct load_report {
  std::string file{};
  std::vector<load_issue> missing{};     ///< variables without a tensor
  std::vector<load_issue> unexpected{};  ///< tensors without a variable that no pattern of `load_options` waives
  std::vector<load_issue> wrong_shape{};
  std::vector<load_issue> wrong_dtype{};  ///< or, with `load_options::convert`, a value that does not fit
  std::vector<load_issue> duplicate{};    ///< names that the file, or the model's table, has more than once
  std::vector<load_issue> invalid{};      ///< tensors whose bytes cannot be values of their dtype
  std::vector<load_issue> rules{};     ///< rules of `load_options` that fit nothing in the file, or not what they name
  std::vector<std::string> ignored{};  ///< tensors that a pattern waived, or that lie outside of the scope asked for
  int bound = 0;                       ///< variables that have their tensor

  [[nodiscard]] std::size_t problems() const {
    return missing.size() + unexpected.size() + wrong_shape.size() + wrong_dtype.size() + duplicate.size() +
           invalid.size() + rules.size();
  }
  [[nodiscard]] bool ok() const { return problems() == 0; }
};

namespace detail::io {

inline std::string described(dtype type, shape const& s) {
  return std::string(to_string(type)) + ' ' + std::string(to_text(s).view());
}

inline void append_nearest(std::string& out, load_issue const& issue, std::string_view where) {
  if (issue.nearest.empty()) return;
  out += "; nearest in the ";
  out += where;
  out += ": ";
  for (std::size_t i = 0; i < issue.nearest.size(); ++i) out += (i == 0 ? "" : ", ") + in_quotes(issue.nearest[i]);
}

/// The tensor of a variable where a rule renamed it.
inline std::string tensor_of(load_issue const& issue) {
  return issue.other.empty() ? std::string() : " (tensor " + in_quotes(issue.other) + ')';
}

inline bool are_transposed(shape const& a, shape const& b) {
  if (a.rank() != b.rank() || a.rank() < 2) return false;
  for (int i = 0; i < a.rank(); ++i)
    if (a[i] != b[a.rank() - 1 - i]) return false;
  return true;
}

}  // namespace detail::io

/// The whole report as text: a line a problem, each name in quotes, what was expected and what found, then what to do.
[[nodiscard]] inline std::string to_string(load_report const& report) {
  using namespace detail::io;
  if (report.ok())
    return "ambit: " + in_quotes(report.file) + " fits: " + std::to_string(report.bound) + " variables bound, " +
           std::to_string(report.ignored.size()) + " tensors ignored";
  std::size_t const count = report.problems();
  std::string out = "ambit: cannot load " + in_quotes(report.file) + ": " + std::to_string(count) +
                    (count == 1 ? " problem" : " problems") + "; nothing was changed [WEIGHTS_MISMATCH]";
  for (load_issue const& issue : report.missing) {
    out += "\n  missing: variable " + in_quotes(issue.name) + ": expected " +
           described(issue.expected_dtype, issue.expected_shape) + ", found no such tensor";
    append_nearest(out, issue, "file");
  }
  for (load_issue const& issue : report.unexpected) {
    out += "\n  unexpected: tensor " + in_quotes(issue.name) +
           (issue.other.empty() ? "" : " (renamed " + in_quotes(issue.other) + ')') +
           ": expected no such tensor, found " + described(issue.found_dtype, issue.found_shape);
    append_nearest(out, issue, "model");
  }
  for (load_issue const& issue : report.wrong_shape) {
    out += "\n  shape: variable " + in_quotes(issue.name) + tensor_of(issue) + ": expected " +
           std::string(to_text(issue.expected_shape).view()) + ", found " +
           std::string(to_text(issue.found_shape).view());
    if (are_transposed(issue.expected_shape, issue.found_shape)) out += ", its transpose";
  }
  for (load_issue const& issue : report.wrong_dtype) {
    out += "\n  dtype: variable " + in_quotes(issue.name) + tensor_of(issue) + ": expected " +
           std::string(to_string(issue.expected_dtype)) + ", found " + std::string(to_string(issue.found_dtype));
    if (!issue.note.empty()) out += ", " + issue.note;
  }
  for (load_issue const& issue : report.duplicate) out += "\n  duplicate: " + in_quotes(issue.name) + ": " + issue.note;
  for (load_issue const& issue : report.invalid)
    out += "\n  invalid: tensor " + in_quotes(issue.other.empty() ? issue.name : issue.other) + ": " + issue.note;
  for (load_issue const& issue : report.rules) {
    out += "\n  rule: " + issue.other + ' ' + in_quotes(issue.name) + ": " + issue.note;
    append_nearest(out, issue, "file");
  }
  if (!report.missing.empty()) out += "\nGive tensor and variable one name: keys are scope paths without \":0\".";
  if (!report.unexpected.empty())
    out += "\nWaive tensors that the model has no use for: load_options{.ignore = {\"global_step\", \"*/Adam*\"}}.";
  if (!report.wrong_shape.empty() || !report.wrong_dtype.empty())
    out += "\nBuild the model with the shapes and dtypes of the file, or convert the file; loading converts dtypes "
           "only where asked to: load_options{.convert = true}.";
  if (!report.duplicate.empty()) out += "\nKeep one of each name.";
  if (!report.invalid.empty()) out += "\nWrite the file again: it is damaged.";
  if (!report.rules.empty()) out += "\nTake the rules out of load_options that this file has no use for.";
  return out;
}

/// The weights of a file do not fit the model; nothing in the model has changed. what() is the whole report.
class weights_error : public std::exception {
 public:
  explicit weights_error(load_report report) : facts_(std::make_shared<facts const>(std::move(report))) {}
  [[nodiscard]] char const* what() const noexcept override { return facts_->message.c_str(); }
  [[nodiscard]] load_report const& report() const noexcept { return facts_->report; }

 private:
  struct facts {
    explicit facts(load_report r) : report(std::move(r)), message(to_string(report)) {}
    load_report report;
    std::string message;
  };
  std::shared_ptr<facts const> facts_;  // shared, so that copying the exception never throws
};

}  // namespace ambit
