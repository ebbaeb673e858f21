// SPDX-License-Identifier: BSL-1.0
#include "environment.hpp"

#include "values.hpp"

namespace conformance {

environment::environment(char const* file, bool check_arguments) : file_(file), check_arguments_(check_arguments) {
  prepare(first_);
}

void environment::prepare(owned_graph& g) {
  g.graph.enable_resource_variables(resource_);
  if (check_arguments_) g.check.emplace(g.graph, argument_check());
}

ambit::graph& environment::graph_named(std::string const& name) {
  auto const [at, added] = named_.try_emplace(name);
  if (added) prepare(at->second);
  return at->second.graph;
}

void environment::enable_resource_variables(bool on) {
  resource_ = on;
  first_.graph.enable_resource_variables(on);
  for (auto& [name, g] : named_) g.graph.enable_resource_variables(on);
}

value const& environment::find(std::string const& id, int line) const {
  auto const at = table_.find(id);
  if (at == table_.end()) throw malformed(line, "`" + id + "` is not bound");
  return at->second;
}

namespace {
template <class T>
T const& as(value const& v, std::string const& id, char const* what, int line) {
  if (T const* const found = std::get_if<T>(&v)) return *found;
  throw malformed(line, "`" + id + "` is not " + what);
}
}  // namespace

ambit::tensor environment::tensor(word const& w, int line) const {
  if (!w.reference()) throw malformed(line, "`" + w.raw + "` is not $ID");
  return as<ambit::tensor>(find(w.id(), line), w.id(), "a variable or a tensor", line);
}

ambit::scope environment::scope(word const& w, int line) {
  if (w.current_scope()) return graph().current_scope();
  return as<ambit::scope>(find(w.id(), line), w.id(), "a variable scope", line);
}

std::shared_ptr<template_object> environment::template_of(word const& w, int line) const {
  return as<std::shared_ptr<template_object>>(find(w.id(), line), w.id(), "a template", line);
}

std::shared_ptr<context_manager> environment::manager(std::string const& id, int line) const {
  return as<std::shared_ptr<context_manager>>(find(id, line), id, "a context manager", line);
}

std::optional<std::string_view> environment::text(word const& w, int line) const {
  if (w.none()) return std::nullopt;
  if (w.current_scope()) throw malformed(line, "a text is expected, not a scope");
  if (w.reference()) return as<std::string>(find(w.id(), line), w.id(), "a text", line);
  return w.text;
}

ambit::name environment::name(word const* w, int line) const {
  if (w == nullptr) return {};
  std::optional<std::string_view> const given = text(*w, line);
  return given ? ambit::name(*given, file_, line) : ambit::name();
}

ambit::device environment::device(word const* w, int line) const {
  if (w == nullptr) return {};
  return text(*w, line).value_or(ambit::device());
}

ambit::initializer environment::initializer(word const* w, int line) {
  if (w == nullptr) return {};
  if (w->reference()) return tensor(*w, line);
  return tools.initializer(*w, line);
}

ambit::collection_list environment::collections(word const* w, int line) {
  if (w == nullptr || w->none()) return {};
  ambit::collection_list keys = ambit::collection_list::empty();
  if (!w->is_list()) {
    keys.add(not_a_list);
    return keys;
  }
  for (word const& item : parse_list(*w, line)) keys.add(collection_key(*words_.insert(item.text).first));
  return keys;
}

ambit::dtype environment::dtype(word const* w, int line) {
  return w == nullptr || w->none() ? ambit::dtype::none : parse_dtype(*w, line);
}

}  // namespace conformance
