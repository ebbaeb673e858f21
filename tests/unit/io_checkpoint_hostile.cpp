// SPDX-License-Identifier: BSL-1.0
// Checkpoints that lie: each is refused with file, key, byte offset, what was expected and what was found; no model changes.
#if __has_include(<protozero/pbf_reader.hpp>)
#include "io_checkpoint_attacks.hpp"
#include "io_checkpoint_support.hpp"
#include "io_support.hpp"
#include <ambit/io/checkpoint.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstring>
#include <functional>
#include <limits>
#include <optional>

using namespace io_test;
using namespace io_test::attacks_on_checkpoints;
using ambit::checkpoint;
using ambit::dtype;
using ambit::shape;
namespace dio = ambit::detail::io;

namespace {

class written {
 public:
  void put(files const& f) {
    write_bytes(prefix() + ".index", to_bytes(f.index));
    for (std::size_t i = 0; i < f.data.size(); ++i)
      write_bytes(prefix() + ".data-0000" + std::to_string(i) + "-of-0000" + std::to_string(f.data.size()),
                  to_bytes(f.data[i]));
  }
  [[nodiscard]] std::string prefix() const { return (here_.path / "evil").string(); }
  [[nodiscard]] std::optional<std::string> refusal() const {
    try {
      checkpoint const file{prefix()};
    } catch (ambit::file_error const& error) {
      return error.what();
    }
    return std::nullopt;
  }

