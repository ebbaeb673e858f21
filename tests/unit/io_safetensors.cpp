// SPDX-License-Identifier: BSL-1.0
// Reading and writing: what the format allows, real files, and writing that replaces a file or leaves it alone.
#include "io_support.hpp"
#include <ambit/io/safetensors.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <iostream>
#include <limits>
#include <type_traits>

using namespace io_test;
using ambit::dtype;
using ambit::safetensors;
using ambit::write_safetensors;

BOOST_AUTO_TEST_SUITE(io_safetensors)

BOOST_AUTO_TEST_CASE(reads_a_file_made_by_hand) {
  bytes const file = file_of(
      R"({"b":{"dtype":"I32","shape":[2,2],"data_offsets":[4,20]},"__metadata__":{"by":"hand","é":""},)"
      R"("a":{"shape":[],"dtype":"F32","data_offsets":[0,4]},"empty":{"dtype":"F64","shape":[3,0],"data_offsets":[4,4]}})"
      "\n \t ",
      20, '\x07');
  safetensors const weights = safetensors::from_bytes(file, "hand");
  BOOST_TEST(weights.file() == "hand");
  BOOST_REQUIRE_EQUAL(weights.tensors().size(), 3U);
  auto const tensors = weights.tensors();
  BOOST_TEST(tensors[0].name == "a");  // in the order of the data
  BOOST_TEST(tensors[1].name == "empty");
  BOOST_TEST(tensors[2].name == "b");
  BOOST_CHECK(tensors[0].dtype == dtype::f32 && tensors[0].shape == ambit::shape{});
  BOOST_CHECK((tensors[1].shape == ambit::shape{3, 0} && tensors[1].bytes.empty()));
  BOOST_CHECK((tensors[2].dtype == dtype::i32 && tensors[2].shape == ambit::shape{2, 2}));
  BOOST_TEST(tensors[2].bytes.size() == 16U);
  BOOST_CHECK(tensors[2].bytes.data() == file.data() + file.size() - 16);  // a view, not a copy
  BOOST_TEST(weights.metadata().size() == 2U);
  BOOST_TEST(weights.metadata().find("by")->second == "hand");
}

BOOST_AUTO_TEST_CASE(reads_what_the_reference_reads) {
  BOOST_TEST(safetensors::from_bytes(file_of("{}", 0)).file() == "<memory>");
  // Escapes, and fields of a later version, which are skipped whatever they nest.
  bytes const file = file_of(R"({"a\/\u0062":{"new":[{"x":[1,2.5,-1,null]},true],"other":1e3,"dtype":"U8","shape":[1],)"
                             R"("data_offsets":[0,1],"last":{}}})",
                             1);
  auto const weights = safetensors::from_bytes(file);
  BOOST_TEST(weights.tensors()[0].name == "a/b");
}

