// SPDX-License-Identifier: BSL-1.0
// The named initializers, regularizers, partitioners, getters and creators of the case language.
#pragma once

#include "case_file.hpp"
#include <ambit/core.hpp>
#include <ambit/ops.hpp>

#include <deque>
#include <exception>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace conformance {

/// Raised by the functions that a case makes fail on purpose.
class user_error : public std::exception {
 public:
  [[nodiscard]] char const* what() const noexcept override { return "user error"; }
};

/// A mistake that Python's dynamic typing allows and a typed interface cannot express; raised in its place.
class untyped_error : public std::exception {
 public:
  /// `kind` is the Python class.
  untyped_error(std::string_view code, std::string_view kind) : code_(code), kind_(kind) {}
  [[nodiscard]] char const* what() const noexcept override { return "a mistake of types"; }
  [[nodiscard]] std::string_view code() const { return code_; }
  [[nodiscard]] std::string_view kind() const { return kind_; }

 private:
  std::string_view code_;
  std::string_view kind_;
};

class toolbox;

/// A variable creator: logs, renames, forwards.
class creator {
 public:
  creator(toolbox& tools, std::vector<std::string> parts) : tools_(&tools), parts_(std::move(parts)) {}
  ambit::tensor operator()(ambit::next_creator& next, ambit::creation_request request) const;

 private:
  toolbox* tools_;
  std::vector<std::string> parts_;
};

/// A custom getter: logs, renames, forwards, combines.
class getter {
 public:
  getter(toolbox& tools, std::vector<std::string> parts) : tools_(&tools), parts_(std::move(parts)) {}
  ambit::tensor operator()(ambit::next_getter& next, ambit::variable_request request) const;

 private:
  [[nodiscard]] ambit::tensor combine(ambit::next_getter& next, ambit::variable_request const& request,
                                      std::string const& stem, std::string const& scope, bool multiply) const;

  toolbox* tools_;
  std::vector<std::string> parts_;
};

/// Makes the helpers from their spelling and owns them for a case. Equal spelling, equal helper.
class toolbox {
 public:
  toolbox() = default;
  toolbox(toolbox const&) = delete;
  toolbox& operator=(toolbox const&) = delete;

  // Each is absent for None; each throws `malformed` for what is no helper's name.
  [[nodiscard]] ambit::initializer initializer(word const& w, int line);
  [[nodiscard]] ambit::regularizer regularizer(word const& w, int line);
  [[nodiscard]] ambit::partitioner partitioner(word const& w, int line);
  [[nodiscard]] ambit::custom_getter getter(word const& w, int line);
  [[nodiscard]] conformance::creator creator(word const& w, int line);
  [[nodiscard]] ambit::constraint constraint(word const& w);

  /// TAG:name for each call of a getter or creator.
  std::vector<std::string> log{};
  // Of the getters: whether one cannot be called, one is running, one is asked what it is.
  bool has_not_callable = false;
  bool in_getter = false;
  bool asking = false;

 private:
  // An object of any kind; the kinds have no virtual destructors.
  struct owned {
    std::string spelling{};
    void* object = nullptr;
    void (*destroy)(void*) = nullptr;

    owned() = default;
    owned(owned const&) = delete;
    owned& operator=(owned const&) = delete;
    ~owned() {
      if (object != nullptr) destroy(object);
    }
  };
  template <class Object, class... Arguments>
  Object& own(std::string const& spelling, Arguments&&... arguments);

  std::map<std::string, std::unique_ptr<owned>> objects_{};
  std::deque<std::vector<int>> part_lists_{};
  std::map<std::string, std::vector<int> const*> part_list_of_{};
};

/// Makes the checks of SPEC 12.1 that types preclude, where TensorFlow makes them: after all other creators.
class argument_check {
 public:
  ambit::tensor operator()(ambit::next_creator& next, ambit::creation_request request) const;
};
/// Stands for what is no list of collections.
inline constexpr std::string_view not_a_list{"\0not a list", 11};
/// The label of what is no constraint.
inline constexpr std::string_view not_callable = "notcallable";

[[nodiscard]] std::string_view label_of(ambit::constraint const& c);
/// The same initializer, as far as values show it.
[[nodiscard]] bool equal(ambit::initializer const& a, ambit::initializer const& b);

}  // namespace conformance
