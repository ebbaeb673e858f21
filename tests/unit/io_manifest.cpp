// SPDX-License-Identifier: BSL-1.0
#include "io_support.hpp"
#include <ambit/ambit.hpp>
#include <ambit/io/content_hash.hpp>
#include <ambit/io/manifest.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <cstddef>
#include <string_view>

namespace {

using namespace ambit;

constexpr manifest_tensor entry(std::string_view name, dtype type, shape const& s) {
  return {name, detail::fnv1a(name), type, s};
}

inline constexpr auto model = [](graph& g) {
  tensor x = placeholder(g, "x", {1, 2});
  variable_scope m{g, "model"};
  tensor kernel = get_variable(g, "kernel", {2, 3});
  get_variable(g, "unused", {7});
  get_variable(g, "local", {2}, {.collections = {"local_variables"}});
  return matmul(x, kernel) + get_variable(g, "bias", {3});
};

inline constexpr manifest_tensor exact_rows[] = {entry("model/bias", dtype::f32, {3}),
                                                 entry("model/kernel", dtype::f32, {2, 3})};
inline constexpr weight_manifest exact{"exact", 1, exact_rows};
inline constexpr manifest_tensor more_rows[] = {
    entry("model/bias", dtype::f32, {3}), entry("model/kernel", dtype::f32, {2, 3}),
    entry("model/unused", dtype::f32, {7}), entry("global_step", dtype::i64, {}),
    entry("model/kernel/Adam_1", dtype::f32, {2, 3})};
inline constexpr weight_manifest more{"more", 2, more_rows};

// What load accepts: a variable without memory may have a tensor or none, and what is left over is waived.
static_assert(matches<model, exact>);
static_assert(matches<model, exact, "no such *">);
static_assert(matches<model, more, "global_step", "*/Adam*">);

inline constexpr auto nothing = [](graph& g) { return relu(placeholder(g, "x", {2})); };
inline constexpr weight_manifest empty{"empty", 0, {}};
static_assert(matches<nothing, empty>);
static_assert(matches<nothing, more, "*">);

// The differences, without their errors.
using fault = detail::manifest_fault;
template <auto const& Manifest, fixed_string... Ignore>
inline constexpr auto differences = detail::manifest_comparison<model, Manifest, Ignore...>::found;

inline constexpr manifest_tensor wrong_rows[] = {
    entry("model/kernel", dtype::f64, {3, 2}), entry("Model/bias", dtype::f32, {3}),
    entry("model/unused", dtype::f32, {8}), entry("model/local", dtype::f32, {2})};
inline constexpr weight_manifest wrong{"wrong", 3, wrong_rows};
static_assert(differences<wrong>.count == 6);
static_assert(differences<wrong>.first[0].what == fault::shape && differences<wrong>.first[0].tensor == 0);
static_assert(differences<wrong>.first[1].what == fault::dtype && differences<wrong>.first[1].tensor == 0);
static_assert(differences<wrong>.first[2].what == fault::shape && differences<wrong>.first[2].tensor == 2);
static_assert(differences<wrong>.first[3].what == fault::missing);
static_assert(differences<wrong>.first[4].what == fault::unexpected && differences<wrong>.first[4].tensor == 1);
static_assert(differences<wrong>.first[5].what == fault::unexpected && differences<wrong>.first[5].tensor == 3);
static_assert(differences<more>.count == 2);
static_assert(differences<more, "global*">.count == 1);
// A pattern does not waive what a variable is called.
static_assert(differences<wrong, "*">.count == 4);
static_assert(differences<empty>.count == 2);

// Two names of one hash: the text decides.
inline constexpr manifest_tensor colliding_rows[] = {{"other", detail::fnv1a("model/bias"), dtype::f32, {3}},
                                                     entry("model/bias", dtype::f32, {3}),
                                                     entry("model/kernel", dtype::f32, {2, 3})};
inline constexpr weight_manifest colliding{"colliding", 4, colliding_rows};
static_assert(matches<model, colliding, "other">);

// A big one, in compilers' default limits: 256 layers, 512 variables, and as many tensors that are waived.
inline constexpr int layers = 256;
struct deep_names {
  std::array<char, 2 * layers * 24> chars{};
  std::array<manifest_tensor, 2 * layers> rows{};
};
constexpr text deep_name(int layer, std::string_view leaf) {
  text out{"model/layer_"};
  out.append(layer);
  out += '/';
  out += leaf;
  return out;
}
inline constexpr auto deep_chars = [] {
  std::array<char, 2 * layers * 24> chars{};
  for (int i = 0; i < 2 * layers; ++i) {
    text const name = deep_name(i / 2, i % 2 == 0 ? "kernel" : "slot");
    for (std::size_t c = 0; c < name.size(); ++c)
      chars.data()[i * 24 + static_cast<int>(c)] = name[static_cast<int>(c)];
  }
  return chars;
}();
inline constexpr auto deep_rows = [] {
  std::array<manifest_tensor, 2 * layers> rows{};
  for (int i = 0; i < 2 * layers; ++i) {
    std::string_view const name(deep_chars.data() + i * 24);
    rows.data()[i].name = name;
    rows.data()[i].name_hash = detail::fnv1a(name);
    rows.data()[i].dtype = dtype::f32;
    rows.data()[i].shape = {4};
  }
  return rows;
}();
inline constexpr weight_manifest deep{"deep", 5, deep_rows};
inline constexpr auto deep_model = [](graph& g) {
  tensor x = placeholder(g, "x", {4});
  variable_scope m{g, "model"};
  for (int i = 0; i < layers; ++i) {
    variable_scope layer{g, {"layer_", i}};
    x = x * get_variable(g, "kernel", {4});
  }
  return x;
};
static_assert(matches<deep_model, deep, "*/slot">);

// A checkpoint with more slots than one constant of clang's can look through.
inline constexpr auto slot_rows = [] {
  std::array<manifest_tensor, 4000> rows{};
  for (manifest_tensor& row : rows) row = {"model/layer_123/convolution/kernel/Adam_1", 1, dtype::f32, {4}};
  for (std::size_t i = 0; i < rows.size(); ++i) rows.data()[i].name_hash = i;
  return rows;
}();
inline constexpr weight_manifest slots{"slots", 6, slot_rows};
static_assert(matches<nothing, slots, "*/Adam*">);
static_assert(detail::manifest_comparison<nothing, slots>::found.count == 4000);

}  // namespace

