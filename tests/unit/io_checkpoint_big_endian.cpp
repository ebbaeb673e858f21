// SPDX-License-Identifier: BSL-1.0
// Checkpoints that a machine of big endian wrote.
#if __has_include(<protozero/pbf_reader.hpp>)
#include "io_checkpoint_support.hpp"
#include "io_support.hpp"
#include <ambit/io/checkpoint.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <complex>
#include <cstdint>

using namespace io_test;
using ambit::checkpoint;
using ambit::dtype;
using ambit::shape;

namespace {

/// A bundle of that byte order; fields of a message may come in any order.
bundle big_bundle(int shards) {
  bundle out(shards);
  out.entries[""] += "\x10\x01";
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(io_checkpoint_big_endian)

BOOST_AUTO_TEST_CASE(numbers_of_every_size) {
  folder here;
  bundle made = big_bundle(1);
  using namespace std::string_literals;
  made.add("bf16", 14, {1}, "\x3F\x80"s, 0);
  made.add("bool", 10, {2}, "\1\0"s, 0);
  made.add("c128", 18, {1}, "\x3F\xF0\0\0\0\0\0\0\xC0\0\0\0\0\0\0\0"s, 0);
  made.add("c64", 8, {2}, "\x3F\x80\0\0\xC0\0\0\0\0\0\0\0\x40\x40\0\0"s, 0);
  made.add("f16", 19, {1}, "\x3C\0"s, 0);
  made.add("f32", 1, {2}, "\x3F\x80\0\0\x7F\xC0\0\1"s, 0);  // 1 and a NaN
  made.add("f64", 2, {}, "\xC0\0\0\0\0\0\0\0"s, 0);
  made.add("i16", 5, {2}, "\1\2\xFF\xFE"s, 0);
  made.add("i32", 3, {1, 2}, "\1\2\3\4\xFF\xFF\xFF\xFE"s, 0);
  made.add("i64", 9, {}, "\1\2\3\4\5\6\7\x8"s, 0);
  made.add("i8", 6, {2}, "\xFF\2"s, 0);
  made.add("quantised", 13, {2}, "\1\2\3\4\5\6\7\x8"s, 0);
  made.add("u16", 17, {1}, "\xAB\xCD"s, 0);
  made.write(here.path / "m");
  mock_store store;
  store.add("bf16", dtype::bf16, {1});
  store.add("bool", dtype::boolean, {2});
  store.add("c128", dtype::c128, {1});
  store.add("c64", dtype::c64, {2});
  store.add("f16", dtype::f16, {1});
  store.add("f32", dtype::f32, {2});
  store.add("f64", dtype::f64, {});
  store.add("i16", dtype::i16, {2});
  store.add("i32", dtype::i32, {1, 2});
  store.add("i64", dtype::i64, {});
  store.add("i8", dtype::i8, {2});
  store.add("u16", dtype::u16, {1});
  checkpoint const file{here.path / "m"};
  BOOST_TEST(load(store, file, {.ignore = {"quantised"}}).bound == 12);
  BOOST_TEST(store.values<std::uint16_t>(0)[0] == 0x3F80);
  BOOST_CHECK(store.data[1] == to_bytes("\1\0"s));
  BOOST_CHECK((store.values<std::complex<double>>(2)[0] == std::complex<double>{1, -2}));
  BOOST_CHECK((store.values<std::complex<float>>(3) == std::vector<std::complex<float>>{{1, -2}, {0, 3}}));
  BOOST_TEST(store.values<std::uint16_t>(4)[0] == 0x3C00);
  BOOST_TEST(store.values<float>(5)[0] == 1.0F);
  BOOST_TEST(store.values<std::uint32_t>(5)[1] == 0x7FC00001U);
  BOOST_TEST(store.values<double>(6)[0] == -2.0);
  BOOST_CHECK((store.values<std::int16_t>(7) == std::vector<std::int16_t>{0x0102, -2}));
  BOOST_CHECK((store.values<std::int32_t>(8) == std::vector<std::int32_t>{0x01020304, -2}));
  BOOST_TEST(store.values<std::int64_t>(9)[0] == 0x0102030405060708);
  BOOST_CHECK(store.data[10] == to_bytes("\xFF\2"s));
  BOOST_TEST(store.values<std::uint16_t>(11)[0] == 0xABCD);
  // The bytes of a reader are little endian, whatever they are.
  BOOST_TEST(file.tensors()[11].name == "quantised");
  bytes const quantised(file.tensors()[11].bytes.begin(), file.tensors()[11].bytes.end());
  BOOST_CHECK(quantised == to_bytes("\4\3\2\1\x8\7\6\5"s));
  // Written again they are in little endian, and the same.
  ambit::write_checkpoint(here.path / "w", store);
  mock_store again = like(store);
  load(again, checkpoint{here.path / "w"});
  BOOST_CHECK(again.data == store.data);
}

BOOST_AUTO_TEST_CASE(slices_and_strings) {
  using slice = bundle::slice;
  using namespace std::string_literals;
  folder here;
  bundle made = big_bundle(2);
  slice const first{{{0, 1}, {0, -1}}}, second{{{1, 1}, {0, -1}}};
  made.add_sliced("v", 3, {2, 2}, {first, second});
  made.add_slice("v", first, 3, {1, 2}, "\0\0\0\1\0\0\0\2"s, 1);
  made.add_slice("v", second, 3, {1, 2}, "\0\0\0\3\0\0\0\4"s, 0);
  // The lengths 2 and 300 as numbers of four bytes, high ones first, and their checksum in that order, too.
  std::string const lengths = "\0\0\0\2\0\0\1\x2C"s, characters = "hi" + std::string(300, 'x');
  std::string sum = fixed(masked_crc(lengths));
  std::reverse(sum.begin(), sum.end());
  std::string const content = number(2) + number(300) + sum + characters;
  std::uint64_t const offset = made.data[0].size();
  made.entries["text"] =
      ambit::detail::io::bundle_entry_text(7, {2}, offset, content.size(), masked_crc(lengths + sum + characters));
  made.data[0] += content;
  made.write(here.path / "m");
  mock_store store;
  store.add("v", dtype::i32, {2, 2});
  ambit::load_report const report = load(store, checkpoint{here.path / "m"});
  BOOST_CHECK((store.values<std::int32_t>(0) == std::vector<std::int32_t>{1, 2, 3, 4}));
  BOOST_TEST(report.ignored.size() == 1U);
  mock_store parts;
  parts.add("v/part_0", dtype::i32, {1, 2});
  parts.add("v/part_1", dtype::i32, {1, 2});
  load(parts, checkpoint{here.path / "m", {.parts = true}});
  BOOST_CHECK((parts.values<std::int32_t>(1) == std::vector<std::int32_t>{3, 4}));
  // The checksum of lengths in little endian is wrong there.
  std::reverse(made.data[0].begin() + static_cast<std::ptrdiff_t>(offset) + 3,
               made.data[0].begin() + static_cast<std::ptrdiff_t>(offset) + 7);
  made.write(here.path / "m");
  BOOST_CHECK_EXCEPTION(checkpoint{here.path / "m"}, ambit::file_error,
                        [](ambit::file_error const& e) { return contains(e.what(), "expected the lengths"); });
}

BOOST_AUTO_TEST_CASE(checksums_are_of_the_bytes_in_the_file) {
  folder here;
  bundle made = big_bundle(1);
  made.add("a", 3, {1}, std::string("\0\0\0\1", 4), 0);
  made.data[0] = std::string("\1\0\0\0", 4);
  made.write(here.path / "m");
  BOOST_CHECK_EXCEPTION(checkpoint{here.path / "m"}, ambit::file_error, [](ambit::file_error const& e) {
    return contains(e.what(), "expected the checksum that the index has");
  });
}

BOOST_AUTO_TEST_SUITE_END()

#else

#include <boost/test/unit_test.hpp>

#include <iostream>

BOOST_AUTO_TEST_CASE(io_checkpoint_big_endian) { std::cout << "skipped: no protozero; package: libprotozero-dev\n"; }

#endif