BOOST_AUTO_TEST_CASE(every_dtype) {
  std::pair<char const*, dtype> const all[] = {
      {"F64", dtype::f64}, {"F32", dtype::f32}, {"F16", dtype::f16},      {"BF16", dtype::bf16}, {"I64", dtype::i64},
      {"I32", dtype::i32}, {"I16", dtype::i16}, {"I8", dtype::i8},        {"U8", dtype::u8},     {"U16", dtype::u16},
      {"U32", dtype::u32}, {"U64", dtype::u64}, {"BOOL", dtype::boolean}, {"C64", dtype::c64}};
  for (auto const& [name, type] : all) {
    std::string const size = std::to_string(2 * ambit::size_of(type));
    bytes const file =
        file_of(std::string(R"({"x":{"dtype":")") + name + R"(","shape":[2],"data_offsets":[0,)" + size + "]}}",
                static_cast<std::size_t>(2 * ambit::size_of(type)), 1);
    auto const weights = safetensors::from_bytes(file);
    BOOST_CHECK(weights.tensors()[0].dtype == type);
    mock_store store;
    store.add("x", type, {2});
    load(store, weights);
    BOOST_CHECK(store.data[0] == bytes(weights.tensors()[0].bytes.begin(), weights.tensors()[0].bytes.end()));
    folder here;
    write_safetensors(here.path / "x", store);
    BOOST_TEST(contains(read_text(here.path / "x"), '"' + std::string(name) + '"'));
  }
}

BOOST_AUTO_TEST_CASE(writes_the_bytes_that_the_reference_writes) {
  folder here;
  mock_store empty;
  write_safetensors(here.path / "empty", empty);
  BOOST_TEST(read_text(here.path / "empty") == std::string("\x08\0\0\0\0\0\0\0{}      ", 16));
  write_safetensors(here.path / "empty", empty, {{"b", "\"\n\x1f"}, {"a", "\xC3\xA9"}});
  BOOST_TEST(read_text(here.path / "empty").substr(8) ==
             "{\"__metadata__\":{\"a\":\"\xC3\xA9\",\"b\":\"\\\"\\n\\u001f\"}}    ");

  mock_store store;  // falling alignment, then names
  store.add("z", dtype::boolean, {1});
  store.add("c", dtype::f32, {1, 2});
  store.add("not there", dtype::f32, {ambit::dyn}, false);
  store.add("a", dtype::f32, {});
  store.add("y", dtype::i64, {0});
  store.set<float>(1, {1, 2});
  store.set<float>(3, {3});
  store.set<char>(0, {1});
  write_safetensors(here.path / "some", store);
  std::string const header =
      R"({"y":{"dtype":"I64","shape":[0],"data_offsets":[0,0]},"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},)"
      R"("c":{"dtype":"F32","shape":[1,2],"data_offsets":[4,12]},"z":{"dtype":"BOOL","shape":[1],"data_offsets":[12,13]}})";
  std::string const text = read_text(here.path / "some");
  BOOST_TEST(text.substr(8, header.size()) == header);
  std::size_t const data = text.size() - 13;
  BOOST_TEST(data % 8 == 0U);
  BOOST_TEST(text.substr(8 + header.size(), data - 8 - header.size()).find_first_not_of(' ') == std::string::npos);
  BOOST_TEST(text.substr(data) == std::string("\0\0\x40\x40\0\0\x80\x3f\0\0\0\x40\1", 13));
}

BOOST_AUTO_TEST_CASE(round_trip) {
  mock_store const store = io_test::varied_store("model/\"\\\n\x7f/\xF0\x9F\x8E\xB2");
  folder here;
  write_safetensors(here.path / "w.safetensors", store, {{"format", "pt"}});

  mock_store other = io_test::like(store);
  ambit::load_report const report = load(other, safetensors{here.path / "w.safetensors"});
  BOOST_TEST(report.bound == 4);
  BOOST_CHECK(other.data == store.data);
  BOOST_TEST(other.writes == 4);
  safetensors const file{(here.path / "w.safetensors").string()};
  BOOST_TEST(file.metadata().find("format")->second == "pt");
  std::string const first = read_text(here.path / "w.safetensors");
  write_safetensors(here.path / "w.safetensors", other, {{"format", "pt"}});
  BOOST_CHECK(read_text(here.path / "w.safetensors") == first);
  BOOST_TEST(here.files() == 1U);
}

