// SPDX-License-Identifier: BSL-1.0
// Files that name things otherwise: rename rules, prefixes, orders of axes, one scope only.
#include "io_source.hpp"
#include "io_support.hpp"
#include <ambit/io/safetensors.hpp>
#include <ambit/io/weights.hpp>

#include <boost/test/unit_test.hpp>

#include <numeric>

using namespace io_test;
using ambit::axis_order;
using ambit::dtype;
using ambit::load;
using ambit::load_options;
using ambit::load_report;
using ambit::shape;
using ambit::transposed;
using ambit::try_load;

namespace {

std::vector<float> counted(int size) {
  std::vector<float> out(static_cast<std::size_t>(size));
  std::iota(out.begin(), out.end(), 0.0F);
  return out;
}

list_source torch() {
  list_source source;
  source.add<float>("fc1.weight", dtype::f32, {2, 3}, counted(6), 1);  // (out, in), at an odd address
  source.add<float>("fc1.bias", dtype::f32, {2}, {8, 9});
  return source;
}
mock_store model() {
  mock_store store;
  store.add("model/fc1/kernel", dtype::f32, {3, 2});
  store.add("model/fc1/bias", dtype::f32, {2});
  return store;
}
load_options const torch_names{
    .renames = {{"fc1.weight", "model/fc1/kernel", transposed}, {"fc1.bias", "model/fc1/bias"}}};

/// Must not fit, and change nothing.
load_report failed(mock_store& store, list_source const& source, load_options const& options) {
  auto const before = store.data;
  load_report const report = try_load(store, source, options);
  BOOST_TEST(!report.ok());
  BOOST_TEST(store.writes == 0);
  BOOST_CHECK(store.data == before);
  BOOST_TEST(to_string(check(store, source, options)) == to_string(report));
  return report;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(io_rename)

BOOST_AUTO_TEST_CASE(names_and_transposition_as_data) {
  mock_store store = model();
  load_report const report = load(store, torch(), torch_names);
  BOOST_TEST(report.bound == 2);
  BOOST_TEST(store.values<float>(0) == (std::vector<float>{0, 3, 1, 4, 2, 5}), boost::test_tools::per_element());
  BOOST_TEST(store.values<float>(1) == (std::vector<float>{8, 9}), boost::test_tools::per_element());
  BOOST_TEST(store.aligned);
}

BOOST_AUTO_TEST_CASE(axes_in_any_order) {
  // (out, in, height, width) to (height, width, in, out)
  list_source source;
  source.add<float>("conv.weight", dtype::f32, {2, 3, 4, 5}, counted(120));
  mock_store store;
  store.add("conv/kernel", dtype::f32, {4, 5, 3, 2});
  load(store, source, {.renames = {{"conv.weight", "conv/kernel", axis_order{2, 3, 1, 0}}}});
  auto const values = store.values<float>(0);
  for (int h = 0; h < 4; ++h)
    for (int w = 0; w < 5; ++w)
      for (int i = 0; i < 3; ++i)
        for (int o = 0; o < 2; ++o) {
          auto const at = static_cast<std::size_t>(((h * 5 + w) * 3 + i) * 2 + o);
          BOOST_TEST(values[at] == static_cast<float>(((o * 3 + i) * 4 + h) * 5 + w));
        }
}

BOOST_AUTO_TEST_CASE(every_size_of_element) {
  for (dtype const type : {dtype::u8, dtype::i16, dtype::f32, dtype::f64, dtype::c64, dtype::c128}) {
    auto const size = static_cast<std::size_t>(ambit::size_of(type));
    std::vector<unsigned char> raw(6 * size), want(6 * size);
    for (std::size_t i = 0; i < 6; ++i) {
      std::memset(raw.data() + i * size, static_cast<int>(i), size);
      std::memset(want.data() + (i % 3 * 2 + i / 3) * size, static_cast<int>(i), size);
    }
    list_source source;
    source.add<unsigned char>("a", type, {2, 3}, raw);
    mock_store store;
    store.add("b", type, {3, 2});
    load(store, source, {.renames = {{"a", "b", transposed}}});
    BOOST_CHECK(store.data[0] == to_bytes({reinterpret_cast<char const*>(want.data()), want.size()}));
  }
}

BOOST_AUTO_TEST_CASE(no_elements_and_no_axes) {
  list_source source;
  source.add<float>("scalar", dtype::f32, {}, {7});
  source.add<float>("none", dtype::f32, {0, 3}, {});
  mock_store store;
  store.add("s", dtype::f32, {});
  store.add("n", dtype::f32, {3, 0});
  load(store, source, {.renames = {{"scalar", "s", transposed}, {"none", "n", transposed}}});
  BOOST_TEST(store.values<float>(0)[0] == 7.0F);
}

BOOST_AUTO_TEST_CASE(rules_that_fit_nothing) {
  mock_store store = model();
  load_options options = torch_names;
  options.renames.push_back({"fc2.weihgt", "model/fc2/kernel", transposed});
  options.renames.push_back({"fc1.bias", "model/fc2/bias"});
  options.prefixes.push_back({"old", "model"});
  load_report const report = failed(store, torch(), options);
  BOOST_TEST(report.problems() == 3U);
  BOOST_TEST(to_string(report) == R"(ambit: cannot load "list": 3 problems; nothing was changed [WEIGHTS_MISMATCH]
  rule: rename "fc2.weihgt": expected a tensor of this name for "model/fc2/kernel", found none; nearest in the file: "fc1.weight"
  rule: rename "fc1.bias": expected one rule for it, found another one to "model/fc2/bias" after "model/fc1/bias"
  rule: prefix "old": expected tensors under it, found none that it decides
Take the rules out of load_options that this file has no use for.)");
}

BOOST_AUTO_TEST_CASE(axes_that_are_no_permutation) {
  for (axis_order const& axes : {axis_order{0}, axis_order{0, 0}, axis_order{0, 2}, axis_order{0, -1},
                                 axis_order{2, 1, 0}, axis_order{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}}) {
    mock_store store = model();
    load_options options = torch_names;
    options.renames[0].axes = axes;
    load_report const report = failed(store, torch(), options);
    BOOST_TEST(contains(to_string(report), R"(rule: rename "fc1.weight": expected an order of the axes of (2, 3))"));
  }
}

BOOST_AUTO_TEST_CASE(reports_have_both_names) {
  mock_store store = model();
  load_options options{.renames = {{"fc1.weight", "model/fc1/kernel"}, {"fc1.bias", "model/fc1/bais"}}};
  std::string const text = to_string(failed(store, torch(), options));
  BOOST_TEST(contains(
      text,
      R"(shape: variable "model/fc1/kernel" (tensor "fc1.weight"): expected (3, 2), found (2, 3), its transpose)"));
  BOOST_TEST(contains(text, R"(unexpected: tensor "fc1.bias" (renamed "model/fc1/bais"): expected no such tensor)"));
  BOOST_TEST(contains(text, R"(missing: variable "model/fc1/bias")"));
}

BOOST_AUTO_TEST_CASE(two_tensors_of_one_variable) {
  mock_store store = model();
  list_source source = torch();
  source.add<float>("model/fc1/bias", dtype::f32, {2}, {1, 2});
  load_report const report = failed(store, source, torch_names);
  BOOST_TEST(report.duplicate.size() == 1U);
  BOOST_TEST(report.duplicate[0].note == R"(expected once, found 2 times in the file: "fc1.bias", "model/fc1/bias")");
}

BOOST_AUTO_TEST_CASE(prefixes) {
  auto const kernel_of = [](std::string const& name, std::vector<ambit::prefix_rule> rules) {
    list_source source;
    source.add<float>(name, dtype::f32, {1}, {5});
    mock_store store;
    store.add("model/fc1/kernel", dtype::f32, {1});
    return try_load(store, source, {.prefixes = std::move(rules)}).ok();
  };
  BOOST_TEST(kernel_of("old/fc1/kernel", {{"old/fc1", "model/fc1"}}));
  BOOST_TEST(kernel_of("old/fc1/kernel", {{"old", "model"}}));
  BOOST_TEST(kernel_of("old/fc1/kernel", {{"old/", "model/"}}));
  BOOST_TEST(kernel_of("fc1/kernel", {{"", "model"}}));
  BOOST_TEST(kernel_of("outer/model/fc1/kernel", {{"outer", ""}}));
  BOOST_TEST(kernel_of("encoder.kernel", {{"encoder.", "model/fc1"}}));
  BOOST_TEST(kernel_of("k", {{"k", "model/fc1/kernel"}}));
  BOOST_TEST(!kernel_of("old/fc11/kernel", {{"old/fc1", "model/fc1"}}));  // whole components
  BOOST_TEST(!kernel_of("encoder.kernel", {{"encoder", "model/fc1"}}));
  // The longest decides, wherever it stands; one that decides nothing is refused.
  BOOST_TEST(!kernel_of("old/fc1/kernel", {{"old", "x"}, {"old/fc1", "model/fc1"}}));
  mock_store store;
  store.add("a/w", dtype::f32, {1});
  store.add("b/w", dtype::f32, {1});
  list_source source;
  source.add<float>("old/w", dtype::f32, {1}, {1});
  source.add<float>("old/fc1/w", dtype::f32, {1}, {2});
  load(store, source, {.prefixes = {{"old", "a"}, {"old/fc1", "b"}}});
  BOOST_TEST(store.values<float>(1)[0] == 2.0F);
  // A rename comes first.
  load(store, source, {.renames = {{"old/w", "b/w"}}, .prefixes = {{"old/fc1", "a"}}});
  BOOST_TEST(store.values<float>(1)[0] == 1.0F);
}

BOOST_AUTO_TEST_CASE(one_scope_only) {
  mock_store store = model();
  store.add("model/fc10/bias", dtype::f32, {2});
  list_source source;
  source.add<float>("model/fc1/kernel", dtype::f32, {3, 2}, counted(6));
  source.add<float>("model/fc1/bias", dtype::f32, {2}, {1, 2});
  source.add<float>("other/bias", dtype::f16, {9}, {});
  auto const untouched = store.data[2];
  load_report const report = load(store, source, {.scope = "model/fc1"});
  BOOST_TEST(report.bound == 2);
  BOOST_TEST(report.ignored == (std::vector<std::string>{"other/bias"}), boost::test_tools::per_element());
  BOOST_CHECK(store.data[2] == untouched);
  store.writes = 0;
  // Within the scope it is as strict as ever.
  source.add<float>("model/fc1/more", dtype::f32, {1}, {1});
  BOOST_TEST(failed(store, source, {.scope = "model/fc1"}).unexpected.size() == 1U);
  load_report const nothing = failed(store, source, {.scope = "model/fc"});
  BOOST_TEST(
      contains(to_string(nothing), R"(rule: scope "model/fc": expected variables of the model in it, found none)"));
  // From another scope of another file.
  list_source old;
  old.add<float>("old/fc1/bias", dtype::f32, {2}, {3, 4});
  old.add<float>("old/fc1/kernel", dtype::f32, {3, 2}, counted(6));
  old.add<float>("global_step", dtype::i64, {}, {1, 1});
  load(store, old, {.prefixes = {{"old/fc1", "model/fc1"}}, .scope = "model/fc1"});
  BOOST_TEST(store.values<float>(1)[0] == 3.0F);
}

BOOST_AUTO_TEST_CASE(silero_vad_by_scope_paths) {
  std::filesystem::path const path = fixtures() / "safetensors" / "silero_vad_16k.safetensors";
  if (!std::filesystem::exists(path)) {
    std::cout << "skipped: no safetensors folder of fixtures (AMBIT_FIXTURES); package: none\n";
    return;
  }
  ambit::safetensors const file{path};
  mock_store store;
  load_options options;
  for (ambit::file_tensor const& tensor : file.tensors()) {
    std::string name = "vad/" + tensor.name;
    std::replace(name.begin(), name.end(), '.', '/');
    store.add(name, tensor.dtype, transposed.of(tensor.shape));
    options.renames.push_back({tensor.name, name, transposed});
  }
  BOOST_TEST(load(store, file, options).bound == 15);
  options.renames.pop_back();
  load_report const report = check(store, file, options);
  BOOST_TEST(report.missing.size() == 1U);
  BOOST_TEST(report.unexpected.size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
