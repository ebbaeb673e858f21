// SPDX-License-Identifier: BSL-1.0
// TensorFlow V2 checkpoints: real ones, several data files, slices, strings, writing.
#if __has_include(<protozero/pbf_reader.hpp>)
#include "io_checkpoint_support.hpp"
#include "io_support.hpp"
#include <ambit/io/checkpoint.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <iostream>
#include <limits>
#include <random>
#include <type_traits>

using namespace io_test;
using ambit::checkpoint;
using ambit::dtype;
using ambit::shape;
using ambit::write_checkpoint;
namespace dio = ambit::detail::io;

namespace {

std::filesystem::path fixture(char const* name) {
  std::filesystem::path const path = fixtures() / name;
  if (std::filesystem::exists(path.string() + ".index")) return path;
  std::cout << "skipped: no " << name << " among the fixtures (AMBIT_FIXTURES); package: none\n";
  return {};
}
mock_store store_for(checkpoint const& file) {
  mock_store out;
  for (ambit::file_tensor const& t : file.tensors())
    if (t.dtype != dtype::string && t.dtype != dtype::none) out.add(t.name, t.dtype, t.shape);
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(io_checkpoint)

BOOST_AUTO_TEST_CASE(tables_as_tensorflow_writes_them) {
  for (char const* name : {"tf_bundles/half_plus_two", "tf_bundles/some_scope", "tf_bundles/string_tensors"}) {
    std::filesystem::path const path = fixture(name);
    if (path.empty()) return;
    std::string const content = read_text(path.string() + ".index");
    dio::table_reader const table(content, name);
    dio::table_writer writer;
    for (dio::table_entry const& e : table.entries()) writer.add(e.key, e.value);
    BOOST_CHECK(writer.finish() == content);
  }
}

BOOST_AUTO_TEST_CASE(half_plus_two) {
  std::filesystem::path const path = fixture("tf_bundles/half_plus_two");
  if (path.empty()) return;
  checkpoint const file{path};
  BOOST_TEST(file.file() == path.string());
  BOOST_REQUIRE_EQUAL(file.tensors().size(), 3U);
  BOOST_CHECK(
      (file.tensors()[2].name == "c" && file.tensors()[2].dtype == dtype::f32 && file.tensors()[2].shape == shape{}));
  mock_store store = store_for(file);
  BOOST_TEST(load(store, file).bound == 3);
  BOOST_TEST(store.values<float>(0)[0] == 0.5F);
  BOOST_TEST(store.values<float>(1)[0] == 2.0F);
  BOOST_TEST(store.values<float>(2)[0] == 3.0F);
  BOOST_TEST(store.aligned);
  // Written again, both files are TensorFlow's.
  folder here;
  write_checkpoint(here.path / "w", store);
  for (char const* part : {".index", ".data-00000-of-00001"})
    BOOST_CHECK(read_text((here.path / "w").string() + part) == read_text(path.string() + part));
}

BOOST_AUTO_TEST_CASE(compressed_index) {
  std::filesystem::path const path = fixture("tf_bundles/half_plus_two_snappy");
  if (path.empty()) return;
  checkpoint const file{path};
  mock_store store = store_for(file);
  load(store, file);
  BOOST_TEST(file.tensors().size() == 5U);
  BOOST_TEST(store.values<float>(0)[0] == 0.5F);
  BOOST_TEST(store.values<float>(2)[0] == 2.0F);
}

BOOST_AUTO_TEST_CASE(a_scope) {
  std::filesystem::path const path = fixture("tf_bundles/some_scope");
  if (path.empty()) return;
  checkpoint const file{path};
  mock_store store;
  store.add("some_scope/embeddings", dtype::f32, {5, 16});
  store.add("some_scope/indices", dtype::i64, {5});
  load(store, file);
  folder here;
  write_checkpoint(here.path / "w", store);
  for (char const* part : {".index", ".data-00000-of-00001"})
    BOOST_CHECK(read_text((here.path / "w").string() + part) == read_text(path.string() + part));
  BOOST_TEST(here.files() == 2U);
}

BOOST_AUTO_TEST_CASE(strings_are_noted) {
  std::filesystem::path const path = fixture("tf_bundles/string_tensors");
  if (path.empty()) return;
  checkpoint const file{path};
  BOOST_REQUIRE_EQUAL(file.tensors().size(), 4U);
  BOOST_CHECK((file.tensors()[3].name == "strs" && file.tensors()[3].dtype == dtype::string &&
               file.tensors()[3].shape == shape{4} && file.tensors()[3].bytes.empty()));
  mock_store store;
  store.add("floats", dtype::f32, {2, 3});
  ambit::load_report const report = load(store, file);
  BOOST_CHECK((report.ignored == std::vector<std::string>{"scalar", "string_tensor", "strs"}));
  // A variable that asks for one is told what it is.
  store.add("strs", dtype::f32, {4});
  auto const before = store.data;
  BOOST_CHECK_EXCEPTION(load(store, file), ambit::weights_error, [](ambit::weights_error const& e) {
    return contains(e.what(), R"(dtype: variable "strs": expected float32, found string)");
  });
  BOOST_CHECK(store.data == before);
}

BOOST_AUTO_TEST_CASE(slots_and_steps) {
  std::filesystem::path const path = fixture("tf1_mnist/model.ckpt-46900");
  if (path.empty()) return;
  checkpoint const file{path};
  BOOST_TEST(file.tensors().size() == 27U);
  mock_store store;
  store.add("conv2d/kernel", dtype::f32, {3, 3, 1, 32});
  store.add("conv2d/kernel/Adam", dtype::f32, {3, 3, 1, 32});
  store.add("global_step", dtype::i64, {});
  ambit::load_report const report = try_load(store, file, {.ignore = {"*/Adam*", "beta*_power"}});
  BOOST_TEST(report.unexpected.size() == 7U);
  BOOST_TEST(report.bound == 3);
  load(store, file, {.ignore = {"*"}});
  BOOST_TEST(store.values<std::int64_t>(2)[0] == 46900);
  BOOST_TEST(store.values<float>(0) != store.values<float>(1));
}

BOOST_AUTO_TEST_CASE(several_data_files) {
  folder here;
  bundle made(3);
  made.add("a", 1, {2}, floats({1, 2}), 2);
  made.add("b", 1, {2}, floats({3, 4}), 0);
  made.add("c", 1, {1}, floats({5}), 2);
  made.add("none", 1, {0, 7}, "", 1);  // a file that must be there, and is empty
  made.write(here.path / "m");
  BOOST_TEST(std::filesystem::exists(here.path / "m.data-00002-of-00003"));
  checkpoint const file{here.path / "m"};
  mock_store store = store_for(file);
  load(store, file);
  BOOST_CHECK((store.values<float>(0) == std::vector<float>{1, 2}));
  BOOST_CHECK((store.values<float>(1) == std::vector<float>{3, 4}));
  BOOST_CHECK((store.values<float>(2) == std::vector<float>{5}));
  std::filesystem::remove(here.path / "m.data-00002-of-00003");
  BOOST_CHECK_EXCEPTION(checkpoint{here.path / "m"}, ambit::file_error, [](ambit::file_error const& e) {
    return contains(e.what(), "m.data-00002-of-00003\": No such file");
  });
}

BOOST_AUTO_TEST_CASE(slices) {
  // A matrix of 5 x 4 in a block of rows and, of the others, two blocks of columns, in two files; a vector; a scalar.
  folder here;
  bundle made(2);
  made.add_sliced("m", 1, {5, 4}, {{{{0, 2}, {0, -1}}}, {{{2, 3}, {0, 1}}}, {{{2, 3}, {1, 3}}}});
  made.add_slice("m", {{{0, 2}, {0, -1}}}, 1, {2, 4}, floats({0, 1, 2, 3, 4, 5, 6, 7}), 1);
  made.add_slice("m", {{{2, 3}, {0, 1}}}, 1, {3, 1}, floats({8, 12, 16}), 0);
  made.add_slice("m", {{{2, 3}, {1, 3}}}, 1, {3, 3}, floats({9, 10, 11, 13, 14, 15, 17, 18, 19}), 1);
  made.add_sliced("v", 1, {70}, {{{{0, 64}}}, {{{64, 6}}}});
  made.add_slice("v", {{{0, 64}}}, 1, {64}, std::string(256, '\1'), 0);
  made.add_slice("v", {{{64, 6}}}, 1, {6}, std::string(24, '\2'), 0);
  made.add_sliced("s", 1, {}, {{{}}});
  made.add_slice("s", {{}}, 1, {}, floats({42}), 0);
  made.write(here.path / "m");
  checkpoint const file{here.path / "m"};
  BOOST_REQUIRE_EQUAL(file.tensors().size(), 3U);
  mock_store store = store_for(file);
  load(store, file);
  std::vector<float> rising;
  for (int i = 0; i < 20; ++i) rising.push_back(static_cast<float>(i));
  BOOST_CHECK((file.tensors()[0].name == "m" && file.tensors()[0].shape == shape{5, 4}));
  BOOST_CHECK(store.values<float>(0) == rising);
  BOOST_CHECK(store.values<float>(1) == std::vector<float>{42});
  BOOST_CHECK((store.data[2][255] == std::byte{1} && store.data[2][256] == std::byte{2}));

  // The same as the parts that a model has of them.
  checkpoint const parts{here.path / "m", {.parts = true}};
  BOOST_REQUIRE_EQUAL(parts.tensors().size(), 6U);
  mock_store split;
  split.add("m/part_0", dtype::f32, {2, 4});
  split.add("m/part_1", dtype::f32, {3, 1});
  split.add("m/part_2", dtype::f32, {3, 3});
  split.add("v/part_1", dtype::f32, {6});
  split.add("v/part_0", dtype::f32, {64});
  split.add("s/part_0", dtype::f32, {});
  BOOST_TEST(load(split, parts).bound == 6);
  BOOST_CHECK((split.values<float>(1) == std::vector<float>{8, 12, 16}));
  BOOST_TEST(split.values<float>(2)[8] == 19.0F);
  BOOST_CHECK((split.data[3][0] == std::byte{2} && split.data[4][255] == std::byte{1}));
}

BOOST_AUTO_TEST_CASE(parts_in_the_order_of_where_they_begin) {
  folder here;
  bundle made(1);
  std::vector<bundle::slice> slices;
  for (int i = 11; i >= 0; --i) slices.push_back({{{i * 7, 7}, {0, -1}}});  // listed backwards
  made.add_sliced("v", 1, {84, 1}, slices);
  for (bundle::slice const& s : slices)
    made.add_slice("v", s, 1, {7, 1}, floats(std::vector<float>(7, static_cast<float>(s.extents[0].start))), 0);
  made.write(here.path / "m");
  checkpoint const file{here.path / "m", {.parts = true}};
  mock_store store = store_for(file);
  load(store, file);
  BOOST_REQUIRE_EQUAL(file.tensors().size(), 12U);
  for (std::size_t i = 0; i < 12; ++i) {
    BOOST_TEST(file.tensors()[i].name == "v/part_" + std::to_string(i));
    BOOST_TEST(store.values<float>(i)[6] == static_cast<float>(7 * i));
  }
}

BOOST_AUTO_TEST_CASE(every_dtype) {
  folder here;
  bundle made(1);
  int count = 0;
  for (dio::bundle_dtype const& row : dio::bundle_dtypes) {
    if (row.bytes == 0) continue;
    made.add("t" + std::to_string(row.number), row.number, {3},
             std::string(3 * static_cast<std::size_t>(row.bytes), '\1'), 0);
    ++count;
  }
  made.add("variant", 21, {}, "anything", 0);
  made.write(here.path / "m");
  checkpoint const file{here.path / "m"};
  BOOST_TEST(file.tensors().size() == static_cast<std::size_t>(count + 1));
  mock_store store = store_for(file), other = store_for(file);
  BOOST_TEST(!try_load(store, file).ok());  // those without a name are unexpected
  load(store, file, {.ignore = {"t*", "variant"}});
  folder there;
  write_checkpoint(there.path / "m", store);
  load(other, checkpoint{there.path / "m"});
  BOOST_CHECK(store.data == other.data);
}

BOOST_AUTO_TEST_CASE(round_trip) {
  mock_store const store = io_test::varied_store("model/\"\\\n\x7f/\xF0\x9F\x8E\xB2\xff");
  folder here;
  write_checkpoint(here.path / "w.ckpt-1", store);
  mock_store other = io_test::like(store);
  BOOST_TEST(load(other, checkpoint{here.path / "w.ckpt-1"}).bound == 4);
  BOOST_CHECK(other.data == store.data);
  std::string const first = read_text(here.path / "w.ckpt-1.index");
  write_checkpoint(here.path / "w.ckpt-1", other);
  BOOST_CHECK(read_text(here.path / "w.ckpt-1.index") == first);
  BOOST_TEST(here.files() == 2U);
  mock_store const empty;
  write_checkpoint(here.path / "empty", empty);
  checkpoint const nothing{here.path / "empty"};
  BOOST_TEST(nothing.tensors().empty());
}

BOOST_AUTO_TEST_CASE(files_move) {
  folder here;
  bundle made(1);
  made.add("a", 1, {2}, floats({1, 2}), 0);
  made.write(here.path / "m");
  checkpoint first{here.path / "m"};
  checkpoint const second = std::move(first);
  BOOST_TEST(second.tensors()[0].bytes.size() == 8U);
  BOOST_CHECK(second.tensors()[0].bytes[3] == std::byte{0x3F});
  static_assert(!std::is_copy_constructible_v<checkpoint>);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_written) {
  folder here;
  std::filesystem::path const prefix = here.path / "w";
  write_bytes(here.path / "w.index", to_bytes("old"));
  write_bytes(here.path / "w.data-00000-of-00001", to_bytes("older"));
  auto const refused = [&](mock_store const& store, std::string_view part) {
    BOOST_CHECK_EXCEPTION(write_checkpoint(prefix, store), ambit::file_error,
                          [&](ambit::file_error const& error) { return contains(error.what(), part); });
    BOOST_TEST(read_text(here.path / "w.index") == "old");
    BOOST_TEST(read_text(here.path / "w.data-00000-of-00001") == "older");
    BOOST_TEST(here.files() == 2U);
  };
  auto const one = [](std::string name, dtype type, shape s) {
    mock_store store;
    store.add(std::move(name), type, s);
    return store;
  };
  refused(one("", dtype::f32, {1}), "the format keeps the empty one");
  refused(one(std::string("\0v", 2), dtype::f32, {1}), "those that begin with NUL");
  refused(one("text", dtype::string, {1}), R"("text": expected a dtype that can be written, found string)");
  refused(one("open", dtype::f32, {ambit::dyn, 3}), R"("open": expected a known shape, found (?, 3))");
  mock_store twice = one("x", dtype::f32, {1});
  twice.add("x", dtype::f64, {1});
  refused(twice, R"("x": expected each variable once)");
  struct failing : mock_store {
    void read(int, void*) const { throw std::runtime_error("no"); }
  } store;
  store.add("a", dtype::f32, {1});
  BOOST_CHECK_THROW(write_checkpoint(prefix, store), std::runtime_error);
  BOOST_TEST(read_text(here.path / "w.index") == "old");
  BOOST_TEST(here.files() == 2U);
  mock_store const fine = one("fine", dtype::f32, {1});
  BOOST_CHECK_THROW(write_checkpoint(here.path / "no" / "folder", fine), ambit::file_error);
  // The index cannot be replaced: the data is not either.
  std::filesystem::remove(here.path / "w.index");
  std::filesystem::create_directory(here.path / "w.index");
  BOOST_CHECK_THROW(write_checkpoint(prefix, fine), ambit::file_error);
  BOOST_TEST(read_text(here.path / "w.data-00000-of-00001") == "older");
}

BOOST_AUTO_TEST_SUITE_END()

#else

#include <boost/test/unit_test.hpp>

#include <iostream>

BOOST_AUTO_TEST_CASE(io_checkpoint) { std::cout << "skipped: no protozero; package: libprotozero-dev\n"; }

#endif
