// SPDX-License-Identifier: BSL-1.0
#include "grammar.hpp"

#include "helpers.hpp"
#include "values.hpp"

#include <algorithm>
#include <string_view>

namespace conformance {
namespace {

constexpr int many = 1 << 20;

struct rule {
  std::string_view keyword;
  int least;  // positional words after the keyword
  int most;
  std::string_view options;  // separated and surrounded by blanks
  bool block = false;
  bool as = false;
};

constexpr std::string_view scope_options = " default values reuse initializer regularizer partitioner getter dtype "
                                           "use_resource constraint caching_device aux ";
constexpr std::string_view old_scope_options =
    " default values reuse initializer regularizer partitioner getter dtype use_resource constraint caching_device ";
constexpr std::string_view get_options =
    " shape dtype initializer regularizer trainable collections caching_device partitioner validate_shape use_resource "
    "getter constraint sync ";
constexpr std::string_view setting_options =
    " initializer regularizer partitioner dtype use_resource constraint caching_device ";

constexpr rule rules[] = {
    {"name_scope", 1, 1, " default values ", true, true},
    {"variable_scope", 1, 1, scope_options, true, true},
    {"variable_op_scope", 1, 1, old_scope_options, true, true},
    {"graph", 1, 1, "", true},
    {"with", 1, 1, "", true, true},
    {"creator_scope", 1, 1, "", true},
    {"template", 2, 2, " create_now unique_name getter ", true},
    {"raises", 1, 1, " code name want have ", true},
    {"get", 2, 2, get_options},
    {"get_local", 2, 2, get_options},
    {"var", 1, 1, " init name dtype trainable collections use_resource caching_device constraint sync validate_shape "},
    {"op", 2, many, " name dtype shape "},
    {"capture", 1, 1, ""},
    {"reuse_variables", 1, 1, ""},
    {"set", 1, 1, " initializer regularizer partitioner dtype use_resource caching_device getter "},
    {"call", 1, 1, ""},
    {"collect", 2, 2, ""},
    {"enable_resource", 1, 1, ""},
    {"cm", 3, 3, scope_options},
    {"enter", 1, 1, "", false, true},
    {"exit", 1, 1, ""},
    {"expect", 2, many, ""},
};

constexpr rule expectations[] = {
    {"name", 2, 2, ""},
    {"str", 2, 2, ""},
    {"ns", 1, 1, ""},
    {"vs", 1, 1, ""},
    {"scope", 1, 1, " name ns reuse "},
    {"settings", 1, 1, setting_options},
    {"same", 2, 2, ""},
    {"differ", 2, 2, ""},
    {"collection", 2, 2, " in "},
    {"shape", 2, 2, ""},
    {"dtype", 2, 2, ""},
    {"trainable", 2, 2, ""},
    {"resource", 2, 2, ""},
    {"constraint", 2, 2, ""},
    {"caching", 2, 2, ""},
    {"parts", 2, 2, ""},
    {"partshapes", 2, many, ""},
    {"log", 1, 1, ""},
    {"peek", 2, 2, ""},
    {"unique", 2, 2, ""},
    {"template_scope", 3, 3, ""},
    {"template_vars", 3, 3, ""},
    {"ops", 1, 1, ""},
};

struct op_rule {
  std::string_view kind;
  int operands;
  std::string_view options;
};
constexpr op_rule op_rules[] = {
    {"const", 1, " name "},    {"placeholder", 0, " name dtype shape "},
    {"noop", 0, " name "},     {"add", 2, " name "},
    {"sub", 2, " name "},      {"mul", 2, " name "},
    {"matmul", 2, " name "},   {"neg", 1, " name "},
    {"identity", 1, " name "}, {"relu", 1, " name "},
    {"l2_loss", 1, " name "},  {"plus", 2, ""},
    {"minus", 2, ""},          {"times", 2, ""},
};

template <class Rules>
auto find_rule(Rules const& all, std::string_view keyword) {
  return std::find_if(std::begin(all), std::end(all), [&](rule const& r) { return r.keyword == keyword; });
}

bool lists(std::string_view options, std::string const& key) {
  return options.find(" " + key + " ") != std::string_view::npos;
}

void check_options(statement const& s, std::string_view allowed) {
  for (option const& o : s.options)
    if (!lists(allowed, o.key)) throw malformed(s.line, "`" + s.keyword + "` has no option `" + o.key + "`");
}

void check_count(statement const& s, std::string_view what, std::size_t found, int least, int most) {
  int const count = static_cast<int>(std::min<std::size_t>(found, many));
  if (count < least) throw malformed(s.line, "`" + std::string(what) + "` needs more arguments");
  if (count > most) throw malformed(s.line, "`" + std::string(what) + "` has too many arguments");
}

void check_reference(word const& w, int line) {
  if (!w.reference() || w.raw.size() < 2) throw malformed(line, "`" + w.raw + "` is not $ID");
}
void check_scope(word const& w, int line) {
  if (!w.current_scope()) check_reference(w, line);
}

/// The form of an option's value. Names, devices and whatever may be given wrongly on purpose are free.
void check_value(option const& o, int line) {
  toolbox scratch;
  word const& v = o.value;
  if (v.raw.empty()) throw malformed(line, "option `" + o.key + "` has no value");
  if (o.key == "shape") (void)parse_shape(v, line);
  if (o.key == "dtype" && !v.none()) (void)parse_dtype(v, line);
  if (o.key == "trainable" || o.key == "use_resource" || o.key == "validate_shape" || o.key == "create_now")
    (void)parse_bool(v, line);
  if (o.key == "sync") (void)parse_synchronization(v, line);
  if (o.key == "initializer" && !v.reference()) (void)scratch.initializer(v, line);
  if (o.key == "init" && !v.reference() && !v.none()) (void)parse_literal(v, line);
  if (o.key == "regularizer") (void)scratch.regularizer(v, line);
  if (o.key == "partitioner") (void)scratch.partitioner(v, line);
  if (o.key == "getter") (void)scratch.getter(v, line);
  if (o.key == "in") check_scope(v, line);
  if (o.key == "collections" && v.is_list()) (void)parse_list(v, line);
  if (o.key == "values")
    for (word const& item : parse_list(v, line)) check_reference(item, line);
}

void check_op(statement const& s) {
  std::string const& kind = s.words[1].raw;
  auto const found =
      std::find_if(std::begin(op_rules), std::end(op_rules), [&](op_rule const& r) { return r.kind == kind; });
  if (found == std::end(op_rules)) throw malformed(s.line, "there is no op `" + kind + "`");
  check_count(s, kind, s.words.size() - 2, found->operands, found->operands);
  check_options(s, found->options);
  for (std::size_t i = 2; i < s.words.size(); ++i)
    if (!s.words[i].reference() || kind == "const") (void)parse_literal(s.words[i], s.line);
}

void check_context_manager(statement const& s) {
  std::string const& kind = s.words[1].raw;
  if (kind == "variable_scope") return;
  if (kind != "name_scope" && kind != "creator_scope")
    throw malformed(s.line, "a context manager is a variable_scope, a name_scope or a creator_scope");
  check_options(s, "");
  if (kind == "creator_scope") (void)toolbox().creator(s.words[2], s.line);
}

void check_raises(statement const& s) {
  std::string const& kind = s.words[0].raw;
  if (kind != "ValueError" && kind != "TypeError" && kind != "RuntimeError" && kind != "UserError")
    throw malformed(s.line, "`" + kind + "` is not ValueError, TypeError, RuntimeError or UserError");
  if (s.find("code") == nullptr) throw malformed(s.line, "`raises` needs a code");
}

void check_expectation(statement const& s) {
  std::string const& kind = s.words[0].raw;
  auto const found = find_rule(expectations, kind);
  if (found == std::end(expectations)) throw malformed(s.line, "there is no expectation `" + kind + "`");
  check_count(s, "expect " + kind, s.words.size() - 1, found->least, found->most);
  check_options(s, found->options);
  word const& last = s.words.back();
  if (kind == "collection" || kind == "parts" || kind == "log" || kind == "template_vars" || kind == "ops")
    (void)parse_list(last, s.line);
  if (kind == "shape") (void)parse_shape(last, s.line);
  if (kind == "dtype") (void)parse_dtype(last, s.line);
  if (kind == "trainable" || kind == "resource") (void)parse_bool(last, s.line);
  if (kind == "partshapes")
    for (std::size_t i = 2; i < s.words.size(); ++i) (void)parse_shape(s.words[i], s.line);
  if (kind == "scope" || kind == "settings")
    check_scope(s.words[1], s.line);
  else if (kind != "ns" && kind != "vs" && kind != "collection" && kind != "log" && kind != "peek" &&
           kind != "unique" && kind != "ops")
    check_reference(s.words[1], s.line);
  if (kind == "same" || kind == "differ") check_reference(last, s.line);
}

}  // namespace

bool opens_block(std::string const& keyword) {
  auto const found = find_rule(rules, keyword);
  return found != std::end(rules) && found->block;
}

bool takes_as(std::string const& keyword) {
  auto const found = find_rule(rules, keyword);
  return found != std::end(rules) && found->as;
}

void check_grammar(statement const& s) {
  auto const found = find_rule(rules, s.keyword);
  if (found == std::end(rules)) throw malformed(s.line, "there is no statement `" + s.keyword + "`");
  check_count(s, s.keyword, s.words.size(), found->least, found->most);
  if (s.keyword != "expect") check_options(s, found->options);
  for (option const& o : s.options) check_value(o, s.line);
  if (s.keyword == "op") check_op(s);
  if (s.keyword == "cm") check_context_manager(s);
  if (s.keyword == "raises") check_raises(s);
  if (s.keyword == "expect") check_expectation(s);
  if (s.keyword == "creator_scope") (void)toolbox().creator(s.words[0], s.line);
  if (s.keyword == "call") check_reference(s.words[0], s.line);
  if (s.keyword == "collect") check_reference(s.words[1], s.line);
  if (s.keyword == "reuse_variables" || s.keyword == "set") check_scope(s.words[0], s.line);
  if (s.keyword == "set" && s.options.empty()) throw malformed(s.line, "`set` needs a setting");
  if (s.keyword == "var" && s.find("init") == nullptr) throw malformed(s.line, "`var` needs init");
  if (s.keyword == "enable_resource") (void)parse_bool(s.words[0], s.line);
}

}  // namespace conformance
