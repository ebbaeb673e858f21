// SPDX-License-Identifier: BSL-1.0
#include "helpers.hpp"
#include "values.hpp"

#include <algorithm>

namespace conformance {
namespace {

/// A getter that is running: keeps the length of the log before it.
class running {
 public:
  explicit running(toolbox& tools) : tools_(tools) { tools_.running_getters.push_back(tools_.log.size()); }
  running(running const&) = delete;
  running& operator=(running const&) = delete;
  ~running() { tools_.running_getters.pop_back(); }

 private:
  toolbox& tools_;
};

/// The chain reached what cannot be called. Below another getter Python refuses when it binds the two, before that one
/// runs, and with a TypeError. Where it is reached first the class depends on whether it wraps another.
[[noreturn]] void not_callable_getter(toolbox& tools) {
  if (tools.running_getters.empty()) throw untyped_error("GETTER_NOT_CALLABLE", "");
  tools.log.resize(tools.running_getters.back());
  throw untyped_error("GETTER_NOT_CALLABLE", "TypeError");
}

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
  if (kind == not_callable) not_callable_getter(*tools_);
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
