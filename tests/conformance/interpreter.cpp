// SPDX-License-Identifier: BSL-1.0
#include "interpreter.hpp"

#include "expectations.hpp"
#include "ops.hpp"
#include "scopes.hpp"
#include "values.hpp"

namespace conformance {
namespace {

// Statements that run inside one another, blocks and template calls alike; bounds recursive templates.
constexpr int deepest_run = 400;

/// An expectation that does not hold. Not an error of the program that the case is.
struct failed_expectation {
  mismatch found;
};

/// The case passes arguments that types preclude (SPEC 12.1).
bool passes_untyped_arguments(std::vector<statement> const& body) {
  for (statement const& s : body) {
    word const* const collections = s.find("collections");
    if (collections != nullptr && !collections->none() && !collections->is_list()) return true;
    word const* const constraint = s.find("constraint");
    if (s.keyword != "expect" && constraint != nullptr && constraint->raw == not_callable) return true;
    if (passes_untyped_arguments(s.body)) return true;
  }
  return false;
}

/// The statement that a block that raises must end in.
statement const* last_of(std::vector<statement> const& body) {
  statement const* last = nullptr;
  for (std::vector<statement> const* at = &body; !at->empty(); at = &last->body) {
    last = &at->back();
    if (last->keyword == "template") break;  // its body does not run there
  }
  return last;
}

class interpreter {
 public:
  interpreter(test_case const& c, char const* file) : case_(c), e_(file, passes_untyped_arguments(c.body)) {}

  std::optional<mismatch> run() {
    try {
      execute(case_.body);
    } catch (failed_expectation const& f) {
      return f.found;
    } catch (malformed const&) {
      throw;
    } catch (...) {
      raised const error = describe_current_error();
      return mismatch{started_ == nullptr ? case_.line : started_->line,
                      started_ == nullptr ? case_.name : started_->keyword, "no error",
                      error.kind + " " + error.code + ", from: " + error.message};
    }
    return std::nullopt;
  }

 private:
  void execute(std::vector<statement> const& body) {
    for (statement const& s : body) execute(s);
  }

  void execute(statement const& s) {
    started_ = &s;
    if (depth_ >= deepest_run) throw malformed(s.line, "this nests too deeply");
    ++depth_;
    struct leave {
      int& depth;
      ~leave() { --depth; }
    } const leaving{depth_};
    if (s.keyword == "raises") return raises(s);
    if (s.keyword == "template") return make_template(s);
    if (s.block) return block(s);
    simple(s);
  }

  void simple(statement const& s) {
    std::string const& keyword = s.keyword;
    if (keyword == "expect") {
      if (std::optional<mismatch> const bad = check_expectation(e_, s)) throw failed_expectation{*bad};
    } else if (keyword == "get" || keyword == "get_local" || keyword == "var" || keyword == "op") {
      make(s);
    } else if (keyword == "capture") {
      e_.bind(s.words[0].raw, e_.graph().current_scope());
    } else if (keyword == "reuse_variables") {
      e_.scope(s.words[0], s.line).reuse_variables();
    } else if (keyword == "set") {
      set(s);
    } else if (keyword == "call") {
      call(s);
    } else if (keyword == "collect") {
      e_.graph().add_to_collection(collection_key(s.words[0].text), e_.tensor(s.words[1], s.line));
    } else if (keyword == "enable_resource") {
      e_.enable_resource_variables(parse_bool(s.words[0], s.line).value_or(false));
    } else if (keyword == "cm") {
      e_.bind(s.words[0].raw, make_manager(e_, s));
    } else if (keyword == "enter") {
      enter(s);
    } else {
      exit(s);
    }
  }

  /// A statement that binds a tensor; where it fails, nothing is bound.
  void make(statement const& s) {
    std::string const& id = s.words[0].raw;
    ambit::tensor made;
    try {
      if (s.keyword == "op")
        made = make_op(e_, s);
      else if (s.keyword == "var")
        made = make_variable(e_, s);
      else
        made = get_variable(e_, s);
    } catch (malformed const&) {
      throw;
    } catch (...) {
      e_.unbind(id);
      throw;
    }
    e_.bind(id, made);
  }

