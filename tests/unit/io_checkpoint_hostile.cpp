// SPDX-License-Identifier: BSL-1.0
// Checkpoints that lie: each is refused with file, key, byte offset, what was expected and what was found; no model changes.
#if __has_include(<protozero/pbf_reader.hpp>)
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
using namespace std::string_literals;
using ambit::checkpoint;
using ambit::dtype;
using ambit::shape;
namespace dio = ambit::detail::io;

namespace {

struct files {
  std::string index;
  std::vector<std::string> data = {std::string(8, '\0')};
};

files of_block(std::string const& content, char kind = 0) {
  table t;
  std::string const handle = t.add(content, kind);
  return {t.finish(block(entry(0, "z", handle)))};
}
files of_entries(std::string const& entries) { return of_block(block(entries)); }

std::string header() { return dio::bundle_header_text(1); }
files with_header(std::string const& text) { return of_entries(entry(0, "", text)); }
/// One tensor "a", as given.
files with_tensor(std::string const& text, std::string const& data = std::string(8, '\0')) {
  return {of_entries(entry(0, "", header()) + entry(0, "a", text)).index, {data}};
}
std::string dim(std::uint64_t extent) {
  std::string const size = "\x08" + number(extent);
  return "\x12" + number(size.size()) + size;
}
/// BundleEntryProto of a dtype, a shape and what follows.
std::string message(int type, std::string const& dims, std::string const& rest) {
  return "\x08" + number(static_cast<std::uint64_t>(type)) + "\x12" + number(dims.size()) + dims + rest;
}
std::string place(std::uint64_t offset, std::uint64_t size) { return "\x20" + number(offset) + "\x28" + number(size); }
std::string sum(std::string const& data) { return "\x35" + fixed(masked_crc(data)); }

files of(bundle const& made) { return {made.index(), made.data}; }
files strings(std::string const& content, shape const& s = {1}) {
  bundle made(1);
  made.add("a", 7, s, content, 0);
  return of(made);
}
using slice = bundle::slice;
slice rows(std::int64_t from, std::int64_t count) { return {{{from, count}}}; }
/// A vector "a" of four float32, in slices; which of them have data, and of what dtype and shape.
files sliced(std::vector<slice> const& listed, std::vector<slice> const& stored, int type = 1, int more = 0) {
  bundle made(1);
  made.add_sliced("a", 1, {4}, listed);
  for (slice const& s : stored) {
    auto const length = static_cast<int>(s.extents[0].length) + more;
    made.add_slice("a", s, type, {length}, std::string(static_cast<std::size_t>(4 * length), '\0'), 0);
  }
  return of(made);
}
files two(std::string const& first, std::string const& second) {
  std::string const dims = dim(4), zeros(4, '\0');
  return {of_entries(entry(0, "", header()) + entry(0, "a", message(4, dims, first + sum(zeros))) +
                     entry(0, "b", message(4, dims, second + sum(zeros))))
              .index,
          {std::string(8, '\0')}};
}

struct attack {
  char const* name;
  std::function<files()> make;
  char const* key;
  char const* part;  // of the message
};

std::uint64_t const most = ~std::uint64_t{0};

std::vector<attack> const attacks = {
    // The table.
    {"empty file", [] { return files{""}; }, "", "at byte 0: expected a table, which ends with a footer of 48 bytes"},
    {"no magic", [] { return files{std::string(48, '\0')}; }, "", "at byte 40: expected the number that ends a table"},
    {"no blocks", [] { return files{table::footer("")}; }, "", "expected a block within the 0 bytes before the footer"},
    {"handles without an end", [] { return files{table::footer(std::string(40, '\xff'))}; }, "", "found none that end"},
    {"handle past the end", [] { return files{table::footer(number(0) + number(0) + number(1) + number(0))}; }, "",
     "found offset 0 and size 0"},
    {"handle that wraps", [] { return files{std::string(20, '\0') + table::footer(number(most) + number(most))}; }, "",
     "found offset 18446744073709551615 and size 18446744073709551615"},
    {"size that wraps",
     [] { return files{std::string(20, '\0') + table::footer(number(8) + number(most - 7) + number(0) + number(0))}; },
     "", "found offset 8 and size 18446744073709551608"},
    {"block checksum",
     [] {
       files f = with_tensor(message(4, dim(1), place(0, 1) + sum("\0"s)));
       f.index[3] ^= 1;
       return f;
     },
     "", "at byte 0: expected the checksum of the block that follows it, found another"},
    {"unknown compression", [] { return of_block(block(entry(0, "", header())), 2); }, "", "found kind 2"},
    {"compressed, but is not", [] { return of_block(block(entry(0, "", header())), 1); }, "",
     "compressed by Snappy, found what is none"},
    {"compressed bomb", [] { return of_block("\xff\xff\xff\xff\x0f" + std::string(100, '\0'), 1); }, "",
     "compressed by Snappy, found what is none"},
    {"compressed, too short",
     [] {
       return of_block("\x20\x08"
                       "abc",
                       1);
     },
     "", "found what is none"},
    {"compressed copy of nothing", [] { return of_block("\x04\x01\x00\x00"s, 1); }, "", "found what is none"},
    {"compressed, then lies", [] { return of_block("\x04\x0c\0\0\0\0"s, 1); }, "", "found 0"},
    {"block of three bytes", [] { return of_block("abc"); }, "", "expected a block with its restart points"},
    {"no restart point", [] { return of_block(fixed(0)); }, "", "room for, found 0"},
    {"too many restart points", [] { return of_block(fixed(0) + fixed(2)); }, "", "room for, found 2"},
    {"restart points beyond counting", [] { return of_block(fixed(0) + fixed(0xFFFFFFFF)); }, "", "found 4294967295"},
    {"empty block", [] { return of_entries(""); }, "", "expected a block of entries, found an empty one"},
    {"restart point within an entry", [] { return of_block(entry(0, "", header()) + fixed(0) + fixed(1) + fixed(2)); },
     "", "expected restart points that rise and are entries"},
    {"restart points that fall",
     [] { return of_block(entry(0, "", header()) + entry(0, "a", "") + fixed(9) + fixed(0) + fixed(2)); }, "",
     "expected restart points that rise"},
    {"key past the block", [] { return of_entries("\0\x7f\0"s); }, "", "expected an entry that ends within its block"},
    {"value past the block",
     [] {
       return of_entries("\0\1\x7f"
                         "a"s);
     },
     "", "expected an entry that ends within its block"},
    {"lengths that wrap", [] { return of_entries("\0"s + number(most) + number(2) + "a"); }, "",
     "expected an entry that ends within its block"},
    {"value that wraps", [] { return of_entries("\0\1"s + number(most) + "a"); }, "", "ends within its block"},
    {"length without an end", [] { return of_entries(std::string(11, '\xff')); }, "", "ends within its block"},
    {"shares too much", [] { return of_entries(entry(0, "", header()) + entry(1, "a", "")); }, "",
     "found more shared than that has"},
    {"shares what wraps", [] { return of_entries(entry(0, "", header()) + entry(most, "a", "")); }, "",
     "found more shared than that has"},
    {"key twice", [] { return of_entries(entry(0, "", header()) + entry(0, "a", "") + entry(0, "a", "")); }, "a",
     "expected each key once, found this one again"},
    {"key twice, shared", [] { return of_entries(entry(0, "", header()) + entry(0, "a", "") + entry(1, "", "")); }, "a",
     "expected each key once, found this one again"},
    {"header twice", [] { return of_entries(entry(0, "", header()) + entry(0, "", header())); }, "",
     "expected each key once"},
    {"keys that fall", [] { return of_entries(entry(0, "", header()) + entry(0, "b", "") + entry(0, "a", "")); }, "a",
     "expected keys that rise"},
    {"keys that would fill the memory",
     [] {
       std::string entries = entry(0, "", header()) + entry(0, std::string(4000, 'k'), "");
       for (int i = 0; i < 4000; ++i)
         entries += entry(4000, {static_cast<char>(i / 128 + 1), static_cast<char>(i % 128)}, "");
       return of_entries(entries);
     },
     "", "found keys that would take 32 times their block"},
    {"a block twice",
     [] {
       table t;
       std::string const handle = t.add(block(entry(0, "", header())));
       return files{t.finish(block(entry(0, "a", handle) + entry(0, "b", handle)))};
     },
     "", "expected blocks one behind the other"},
    {"blocks in the wrong order",
     [] {
       table t;
       std::string const second = t.add(block(entry(0, "a", ""))), first = t.add(block(entry(0, "", header())));
       return files{t.finish(block(entry(0, "", first) + entry(0, "b", second)))};
     },
     "", "expected blocks one behind the other"},
    {"keys that fall from block to block",
     [] {
       table t;
       std::string const first = t.add(block(entry(0, "", header()) + entry(0, "b", "")));
       std::string const second = t.add(block(entry(0, "a", "")));
       return files{t.finish(block(entry(0, "b", first) + entry(0, "c", second)))};
     },
     "a", "expected keys that rise from block to block"},
    {"separator before its block",
     [] {
       table t;
       std::string const handle = t.add(block(entry(0, "", header()) + entry(0, "b", "")));
       return files{t.finish(block(entry(0, "a", handle)))};
     },
     "b", "expected a separator behind the last key of its block, found \"a\""},
    {"index with more than handles",
     [] {
       table t;
       std::string const handle = t.add(block(entry(0, "", header())));
       return files{t.finish(block(entry(0, "a", handle + "x")))};
     },
     "", "expected two numbers as the place of a block, found more"},
    {"index that is its own data",
     [] {
       table t;
       std::string const index = t.add(block(entry(0, "a", number(0) + number(13))));
       return files{t.out + table::footer(index + index)};
     },
     "", "expected "},
    {"table without entries",
     [] {
       table t;
       return files{t.finish(block(""))};
     },
     "", "expected an entry without a key first"},
    {"table of something else", [] { return of_entries(entry(0, "a", "b")); }, "",
     "expected an entry without a key first"},
    // What the index says of all.
    {"header is damaged", [] { return with_header("\x08"s); }, "",
     "expected a protocol buffer of TensorFlow's tensor bundle"},
    {"header is empty", [] { return with_header(""); }, "", "expected 1 to 99999 data files, found 0"},
    {"too many files", [] { return with_header("\x08" + number(100000)); }, "", "found 100000"},
    {"files beyond counting", [] { return with_header("\x08" + number(most)); }, "", "found 18446744073709551615"},
    {"no byte order", [] { return with_header("\x08\x01\x10\x02"); }, "",
     "expected tensors in little (0) or big endian (1), found endianness 2"},
    {"byte orders beyond counting", [] { return with_header("\x08\x01\x10" + number(most)); }, "",
     "found endianness 18446744073709551615"},
    {"from the future", [] { return with_header("\x08\x01\x1a\x02\x10\x02"); }, "",
     "expected a bundle for readers of version 1, found one for 2"},
    {"shards as text", [] { return with_header("\x0a\x01\x01"); }, "", "expected num_shards as wire type 0, found 2"},
    // What it says of one.
    {"no dtype", [] { return with_tensor(""); }, "a", "expected a dtype of TensorFlow, found number 0"},
    {"unknown dtype", [] { return with_tensor(message(999, "", "")); }, "a", "found number 999"},
    {"reference dtype", [] { return with_tensor(message(101, "", "")); }, "a", "found number 101"},
    {"dtype as text", [] { return with_tensor("\x0a\x01\x01"); }, "a", "expected dtype as wire type 0, found 2"},
    {"group", [] { return with_tensor("\x0b\x0c"); }, "a", "found damage: "},
    {"field number 0", [] { return with_tensor("\0\0"s); }, "a", "found damage: "},
    {"length past the message", [] { return with_tensor("\x08\x01\x12\x7f"); }, "a", "found damage: "},
    {"length beyond counting", [] { return with_tensor("\x12" + number(most)); }, "a", "found damage: "},
    {"number without an end", [] { return with_tensor("\x08" + std::string(11, '\xff')); }, "a", "found damage: "},
    {"field twice", [] { return with_tensor("\x08\x01\x08\x02"); }, "a",
     "expected each field once, found field 1 again"},
    {"shape twice", [] { return with_tensor("\x08\x01\x12\0\x12\0"s); }, "a", "found field 2 again"},
    {"unknown rank", [] { return with_tensor(message(1, "\x18\x01", place(0, 4))); }, "a", "expected a known shape"},
    {"nine axes",
     [] {
       std::string dims;
       for (int i = 0; i < 9; ++i) dims += dim(1);
       return with_tensor(message(1, dims, place(0, 4)));
     },
     "a", "expected a shape of at most 8 extents"},
    {"negative extent", [] { return with_tensor(message(1, dim(most), place(0, 4))); }, "a",
     "expected extents from 0 to 2147483647, found -1"},
    {"extent over 31 bits", [] { return with_tensor(message(4, dim(2147483648), place(0, 8))); }, "a",
     "found 2147483648"},
    {"product over 64 bits",
     [] { return with_tensor(message(4, dim(2147483647) + dim(2147483647) + dim(2147483647), place(0, 8))); }, "a",
     "expected a size that 64 bits can count"},
    {"product wraps to the right size",
     [] { return with_tensor(message(1, dim(1073741824) + dim(1073741824) + dim(4), place(0, 0))); }, "a",
     "expected a size that 64 bits can count"},
    {"too few bytes", [] { return with_tensor(message(1, dim(2), place(0, 4))); }, "a",
     "expected 8 bytes for float32 (2,), found a size of 4"},
    {"too many bytes", [] { return with_tensor(message(1, dim(1), place(0, 8))); }, "a", "found a size of 8"},
    {"huge, without data", [] { return with_tensor(message(4, dim(2147483647), place(0, 2147483647))); }, "a",
     "expected data within the 8 bytes of "},
    {"offset past the end", [] { return with_tensor(message(4, dim(4), place(5, 4))); }, "a",
     "found offset 5 and size 4"},
    {"negative offset", [] { return with_tensor(message(4, dim(4), place(most, 4))); }, "a", "that 63 bits can count"},
    {"offset that wraps", [] { return with_tensor(message(4, dim(4), place(most / 2 - 2, 4))); }, "a",
     "that 63 bits can count"},
    {"negative size", [] { return with_tensor(message(7, dim(1), place(0, most))); }, "a", "that 63 bits can count"},
    {"file of another number", [] { return with_tensor(message(4, dim(1), "\x18\x01" + place(0, 1))); }, "a",
     "expected one of 1 data files, found number 1"},
    {"file of a negative number", [] { return with_tensor(message(4, dim(1), "\x18" + number(most) + place(0, 1))); },
     "a", "found number 18446744073709551615"},
    {"overlap", [] { return two(place(0, 4), place(3, 4)); }, "b",
     "expected data of its own, found offset 3 in what belongs to \"a\" up to 4"},
    {"the same data", [] { return two(place(0, 4), place(0, 4)); }, "b", "expected data of its own"},
    {"tensor checksum", [] { return with_tensor(message(4, dim(4), place(2, 4) + sum("four"))); }, "a",
     "at byte 2: expected the checksum that the index has, found another; the 4 bytes from here on are damaged"},
    {"no tensor checksum", [] { return with_tensor(message(4, dim(4), place(2, 4))); }, "a", "expected the checksum"},
    // Strings.
    {"no lengths", [] { return strings(""); }, "a",
     "expected the lengths, their checksum and the characters of strings"},
    {"strings without an end", [] { return strings(std::string(20, '\xff')); }, "a", "expected the lengths"},
    {"more strings than bytes",
     [] {
       return strings("\1\1\1\1", {2147483647, 2147483647});
     },
     "a", "expected the lengths"},
    {"strings beyond counting",
     [] {
       return strings("\1", {2147483647, 2147483647, 2147483647});
     },
     "a", "expected the lengths"},
    {"string longer than its data", [] { return strings("\x7f" + fixed(masked_crc(fixed(127))) + "abc"); }, "a",
     "expected the lengths"},
    {"lengths that wrap the sum", [] { return strings(number(most) + number(4) + fixed(0) + "abc", {2}); }, "a",
     "expected the lengths"},
    {"checksum of lengths", [] { return strings("\3" + fixed(1) + "abc"); }, "a", "expected the lengths"},
    {"checksum of strings", [] { return strings("\3" + fixed(masked_crc(fixed(3))) + "abc"); }, "a",
     "expected the checksum that the index has"},
    // Slices.
    {"slice without data",
     [] {
       return sliced({rows(0, 2), rows(2, 2)}, {rows(0, 2)});
     },
     "a", "expected an entry for each slice, found none for (2,)"},
    {"slice of nobody",
     [] {
       return sliced({rows(0, 4)}, {rows(0, 4), rows(1, 2)});
     },
     "", "found one that none lists"},
    {"slices of no tensor",
     [] {
       bundle made(1);
       made.add_slice("b", rows(0, 1), 1, {1}, "1234", 0);
       return of(made);
     },
     "", "found one that none lists"},
    {"slice twice",
     [] {
       return sliced({rows(0, 2), rows(0, 2)}, {rows(0, 2)});
     },
     "a", "expected each slice once, found one again"},
    {"slices with a hole",
     [] {
       return sliced({rows(0, 1), rows(2, 2)}, {rows(0, 1), rows(2, 2)});
     },
     "a", "expected slices that make up the 16 bytes of float32 (4,), found 12"},
    {"slices that overlap",
     [] {
       return sliced({rows(0, 3), rows(1, 1)}, {rows(0, 3), rows(1, 1)});
     },
     "", "expected slices without a common element, found element 1 of \"a\" in two"},
    {"slices past the end",
     [] {
       return sliced({rows(0, 2), rows(3, 2)}, {rows(0, 2), rows(3, 2)});
     },
     "a", "expected slices within (4,), found one that reaches out of it"},
    {"slice before the start", [] { return sliced({rows(-1, 2)}, {}); }, "a", "reaches out of it"},
    {"slice of negative length", [] { return sliced({rows(2, -2)}, {}); }, "a", "reaches out of it"},
    {"slice that wraps", [] { return sliced({rows(2, std::numeric_limits<std::int64_t>::max())}, {}); }, "a",
     "reaches out of it"},
    {"slice of other axes",
     [] {
       return sliced({slice{{{0, 4}, {0, 1}}}}, {});
     },
     "a", "reaches out of it"},
    {"slice of nine axes", [] { return sliced({slice{std::vector<slice::extent>(9)}}, {}); }, "a", "at most 8 axes"},
    {"slice of another dtype", [] { return sliced({rows(0, 4)}, {rows(0, 4)}, 3); }, "",
     "expected the dtype and the shape of its slice, float32 (4,), found int32 (4,)"},
    {"slice of another shape", [] { return sliced({rows(0, 4)}, {rows(0, 4)}, 1, 1); }, "", "found float32 (5,)"},
    {"slices of a slice",
     [] {
       bundle made(1);
       made.add_sliced("a", 1, {4}, {rows(0, 4)});
       made.add_sliced(rows(0, 4).key("a"), 1, {4}, {rows(0, 4)});
       return of(made);
     },
     "", "expected the dtype and the shape of its slice"},
    {"slices of strings",
     [] {
       bundle made(1);
       made.add_sliced("a", 7, {4}, {rows(0, 4)});
       return of(made);
     },
     "a", "expected numbers in slices"},
    {"huge in slices",
     [] {
       bundle made(1);
       made.add_sliced("a", 1, {2147483647, 2147483647, 2147483647}, {slice{std::vector<slice::extent>(3)}});
       return of(made);
     },
     "a", "expected an entry for each slice"},
};

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
