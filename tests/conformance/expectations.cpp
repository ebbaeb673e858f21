// SPDX-License-Identifier: BSL-1.0
#include "expectations.hpp"

#include "values.hpp"

#include <algorithm>

namespace conformance {
namespace {

using outcome = std::optional<mismatch>;

// ---- printed forms

std::string print(std::string_view s) { return s.empty() ? "\"\"" : std::string(s); }
std::string print(ambit::text const& t) { return print(t.view()); }
std::string print(bool b) { return b ? "True" : "False"; }
std::string print(ambit::shape const& s) { return to_string(to_text(s)); }
std::string print(ambit::reuse r) {
  switch (r) {
  case ambit::reuse::yes: return "True";
  case ambit::reuse::automatic: return "AUTO";
  case ambit::reuse::no: return "False";
  case ambit::reuse::inherit: break;
  }
  return "None";
}
std::string print(ambit::option o) { return o.given() ? print(o.value_or(false)) : "None"; }
std::string print_device(ambit::device d) { return ambit::given(d) ? print(d) : "None"; }
std::string print(ambit::constraint const& c) { return c.given() ? std::string(label_of(c)) : "None"; }

std::string print_names(ambit::list<ambit::tensor> const& tensors) {
  std::vector<std::string> names;
  for (ambit::tensor const& t : tensors) names.push_back(to_string(t.name()));
  return join(names);
}

// The list as the case writes it, without the quotes.
std::string print_list(word const& w, int line) {
  std::vector<std::string> items;
  for (word const& item : parse_list(w, line)) items.push_back(item.text);
  return join(items);
}

// A shape, a list or a dtype with its punctuation taken out: "(2, 3)", "[2,3]" and "[2, 3]" are one fact.
std::string plain_fact(std::string_view fact) {
  if (fact.ends_with("_ref")) fact.remove_suffix(4);
  std::string out;
  for (char c : fact)
    if (c != ' ' && c != '(' && c != ')' && c != '[' && c != ']') out += c;
  if (out.ends_with(',')) out.pop_back();
  return out;
}

class expectation {
 public:
  expectation(environment& e, statement const& s) : e_(e), s_(s), kind_(s.words[0].raw) {}

  outcome check() {
    if (kind_ == "name") return same_text(1, tensor().name());
    if (kind_ == "str") return string();
    if (kind_ == "ns") return same_text(0, e_.graph().current_name_scope());
    if (kind_ == "vs") return same_text(0, e_.graph().current_scope().name());
    if (kind_ == "scope") return scope();
    if (kind_ == "settings") return settings();
    if (kind_ == "same" || kind_ == "differ") return identity(kind_ == "same");
    if (kind_ == "collection") return collection();
    if (kind_ == "shape") return compare(print(parse_shape(argument(1), s_.line)), print(tensor().shape()));
    if (kind_ == "dtype") return compare(argument(1).raw, std::string(ambit::to_string(tensor().dtype())));
    if (kind_ == "parts") return same_list(1, print_names(tensor().parts()));
    if (kind_ == "partshapes") return part_shapes();
    if (kind_ == "log") return same_list(0, join(std::exchange(e_.tools.log, {})));
    if (kind_ == "peek" || kind_ == "unique")
      return same_text(1, e_.graph().unique_name(e_.name(&argument(0), s_.line), kind_ == "unique"));
    if (kind_ == "template_scope") return template_scope();
    if (kind_ == "template_vars") return template_variables();
    if (kind_ == "ops") return ops();
    return variable();
  }

 private:
  [[nodiscard]] word const& argument(std::size_t i) const { return s_.words[i + 1]; }
  [[nodiscard]] ambit::tensor tensor() const { return e_.tensor(argument(0), s_.line); }
  [[nodiscard]] outcome compare(std::string expected, std::string found) const {
    if (expected == found) return std::nullopt;
    std::string const subject = argument(0).reference() || argument(0).current_scope() ? " " + argument(0).raw : "";
    return mismatch{s_.line, "expect " + kind_ + subject, std::move(expected), std::move(found)};
  }
  [[nodiscard]] outcome same_text(std::size_t i, ambit::text const& found) const {
    return compare(print(e_.text(argument(i), s_.line).value_or("None")), print(found));
  }
  [[nodiscard]] outcome same_list(std::size_t i, std::string found) const {
    return compare(print_list(argument(i), s_.line), std::move(found));
  }

  [[nodiscard]] outcome string() const {
    auto const* const found = std::get_if<std::string>(&e_.find(argument(0).id(), s_.line));
    if (found == nullptr) throw malformed(s_.line, "`" + argument(0).raw + "` is not a text");
    return compare(print(argument(1).text), print(*found));
  }

  [[nodiscard]] outcome scope() const {
    ambit::scope const s = e_.scope(argument(0), s_.line);
    for (option const& o : s_.options) {
      std::string found;
      if (o.key == "name")
        found = print(s.name());
      else if (o.key == "ns")
        found = print(s.original_name_scope());
      else
        found = print(s.reuse());
      if (outcome const bad = compare(o.key + "=" + print(o.value.text), o.key + "=" + found)) return bad;
    }
    return std::nullopt;
  }