BOOST_AUTO_TEST_SUITE(io_manifest)

BOOST_AUTO_TEST_CASE(hash_of_contents) {
  std::string_view const ab = R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
                              R"("b":{"dtype":"I32","shape":[],"data_offsets":[8,12]}})";
  std::string_view const ba = R"({"__metadata__":{"x":"y"},"b":{"dtype":"I32","shape":[],"data_offsets":[0,4]},)"
                              R"("a":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}})";
  auto const hash = [](io_test::bytes const& file) { return content_hash(safetensors::from_bytes(file)); };
  io_test::bytes const first = io_test::file_of(ab, 12);
  BOOST_TEST(hash(first) == hash(io_test::file_of(ba, 12)));  // order and metadata do not count

  io_test::bytes other = first;
  other.back() = std::byte{1};
  BOOST_TEST(hash(first) != hash(other));
  auto const replaced = [&](std::string_view from, std::string_view to) {
    std::string header(ab);
    header.replace(header.find(from), from.size(), to);
    return hash(io_test::file_of(header, 12));
  };
  BOOST_TEST(hash(first) != replaced("\"a\"", "\"c\""));
  BOOST_TEST(hash(first) != replaced("F32", "I32"));
  BOOST_TEST(hash(first) != replaced("[2]", "[2,1]"));
  // Headers of yesterday rely on the definition; tests/programs/tool_manifest.sh has it once more, in Python.
  BOOST_TEST(content_hash(safetensors::from_bytes(io_test::file_of("{}", 0))) == 14695981039346656037ULL);
}

BOOST_AUTO_TEST_SUITE_END()
