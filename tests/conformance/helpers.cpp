// SPDX-License-Identifier: BSL-1.0
#include "helpers.hpp"

#include "values.hpp"
#include <ambit/init/initializers.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>

namespace conformance {
namespace {

[[noreturn]] void unknown(std::string_view what, word const& w, int line) {
  throw malformed(line, "there is no " + std::string(what) + " `" + w.raw + "`");
}

/// Initializers that are written in Python in the cases.
class scripted_initializer final : public ambit::initializer_kind {
 public:
  enum class script { literal, optional_parameter, required_parameter, failing };

  scripted_initializer(std::string_view id, script what, ambit::literal value)
      : initializer_kind(id), what_(what), value_(std::move(value)) {}
  ~scripted_initializer() = default;

  [[nodiscard]] bool needs_shape() const override {
    return what_ == script::required_parameter || what_ == script::failing;
  }
  [[nodiscard]] ambit::tensor initial_value(ambit::graph& g, ambit::shape const&, ambit::dtype,
                                            ambit::initializer_parameters const&) const override {
    if (what_ == script::failing) throw user_error();
    return ambit::constant(g, value_);
  }

 private:
  script what_;
  ambit::literal value_;
};

class l2_penalty final : public ambit::regularizer_kind {
 public:
  explicit l2_penalty(std::optional<std::string> name) : name_(std::move(name)) {}
  ~l2_penalty() = default;

  [[nodiscard]] ambit::tensor penalty(ambit::graph&, ambit::tensor variable,
                                      ambit::regularizer_parameters const&) const override {
    return ambit::l2_loss(variable, name_ ? ambit::name(*name_) : ambit::name());
  }

