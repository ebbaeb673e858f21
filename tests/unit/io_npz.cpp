// SPDX-License-Identifier: BSL-1.0
// NumPy's files: what the formats allow, a real file of each, and writing that replaces a file or leaves it alone.
// tests/programs/npz_numpy.sh has NumPy itself on the other side.
#include "io_npz_support.hpp"
#include "io_support.hpp"
#include <ambit/io/npy.hpp>
#include <ambit/io/npz.hpp>

#include <boost/test/unit_test.hpp>

#include <iostream>

using namespace io_test;
using ambit::dtype;
using ambit::npy;
using ambit::npz;
using ambit::write_npy;
using ambit::write_npz;

BOOST_AUTO_TEST_SUITE(io_npz)

BOOST_AUTO_TEST_CASE(checksums) {
  using ambit::detail::io::crc32;
  bytes const digits = to_bytes("123456789");
  BOOST_TEST(crc32(digits) == 0xCBF43926U);  // the check value of the algorithm
  BOOST_TEST(crc32(std::span(digits).subspan(4), crc32(std::span(digits).first(4))) == 0xCBF43926U);
  BOOST_TEST(crc32(to_bytes(std::string(32, '\0'))) == 0x190A55ADU);
}

BOOST_AUTO_TEST_CASE(headers_as_numpy_and_others_write_them) {
  auto const read = [](std::string const& dictionary, std::size_t data) {
    static bytes file;
    file = npy_file(dictionary, data);
    npy const array = npy::from_bytes(file, "x");
    return array.tensors()[0];
  };
  ambit::file_tensor const plain = read("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", 24);
  BOOST_CHECK((plain.dtype == dtype::f32 && plain.shape == ambit::shape{2, 3} && !plain.deferred));
  BOOST_TEST(plain.name == "x");
  BOOST_TEST(plain.bytes.size() == 24U);
  BOOST_CHECK((read("{'descr': '|b1', 'fortran_order': False, 'shape': (), }", 1).shape == ambit::shape{}));
  BOOST_CHECK((read(R"({"shape":(3,),"fortran_order":True,"descr":"<i8"})", 24).shape == ambit::shape{3}));
  BOOST_CHECK((read("{'descr': '|u1', 'fortran_order': False, 'shape': (2L, 0L)}", 0).shape == ambit::shape{2, 0}));
  BOOST_CHECK(read("{'descr': '>f8', 'fortran_order': False, 'shape': (1,), }", 8).deferred);
  BOOST_CHECK(!read("{'descr': '>i1', 'fortran_order': True, 'shape': (4, 1), }", 4).deferred);
  // Longer headers have longer lengths.
  for (int const version : {1, 2, 3}) {
    bytes const file = npy_file("{'descr': '<f2', 'fortran_order': False, 'shape': (1,), }", 2, version);
    npy const array = npy::from_bytes(file, "x");
    BOOST_CHECK(array.tensors()[0].dtype == dtype::f16);
  }
}

BOOST_AUTO_TEST_CASE(every_dtype_both_byte_orders_both_orders_of_axes) {
  for (char const* const code : {"b1", "i1", "u1", "i2", "u2", "f2", "i4", "u4", "f4", "i8", "u8", "f8", "c8", "c16"})
    for (bool const big : {false, true})
      for (bool const fortran : {false, true}) {
        std::size_t const size = std::stoul(code + 1), word = code[0] == 'c' ? size / 2 : size;
        std::string const header = std::string("{'descr': '") +
                                   (big         ? '>'
                                    : size == 1 ? '|'
                                                : '<') +
                                   code + "', 'fortran_order': " + (fortran ? "True" : "False") +
                                   ", 'shape': (2, 3), }";
        bytes file = npy_file(header, 0), want(6 * size);
        for (std::size_t at = 0; at < 6; ++at)
          for (std::size_t b = 0; b < size; ++b) {
            std::size_t const element = fortran ? at % 2 * 3 + at / 2 : at;
            std::size_t const to = element * size + (big ? b / word * word + word - 1 - b % word : b);
            auto const value = code[0] == 'b' ? std::byte(at % 2) : std::byte(at * 16 + b);
            file.push_back(value);
            want[to] = value;
          }
        npy const array = npy::from_bytes(file, "x");
        mock_store store;
        store.add("x", array.tensors()[0].dtype, {2, 3});
        load(store, array);
        BOOST_TEST(store.aligned);
        BOOST_CHECK_MESSAGE(store.data[0] == want, header);
      }
}

