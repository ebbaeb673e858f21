// SPDX-License-Identifier: BSL-1.0
// What the index of a checkpoint is made of: checksums, compressed blocks, keys in order, tables.
#if __has_include(<protozero/pbf_reader.hpp>)
#include <ambit/io/detail/crc32c.hpp>
#include <ambit/io/detail/ordered_code.hpp>
#include <ambit/io/detail/printable.hpp>
#include <ambit/io/detail/snappy.hpp>
#include <ambit/io/detail/table_reader.hpp>
#include <ambit/io/detail/table_writer.hpp>
#include <ambit/io/detail/tensor_slice.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dio = ambit::detail::io;

BOOST_AUTO_TEST_SUITE(io_tables)

BOOST_AUTO_TEST_CASE(crc32c) {
  std::string const digits = "123456789";
  dio::crc32c known;
  known.add(digits.data(), digits.size());
  BOOST_TEST(known.value() == 0xE3069283U);
  BOOST_TEST(dio::crc32c{}.value() == 0U);
  // RFC 3720, B.4: 32 zeros, 32 ones, 0 to 31.
  std::string zeros(32, '\0'), ones(32, '\xff'), rising;
  for (int i = 0; i < 32; ++i) rising += static_cast<char>(i);
  auto const of = [](std::string const& text) {
    dio::crc32c sum;
    sum.add(text.data(), text.size());
    return sum.value();
  };
  BOOST_TEST(of(zeros) == 0x8A9136AAU);
  BOOST_TEST(of(ones) == 0x62A8AB43U);
  BOOST_TEST(of(rising) == 0x46DD794EU);
  // In any pieces, at any address, by hardware and by Boost.
  std::mt19937 random(1);
  std::vector<std::byte> data(1000);
  for (std::byte& b : data) b = static_cast<std::byte>(random() & 0xFF);
  for (std::size_t begin = 0; begin < 20; ++begin)
    for (std::size_t size : {0U, 1U, 7U, 8U, 9U, 63U, 500U, 900U}) {
      dio::crc32c pieces;
      std::size_t const first = size == 0 ? 0 : random() % size;
      pieces.add(data.data() + begin, first);
      pieces.add(data.data() + begin + first, size - first);
      BOOST_TEST(pieces.value() == ~dio::crc32c_portable(~0U, data.data() + begin, size));
    }
}

BOOST_AUTO_TEST_CASE(snappy) {
  auto const unpack = [](std::string_view in) { return dio::unpack_snappy(in).value_or("none"); };
  using namespace std::string_view_literals;
  BOOST_TEST(unpack("\0"sv).empty());
  BOOST_TEST(unpack("\3\10abc"sv) == "abc");           // three bytes as they are
  BOOST_TEST(unpack("\3\xf0\2abc"sv) == "abc");        // the same by a length of one byte more
  BOOST_TEST(unpack("\3\xfc\2\0\0\0abc"sv) == "abc");  // of four
  BOOST_TEST(unpack("\7\4ab\5\2"sv) == "abababa");     // five from two back: overlapping
  BOOST_TEST(unpack("\4\0a\12\1\0"sv) == "aaaa");      // three, two bytes of offset
  BOOST_TEST(unpack("\4\0a\13\1\0\0\0"sv) == "aaaa");  // four bytes of offset
  // What lies.
  for (std::string_view in : {""sv, "\x80"sv, "\4\10abc"sv, "\2\10abc"sv, "\3\10ab"sv, "\3\x3c"sv, "\3\xf0"sv,
                              "\3\xfc\2\0\0"sv, "\7\4ab\5\0"sv, "\7\4ab\5\3"sv, "\6\4ab\5\2"sv, "\1\1\1"sv,
                              "\4\0a\12\1"sv, "\xff\xff\xff\xff\x0f\0a"sv, "\x80\x80\x80\x80\x10\0a"sv,
                              "\3\xfc\xff\xff\xff\xff"
                              "abc"sv,
                              "\4\0a\13\xff\xff\xff\xff"sv, "\1\0a\0b"sv})
    BOOST_TEST(unpack(in) == "none", "unpacked: " << dio::in_quotes(in));
}

BOOST_AUTO_TEST_CASE(ordered_codes) {
  // The bytes of ordered_code_test.cc and of the algorithm by hand.
  auto const number = [](std::int64_t v) {
    std::string out;
    dio::append_ordered_signed(out, v);
    return out;
  };
  using namespace std::string_literals;
  BOOST_TEST(number(0) == "\x80");
  BOOST_TEST(number(-1) == "\x7f");
  BOOST_TEST(number(63) == "\xbf");
  BOOST_TEST(number(64) == "\xc0\x40");
  BOOST_TEST(number(-64) == "\x40");
  BOOST_TEST(number(-65) == "\x3f\xbf");
  BOOST_TEST(number(8192) == "\xe0\x20\x00"s);
  BOOST_TEST(number(std::numeric_limits<std::int64_t>::max()) == "\xff\xc0\x7f\xff\xff\xff\xff\xff\xff\xff");
  BOOST_TEST(number(std::numeric_limits<std::int64_t>::min()) == "\x00\x3f\x80\x00\x00\x00\x00\x00\x00\x00"s);
  std::vector<std::int64_t> values;
  for (int bit = 0; bit < 63; ++bit)
    for (std::int64_t d : {-1, 0, 1}) {
      values.push_back((std::int64_t{1} << bit) + d);
      values.push_back(-(std::int64_t{1} << bit) + d);
    }
  std::sort(values.begin(), values.end());
  for (std::size_t i = 1; i < values.size(); ++i)
    BOOST_TEST((values[i - 1] == values[i] || number(values[i - 1]) < number(values[i])));

  std::string out;
  dio::append_ordered(out, std::uint64_t{0});
  dio::append_ordered(out, std::uint64_t{0x1234});
  dio::append_ordered(out, "a\0b\xff"s);
  BOOST_TEST(out == "\0\2\x12\x34"s +
                        "a\0\xff"
                        "b\xff\0"s +
                        "\0\1"s);
  // As TensorFlow keys the first five rows of a matrix called "v".
  BOOST_TEST((dio::tensor_slice{{{0, 5}, {0, -1}}}).key("v") == "\0v\0\1\1\2\x80\x85\x80\x7f"s);
}

BOOST_AUTO_TEST_CASE(tables_of_many_blocks) {
  std::mt19937 random(7);
  for (std::size_t block_size : {1U, 64U, 700U, 4096U, 262144U}) {
    std::vector<std::pair<std::string, std::string>> entries = {{"", "header"}};
    for (int i = 0; i < 2000; ++i) {
      std::string value;
      while (random() % 8 != 0) value += static_cast<char>(random() & 0xFF);
      entries.emplace_back("layer_" + std::to_string(1000000 + i) + (i % 3 == 0 ? "/kernel\xff" : "\xff\xff"), value);
    }
    dio::table_writer writer(block_size);
    for (auto const& [key, value] : entries) writer.add(key, value);
    std::string const content = writer.finish();
    dio::table_reader const table(content, "many");
    BOOST_REQUIRE_EQUAL(table.entries().size(), entries.size());
    for (std::size_t i = 0; i < entries.size(); ++i)
      BOOST_REQUIRE((table.entries()[i].key == entries[i].first && table.entries()[i].value == entries[i].second));
  }
}

BOOST_AUTO_TEST_SUITE_END()

#else

#include <boost/test/unit_test.hpp>

#include <iostream>

BOOST_AUTO_TEST_CASE(io_tables) { std::cout << "skipped: no protozero; package: libprotozero-dev\n"; }

#endif