 private:
  std::optional<std::string> name_;
};

class failing_penalty final : public ambit::regularizer_kind {
 public:
  ~failing_penalty() = default;
  [[nodiscard]] ambit::tensor penalty(ambit::graph&, ambit::tensor,
                                      ambit::regularizer_parameters const&) const override {
    throw user_error();
  }
};

class labelled_constraint final : public ambit::constraint_kind {
 public:
  explicit labelled_constraint(std::string_view label) : constraint_kind(label) {}
  ~labelled_constraint() = default;
};

/// A partitioner that always answers the list whose address is its parameter.
ambit::partition listed_parts(ambit::shape const&, ambit::dtype, ambit::partitioner_parameters const& p) {
  ambit::partition result;
  for (int n : *reinterpret_cast<std::vector<int> const*>(static_cast<std::intptr_t>(p[0]))) result.parts.push_back(n);
  return result;
}
ambit::partition scalar_parts(ambit::shape const&, ambit::dtype, ambit::partitioner_parameters const&) {
  return {{}, true, ambit::errc::partitioner_not_sequence};
}

std::optional<ambit::initializer> stock_initializer(std::string_view name) {
  if (name == "zeros") return ambit::zeros_initializer();
  if (name == "ones") return ambit::ones_initializer();
  if (name == "glorot") return ambit::glorot_uniform();
  if (name == "normal") return ambit::random_normal();
  if (name == "uniform") return ambit::random_uniform(0, 1);
  if (name == "truncated") return ambit::truncated_normal();
  return std::nullopt;
}

word suffix_of(word const& w, std::string_view prefix) { return word(w.raw.substr(prefix.size())); }

}  // namespace

template <class Object, class... Arguments>
Object& toolbox::own(std::string const& spelling, Arguments&&... arguments) {
  std::unique_ptr<owned>& slot = objects_[spelling];
  if (!slot) {
    auto made = std::make_unique<owned>();
    made->spelling = spelling;
    if constexpr (std::is_base_of_v<ambit::initializer_kind, Object> ||
                  std::is_base_of_v<ambit::constraint_kind, Object>)
      made->object = new Object(std::string_view(made->spelling), std::forward<Arguments>(arguments)...);
    else
      made->object = new Object(std::forward<Arguments>(arguments)...);
    made->destroy = [](void* object) { delete static_cast<Object*>(object); };
    slot = std::move(made);
  }
  return *static_cast<Object*>(slot->object);
}

ambit::initializer toolbox::initializer(word const& w, int line) {
  using script = scripted_initializer::script;
  std::string const& spelling = w.raw;
  if (w.none()) return {};
  if (std::optional<ambit::initializer> const stock = stock_initializer(spelling)) return *stock;
  if (spelling.starts_with("class:"))
    if (std::optional<ambit::initializer> const stock = stock_initializer(spelling.substr(6))) return *stock;
  if (spelling.starts_with("const:")) {
    ambit::literal const value = parse_literal(suffix_of(w, "const:"), line);
    if (value.shape().rank() != 0) unknown("initializer", w, line);
    return ambit::constant_initializer(value.number(0));
  }
  if (spelling.starts_with("value:")) return parse_literal(suffix_of(w, "value:"), line);
  if (spelling.starts_with("lambda:"))
    return own<scripted_initializer>(spelling, script::literal, parse_literal(suffix_of(w, "lambda:"), line));
  if (spelling == "lambda_opt")
    return own<scripted_initializer>(spelling, script::optional_parameter, ambit::literal{0.0F, 0.0F});
  if (spelling == "lambda_req")
    return own<scripted_initializer>(spelling, script::required_parameter, ambit::literal{0.0F, 0.0F});
  if (spelling == "fail") return own<scripted_initializer>(spelling, script::failing, ambit::literal());
  unknown("initializer", w, line);
}

ambit::regularizer toolbox::regularizer(word const& w, int line) {
  std::string const key = "regularizer " + w.raw;
  if (w.none()) return {};
  if (w.raw == "none") return ambit::no_regularizer();
  if (w.raw == "l2") return own<l2_penalty>(key, std::nullopt);
  if (w.raw.starts_with("l2:")) return own<l2_penalty>(key, suffix_of(w, "l2:").text);
  if (w.raw == "fail") return own<failing_penalty>(key);
  unknown("regularizer", w, line);
}

ambit::partitioner toolbox::partitioner(word const& w, int line) {
  if (w.none()) return {};
  if (w.raw == "scalar") return ambit::partitioner(&scalar_parts);
  if (w.raw == not_callable) return ambit::partitioner(static_cast<ambit::partitioner_function>(nullptr));
  if (w.raw.starts_with("list:")) {
    std::vector<int> const*& known = part_list_of_[w.raw];
    if (known == nullptr) {
      std::vector<int> parts;
      for (word const& n : parse_list(suffix_of(w, "list:"), line)) parts.push_back(parse_int(n.raw, line));
      known = &part_lists_.emplace_back(std::move(parts));
    }
    return ambit::partitioner(&listed_parts, {static_cast<std::int64_t>(reinterpret_cast<std::intptr_t>(known))});
  }
  std::vector<std::string> const parts = split_colons(w.raw);
  auto number = [&](std::size_t i, int otherwise) { return i < parts.size() ? parse_int(parts[i], line) : otherwise; };
  if (parts[0] == "fixed" && (parts.size() == 2 || parts.size() == 3))
    return ambit::fixed_size_partitioner(number(1, 0), number(2, 0));
  if (parts[0] == "axis_size" && parts.size() >= 2 && parts.size() <= 4)
    return ambit::variable_axis_size_partitioner(number(1, 0), number(2, 0), number(3, 0));
  if (parts[0] == "minmax" && parts.size() >= 2 && parts.size() <= 4)
    return ambit::min_max_variable_partitioner(number(1, 0), number(2, 0), number(3, 262144));
  unknown("partitioner", w, line);
}

ambit::constraint toolbox::constraint(word const& w) {
  if (w.none()) return {};
  return own<labelled_constraint>("constraint " + w.text);
}

std::string_view label_of(ambit::constraint const& c) {
  return c.kind()->id().substr(std::string_view("constraint ").size());
}

bool equal(ambit::initializer const& a, ambit::initializer const& b) {
  ambit::literal const* const x = a.value();
  ambit::literal const* const y = b.value();
  bool same = a.kind() == b.kind() && a.value_tensor() == b.value_tensor() && (x == nullptr) == (y == nullptr);
  if (same && x != nullptr) {
    same = x->type() == y->type() && x->shape() == y->shape() && x->size() == y->size();
    for (int i = 0; same && i < x->size(); ++i) same = x->bits(i) == y->bits(i);
  }
  return same && std::equal(std::begin(a.parameters()), std::end(a.parameters()), std::begin(b.parameters()));
}

}  // namespace conformance