BOOST_AUTO_TEST_CASE(round_trip) {
  mock_store store;
  store.add("model/fc1/kernel", dtype::f32, {2, 3});
  store.add("model/unused", dtype::f32, {7}, false);
  store.add("model/\xC3\xA9", dtype::f64, {2});
  store.add("flags", dtype::boolean, {3});
  store.add("none", dtype::i16, {0, 5});
  store.add("step", dtype::i64, {});
  store.set<float>(0,
                   {1, -0.0F, std::numeric_limits<float>::quiet_NaN(), 4, std::numeric_limits<float>::infinity(), 6});
  store.set<char>(3, {1, 0, 1});
  folder here;
  write_npz(here.path / "w.npz", store);
  mock_store other = io_test::like(store);
  npz const file{here.path / "w.npz"};
  BOOST_TEST(load(other, file).bound == 5);
  BOOST_CHECK(other.data == store.data);
  BOOST_TEST(file.tensors()[0].name == "flags");  // by name
  std::string const first = read_text(here.path / "w.npz");
  write_npz(here.path / "w.npz", other);
  BOOST_CHECK(read_text(here.path / "w.npz") == first);
  write_npy(here.path / "k.npy", store, "model/fc1/kernel");
  npy const single{here.path / "k.npy", "model/fc1/kernel"};
  BOOST_TEST(load(other, single, {.scope = "model/fc1"}).bound == 1);
  BOOST_TEST(here.files() == 2U);
  mock_store const empty;
  write_npz(here.path / "empty.npz", empty);
  BOOST_TEST(npz{here.path / "empty.npz"}.file().ends_with("empty.npz"));
  BOOST_TEST(read_text(here.path / "empty.npz").size() == 22U);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_written) {
  folder here;
  std::filesystem::path const path = here.path / "w";
  write_bytes(path, to_bytes("old"));
  auto const refused = [&](std::string name, dtype type, ambit::shape shape, std::string_view part) {
    mock_store store;
    store.add(name, type, shape);
    auto const expected = [&](ambit::file_error const& error) { return contains(error.what(), part); };
    BOOST_CHECK_EXCEPTION(write_npz(path, store), ambit::file_error, expected);
    BOOST_TEST(read_text(path) == "old");
    BOOST_TEST(here.files() == 1U);
  };
  refused("x", dtype::bf16, {1}, R"(key "x": expected a dtype that NumPy has, found bfloat16 [NOT_WRITABLE])");
  refused("x", dtype::string, {1}, "found string");
  refused("x", dtype::f32, {ambit::dyn}, "expected a known shape, found (?,)");
  refused("../x", dtype::f32, {1}, "expected a name that stays inside of a folder");
  refused("a/../b", dtype::f32, {1}, "stays inside");
  refused("/x", dtype::f32, {1}, "stays inside");
  refused("c:x", dtype::f32, {1}, "stays inside");
  refused("x\xFF", dtype::f32, {1}, "expected a name in UTF-8");
  refused(std::string(70000, 'x'), dtype::f32, {1}, "at most 65531 bytes");
  mock_store twice;
  twice.add("x", dtype::f32, {1});
  twice.add("x", dtype::f32, {1});
  BOOST_CHECK_THROW(write_npz(path, twice), ambit::file_error);
  mock_store unused;
  unused.add("x", dtype::f32, {1}, false);
  BOOST_CHECK_THROW(write_npy(path, unused, "x"), ambit::file_error);
  auto const cannot = [](std::span<std::byte const>, std::span<std::byte const>, bytes&) { return false; };
  unused.add("y", dtype::f32, {1});
  BOOST_CHECK_THROW(write_npz(path, unused, cannot), ambit::file_error);
}