BOOST_AUTO_TEST_CASE(files_move) {
  folder here;
  write_bytes(here.path / "f", file_of(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", 8));
  safetensors first{here.path / "f"};
  safetensors const second = std::move(first);
  BOOST_TEST(second.tensors()[0].bytes.size() == 8U);
  BOOST_CHECK(second.tensors()[0].bytes[7] == std::byte{0});
  static_assert(!std::is_copy_constructible_v<safetensors>);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read) {
  folder here;
  auto const message = [](std::filesystem::path const& path) -> std::string {
    try {
      safetensors const file{path};
    } catch (ambit::file_error const& error) {
      BOOST_TEST(error.file() == path.string());
      return error.what();
    }
    return "read";
  };
  BOOST_TEST(contains(message(here.path / "none"), "none\": No such file"));
  BOOST_TEST(contains(message(here.path), "expected a regular file"));
  write_bytes(here.path / "empty", {});
  BOOST_TEST(contains(message(here.path / "empty"), "at byte 0: expected 8 bytes that hold the length"));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_written) {
  folder here;
  std::filesystem::path const path = here.path / "w";
  write_bytes(path, to_bytes("old"));
  auto const refused = [&](mock_store const& store, std::string_view part,
                           std::map<std::string, std::string, std::less<>> const& metadata = {}) {
    BOOST_CHECK_EXCEPTION(write_safetensors(path, store, metadata), ambit::file_error,
                          [&](ambit::file_error const& error) { return contains(error.what(), part); });
    BOOST_TEST(read_text(path) == "old");
    BOOST_TEST(here.files() == 1U);
  };
  auto const one = [](std::string name, dtype type, ambit::shape shape) {
    mock_store store;
    store.add(std::move(name), type, shape);
    return store;
  };
  refused(one("__metadata__", dtype::f32, {1}), "the format keeps this one");
  refused(one("bad\xFF", dtype::f32, {1}), R"(key "bad\xff": expected UTF-8)");
  refused(one("text", dtype::string, {1}), R"("text": expected a dtype that the format has, found string)");
  refused(one("open", dtype::f32, {ambit::dyn, 3}), R"("open": expected a known shape, found (?, 3))");
  refused(one("fine", dtype::f32, {1}), "expected UTF-8", {{"a", "\x80"}});
  mock_store twice = one("x", dtype::f32, {1});
  twice.add("x", dtype::f64, {1});
  refused(twice, R"("x": expected each variable once)");
  mock_store const fine = one("fine", dtype::f32, {1});
  BOOST_CHECK_THROW(write_safetensors(here.path / "no" / "folder", fine), ambit::file_error);
  BOOST_CHECK_THROW(write_safetensors(here.path, fine), ambit::file_error);
}

BOOST_AUTO_TEST_CASE(a_store_that_fails_leaves_the_old_file) {
  struct failing : mock_store {
    void read(int, void*) const { throw std::runtime_error("no"); }
  } store;
  store.add("a", dtype::f32, {1});
  folder here;
  write_bytes(here.path / "w", to_bytes("old"));
  BOOST_CHECK_THROW(write_safetensors(here.path / "w", store), std::runtime_error);
  BOOST_TEST(read_text(here.path / "w") == "old");
  BOOST_TEST(here.files() == 1U);
}

BOOST_AUTO_TEST_CASE(links_and_permissions_stay) {
  namespace fs = std::filesystem;
  mock_store const store;
  folder here;
  write_bytes(here.path / "w", to_bytes("old"));
  fs::permissions(here.path / "w", fs::perms::owner_read | fs::perms::owner_write);
  fs::create_symlink("w", here.path / "link");
  write_safetensors(here.path / "link", store);
  BOOST_TEST(fs::is_symlink(here.path / "link"));
  BOOST_TEST(read_text(here.path / "w").size() == 16U);
  BOOST_CHECK(fs::status(here.path / "w").permissions() == (fs::perms::owner_read | fs::perms::owner_write));
  BOOST_TEST(here.files() == 2U);
}

BOOST_AUTO_TEST_CASE(silero_vad) {
  std::filesystem::path const path = fixtures() / "safetensors" / "silero_vad_16k.safetensors";
  if (!std::filesystem::exists(path)) {
    std::cout << "skipped: no safetensors folder of fixtures (AMBIT_FIXTURES); package: none\n";
    return;
  }
  safetensors const file{path};
  BOOST_REQUIRE_EQUAL(file.tensors().size(), 15U);
  mock_store store, other;
  for (ambit::file_tensor const& tensor : file.tensors()) {
    store.add(tensor.name, tensor.dtype, tensor.shape);
    other.add(tensor.name, tensor.dtype, tensor.shape);
    BOOST_CHECK(tensor.dtype == dtype::f32);
  }
  BOOST_TEST(file.tensors()[0].name == "stft_conv.weight");
  BOOST_CHECK((file.tensors()[0].shape == ambit::shape{258, 1, 256}));
  BOOST_TEST(file.tensors()[14].name == "final_conv.bias");
  BOOST_TEST(load(store, file).bound == 15);
  BOOST_TEST(store.values<float>(14)[0] == -0.5740388631820679F);  // read with Python's struct
  BOOST_TEST(store.values<float>(2)[1] == 0.6927589178085327F);
  folder here;
  write_safetensors(here.path / "copy", store);
  load(other, safetensors{here.path / "copy"});
  BOOST_CHECK(other.data == store.data);
}

BOOST_AUTO_TEST_SUITE_END()
