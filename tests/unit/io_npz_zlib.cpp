// SPDX-License-Identifier: BSL-1.0
// Archives that are deflated: reading, writing, damage, bombs.
#include "io_npz_support.hpp"
#include "io_support.hpp"
#include <ambit/io/npz.hpp>
#include <ambit/io/zlib.hpp>

#include <boost/test/unit_test.hpp>

#include <iostream>

using namespace io_test;
using ambit::dtype;
using ambit::has_zlib;
using ambit::npz;
using ambit::write_npz;
using ambit::zlib_deflate;
using ambit::zlib_inflate;

namespace {

bool skipped() {
  if (!has_zlib) std::cout << "skipped: no zlib.h; package: zlib1g-dev\n";
  return !has_zlib;
}

/// A member that is deflated, with the size and checksum of what it holds, or others.
packed_member deflated(std::string name, std::string const& content, std::uint64_t size, std::uint32_t crc) {
  bytes packed;
  BOOST_REQUIRE(zlib_deflate({}, to_bytes(content), packed));
  return {std::move(name), {reinterpret_cast<char const*>(packed.data()), packed.size()}, 8, size, crc};
}
packed_member deflated(std::string name, std::string const& content) {
  return deflated(std::move(name), content, content.size(), ambit::detail::io::crc32(to_bytes(content)));
}

mock_store one(dtype type, ambit::shape shape) {
  mock_store store;
  store.add("first", dtype::f32, {1});
  store.add("x", type, shape);
  return store;
}
std::string const first = npy_text("<f4", "(1,)") + std::string(4, '\0');

/// Reads and loads, which must fail in one of the two and change nothing.
std::string refusal(packed_member const& member, int extent = 2) {
  mock_store store = one(dtype::f32, {extent});
  bytes const file = archive({deflated("first.npy", first), member});
  auto const untouched = store.data;
  try {
    ambit::load(store, npz::from_bytes(file, "evil.npz", zlib_inflate));
  } catch (ambit::file_error const& error) {
    BOOST_TEST(store.writes == 0);
    BOOST_CHECK(store.data == untouched);
    BOOST_TEST(error.key() == "x");
    BOOST_TEST(*error.offset() <= file.size());
    return error.what();
  }
  return "accepted";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(io_npz_zlib)

BOOST_AUTO_TEST_CASE(round_trip) {
  if (skipped()) return;
  mock_store store;
  store.add("model/large", dtype::f32, {300, 1000});
  store.add("model/none", dtype::f32, {0});
  store.add("step", dtype::i64, {});
  std::vector<float> values(300'000);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i % 1000);
  store.set<float>(0, values);
  folder here;
  write_npz(here.path / "w.npz", store, zlib_deflate);
  BOOST_TEST(std::filesystem::file_size(here.path / "w.npz") < 100'000U);
  mock_store other;
  for (ambit::variable_entry const& entry : store.table()) other.add(std::string(entry.name), entry.dtype, entry.shape);
  npz const file(here.path / "w.npz", zlib_inflate);
  BOOST_TEST(file.tensors()[0].deferred);
  BOOST_TEST(load(other, file).bound == 3);
  BOOST_CHECK(other.data == store.data);
  std::string const before = read_text(here.path / "w.npz");
  write_npz(here.path / "w.npz", other, zlib_deflate);
  BOOST_CHECK(read_text(here.path / "w.npz") == before);
}

BOOST_AUTO_TEST_CASE(big_endian_and_fortran) {
  if (skipped()) return;
  std::string text = npy_text(">i2", "(2, 2)") + std::string("\0\1\0\2\0\3\0\4", 8);
  text.replace(text.find("False"), 5, "True ");
  bytes const file = archive({deflated("x.npy", text)});
  mock_store store;
  store.add("x", dtype::i16, {2, 2});
  load(store, npz::from_bytes(file, "f", zlib_inflate));
  BOOST_TEST(store.values<std::int16_t>(0) == (std::vector<std::int16_t>{1, 3, 2, 4}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(streams_that_lie) {
  if (skipped()) return;
  std::string const good = npy_text("<f4", "(2,)") + "abcdefgh";
  auto const crc = ambit::detail::io::crc32(to_bytes(good));
  BOOST_TEST(refusal(deflated("x.npy", good)) == "accepted");
  BOOST_TEST(contains(refusal(deflated("x.npy", good, good.size(), crc + 1)), "expected data with the checksum"));
  // Longer and shorter than the directory says.
  BOOST_TEST(contains(refusal(deflated("x.npy", good + "i", good.size(), crc)),
                      std::to_string(good.size()) + " bytes, found " + std::to_string(good.size() + 1)));
  BOOST_TEST(contains(refusal(deflated("x.npy", good + "ij", good.size(), crc)), "bytes, found more"));
  BOOST_TEST(contains(refusal(deflated("x.npy", good.substr(0, good.size() - 1), good.size(), crc)), "damaged"));
  BOOST_TEST(contains(refusal(deflated("x.npy", good, 5, crc)), "expected an array of NumPy"));
  packed_member tail = deflated("x.npy", good);
  tail.content += "more";
  BOOST_TEST(contains(refusal(tail), "found one that is damaged"));
  packed_member garbage = deflated("x.npy", good);
  garbage.content = std::string(40, '\xFF');
  BOOST_TEST(contains(refusal(garbage), "found one that is damaged after 0 bytes"));
  packed_member empty = deflated("x.npy", good);
  empty.content.clear();
  empty.size = 0;
  BOOST_TEST(contains(refusal(empty), "damaged"));
}

BOOST_AUTO_TEST_CASE(cut_and_flipped) {
  if (skipped()) return;
  std::string text = npy_text("<f4", "(50,)");
  for (int i = 0; i < 200; ++i) text += static_cast<char>(i * i);
  packed_member const good = deflated("x.npy", text);
  for (std::size_t size = 0; size < good.content.size(); ++size) {
    packed_member cut = good;
    cut.content.resize(size);
    BOOST_REQUIRE(refusal(cut, 50) != "accepted");
  }
  for (std::size_t i = 0; i < good.content.size(); ++i)
    for (int bit = 0; bit < 8; ++bit) {
      packed_member flipped = good;
      flipped.content[i] = static_cast<char>(flipped.content[i] ^ (1 << bit));
      (void)refusal(flipped, 50);  // the checksum finds what deflate does not, but for what both ignore
    }
}

BOOST_AUTO_TEST_CASE(bombs_are_not_opened) {
  if (skipped()) return;
  // 1 GB of zeros: its size is true, and the model has no such variable.
  std::uint64_t const size = 1ULL << 30;
  std::string const header = npy_text("|u1", "(1073741824,)");
  bytes packed;
  std::string const zeros(1 << 20, '\0');
  BOOST_REQUIRE(zlib_deflate(to_bytes(header), to_bytes(zeros), packed));
  packed.resize(2'000'000);  // no whole stream, which nobody will see
  packed_member const bomb{
      "x.npy", {reinterpret_cast<char const*>(packed.data()), packed.size()}, 8, size + header.size(), 0};
  bytes const file = archive({deflated("first.npy", first), bomb});
  npz const source = npz::from_bytes(file, "evil.npz", zlib_inflate);
  mock_store store = one(dtype::u8, {7});
  BOOST_TEST(try_load(store, source).wrong_shape.size() == 1U);
  mock_store without;
  without.add("first", dtype::f32, {1});
  BOOST_TEST(load(without, source, {.ignore = {"x"}}).bound == 1);
}

BOOST_AUTO_TEST_SUITE_END()
