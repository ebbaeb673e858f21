// SPDX-License-Identifier: BSL-1.0
// Copying values between models, and reading and writing one by name.
#include "error_of.hpp"
#include "io_support.hpp"
#include <ambit/ambit.hpp>
#include <ambit/io/copy.hpp>
#include <ambit/io/values.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <string>
#include <vector>

namespace {

using namespace ambit;
using io_test::contains;
using io_test::mock_store;
using floats = std::vector<float>;

inline constexpr auto small = [](graph& g) {
  tensor x = placeholder(g, "x", {1, 2});
  variable_scope m{g, "model"};
  get_variable(g, "unused", {5});
  return matmul(x, get_variable(g, "kernel", {2, 3})) + get_variable(g, "bias", {3});
};
/// The same variables, made in another order and used in another way.
inline constexpr auto reordered = [](graph& g) {
  tensor x = placeholder(g, "x", {4, 3});
  variable_scope m{g, "model"};
  tensor bias = get_variable(g, "bias", {3});
  return matmul(x + bias, get_variable(g, "kernel", {2, 3}), {.transpose_b = true});
};

mock_store pair_of(floats const& a, floats const& b) {
  mock_store store;
  store.add("a", dtype::f32, {2});
  store.add("b", dtype::f32, {2});
  store.set(0, a);
  store.set(1, b);
  return store;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(io_copy)

BOOST_AUTO_TEST_CASE(between_compiled_models) {
  compiled<small> from;
  write_value(from, "model/kernel", {1.f, 2.f, 3.f, 4.f, 5.f, 6.f});
  write_value(from, "model/bias", {7.f, 8.f, 9.f});
  compiled<reordered> to;
  load_report const report = copy_variables(from, to);
  BOOST_TEST(report.bound == 2);
  BOOST_TEST(read_value<float>(to, "model/kernel") == (floats{1, 2, 3, 4, 5, 6}));
  BOOST_TEST(read_value<float>(to, "model/bias") == (floats{7, 8, 9}));
  parameters<small> other;
  copy_variables(to, other);  // "model/unused" is not stored, so nothing is missing
  BOOST_TEST(read_value<float>(other, "model/kernel") == (floats{1, 2, 3, 4, 5, 6}));
}

BOOST_AUTO_TEST_CASE(from_a_store_to_itself) {
  mock_store store = pair_of({1, 2}, {3, 4});
  copy_variables(store, store);
  BOOST_TEST(store.values<float>(0) == (floats{1, 2}));
  BOOST_TEST(store.values<float>(1) == (floats{3, 4}));
  BOOST_TEST(store.writes == 2);
  BOOST_TEST(store.aligned);
}

BOOST_AUTO_TEST_CASE(all_that_is_wrong_at_once_and_nothing_changes) {
  mock_store from = pair_of({1, 2}, {3, 4});
  from.add("extra/one", dtype::f32, {1});
  from.add("typed", dtype::i32, {1});
  from.add("shaped", dtype::f32, {2, 3});
  mock_store to = pair_of({0, 0}, {0, 0});
  to.add("extra/ones", dtype::f32, {1});
  to.add("typed", dtype::f32, {1});
  to.add("shaped", dtype::f32, {3, 2});
  load_report const report = try_copy_variables(from, to);
  BOOST_TEST(report.missing.size() == 1U);
  BOOST_TEST(report.missing[0].name == "extra/ones");
  BOOST_TEST(report.missing[0].nearest == (std::vector<std::string>{"extra/one"}));
  BOOST_TEST(report.unexpected.size() == 1U);
  BOOST_TEST(report.wrong_dtype.size() == 1U);
  BOOST_TEST(report.wrong_shape.size() == 1U);
  BOOST_TEST(to.writes == 0);
  BOOST_CHECK_EXCEPTION(copy_variables(from, to), weights_error, [](weights_error const& e) {
    return contains(e.what(), "\"<another model>\": 4 problems; nothing was changed") &&
           contains(e.what(), "\"extra/one\"") && contains(e.what(), "its transpose");
  });
  BOOST_TEST(to.writes == 0);
}

BOOST_AUTO_TEST_CASE(what_is_waived_is_ignored) {
  mock_store from = pair_of({1, 2}, {3, 4});
  from.add("optimizer/m/a", dtype::f32, {2});
  mock_store to = pair_of({0, 0}, {0, 0});
  load_report const report = copy_variables(from, to, {.ignore = {"optimizer/*"}});
  BOOST_TEST(report.ignored == (std::vector<std::string>{"optimizer/m/a"}));
  BOOST_TEST(to.values<float>(1) == (floats{3, 4}));
}

BOOST_AUTO_TEST_CASE(names_that_are_there_twice_are_refused) {
  mock_store from = pair_of({1, 2}, {3, 4}), to = pair_of({0, 0}, {0, 0});
  from.add("a", dtype::f32, {2});
  BOOST_TEST(try_copy_variables(from, to).duplicate.size() == 1U);
  to.add("b", dtype::f32, {2});
  BOOST_TEST(try_copy_variables(from, to).duplicate.size() == 2U);
  BOOST_TEST(to.writes == 0);
}

BOOST_AUTO_TEST_CASE(what_the_source_does_not_store_is_missing) {
  mock_store from, to;
  from.add("a", dtype::f32, {2}, false);
  to.add("a", dtype::f32, {2});
  BOOST_TEST(try_copy_variables(from, to).missing.size() == 1U);
  BOOST_TEST(try_copy_variables(to, from).ok());  // checked, then skipped
  BOOST_TEST(from.writes == 0);
}

BOOST_AUTO_TEST_CASE(odd_sizes_empty_tensors_and_bad_bools) {
  mock_store from, to;
  for (mock_store* store : {&from, &to}) {
    store->add("flags", dtype::boolean, {3});
    store->add("none", dtype::f64, {0, 4});
    store->add("wide", dtype::c128, {1});
    store->add("half", dtype::f16, {1});
    store->add("last", dtype::i64, {1});
  }
  from.data[0] = {std::byte{1}, std::byte{0}, std::byte{1}};
  from.set<std::int64_t>(4, {-5});
  copy_variables(from, to);
  BOOST_TEST(to.aligned);
  BOOST_CHECK(to.data == from.data);
  from.data[0][1] = std::byte{2};
  BOOST_TEST(try_copy_variables(from, to).invalid.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_snapshot_outlives_its_store) {
  mock_store to = pair_of({0, 0}, {0, 0});
  weights_snapshot const before = [] { return weights_snapshot(pair_of({1, 2}, {3, 4}), "before"); }();
  load(to, before);
  BOOST_TEST(to.values<float>(0) == (floats{1, 2}));
  BOOST_TEST(before.file() == "before");
}

BOOST_AUTO_TEST_CASE(values_of_every_kind_of_array) {
  mock_store store = pair_of({1, 2}, {3, 4});
  float plain[2] = {};
  std::array<float, 2> array{};
  floats vector(2);
  read_value(store, "a", plain);
  read_value(store, "b", array);
  read_value(store, "a", std::span(vector));
  BOOST_TEST(plain[1] == 2);
  BOOST_TEST(array[1] == 4);
  BOOST_TEST(vector[1] == 2);
  read_value(store, "b", std::span<float, 2>(plain));
  BOOST_TEST(plain[0] == 3);
  floats const constant{5, 6};
  write_value(store, "a", constant);
  BOOST_TEST(store.values<float>(0) == constant);
  write_value(store, std::string("b"), array);
  write_value(store, "b", {8.f, 9.f});
  BOOST_TEST(store.values<float>(1) == (floats{8, 9}));
  store.add("flags", dtype::boolean, {2});
  write_value(store, "flags", {true, false});
  bool flags[2] = {};
  read_value(store, "flags", flags);
  BOOST_TEST(flags[0]);
}

BOOST_AUTO_TEST_CASE(wrong_names_sizes_and_dtypes_are_refused) {
  mock_store store = pair_of({1, 2}, {3, 4});
  store.add("model/fc1/kernel", dtype::f32, {2, 3});
  store.add("model/fc1/gone", dtype::f32, {2, 3}, false);
  floats six(6, 1.f);
  scope_error const unknown = error_of([&] { read_value(store, "model/fc1/kernal", six); });
  BOOST_TEST((unknown.code() == errc::variable_unknown));
  BOOST_TEST(unknown.name() == "model/fc1/kernal");
  BOOST_TEST(unknown.have().starts_with("model/fc1/kernel"));
  BOOST_TEST((error_of([&] { write_value(store, "", six); }).code() == errc::variable_unknown));
  int const line = __LINE__ + 1;
  scope_error const size = error_of([&] { write_value(store, "model/fc1/kernel", floats(5)); });
  BOOST_TEST((size.code() == errc::value_mismatch));
  BOOST_TEST(size.have() == "float32 (2, 3)");
  BOOST_TEST(size.want() == "5 elements of float32");
  BOOST_TEST(size.where().line == line);
  BOOST_TEST((error_of([&] { write_value(store, "model/fc1/kernel", std::vector<double>(6)); }).code() ==
              errc::value_mismatch));
  BOOST_TEST((error_of([&] { (void)read_value<int>(store, "model/fc1/kernel"); }).code() == errc::value_mismatch));
  BOOST_TEST(contains(error_of([&] { read_value(store, "model/fc1/gone", six); }).what(), "no value"));
  BOOST_TEST(store.writes == 0);
  BOOST_TEST(six == floats(6, 1.f));
}

BOOST_AUTO_TEST_SUITE_END()
