// SPDX-License-Identifier: BSL-1.0
// TensorFlow V2 checkpoints. An input is the index and the data files in one, each behind the number that ends a table:
// `cat X.index X.data-*` is one, of a single data file.
#include "fuzz.hpp"
#include "unit/io_checkpoint_support.hpp"
#include <ambit/io/checkpoint.hpp>

#include <map>
#include <optional>

namespace {

namespace dio = ambit::detail::io;

std::string const& magic() {
  static std::string const text = io_test::table::footer("").substr(40);
  return text;
}

struct parts {
  std::string index;  // with the number that ends it
  std::vector<std::string> data;
  [[nodiscard]] std::string joined() const {
    std::string out = index;
    for (std::size_t i = 0; i < data.size(); ++i) out += (i == 0 ? "" : magic()) + data[i];
    return out;
  }
};
parts parts_of(std::string const& input) {
  std::size_t const end = input.find(magic());
  if (end == std::string::npos) return {input, {""}};
  parts out{input.substr(0, end + magic().size()), {}};
  for (std::size_t at = out.index.size();;) {
    std::size_t const next = out.data.size() < 8 ? input.find(magic(), at) : std::string::npos;
    out.data.push_back(input.substr(at, next - at));
    if (next == std::string::npos) return out;
    at = next + magic().size();
  }
}

using entry_map = std::map<std::string, std::string>;

/// The entries of an index that is in order.
std::optional<entry_map> entries_of(std::string const& index) {
  try {
    dio::table_reader const table(index, "index");
    entry_map out;
    for (dio::table_entry const& e : table.entries()) out[e.key] = e.value;
    return out;
  } catch (ambit::file_error const&) {
    return std::nullopt;
  }
}

/// Where the checksum of a tensor is in its message, past the tag; nothing where it has none.
std::optional<std::size_t> checksum_in(std::string const& message) {
  try {
    protozero::pbf_reader in(message);
    while (in.next()) {
      bool const found = in.tag() == 6 && in.wire_type() == protozero::pbf_wire_type::fixed32;
      in.skip();
      if (found) return static_cast<std::size_t>(in.data().data() - message.data()) - 4;
    }
  } catch (protozero::exception const&) {
  }
  return std::nullopt;
}

/// Keys slices as the tensors list them, in their order; what is too much keeps its key.
void key_slices(entry_map& entries, int shards) {
  entry_map tensors, slices;
  for (auto const& e : entries) (!e.first.empty() && e.first[0] == '\0' ? slices : tensors).insert(e);
  auto next = slices.begin();
  for (auto const& [key, message] : entry_map(tensors)) {
    if (key.empty()) continue;
    try {
      dio::table_entry const entry{key, message, 0};
      for (dio::tensor_slice const& slice : dio::bundle_parser(entry, key, shards).tensor().slices)
        if (next != slices.end()) tensors[slice.key(key)] = (next++)->second;
    } catch (ambit::file_error const&) {
    }
  }
  tensors.insert(next, slices.end());
  entries = std::move(tensors);
}

/// Makes the checksum of each tensor that has its data the right one.
void repair(entry_map& entries, std::vector<std::string> const& data) {
  for (auto& [key, message] : entries) {
    std::optional<std::size_t> const at = key.empty() ? std::nullopt : checksum_in(message);
    if (!at) continue;
    try {
      dio::table_entry const entry{key, message, 0};
      dio::bundle_entry const e = dio::bundle_parser(entry, key, static_cast<int>(data.size())).tensor();
      std::string const& file = data[static_cast<std::size_t>(e.shard)];
      if (e.offset > file.size() || e.size > file.size() - e.offset) continue;
      std::string const content = file.substr(static_cast<std::size_t>(e.offset), static_cast<std::size_t>(e.size));
      bool const text = e.type->type == ambit::dtype::string;
      bool const big = entries.begin()->second.ends_with("\x10\x01");
      auto const sum = text ? dio::string_checksum(std::as_bytes(std::span(content)), e.shape, big) : std::nullopt;
      message.replace(*at, 4, io_test::fixed(sum ? *sum : io_test::masked_crc(content)));
    } catch (ambit::file_error const&) {
    }
  }
}

/// A block as Snappy has it when it finds nothing to compress.
std::string packed(std::string const& text) {
  std::string out = io_test::number(text.size());
  for (std::size_t at = 0; at < text.size(); at += 60) {
    std::string const piece = text.substr(at, 60);
    out += static_cast<char>((piece.size() - 1) << 2) + piece;
  }
  return out;
}
/// A table of one block of that content.
std::string table_of(std::string const& block, char kind) {
  io_test::table out;
  std::string const handle = out.add(block, kind);
  return out.finish(io_test::block(io_test::entry(0, "\xFF\xFF", handle)));
}
std::string block_of(entry_map const& entries) {
  std::string out;
  for (auto const& [key, value] : entries) out += io_test::entry(0, key, value);
  return io_test::block(out);
}
std::string table_of(entry_map const& entries, std::size_t block_size) {
  dio::table_writer out(block_size);
  for (auto const& [key, value] : entries) out.add(key, value);
  return out.finish();
}

io_test::bundle varied_bundle() {
  using slice = io_test::bundle::slice;
  io_test::bundle out(2);
  slice const first{{{0, 1}, {0, -1}}}, second{{{1, 2}, {0, -1}}};
  out.add("a/kernel", 1, {2, 1}, io_test::floats({1, 2}), 0);
  out.add("flags", 10, {2}, std::string("\0\1", 2), 1);
  out.add("step", 9, {}, std::string(8, '\1'), 1);
  out.add("quantised", 15, {1}, "qq", 0);
  out.add("text", 7, {1}, "\2" + io_test::fixed(io_test::masked_crc(io_test::fixed(2))) + "hi", 0);
  out.add_sliced("v", 4, {3, 2}, {first, second});
  out.add_slice("v", first, 4, {1, 2}, "xy", 1);
  out.add_slice("v", second, 4, {2, 2}, "zzzz", 0);
  repair(out.entries, out.data);
  return out;
}

}  // namespace