 private:
  folder here_;
};

files good() {
  bundle made(1);
  made.add("a", 1, {2}, floats({1, 2}), 0);
  made.add("text", 7, {1}, "\2" + fixed(masked_crc(fixed(2))) + "hi", 0);
  std::string const lengths = fixed(2), masked = fixed(masked_crc(lengths));
  made.entries["text"] = dio::bundle_entry_text(7, {1}, 8, 7, masked_crc(lengths + masked + "hi"));
  made.add_sliced("v", 4, {3}, {rows(0, 1), rows(1, 2)});
  made.add_slice("v", rows(0, 1), 4, {1}, "x", 0);
  made.add_slice("v", rows(1, 2), 4, {2}, "yz", 0);
  return of(made);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(io_checkpoint_hostile)

BOOST_AUTO_TEST_CASE(each_attack_is_refused) {
  for (attack const& a : attacks) {
    BOOST_TEST_CONTEXT(a.name) {
      written w;
      files const f = a.make();
      w.put(f);
      mock_store store;
      store.add("a", dtype::f32, {2});
      try {
        load(store, checkpoint{w.prefix()}, {.ignore = {"*"}});
        BOOST_ERROR("accepted");
      } catch (ambit::file_error const& error) {
        BOOST_TEST(contains(error.what(), "ambit: cannot read \"" + w.prefix()));
        BOOST_TEST(contains(error.what(), a.part));
        BOOST_TEST(contains(error.what(), "at byte "));
        BOOST_TEST(contains(error.what(), "[BAD_FILE]"));
        if (std::string_view(error.key()).empty() || error.key().front() != '\0') BOOST_TEST(error.key() == a.key);
        BOOST_REQUIRE(error.offset().has_value());
        BOOST_TEST(*error.offset() <= std::max(f.index.size(), f.data[0].size()));
        BOOST_TEST(std::string(error.what()).size() < 1000U);
      }
      BOOST_TEST(store.writes == 0);
    }
  }
}

BOOST_AUTO_TEST_CASE(cut_at_every_byte) {
  files const f = good();
  written w;
  w.put(f);
  mock_store store;
  store.add("a", dtype::f32, {2});
  store.add("v", dtype::u8, {3});
  load(store, checkpoint{w.prefix()});
  BOOST_CHECK((store.values<float>(0) == std::vector<float>{1, 2}));
  BOOST_CHECK((store.values<char>(1) == std::vector<char>{'x', 'y', 'z'}));
  for (std::size_t size = 0; size < f.index.size(); ++size) {
    w.put({f.index.substr(0, size), f.data});
    std::optional<std::string> const message = w.refusal();
    BOOST_REQUIRE_MESSAGE(message, "accepted " << size << " bytes");
    BOOST_TEST(contains(*message, "expected "));
  }
  for (std::size_t size = 0; size < f.data[0].size(); ++size) {
    w.put({f.index, {f.data[0].substr(0, size)}});
    BOOST_REQUIRE_MESSAGE(w.refusal(), "accepted " << size << " bytes of data");
  }
}

// A checksum covers every byte but those that the footer leaves empty.
BOOST_AUTO_TEST_CASE(every_flipped_bit) {
  files const f = good();
  written w;
  std::size_t read = 0;
  for (std::size_t i = 0; i < f.index.size(); ++i)
    for (int bit = 0; bit < 8; bit += 1 + static_cast<int>(i % 2)) {
      files changed = f;
      changed.index[i] = static_cast<char>(changed.index[i] ^ (1 << bit));
      w.put(changed);
      if (w.refusal()) continue;
      ++read;
      BOOST_TEST((i >= f.index.size() - 48 + 4 && i < f.index.size() - 8), "byte " << i);
    }
  BOOST_TEST(read > 0U);
  for (std::size_t i = 0; i < f.data[0].size(); ++i)
    for (int bit = 0; bit < 8; ++bit) {
      files changed = f;
      changed.data[0][i] = static_cast<char>(changed.data[0][i] ^ (1 << bit));
      w.put(changed);
      BOOST_TEST(w.refusal().has_value(), "byte " << i << " of the data");
    }
}

// Flipped where no checksum tells: the blocks are made anew around what is changed.
BOOST_AUTO_TEST_CASE(every_changed_byte_under_right_checksums) {
  files const f = good();
  dio::table_reader const original(f.index, "good");
  std::string entries, last;
  for (dio::table_entry const& e : original.entries()) entries += entry(0, e.key, std::string(e.value));
  int read = 0, refused = 0;
  written w;
  for (std::size_t i = 0; i < entries.size(); ++i)
    for (int change : {1, 0x80, 0xFF}) {
      std::string changed = entries;
      changed[i] = static_cast<char>(changed[i] ^ change);
      w.put({of_entries(changed).index, f.data});
      ++(w.refusal() ? refused : read);
    }
  BOOST_TEST(read > 0);  // letters of names
  BOOST_TEST(refused > 10 * read);
}

BOOST_AUTO_TEST_CASE(names_are_no_paths) {
  folder here;
  bundle made(1);
  for (char const* name : {"../../etc/passwd", "/etc/passwd", "a/../../b", "C:\\x", ".data-00000-of-00001"})
    made.add(name, 1, {1}, floats({std::numeric_limits<float>::quiet_NaN()}), 0);
  std::filesystem::create_directory(here.path / "in");
  made.write(here.path / "in" / "m");
  checkpoint const file{here.path / "in" / "m"};
  BOOST_TEST(file.tensors().size() == 5U);
  BOOST_TEST(here.files() == 1U);
}

BOOST_AUTO_TEST_CASE(not_a_number_is_a_value) {
  folder here;
  bundle made(1);
  float const odd[] = {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()};
  made.add("a", 1, {2}, floats({odd[0], odd[1]}), 0);
  made.write(here.path / "m");
  mock_store store;
  store.add("a", dtype::f32, {2});
  load(store, checkpoint{here.path / "m"});
  BOOST_TEST(std::memcmp(store.data[0].data(), odd, sizeof odd) == 0);
}

BOOST_AUTO_TEST_CASE(files_that_are_not_there) {
  written w;
  BOOST_TEST(contains(w.refusal().value_or(""), "evil.index\": No such file"));
  w.put({good().index, {}});
  BOOST_TEST(contains(w.refusal().value_or(""), "evil.data-00000-of-00001\": No such file"));
  std::filesystem::create_directory(w.prefix() + ".data-00000-of-00001");
  BOOST_TEST(contains(w.refusal().value_or(""), "expected a regular file, found a folder or a device"));
  std::filesystem::remove(w.prefix() + ".index");
  std::filesystem::create_directory(w.prefix() + ".index");
  BOOST_TEST(contains(w.refusal().value_or(""), "evil.index\": expected a regular file"));
}

BOOST_AUTO_TEST_CASE(files_that_change_size) {
  folder here;
  std::filesystem::path const path = here.path / "f";
  write_bytes(path, bytes(100));
  dio::sized_file file(path);
  bytes into(50);
  file.read(50, into.data(), 50);
  file.require_size();
  std::filesystem::resize_file(path, 120);
  BOOST_CHECK_EXCEPTION(file.require_size(), ambit::file_error, [](ambit::file_error const& e) {
    return contains(e.what(), "at byte 100: expected 100 bytes, as when it was opened, found 120; the file changed");
  });
  std::filesystem::resize_file(path, 70);
  dio::sized_file const other(path);
  BOOST_TEST(other.size() == 70U);
  BOOST_CHECK_EXCEPTION(file.read(50, into.data(), 50, "the key"), ambit::file_error, [](ambit::file_error const& e) {
    return contains(e.what(), "key \"the key\" at byte 70: expected 30 more bytes, found the end");
  });
}

BOOST_AUTO_TEST_SUITE_END()

#else

#include <boost/test/unit_test.hpp>

#include <iostream>

BOOST_AUTO_TEST_CASE(io_checkpoint_hostile) { std::cout << "skipped: no protozero; package: libprotozero-dev\n"; }

#endif
