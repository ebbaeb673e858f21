// SPDX-License-Identifier: BSL-1.0
// Arrays and archives that lie: each is refused with file, key, byte offset, what was expected and what was found.
#include "io_npz_support.hpp"
#include "io_support.hpp"
#include <ambit/io/npy.hpp>
#include <ambit/io/npz.hpp>

#include <boost/test/unit_test.hpp>

#include <limits>
#include <optional>

using namespace io_test;
using ambit::dtype;
using ambit::npy;
using ambit::npz;

namespace {

/// The message of the refusal, if there is one.
std::optional<std::string> refusal(std::span<std::byte const> file, bool archived) {
  try {
    if (archived)
      (void)npz::from_bytes(file, "evil.npz");
    else
      (void)npy::from_bytes(file, "x", "evil.npy");
  } catch (ambit::file_error const& error) {
    BOOST_TEST(error.file().starts_with("evil.np"));
    BOOST_REQUIRE(error.offset().has_value());
    BOOST_TEST(*error.offset() <= file.size());
    BOOST_TEST(contains(error.what(), "[BAD_FILE]"));
    BOOST_TEST(contains(error.what(), "expected "));
    BOOST_TEST(std::string(error.what()).size() < 1000U);
    return error.what();
  }
  return std::nullopt;
}
std::string npy_refusal(std::span<std::byte const> file) { return refusal(file, false).value_or("accepted"); }
std::string npz_refusal(std::span<std::byte const> file) { return refusal(file, true).value_or("accepted"); }

struct attack {
  char const* dictionary;
  std::size_t data;
  char const* part;
};
attack const attacks[] = {
    {"", 0, "expected '{', found the end of the header"},
    {"[]", 0, "expected '{', found \"[]"},
    {"{", 0, "expected a key in quotes, found the end"},
    {"{}", 0, "found no descr"},
    {"{'descr': '<f4', 'shape': (1,)}", 4, "found no fortran_order"},
    {"{'descr': '<f4', 'fortran_order': False}", 4, "found no shape"},
    {"{'descr': '<f4', 'descr': '<f4'}", 4, R"(expected each key once, found "descr" again)"},
    {"{'desc': '<f4'}", 4, R"(expected the keys descr, fortran_order and shape, found "desc")"},
    {"{descr: '<f4'}", 4, "expected a key in quotes"},
    {"{'descr' '<f4'}", 4, "expected ':'"},
    {"{'descr: '<f4'}", 4, "expected the keys"},
    {"{'descr': <f4}", 4, "expected a dtype in quotes"},
    {R"({'descr': '\x3cf4'})", 4, "expected text without escapes"},
    {"{'descr': '|O', 'fortran_order': False, 'shape': (1,)}", 8, "Python objects in a pickle"},
    {"{'descr': '<U5', 'fortran_order': False, 'shape': (1,)}", 20, R"(found "<U5", text)"},
    {"{'descr': '|S5', 'fortran_order': False, 'shape': (1,)}", 5, ", text"},
    {"{'descr': '|V2', 'fortran_order': False, 'shape': (1,)}", 2, "raw bytes (bfloat16"},
    {"{'descr': '<f16', 'fortran_order': False, 'shape': (1,)}", 16, R"(found "<f16")"},
    {"{'descr': '<M8[ns]', 'fortran_order': False, 'shape': (1,)}", 8, "expected a dtype of numbers"},
    {"{'descr': 'f4', 'fortran_order': False, 'shape': (1,)}", 4, "expected the byte order"},
    {"{'descr': '|f4', 'fortran_order': False, 'shape': (1,)}", 4, "expected a dtype of numbers"},
    {"{'descr': '=f4', 'fortran_order': False, 'shape': (1,)}", 4, "expected a dtype of numbers"},
    {"{'descr': '', 'fortran_order': False, 'shape': (1,)}", 4, "expected a dtype of numbers"},
    {"{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}", 4, "found one with fields"},
    {"{'descr': '<f4', 'fortran_order': 0, 'shape': (1,)}", 4, "expected True or False"},
    {"{'descr': '<f4', 'fortran_order': true, 'shape': (1,)}", 4, "expected True or False"},
    {"{'descr': '<f4', 'fortran_order': False, 'shape': [1]}", 4, "expected '('"},
    {"{'descr': '<f4', 'fortran_order': False, 'shape': 1}", 4, "expected '('"},
    {"{'descr': '<f4', 'fortran_order': False, 'shape': (1)}", 4, "expected ',' after the only extent"},
    {"{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}", 4, "expected an extent, a whole number from 0"},
    {"{'descr': '<f4', 'fortran_order': False, 'shape': (1.0,)}", 4, "expected ',' after"},
    {"{'descr': '<f4', 'fortran_order': False, 'shape': (1,,)}", 4, "expected an extent"},
    {"{'descr': '<f4', 'fortran_order': False, 'shape': (,)}", 4, "expected an extent"},
    {"{'descr': '<f4', 'fortran_order': False, 'shape': ((1,),)}", 4, "expected an extent"},
    {"{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'shape': (1,)}", 4, R"(found "shape" again)"},
    {"{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1", 4, "expected ')', found the end of the header"},
    {"{'descr': '<f4', 'fortran_order': False, 'shape': (2147483648,)}", 4, "expected extents up to 2147483647"},
    {"{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999999999,)}", 4, "expected extents up to"},
    {"{'descr': '<f8', 'fortran_order': False, 'shape': (2147483647, 2147483647, 4)}", 8, "that 64 bits can count"},
    {"{'descr': '|u1', 'fortran_order': False, 'shape': (1073741824, 1073741824, 16)}", 0, "that 64 bits can count"},
    {"{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1, 1, 1, 1, 1, 1, 1, 1)}", 4, "at most 8 extents"},
    {"{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}", 4, "expected 8 bytes for float32 (2,), found 4"},
    {"{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}", 9, "expected 8 bytes for float32 (2,), found 9"},
    {"{'descr': '<f4', 'fortran_order': False, 'shape': (2,)} {}", 8, "expected the end of the header, found \"{}"},
    {"{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'x': 1}", 8, R"(shape, found "x")"},
    {"__import__('os').system('x')", 8, "expected '{'"},
};

std::string const array = npy_text("<f4", "(2,)") + std::string("\1\2\3\4\5\6\7\x8", 8);

/// An archive of two arrays with some bytes of it changed, by their place from the front or, where negative, the end.
std::string changed(std::vector<std::pair<std::ptrdiff_t, int>> const& patches) {
  bytes file = archive({{"x.npy", array}, {"y.npy", array}});
  for (auto const& [at, value] : patches)
    file[static_cast<std::size_t>(at < 0 ? at + static_cast<std::ptrdiff_t>(file.size()) : at)] =
        static_cast<std::byte>(value);
  return npz_refusal(file);
}
// From the end of that archive: the end record, then two entries of 51 bytes.
constexpr std::ptrdiff_t end_record = -22, second = end_record - 51, first = second - 51;

}  // namespace

