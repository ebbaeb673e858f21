// SPDX-License-Identifier: BSL-1.0
// Checkpoints that lie, a row each, and what is said of them.
#pragma once

#include "io_checkpoint_support.hpp"

#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <vector>

namespace io_test::attacks_on_checkpoints {

using namespace std::string_literals;
using ambit::shape;

struct files {
  std::string index;
  std::vector<std::string> data = {std::string(8, '\0')};
};

inline files of_block(std::string const& content, char kind = 0) {
  table t;
  std::string const handle = t.add(content, kind);
  return {t.finish(block(entry(0, "z", handle)))};
}
inline files of_entries(std::string const& entries) { return of_block(block(entries)); }

inline std::string header() { return ambit::detail::io::bundle_header_text(1); }
inline files with_header(std::string const& text) { return of_entries(entry(0, "", text)); }
/// One tensor "a", as given.
inline files with_tensor(std::string const& text, std::string const& data = std::string(8, '\0')) {
  return {of_entries(entry(0, "", header()) + entry(0, "a", text)).index, {data}};
}
inline std::string dim(std::uint64_t extent) {
  std::string const size = "\x08" + number(extent);
  return "\x12" + number(size.size()) + size;
}
/// BundleEntryProto of a dtype, a shape and what follows.
inline std::string message(int type, std::string const& dims, std::string const& rest) {
  return "\x08" + number(static_cast<std::uint64_t>(type)) + "\x12" + number(dims.size()) + dims + rest;
}
inline std::string place(std::uint64_t offset, std::uint64_t size) {
  return "\x20" + number(offset) + "\x28" + number(size);
}
inline std::string sum(std::string const& data) { return "\x35" + fixed(masked_crc(data)); }

inline files of(bundle const& made) { return {made.index(), made.data}; }
inline files strings(std::string const& content, shape const& s = {1}) {
  bundle made(1);
  made.add("a", 7, s, content, 0);
  return of(made);
}
using slice = bundle::slice;
inline slice rows(std::int64_t from, std::int64_t count) { return {{{from, count}}}; }
/// A vector "a" of four float32, in slices; which of them have data, and of what dtype and shape.
inline files sliced(std::vector<slice> const& listed, std::vector<slice> const& stored, int type = 1, int more = 0) {
  bundle made(1);
  made.add_sliced("a", 1, {4}, listed);
  for (slice const& s : stored) {
    auto const length = static_cast<int>(s.extents[0].length) + more;
    made.add_slice("a", s, type, {length}, std::string(static_cast<std::size_t>(4 * length), '\0'), 0);
  }
  return of(made);
}
inline files two(std::string const& first, std::string const& second) {
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

inline constexpr std::uint64_t most = ~std::uint64_t{0};

inline std::vector<attack> const attacks = {
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

}  // namespace io_test::attacks_on_checkpoints
