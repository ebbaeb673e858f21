// SPDX-License-Identifier: BSL-1.0
#include "helpers.hpp"
#include "values.hpp"

#include <utility>

namespace conformance {
namespace {

/// What a getter finds behind it, asked without running it.
enum class link { store, getter, last_not_callable, not_callable };

/// The answer to a question; getters throw it instead of running.
struct answer {
  link found;
};

/// Python binds the outer getters before it runs the inner ones, so a getter must know whether the one behind it can be
/// called. It sends a request that does nothing: getters answer it, and the store has no such variable.
link ask(toolbox& tools, ambit::next_getter& next) {
  ambit::variable_request question;
  question.name = "getter?";
  question.reuse = ambit::reuse::yes;
  question.dtype = ambit::dtype::f32;
  bool const asked_before = std::exchange(tools.asking, true);
  link found = link::store;
  try {
    (void)next(std::move(question));
  } catch (answer const& a) {
    found = a.found;
  } catch (ambit::scope_error const&) {
  }
  tools.asking = asked_before;
  return found;
}

[[noreturn]] void refuse_getter(std::string_view kind) { throw untyped_error("GETTER_NOT_CALLABLE", kind); }

/// The refusals of Python, in its order: alone a ValueError, in a chain a TypeError; the outermost one is refused
/// before the one inside it runs.
void check_callable(toolbox& tools, bool callable, ambit::next_getter& next) {
  if (!tools.has_not_callable) return;
  link const behind = ask(tools, next);
  bool const outermost = behind == link::store;
  if (tools.asking) throw answer{callable ? link::getter : outermost ? link::last_not_callable : link::not_callable};
  if (!callable) refuse_getter(outermost && !tools.in_getter ? "ValueError" : "TypeError");
  if (behind == link::last_not_callable) refuse_getter("TypeError");
}

/// A getter that is running.
class running {
 public:
  explicit running(toolbox& tools) : tools_(tools), before_(std::exchange(tools.in_getter, true)) {}
  running(running const&) = delete;
  running& operator=(running const&) = delete;
  ~running() { tools_.in_getter = before_; }

 private:
  toolbox& tools_;
  bool before_;
};

// The tag that a helper logs: given last, or the helper's own name.
std::string const& tag_of(std::vector<std::string> const& parts) { return parts.size() > 2 ? parts[2] : parts[0]; }

std::string tagged(std::string const& tag, std::string_view name) { return tag + ":" + std::string(name); }

// pass:TAG, suffix:S[:TAG], prefix:S[:TAG]
bool well_formed(std::vector<std::string> const& parts, std::string_view kind, std::size_t least, std::size_t most) {
  return parts[0] == kind && parts.size() >= least && parts.size() <= most;
}

}  // namespace

ambit::tensor getter::operator()(ambit::next_getter& next, ambit::variable_request request) const {
  std::string const& kind = parts_[0];
  check_callable(*tools_, kind != not_callable, next);
  running const call(*tools_);
  if (kind == "fail") throw user_error();
  std::string const name = to_string(request.name);
  if (kind == "reusetag") {
    bool const reused = request.reuse == ambit::reuse::yes || request.reuse == ambit::reuse::automatic;
    ambit::tensor const v = next(std::move(request));
    return ambit::identity(v, reused ? ambit::name("reused") : ambit::name("not_reused"));
  }
  if (kind == "pass" || kind == "pair")
    tools_->log.push_back(tagged(parts_[1], name));
  else
    tools_->log.push_back(tagged(tag_of(parts_), name));
  if (kind == "sum2" || kind == "prod2") return combine(next, request, "/", "custom_getter", kind == "prod2");
  if (kind == "pair") return combine(next, request, "/" + parts_[1] + "_", parts_[1] + "_getter", parts_[2] == "mul");
  if (kind == "suffix") request.name = ambit::text(name + parts_[1]);
  if (kind == "prefix") request.name = ambit::text(parts_[1] + name);
  if (kind == "nontrainable") request.trainable = false;
  return next(std::move(request));
}

ambit::tensor getter::combine(ambit::next_getter& next, ambit::variable_request const& request, std::string const& stem,
                              std::string const& scope, bool multiply) const {
  auto part = [&](char const* index) {
    ambit::variable_request r = request;
    r.name += stem;
    r.name += index;
    return next(std::move(r));
  };
  ambit::tensor const a = part("0");
  ambit::tensor const b = part("1");
  ambit::name_scope inside{next.graph(), scope};
  if (multiply) return a * b;
  return a + b;
}

ambit::tensor creator::operator()(ambit::next_creator& next, ambit::creation_request request) const {
  std::string const& kind = parts_[0];
  std::string const name = request.named ? to_string(request.name) : "None";
  if (kind == "pass") tools_->log.push_back(tagged(parts_[1], name));
  if (kind == "suffix") {
    tools_->log.push_back(tagged(tag_of(parts_), name));
    request.name += parts_[1];
    request.named = true;
  }
  if (kind == "rename") {
    request.name = ambit::text(parts_[1]);
    request.named = true;
  }
  if (kind == "nontrainable") request.trainable = false;
  return next(std::move(request));
}

ambit::tensor argument_check::operator()(ambit::next_creator& next, ambit::creation_request request) const {
  if (request.initializer.given()) {
    if (request.collections.contains(not_a_list)) throw untyped_error("BAD_COLLECTIONS", "ValueError");
    if (request.constraint.given() && label_of(request.constraint) == not_callable)
      throw untyped_error("BAD_CONSTRAINT", "ValueError");
  }
  return next(std::move(request));
}

ambit::custom_getter toolbox::getter(word const& w, int line) {
  if (w.none()) return {};
  std::vector<std::string> parts = split_colons(w.text);
  bool const known = well_formed(parts, "pass", 2, 2) || well_formed(parts, "suffix", 2, 3) ||
                     well_formed(parts, "prefix", 2, 3) || well_formed(parts, "nontrainable", 1, 1) ||
                     well_formed(parts, "sum2", 1, 1) || well_formed(parts, "prod2", 1, 1) ||
                     (well_formed(parts, "pair", 3, 3) && (parts[2] == "add" || parts[2] == "mul")) ||
                     well_formed(parts, "reusetag", 1, 1) || well_formed(parts, "fail", 1, 1) ||
                     well_formed(parts, not_callable, 1, 1);
  if (!known) throw malformed(line, "there is no getter `" + w.raw + "`");
  if (parts[0] == not_callable) has_not_callable = true;
  return ambit::custom_getter(conformance::getter(*this, std::move(parts)));
}

creator toolbox::creator(word const& w, int line) {
  std::vector<std::string> parts = split_colons(w.text);
  bool const known = well_formed(parts, "pass", 2, 2) || well_formed(parts, "suffix", 2, 3) ||
                     well_formed(parts, "rename", 2, 2) || well_formed(parts, "nontrainable", 1, 1);
  if (!known) throw malformed(line, "there is no creator `" + w.raw + "`");
  return {*this, std::move(parts)};
}

}  // namespace conformance