BOOST_AUTO_TEST_SUITE(io_npz_hostile)

BOOST_AUTO_TEST_CASE(headers_that_lie) {
  for (attack const& a : attacks) BOOST_TEST_CONTEXT(a.dictionary) {
      BOOST_TEST(contains(npy_refusal(npy_file(a.dictionary, a.data)), a.part));
    }
}

BOOST_AUTO_TEST_CASE(fronts_that_lie) {
  bytes good = npy_file("{'descr': '<f4', 'fortran_order': False, 'shape': (1,)}", 4);
  BOOST_TEST(npy_refusal(good) == "accepted");
  auto const with = [&](std::size_t at, int value) {
    bytes file = good;
    file[at] = static_cast<std::byte>(value);
    return npy_refusal(file);
  };
  BOOST_TEST(contains(with(0, 'N'), R"(at byte 0: expected an array of NumPy)"));
  BOOST_TEST(contains(with(6, 0), "at byte 6: expected version 1.0, 2.0 or 3.0, found 0.0"));
  BOOST_TEST(contains(with(6, 4), "found 4.0"));
  BOOST_TEST(contains(with(7, 1), "found 1.1"));
  BOOST_TEST(contains(with(9, 1), "at byte 8: expected a header of 312 bytes, found 60"));
  BOOST_TEST(contains(with(9, 255), "at byte 8: expected a header of at most 10000 bytes, found a length of 65336"));
  BOOST_TEST(contains(with(6, 2), "expected a header of at most 10000 bytes"));
  BOOST_TEST(contains(with(8, 0), "found the end of the header"));
}

