// SPDX-License-Identifier: BSL-1.0
// Binding: total, transactional, one report.
#include "io_support.hpp"
#include <ambit/io/weights.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace io_test;
using ambit::check;
using ambit::dtype;
using ambit::file_tensor;
using ambit::load;
using ambit::load_options;
using ambit::load_report;
using ambit::shape;
using ambit::try_load;
using ambit::weights_error;

namespace {

/// A source of any format, with bytes at any address.
class mock_source {
 public:
  void add(std::string name, dtype type, shape s, std::byte fill = std::byte{1}, std::size_t shift = 0) {
    std::size_t const size = static_cast<std::size_t>(s.elements()) * static_cast<std::size_t>(ambit::size_of(type));
    auto const& buffer = buffers_.emplace_back(std::make_unique<bytes>(size + shift, fill));
    tensors_.push_back({std::move(name), type, s, std::span(*buffer).subspan(shift)});
  }
  [[nodiscard]] std::span<file_tensor const> tensors() const { return tensors_; }
  [[nodiscard]] std::string file() const { return "mock.file"; }
  std::vector<file_tensor> tensors_;

 private:
  std::vector<std::unique_ptr<bytes>> buffers_;
};

mock_store model() {
  mock_store store;
  store.add("model/fc1/kernel", dtype::f32, {4, 3});
  store.add("model/fc1/bias", dtype::f32, {3});
  store.add("model/fc2/kernel", dtype::f32, {3, 2});
  store.add("model/fc2/bias", dtype::f32, {2});
  return store;
}
mock_source file() {
  mock_source source;
  source.add("model/fc1/bias", dtype::f32, {3});
  source.add("model/fc1/kernel", dtype::f32, {4, 3}, std::byte{2});
  source.add("model/fc2/bias", dtype::f32, {2});
  source.add("model/fc2/kernel", dtype::f32, {3, 2});
  return source;
}

/// Loads, which must fail and change nothing.
load_report failed(mock_store& store, mock_source const& source, load_options const& options = {}) {
  auto const before = store.data;
  load_report report;
  try {
    load(store, source, options);
    BOOST_ERROR("loaded");
  } catch (weights_error const& error) {
    report = error.report();
    BOOST_TEST(error.what() == to_string(report));
  }
  BOOST_TEST(store.writes == 0);
  BOOST_CHECK(store.data == before);
  BOOST_TEST(!report.ok());
  return report;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(io_weights)

BOOST_AUTO_TEST_CASE(binds_by_name) {
  mock_store store = model();
  load_report const report = load(store, file());
  BOOST_TEST(report.ok());
  BOOST_TEST(report.bound == 4);
  BOOST_TEST(report.file == "mock.file");
  BOOST_TEST(store.writes == 4);
  BOOST_CHECK(store.data[0] == bytes(48, std::byte{2}));
  BOOST_CHECK(store.data[1] == bytes(12, std::byte{1}));
  BOOST_TEST(to_string(report) == "ambit: \"mock.file\" fits: 4 variables bound, 0 tensors ignored");
}

BOOST_AUTO_TEST_CASE(everything_wrong_in_one_report) {
  mock_store store = model();
  store.add("model/step", dtype::i64, {});
  store.add("model/mask", dtype::boolean, {3});
  mock_source source;
  source.add("model/fc1/kernel", dtype::f32, {3, 4});
  source.add("model/fc1/bias", dtype::f16, {3});
  source.add("model/fc2/kernal", dtype::f32, {3, 2});
  source.add("model/step", dtype::i32, {1});
  source.add("model/fc2/bias", dtype::f32, {2});
  source.add("model/fc2/bias", dtype::f32, {2});
  source.add("global_step", dtype::i64, {});
  source.add("model/mask", dtype::boolean, {3}, std::byte{2});
  load_report const report = failed(store, source);
  BOOST_TEST(report.missing.size() == 1U);
  BOOST_TEST(report.unexpected.size() == 2U);
  BOOST_TEST(report.wrong_shape.size() == 2U);
  BOOST_TEST(report.wrong_dtype.size() == 2U);
  BOOST_TEST(report.duplicate.size() == 1U);
  BOOST_TEST(report.invalid.size() == 1U);
  BOOST_TEST(report.problems() == 9U);
  BOOST_TEST(to_string(report) ==
             R"(ambit: cannot load "mock.file": 9 problems; nothing was changed [WEIGHTS_MISMATCH]
  missing: variable "model/fc2/kernel": expected float32 (3, 2), found no such tensor; nearest in the file: "model/fc2/kernal"
  unexpected: tensor "model/fc2/kernal": expected no such tensor, found float32 (3, 2); nearest in the model: "model/fc2/kernel", "model/fc1/kernel", "model/fc2/bias"
  unexpected: tensor "global_step": expected no such tensor, found int64 ()
  shape: variable "model/fc1/kernel": expected (4, 3), found (3, 4), its transpose
  shape: variable "model/step": expected (), found (1,)
  dtype: variable "model/fc1/bias": expected float32, found float16
  dtype: variable "model/step": expected int64, found int32
  duplicate: "model/fc2/bias": expected once, found 2 times in the file
  invalid: tensor "model/mask": expected 0 or 1 for each bool, found 2 at element 0
Give tensor and variable one name: keys are scope paths without ":0".
Waive tensors that the model has no use for: load_options{.ignore = {"global_step", "*/Adam*"}}.
Build the model with the shapes and dtypes of the file, or convert the file; loading converts dtypes only where asked to: load_options{.convert = true}.
Keep one of each name.
Write the file again: it is damaged.)");
}

BOOST_AUTO_TEST_CASE(each_alone_is_enough_to_refuse) {
  auto const with = [](auto change) {
    mock_store store = model();
    mock_source source = file();
    change(store, source);
    return failed(store, source);
  };
  BOOST_TEST(with([](auto& s, auto&) { s.add("more", dtype::f32, {1}); }).missing.size() == 1U);
  BOOST_TEST(with([](auto&, auto& f) { f.add("more", dtype::f32, {1}); }).unexpected.size() == 1U);
  BOOST_TEST(with([](auto&, auto& f) { f.tensors_[3].dtype = dtype::i32; }).wrong_dtype.size() == 1U);
  BOOST_TEST(with([](auto&, auto& f) { f.tensors_[3].shape = shape{6}; }).wrong_shape.size() == 1U);
  BOOST_TEST(with([](auto&, auto& f) { f.tensors_[3].shape = shape{2, 3}; }).wrong_shape.size() == 1U);
  BOOST_TEST(with([](auto&, auto& f) { f.tensors_[3].bytes = f.tensors_[3].bytes.first(23); }).invalid.size() == 1U);
  BOOST_TEST(with([](auto&, auto& f) { f.add("model/fc1/bias", dtype::f32, {3}); }).duplicate.size() == 1U);
  load_report const twice = with([](auto& s, auto&) { s.add("model/fc1/bias", dtype::f32, {3}); });
  BOOST_TEST(twice.duplicate.at(0).note == "expected once, found 2 times in the model");
  // Broadcasting and extents of 1 are no match either.
  BOOST_TEST(with([](auto&, auto& f) { f.tensors_[0].shape = shape{1, 3}; }).wrong_shape.size() == 1U);
}

BOOST_AUTO_TEST_CASE(structured_facts) {
  mock_store store = model();
  mock_source source = file();
  source.tensors_[1].shape = shape{12};
  load_report const report = failed(store, source);
  BOOST_TEST(report.wrong_shape[0].name == "model/fc1/kernel");
  BOOST_CHECK((report.wrong_shape[0].expected_shape == shape{4, 3} && report.wrong_shape[0].found_shape == shape{12}));
  BOOST_CHECK(report.wrong_shape[0].expected_dtype == dtype::f32 && report.wrong_shape[0].found_dtype == dtype::f32);
}

BOOST_AUTO_TEST_CASE(ignoring) {
  mock_store store = model();
  mock_source source = file();
  source.add("global_step", dtype::i64, {});
  source.add("model/fc1/kernel/Adam", dtype::f32, {4, 3});
  source.add("model/fc1/kernel/Adam_1", dtype::f32, {4, 3});
  source.add("model/fc1/kernel/Adam_1", dtype::f32, {4, 3});  // twice, and waived
  BOOST_TEST(failed(store, source).unexpected.size() == 4U);
  BOOST_TEST(failed(store, source, {.ignore = {"*/Adam*"}}).unexpected.size() == 1U);
  BOOST_TEST(failed(store, source, {.ignore = {"*/adam*", "global"}}).unexpected.size() == 4U);
  load_report const report = load(store, source, load_options{.ignore = {"*/Adam*", "global_step", "not there"}});
  BOOST_TEST(report.ignored.size() == 4U);
  BOOST_TEST(report.ignored[0] == "global_step");
  // A pattern waives tensors, never variables.
  mock_store more = model();
  more.add("model/fc3/bias", dtype::f32, {1});
  BOOST_TEST(failed(more, source, {.ignore = {"*"}}).missing.size() == 1U);
  mock_store all = model();
  BOOST_TEST(load(all, source, {.ignore = {"*"}}).bound == 4);
}

BOOST_AUTO_TEST_CASE(variables_without_memory) {
  mock_store store = model();
  store.add("model/unused", dtype::f32, {5}, false);
  store.add("model/open", dtype::f32, {ambit::dyn, 2}, false);
  mock_source source = file();
  BOOST_TEST(load(store, source).bound == 4);  // nothing needs them
  source.add("model/unused", dtype::f32, {5});
  source.add("model/open", dtype::f32, {7, 2});
  BOOST_TEST(load(store, source).bound == 6);
  BOOST_TEST(store.writes == 8);  // but none of these
  store.writes = 0;
  source.tensors_.back().shape = shape{7, 3};
  BOOST_TEST(failed(store, source).wrong_shape.size() == 1U);
}

BOOST_AUTO_TEST_CASE(checking_and_trying) {
  mock_store store = model();
  mock_source source = file();
  source.add("more", dtype::f32, {1});
  mock_store const& constant = store;
  BOOST_TEST(check(constant, source).unexpected.size() == 1U);
  BOOST_TEST(check(constant, source, {.ignore = {"more"}}).ok());
  BOOST_TEST(!try_load(store, source).ok());
  BOOST_TEST(store.writes == 0);
  BOOST_TEST(try_load(store, source, {.ignore = {"m*e"}}).ok());
  BOOST_TEST(store.writes == 4);
}

BOOST_AUTO_TEST_CASE(stores_see_aligned_values) {
  mock_store store;
  mock_source source;
  for (std::size_t shift = 0; shift < 8; ++shift) {
    std::string const name = "x" + std::to_string(shift);
    store.add(name, dtype::f64, {static_cast<int>(shift) + 1});
    source.add(name, dtype::f64, {static_cast<int>(shift) + 1}, static_cast<std::byte>(shift), shift);
  }
  load(store, source);
  BOOST_TEST(store.aligned);
  for (std::size_t shift = 0; shift < 8; ++shift)
    BOOST_CHECK(store.data[shift] == bytes(8 * (shift + 1), static_cast<std::byte>(shift)));
}

BOOST_AUTO_TEST_CASE(globs) {
  using ambit::detail::io::glob_matches;
  static_assert(glob_matches("global_step", "global_step") && !glob_matches("global_step", "global_steps"));
  static_assert(glob_matches("*/Adam*", "model/fc1/kernel/Adam_1") && !glob_matches("*/Adam*", "Adam"));
  static_assert(glob_matches("*", "") && glob_matches("**", "a/b") && glob_matches("", "") && !glob_matches("", "a"));
  static_assert(glob_matches("a*b*c", "a/x/b/b/c") && !glob_matches("a*b*c", "a/x/b/b/d"));
  static_assert(glob_matches("*ab", "aab") && glob_matches("*aab*", "aaab") && !glob_matches("a*", "ba"));
  static_assert(!glob_matches("a?c", "abc") && glob_matches("a?c", "a?c"));  // only '*' is special
  std::string const as(2000, 'a');
  BOOST_TEST(!glob_matches("*a*a*a*a*a*a*a*a*b", as));
}

BOOST_AUTO_TEST_CASE(nearest) {
  using ambit::detail::nearest_names;
  using names = ambit::list<std::string_view>;
  nearest_names search({"model/fc1/kernel", "model/fc2/kernel", "model/fc1/bias", "global_step"});
  BOOST_CHECK(search.of("model/fc1/kernel:0") == (names{"model/fc1/kernel", "model/fc2/kernel"}));
  BOOST_CHECK(search.of("fc1/kernel") == (names{"model/fc1/kernel"}));
  BOOST_CHECK(search.of("Global_Step") == (names{"global_step"}));
  BOOST_CHECK(search.of("conv2d_1/gamma").empty());
  BOOST_CHECK(search.of("").empty());
  BOOST_CHECK(nearest_names({"b", "a1", "a2", "a3", "a4"}).of("a3").size() == 3);
  BOOST_TEST(search.distance("kitten", "sitting", 9) == 3U);
  BOOST_TEST(search.distance("flaw", "lawn", 9) == 2U);
  BOOST_TEST(search.distance("", "abc", 9) == 3U);
  BOOST_TEST(search.distance("abcdef", "uvwxyz", 2) > 2U);
  BOOST_TEST(search.distance("same", "same", 0) == 0U);
}

BOOST_AUTO_TEST_CASE(missing_names_come_first_among_equally_near) {
  mock_store store;
  store.add("layer_1", dtype::f32, {1});
  store.add("layer_2", dtype::f32, {1});
  store.add("layer_3", dtype::f32, {1});
  mock_source source;
  source.add("layer_1", dtype::f32, {1});
  source.add("layer_3", dtype::f32, {1});
  source.add("layer_4", dtype::f32, {1});
  BOOST_TEST(failed(store, source).unexpected[0].nearest[0] == "layer_2");
}

BOOST_AUTO_TEST_CASE(names_of_strangers_are_printed_safely) {
  mock_store store;
  mock_source source;
  source.add(std::string("a\x1b[2J\0\n\"\\\xff\xC2\x9B é", 15), dtype::f32, {1});
  source.add(std::string(100'000, 'x'), dtype::f32, {1});
  std::string const text = to_string(failed(store, source));
  BOOST_TEST(contains(text, R"("a\x1b[2J\x00\x0a\"\\\xff\xc2\x9b é")"));
  BOOST_TEST(contains(text, std::string(200, 'x') + "...\""));
  BOOST_TEST(text.size() < 1000U);
}

BOOST_AUTO_TEST_CASE(a_flood_of_names_gets_its_report) {
  mock_store store = model();
  mock_source source = file();
  for (int i = 0; i < 100'000; ++i)
    source.tensors_.push_back({"model/layer_" + std::to_string(i) + "/attention/kernel", dtype::f32, {0}, {}});
  BOOST_TEST(failed(store, source).unexpected.size() == 100'000U);
}

BOOST_AUTO_TEST_CASE(errors_copy_without_throwing) {
  static_assert(std::is_nothrow_copy_constructible_v<weights_error>);
  static_assert(std::is_nothrow_copy_constructible_v<ambit::file_error>);
  static_assert(std::is_base_of_v<std::exception, weights_error> &&
                std::is_base_of_v<std::exception, ambit::file_error>);
}

BOOST_AUTO_TEST_SUITE_END()