  void set(statement const& s) {
    ambit::scope scope = e_.scope(s.words[0], s.line);
    for (option const& o : s.options) {
      word const& w = o.value;
      if (o.key == "initializer") scope.set_initializer(e_.initializer(&w, s.line));
      if (o.key == "regularizer") scope.set_regularizer(e_.tools.regularizer(w, s.line));
      if (o.key == "partitioner") scope.set_partitioner(e_.tools.partitioner(w, s.line));
      if (o.key == "dtype") scope.set_dtype(environment::dtype(&w, s.line));
      if (o.key == "use_resource") scope.set_use_resource(parse_option(w, s.line));
      if (o.key == "caching_device") scope.set_caching_device(e_.device(&w, s.line));
      if (o.key == "getter") scope.set_custom_getter(e_.tools.getter(w, s.line));
    }
  }

  // ---- blocks

  void block(statement const& s) {
    entered in = enter_block(e_, s);
    if (!s.as.empty()) e_.bind(s.as, std::move(in.bound));
    try {
      execute(s.body);
    } catch (failed_expectation const&) {
      throw;
    } catch (malformed const&) {
      throw;
    } catch (...) {
      // Where guards may be out of order Python's exit raises anew, which a destructor must not.
      if (entered_by_hand_ > 0) close(std::move(in.scope));
      throw;
    }
    close(std::move(in.scope));
  }

  /// A guard that cannot be closed stays open, as it does in Python, until the case ends.
  void close(std::unique_ptr<guard> g) {
    try {
      g->close();
    } catch (...) {
      stuck_.push_back(std::move(g));
      throw;
    }
  }

  void enter(statement const& s) {
    auto const manager = e_.manager(s.words[0].raw, s.line);
    entered in = manager->enter();
    manager->open.push_back(std::move(in.scope));
    ++entered_by_hand_;
    if (!s.as.empty()) e_.bind(s.as, std::move(in.bound));
  }

  void exit(statement const& s) {
    auto const manager = e_.manager(s.words[0].raw, s.line);
    if (manager->open.empty()) throw malformed(s.line, "`" + s.words[0].raw + "` is not entered");
    manager->open.back()->close();
    manager->open.pop_back();
    --entered_by_hand_;
  }

  void raises(statement const& s) {
    raised error;
    try {
      execute(s.body);
    } catch (failed_expectation const&) {
      throw;
    } catch (malformed const&) {
      throw;
    } catch (...) {
      error = describe_current_error();
      if (started_ != last_of(s.body))
        throw failed_expectation{{started_ == nullptr ? s.line : started_->line, "raises",
                                  "an error in the last statement", error.code + " before it, from: " + error.message}};
      if (std::optional<mismatch> const bad = check_raised(s, error)) throw failed_expectation{*bad};
      return;
    }
    throw failed_expectation{{s.line, "raises", s.words[0].raw + " " + s.find("code")->raw, "no error"}};
  }

  // ---- templates

  void make_template(statement const& s) {
    ambit::template_options options;
    if (word const* const w = s.find("create_now")) options.create_scope_now = parse_bool(*w, s.line).value_or(false);
    options.unique_name = e_.name(s.find("unique_name"), s.line);
    if (word const* const w = s.find("getter")) options.custom_getter = e_.tools.getter(*w, s.line);
    template_body body = [this, &s] { execute(s.body); };
    e_.bind(s.words[0].raw, std::make_shared<template_object>(e_.graph(), e_.name(&s.words[1], s.line), std::move(body),
                                                              std::move(options)));
  }

  void call(statement const& s) {
    auto const called = e_.template_of(s.words[0], s.line);
    struct resume {  // the statement that runs is the call again
      statement const*& started;
      statement const* caller;
      ~resume() { started = caller; }
    } const resuming{started_, &s};
    called->call_in(e_.graph());
  }

  test_case const& case_;
  environment e_;
  std::vector<std::unique_ptr<guard>> stuck_{};
  statement const* started_ = nullptr;
  int depth_ = 0;
  int entered_by_hand_ = 0;
};

}  // namespace

std::optional<mismatch> run_case(test_case const& c, char const* file) { return interpreter(c, file).run(); }

}  // namespace conformance