bool fuzz::run(std::string const& input) {
  parts const files = parts_of(input);
  std::string const prefix = (here() / "f").string(), count = std::to_string(files.data.size());
  write(prefix + ".index", files.index);
  for (std::size_t i = 0; i < files.data.size(); ++i)
    write(prefix + ".data-0000" + std::to_string(i) + "-of-0000" + count, files.data[i]);
  // Blocks unpack to 22 times their size, keys to 32 times that of their block; an entry of three bytes takes 64, and a
  // tensor some 200.
  bool read = false;
  for (bool const parts : {false, true})
    read |= read_and_load(prefix, input.size(), 1024, [&] {
              return ambit::checkpoint(prefix, {.parts = parts});
            }).starts_with("read");
  return read;
}

std::vector<std::string> fuzz::seeds() {
  using slice = io_test::bundle::slice;
  std::vector<std::string> out;
  std::string const prefix = (here() / "seed").string();
  for (bool const empty : {false, true}) {
    ambit::write_checkpoint(prefix, empty ? io_test::mock_store{} : io_test::varied_store("odd/name"));
    out.push_back(io_test::read_text(prefix + ".index") + io_test::read_text(prefix + ".data-00000-of-00001"));
  }
  io_test::bundle const varied = varied_bundle();
  for (std::size_t block_size : {std::size_t{32}, std::size_t{4096}})
    out.push_back(parts{table_of(varied.entries, block_size), varied.data}.joined());
  io_test::bundle big = varied;
  big.entries[""] += "\x10\x01";  // big endian
  out.push_back(parts{table_of(big.entries, 4096), varied.data}.joined());
  std::string const block = block_of(varied.entries);
  out.push_back(parts{table_of(packed(block), 1), varied.data}.joined());
  // Compressed with copies of one, two and four bytes: a header entry whose unknown field 15 is of 32 equal letters.
  std::string const header = dio::bundle_header_text(1), field = "\x7A\x20";
  std::string const front =
      io_test::number(0) + io_test::number(0) + io_test::number(header.size() + 34) + header + field;
  std::string const tail = io_test::block("");
  out.push_back(parts{
      table_of(io_test::number(front.size() + 32 + tail.size()) + static_cast<char>((front.size() + 3) << 2) + front +
                   "abcd" +                            // as they are
                   "\x01\x04" +                        // 4 from 4 back
                   std::string("\x1E\x08\0", 3) +      // 8 from 8
                   std::string("\x3F\x10\0\0\0", 5) +  // 16 from 16
                   static_cast<char>((tail.size() - 1) << 2) + tail,
               1),
      {""}}.joined());
  io_test::bundle huge(1);  // more than there is, and more than 64 bits count
  huge.entries["a"] = dio::bundle_entry_text(4, {2147483647}, 0, 2147483647, 0);
  out.push_back(parts{table_of(huge.entries, 4096), {""}}.joined());
  huge.entries["a"] = dio::bundle_entry_text(2, {2147483647, 2147483647, 4}, 0, 8, 0);
  out.push_back(parts{table_of(huge.entries, 4096), {"12345678"}}.joined());
  io_test::bundle past(1);  // slices of which one reaches out of its tensor
  slice const front_rows{{{0, 200}}}, past_rows{{{300, 200}}};
  past.add_sliced("v", 4, {400}, {front_rows, past_rows});
  past.add_slice("v", front_rows, 4, {200}, std::string(200, 'a'), 0);
  past.add_slice("v", past_rows, 4, {200}, std::string(200, 'b'), 0);
  out.push_back(parts{table_of(past.entries, 4096), past.data}.joined());
  out.push_back(parts{table_of("\xFF\xFF\xFF\xFF\x0F" + std::string(100, '\0'), 1), {""}}.joined());
  return out;
}

std::string fuzz::mutated(std::string const& input, change const& changed, std::uint64_t random, std::size_t most) {
  parts files = parts_of(input);
  std::optional<entry_map> entries = entries_of(files.index);
  if (random % 8 == 0 || !entries || entries->empty() || most < 256) return changed(input, most);
  std::uint64_t const choice = random / 8 % 8;
  auto chosen = entries->begin();
  std::advance(chosen, static_cast<std::ptrdiff_t>(random / 64 % entries->size()));
  if (choice == 0) {
    std::string& data = files.data[random / 64 % files.data.size()];
    data = changed(std::move(data), most);
  } else if (choice == 1) {
    std::string value = std::move(chosen->second), key = changed(chosen->first, 200);
    entries->erase(chosen);
    entries->emplace(std::move(key), std::move(value));
  } else if (choice == 2) {
    std::string other = changed(chosen->first, 200), value = chosen->second;
    entries->emplace(std::move(other), std::move(value));
  } else if (choice < 6) {
    chosen->second = changed(std::move(chosen->second), 300);
  }
  if (random / 32768 % 4 != 0) key_slices(*entries, static_cast<int>(files.data.size()));
  repair(*entries, files.data);
  switch (random / 4096 % 8) {
  case 0: files.index = table_of(packed(block_of(*entries)), 1); break;
  case 1: files.index = table_of(changed(packed(block_of(*entries)), most), 1); break;
  case 2: files.index = table_of(changed(block_of(*entries), most), 0); break;
  case 3: files.index = table_of(*entries, 64); break;
  default: files.index = table_of(*entries, 4096);
  }
  std::string out = files.joined();
  return out.size() > most ? changed(input, most) : out;
}