BOOST_AUTO_TEST_CASE(headers_up_to_the_limit) {
  std::string const text = "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)}";
  auto const padded = [&](std::size_t length) { return text + std::string(length - 1 - text.size(), ' '); };
  BOOST_TEST(npy_refusal(npy_file(padded(10'000), 4)) == "accepted");
  BOOST_TEST(contains(npy_refusal(npy_file(padded(10'001), 4)), "expected a header of at most 10000 bytes"));
  BOOST_TEST(contains(npy_refusal(npy_file(std::string(9'999, '('), 4)), "expected '{'"));
  BOOST_TEST(contains(npy_refusal(npy_file("{'" + std::string(9'000, 'k') + "': 1}", 4)), "expected the keys"));
}

BOOST_AUTO_TEST_CASE(archives_that_lie) {
  BOOST_TEST(changed({}) == "accepted");
  BOOST_TEST(contains(changed({{end_record, 'p'}}), "expected the directory of an archive at the end of the file"));
  BOOST_TEST(contains(changed({{-2, 1}}), "expected the directory of an archive at the end"));
  BOOST_TEST(contains(changed({{end_record + 4, 1}}), "expected an archive of one file"));
  BOOST_TEST(contains(changed({{end_record + 8, 1}}), "expected an archive of one file"));
  BOOST_TEST(
      contains(changed({{end_record + 8, 1}, {end_record + 10, 1}}), "expected the end of the directory after 1"));
  BOOST_TEST(contains(changed({{end_record + 8, 3}, {end_record + 10, 3}}), "expected at most 2 entries"));
  BOOST_TEST(contains(changed({{end_record + 12, 0}}), "expected the directory to end at byte"));
  BOOST_TEST(contains(changed({{end_record + 19, 255}}), "expected the directory to end at byte"));
  BOOST_TEST(contains(changed({{second, 'p'}}), "expected an entry of the directory"));
  BOOST_TEST(
      contains(changed({{second + 28, 255}, {second + 29, 255}}), "expected an entry that ends in the directory"));
  BOOST_TEST(contains(changed({{first + 8, 1}}), R"(key "x.npy" at byte)"));
  BOOST_TEST(contains(changed({{first + 8, 1}}), "not encrypted"));
  BOOST_TEST(contains(changed({{first + 10, 12}}), "found method 12"));
  BOOST_TEST(contains(changed({{first + 10, 8}}), "expected the method that the directory has"));
  BOOST_TEST(
      contains(changed({{first + 16, 0}, {first + 17, 1}}), R"(key "x" at byte 35: expected data with the checksum)"));
  BOOST_TEST(contains(changed({{40, 'x'}}), "checksum"));
  BOOST_TEST(contains(changed({{first + 20, 1}}), "expected one size of a stored member, found"));
  BOOST_TEST(contains(changed({{first + 21, 9}, {first + 25, 9}}), "in front of the directory"));
  BOOST_TEST(contains(changed({{first + 42, 1}}), "expected a member at byte 1, found none there"));
  BOOST_TEST(contains(changed({{first + 45, 255}}), "found none there"));
  BOOST_TEST(contains(changed({{26, 200}, {27, 200}}), "expected a header that ends in front of the directory"));
  BOOST_TEST(contains(changed({{30, 'z'}}), R"(expected the name that the directory has, found "z.npy")"));
  BOOST_TEST(contains(changed({{first + 22, 255}, {first + 23, 255}, {first + 20, 255}, {first + 21, 255}}),
                      "zip64 field for sizes of 4294967295, found none"));
  // The second entry is the first one's member, under its name.
  BOOST_TEST(contains(changed({{second + 46, 'x'}, {second + 42, 0}, {second + 43, 0}}), "expected each name once"));
}

// Fields of 64 bits, where sums could wrap.
BOOST_AUTO_TEST_CASE(zip64_fields_that_lie) {
  bytes const good = archive({{"x.npy", array}, {"y.npy", array}}, true);
  BOOST_TEST(npz_refusal(good) == "accepted");
  // From the end: the end record, the locator, the zip64 record, then two entries of 79 bytes with fields of 28.
  std::size_t const locator = good.size() - 22 - 20, record = locator - 56, y = record - 79, field = y + 51 + 4;
  auto const with = [&](std::size_t at, std::uint64_t value) {
    bytes file = good;
    for (std::size_t i = 0; i < 8; ++i) file[at + i] = static_cast<std::byte>(value >> (8 * i));
    return npz_refusal(file);
  };
  for (std::uint64_t const odd : {~std::uint64_t{0}, ~std::uint64_t{0} - 55, std::uint64_t{1} << 63,
                                  std::uint64_t{1} << 32, std::uint64_t{good.size()}}) {
    BOOST_TEST_CONTEXT(odd) {
      BOOST_TEST(contains(with(locator + 8, odd), "expected the place of the zip64 record in front of this"));
      BOOST_TEST(contains(with(record + 32, odd), "expected an archive of one file"));
      BOOST_TEST(contains(with(record + 40, odd), "expected the directory to end at byte"));
      BOOST_TEST(contains(with(record + 48, odd), "expected the directory to end at byte"));
      BOOST_TEST(contains(with(field, odd), "expected one size of a stored member"));
      BOOST_TEST(contains(with(field + 8, odd), "expected one size of a stored member"));
      BOOST_TEST(contains(with(field + 16, odd), "found none there"));
    }
  }
  bytes sizes = good, short_field = good, other_field = good;
  for (std::size_t i = 0; i < 16; ++i) sizes[field + i] = std::byte{0xFF};
  BOOST_TEST(contains(npz_refusal(sizes), R"(key "y.npy" at byte )"));
  BOOST_TEST(contains(npz_refusal(sizes), "expected 18446744073709551615 bytes at byte "));
  short_field[field - 2] = std::byte{20};
  BOOST_TEST(contains(npz_refusal(short_field), "expected sizes in the zip64 field, found it too short"));
  other_field[field - 4] = std::byte{2};
  BOOST_TEST(contains(npz_refusal(other_field), "zip64 field for sizes of 4294967295, found none"));
}

BOOST_AUTO_TEST_CASE(members_that_lie) {
  auto const one = [](std::string name, std::string content) { return npz_refusal(archive({{name, content}})); };
  BOOST_TEST(one("a/b.c.npy", array) == "accepted");
  BOOST_TEST(one("..a.npy", array) == "accepted");
  for (std::string const name : {"../x.npy", "a/../x.npy", "a/..", "..", "/x.npy", "a\\x.npy", "C:x.npy"})
    BOOST_TEST(contains(one(name, array), "expected a name that stays inside of a folder, found"));
  BOOST_TEST(contains(one("", array), "expected a name, found an empty one"));
  BOOST_TEST(contains(one("\xFF.npy", array), "expected a name in UTF-8"));
  BOOST_TEST(contains(one(std::string("a\0.npy", 6), array), "expected a name without NUL"));
  BOOST_TEST(contains(one("x.txt", array), R"(expected members called *.npy only, found "x.txt")"));
  BOOST_TEST(contains(one("x/", array), "expected members called *.npy only"));
  BOOST_TEST(contains(one("x.npy", "hello"), R"(key "x" at byte 35: expected an array of NumPy)"));
  BOOST_TEST(contains(one("x.npy", ""), "found nothing"));
  BOOST_TEST(contains(one("x.npy", npy_text("<f4", "(3,)")), "expected 12 bytes for float32 (3,), found 0"));
  BOOST_TEST(contains(npz_refusal(archive({{"x.npy", array}, {"x.npy", array}})), "expected each name once"));
  BOOST_TEST(contains(npz_refusal(archive({{"x.npy", "abc", 8, 20}})), "include <ambit/io/zlib.hpp>"));
  BOOST_TEST(contains(npz_refusal(archive({{"x.npy", "abc", 8, 5000}})), "at most 1032 bytes of each deflated one"));
  BOOST_TEST(contains(npz_refusal(archive({{"x.npy", "", 8, 1ULL << 40}}, true)), "at most 1032 bytes"));
}

BOOST_AUTO_TEST_CASE(members_that_overlap) {
  // A whole archive inside of the first member, whose own entry the outer directory has too.
  bytes const inner = archive({{"y.npy", array}});
  std::string const content(reinterpret_cast<char const*>(inner.data()), inner.size());
  bytes file = archive({{"x.npy", content}, {"y.npy", array}});
  std::size_t const entry = file.size() - 22 - 51;
  file[entry + 42] = std::byte{35};
  file[entry + 43] = std::byte{0};
  BOOST_TEST(contains(npz_refusal(file), R"(key "y.npy" at byte )"));
  BOOST_TEST(
      contains(npz_refusal(file), R"(expected data of its own, found that it begins at byte 35 inside of "x.npy")"));
}

BOOST_AUTO_TEST_CASE(values_are_values_and_bools_are_bools) {
  mock_store store;
  store.add("x", dtype::f32, {2});
  BOOST_TEST(load(store, npz::from_bytes(archive(
                             {{"x.npy", npy_text("<f4", "(2,)") + std::string("\0\0\xC0\x7F\0\0\x80\xFF", 8)}})))
                 .ok());
  store.writes = 0;
  BOOST_TEST(
      load(store, npy::from_bytes(to_bytes(npy_text(">f4", "(2,)") + std::string("\xFF\xC0\0\0\x7F\x80\0\0", 8)), "x"))
          .ok());
  BOOST_TEST(store.writes == 1);
  BOOST_TEST(store.values<float>(0)[1] == std::numeric_limits<float>::infinity());
  mock_store flags;
  flags.add("x", dtype::boolean, {2, 2});
  std::string fortran = npy_text("|b1", "(2, 2)") + "\1\1\2\1";
  fortran.replace(fortran.find("False"), 5, "True ");
  bytes const file = archive({{"x.npy", fortran}});
  BOOST_TEST(
      contains(to_string(check(flags, npz::from_bytes(file))), "expected 0 or 1 for each bool, found 2 at element 1"));
  BOOST_TEST(try_load(flags, npz::from_bytes(file)).invalid.size() == 1U);
  BOOST_TEST(flags.writes == 0);
}

BOOST_AUTO_TEST_CASE(cut_at_every_byte) {
  mock_store store;
  store.add("x", dtype::f32, {2});
  store.add("y", dtype::f32, {2});
  auto const untouched = store.data;
  for (bool const zip64 : {false, true}) {
    bytes const file = archive({{"x.npy", array}, {"y.npy", array}}, zip64);
    for (std::size_t size = 0; size < file.size(); ++size)
      BOOST_REQUIRE_MESSAGE(refusal(std::span(file).first(size), true), "accepted " << size << " bytes");
    load(store, npz::from_bytes(file));
    BOOST_CHECK(store.data != untouched);
  }
  bytes const single = to_bytes(array);
  for (std::size_t size = 0; size < single.size(); ++size)
    BOOST_REQUIRE_MESSAGE(refusal(std::span(single).first(size), false), "accepted " << size << " bytes");
}

// Whatever a flipped bit makes of a file, it is read or refused; the sanitizers see the rest.
BOOST_AUTO_TEST_CASE(every_flipped_bit) {
  for (bool const zip64 : {false, true}) {
    bytes const file = archive({{"x.npy", array}, {"y.npy", array}}, zip64);
    int read = 0, refused = 0;
    for (std::size_t i = 0; i < file.size(); ++i)
      for (int bit = 0; bit < 8; ++bit) {
        bytes flipped = file;
        flipped[i] ^= static_cast<std::byte>(1 << bit);
        ++(refusal(flipped, true) ? refused : read);
      }
    BOOST_TEST(read > 0);  // dates, versions, attributes
    BOOST_TEST(refused > read);
  }
  bytes const single = to_bytes(array);
  for (std::size_t i = 0; i < single.size(); ++i)
    for (int bit = 0; bit < 8; ++bit) {
      bytes flipped = single;
      flipped[i] ^= static_cast<std::byte>(1 << bit);
      (void)refusal(flipped, false);
    }
}

BOOST_AUTO_TEST_SUITE_END()