  /// A setting is compared as a value: equal spelling makes an equal one.
  [[nodiscard]] outcome settings() const {
    ambit::scope const s = e_.scope(argument(0), s_.line);
    for (option const& o : s_.options) {
      word const& w = o.value;
      std::string found = w.text;
      if (o.key == "initializer") {
        if (!equal(e_.initializer(&w, s_.line), s.initializer())) found = "another one";
      } else if (o.key == "regularizer") {
        if (e_.tools.regularizer(w, s_.line).kind() != s.regularizer().kind()) found = "another one";
      } else if (o.key == "partitioner") {
        if (!(e_.tools.partitioner(w, s_.line) == s.partitioner())) found = "another one";
      } else if (o.key == "dtype") {
        found = ambit::to_string(s.dtype());
      } else if (o.key == "use_resource") {
        found = print(s.use_resource());
      } else if (o.key == "constraint") {
        found = print(s.constraint());
      } else {
        found = print_device(s.caching_device());
      }
      if (outcome const bad = compare(o.key + "=" + print(w.text), o.key + "=" + print(found))) return bad;
    }
    return std::nullopt;
  }

  [[nodiscard]] outcome identity(bool wanted) const {
    value const& a = e_.find(argument(0).id(), s_.line);
    value const& b = e_.find(argument(1).id(), s_.line);
    auto print_one = [](bool same) { return std::string(same ? "one object" : "two objects"); };
    return compare(print_one(wanted), print_one(a == b));
  }

  [[nodiscard]] outcome collection() const {
    std::string_view const key = collection_key(argument(0).text);
    word const* const in = s_.find("in");
    return same_list(1, print_names(in == nullptr ? e_.graph().get_collection(key)
                                                  : e_.scope(*in, s_.line).get_collection(key, e_.graph())));
  }

  [[nodiscard]] outcome part_shapes() const {
    std::vector<std::string> expected, found;
    for (std::size_t i = 1; i + 1 < s_.words.size(); ++i) expected.push_back(print(parse_shape(argument(i), s_.line)));
    for (ambit::tensor const& part : tensor().parts()) found.push_back(print(part.shape()));
    return compare(join(expected), join(found));
  }

  [[nodiscard]] outcome variable() const {
    ambit::tensor v = tensor();
    if (v.is_partitioned() && !v.parts().empty()) v = v.parts()[0];
    if (!v.is_variable()) return compare(argument(1).raw, "not a variable");
    ambit::variable_info const& info = v.graph()->variable(v);
    if (kind_ == "trainable") return compare(argument(1).raw, print(info.trainable));
    if (kind_ == "resource") return compare(argument(1).raw, print(info.use_resource));
    if (kind_ == "constraint") return compare(argument(1).text, print(info.constraint));
    return compare(print(argument(1).text), print_device(info.caching_device));
  }

  [[nodiscard]] outcome template_scope() const {
    auto const t = e_.template_of(argument(0), s_.line);
    if (outcome const bad = compare(print(argument(1).text), print(t->name()))) return bad;
    return compare(print(argument(2).text), t->scope().valid() ? print(t->scope().name()) : "None");
  }

  [[nodiscard]] outcome template_variables() const {
    auto const t = e_.template_of(argument(0), s_.line);
    std::string const& which = argument(1).raw;
    if (which == "global") return same_list(2, print_names(t->global_variables(e_.graph())));
    if (which == "trainable") return same_list(2, print_names(t->trainable_variables(e_.graph())));
    if (which == "local") return same_list(2, print_names(t->local_variables(e_.graph())));
    if (which == "nontrainable") return same_list(2, print_names(t->non_trainable_variables(e_.graph())));
    throw malformed(s_.line, "`" + which + "` is not global, trainable, local or nontrainable");
  }

  [[nodiscard]] outcome ops() const {
    std::vector<std::string> names;
    for (int i = 0; i < e_.graph().size(); ++i) {
      ambit::tensor const t = e_.graph()[i];
      if (t.is_partitioned()) continue;
      std::string name = to_string(t.name());
      if (name.ends_with(":0")) name.resize(name.size() - 2);
      names.push_back(std::move(name));
    }
    return same_list(0, join(names));
  }

  environment& e_;
  statement const& s_;
  std::string const& kind_;
};

}  // namespace

outcome check_expectation(environment& e, statement const& s) { return expectation(e, s).check(); }

raised describe_current_error() {
  raised r;
  try {
    throw;
  } catch (ambit::scope_error const& error) {
    switch (ambit::kind_of(error.code())) {
    case ambit::error_kind::value: r.kind = "ValueError"; break;
    case ambit::error_kind::type: r.kind = "TypeError"; break;
    case ambit::error_kind::runtime: r.kind = "RuntimeError"; break;
    }
    r.code = ambit::id_of(error.code());
    r.name = error.name();
    r.want = error.want();
    r.have = error.have();
    r.message = error.what();
  } catch (untyped_error const& error) {
    r.kind = error.kind();
    r.code = error.code();
    r.message = r.code;
  } catch (user_error const& error) {
    r.kind = "UserError";
    r.code = "USER";
    r.message = error.what();
  }
  return r;
}

outcome check_raised(statement const& header, raised const& error) {
  std::string const& kind = header.words[0].raw;
  std::string const& code = header.find("code")->raw;
  auto differs = [&](std::string const& what, std::string expected, std::string found) {
    return mismatch{header.line, what, std::move(expected), found + ", from: " + error.message};
  };
  if (code != error.code || kind != error.kind)
    return differs("raises", kind + " " + code, error.kind + " " + error.code);
  for (option const& o : header.options) {
    if (o.key == "name" && o.value.text != error.name) return differs("raises name", o.value.text, error.name);
    if (o.key != "want" && o.key != "have") continue;
    std::string const& found = o.key == "want" ? error.want : error.have;
    if (plain_fact(o.value.none() ? "<unknown>" : std::string_view(o.value.text)) != plain_fact(found))
      return differs("raises " + o.key, o.value.text, found);
  }
  return std::nullopt;
}

}  // namespace conformance