BOOST_AUTO_TEST_CASE(numbers_of_more_than_32_bits) {
  // A directory whose numbers need zip64: read back from a file that is a hole but for its headers.
  ambit::detail::io::zip_writer writer;
  std::uint64_t const size = 0x1'2345'6789;
  std::string const local = writer.next("a.npy", 1, size, size, false);
  std::string const second = writer.next("b.npy", 2, 3, 3, false);
  BOOST_TEST(local.size() == 30 + 5 + 20U);
  std::string const end = writer.end();
  auto const number = [&](std::size_t at, int count) {
    return ambit::detail::io::zip_number(to_bytes(end), at, count);
  };
  BOOST_TEST(number(20, 4) == 0xFFFFFFFFU);
  BOOST_TEST(number(46 + 5 + 4, 8) == size);
  std::size_t const next = 46 + 5 + 4 + 16;
  BOOST_TEST(number(next + 42, 4) == 0xFFFFFFFFU);
  BOOST_TEST(number(next + 46 + 5 + 4, 8) == size + local.size());
  std::size_t const record = next + 46 + 5 + 4 + 8;
  BOOST_TEST(number(record, 4) == 0x06064b50U);
  BOOST_TEST(number(record + 48, 8) == size + local.size() + second.size() + 3);
  BOOST_TEST(end.size() == record + 56 + 20 + 22);
}

BOOST_AUTO_TEST_CASE(zip64_fields_that_small_files_have) {
  // As Python's zipfile writes them with force_zip64, and as a directory of full fields.
  bytes const file = archive({{"x.npy", npy_text("<f4", "(1,)") + "\1\2\3\4"}}, true);
  npz const weights = npz::from_bytes(file);
  BOOST_REQUIRE_EQUAL(weights.tensors().size(), 1U);
  BOOST_TEST(weights.tensors()[0].bytes.size() == 4U);
}

BOOST_AUTO_TEST_CASE(folders_and_comments) {
  bytes file = archive({{"model/", ""}, {"model/x.npy", npy_text("|u1", "(1,)") + "\7"}});
  file[file.size() - 2] = std::byte{5};
  for (char const c : std::string("hello")) file.push_back(static_cast<std::byte>(c));
  npz const weights = npz::from_bytes(file);
  BOOST_REQUIRE_EQUAL(weights.tensors().size(), 1U);
  BOOST_TEST(weights.tensors()[0].name == "model/x");
}

BOOST_AUTO_TEST_CASE(files_of_numpy) {
  std::filesystem::path const path = fixtures() / "npz";
  if (!std::filesystem::exists(path)) {
    std::cout << "skipped: no npz folder of fixtures (AMBIT_FIXTURES); package: none\n";
    return;
  }
  mock_store store;
  store.add("x", dtype::i64, {10});
  store.add("x_plus_one", dtype::i64, {10});
  load(store, npz{path / "test.npz"});
  for (std::int64_t i = 0; i < 10; ++i) {
    BOOST_TEST(store.values<std::int64_t>(0)[static_cast<std::size_t>(i)] == i);
    BOOST_TEST(store.values<std::int64_t>(1)[static_cast<std::size_t>(i)] == i + 1);
  }
  load(store, npy{path / "test.npy", "x_plus_one"}, {.scope = "x_plus_one"});
  BOOST_CHECK(store.data[0] == store.data[1]);
  // What NumPy wrote is what we write.
  folder here;
  write_npy(here.path / "x.npy", store, "x");
  BOOST_CHECK(read_text(here.path / "x.npy") == read_text(path / "test.npy"));
}

BOOST_AUTO_TEST_CASE(files_move) {
  folder here;
  write_bytes(here.path / "f.npz", archive({{"x.npy", npy_text(">f4", "(1,)") + "\x3F\x80" + std::string(2, '\0')}}));
  npz first{here.path / "f.npz"};
  npz const second = std::move(first);
  mock_store store;
  store.add("x", dtype::f32, {1});
  load(store, second);
  BOOST_TEST(store.values<float>(0)[0] == 1.0F);
  BOOST_CHECK_THROW(npz{here.path / "none.npz"}, ambit::file_error);
  BOOST_CHECK_THROW(npy(here.path, "x"), ambit::file_error);
}

BOOST_AUTO_TEST_SUITE_END()
