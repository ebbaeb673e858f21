// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/io/detail/crc32c.hpp>
#include <ambit/io/detail/little_endian.hpp>
#include <ambit/io/detail/snappy.hpp>
#include <ambit/io/detail/varint.hpp>
#include <ambit/io/file_error.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ambit::detail::io {

inline constexpr std::uint64_t table_magic = 0xDB4775248B80FB57;
inline constexpr std::size_t table_footer = 48, block_trailer = 5;

/// A key, its value, and the byte of the file where they are; in a compressed block, where that begins.
struct table_entry {
  std::string key;
  std::string_view value;
  std::uint64_t at = 0;
};

/// All entries of a LevelDB table (google/leveldb, doc/table_format.md), in the order of their keys. Each block is
/// verified by its checksum before anything in it is believed.
///
/// Stricter than LevelDB: keys rise strictly, from block to block too; blocks lie one behind the other; separators of the
/// index and restart points are where they would have to be. No file is then read twice, and none has a key twice.
/// Memory: linear in the file. Blocks unpack to at most 22 times their size, and keys, which share prefixes, to at most
/// 32 times that of their block: a table restarts every 16 entries.
class table_reader {
 public:
  /// `content` must outlive this; `file` is what messages call it.
  table_reader(std::string_view content, std::string file) : content_(content), file_(std::move(file)) { read(); }
  table_reader(table_reader const&) = delete;  // entries point into it
  table_reader& operator=(table_reader const&) = delete;

  [[nodiscard]] std::vector<table_entry> const& entries() const { return entries_; }

 private:
  struct handle {
    std::uint64_t offset = 0, size = 0;
  };
  struct block {
    std::string_view text;
    std::uint64_t at = 0;
    bool packed = false;
    [[nodiscard]] std::uint64_t place(std::size_t inside) const { return packed ? at : at + inside; }
  };

  [[noreturn]] void refuse(std::uint64_t offset, std::string problem, std::string key = {}) const {
    raise(file_error({.file = file_, .key = std::move(key), .offset = offset, .problem = std::move(problem)}));
  }

  void read() {
    if (content_.size() < table_footer)
      refuse(content_.size(), "expected a table, which ends with a footer of 48 bytes, found " +
                                  std::to_string(content_.size()) +
                                  " bytes; the file is truncated, or no index of a TensorFlow V2 checkpoint");
    end_ = content_.size() - table_footer;
    std::string_view footer = content_.substr(end_);
    if (little_endian<std::uint64_t>(footer.substr(40)) != table_magic)
      refuse(end_ + 40,
             "expected the number that ends a table, db4775248b80fb57, found another; the file is truncated, "
             "or no index of a TensorFlow V2 checkpoint");
    footer.remove_suffix(8);
    handle const meta = take_handle(footer, end_), index = take_handle(footer, end_);

    std::uint64_t next = 0;  // where the next block may begin
    std::string last;
    for (table_entry& separator : entries_of(load(index, end_))) {
      std::string_view value = separator.value;
      handle const data = take_handle(value, separator.at);
      if (!value.empty()) refuse(separator.at, "expected two numbers as the place of a block, found more");
      if (data.offset < next)
        refuse(separator.at, "expected blocks one behind the other, found one at " + std::to_string(data.offset) +
                                 ", where the one before reaches to " + std::to_string(next));
      next = data.offset + data.size + block_trailer;
      block const b = load(data, separator.at);
      std::vector<table_entry> found = entries_of(b);
      if (found.empty()) refuse(b.at, "expected a block of entries, found an empty one");
      if (!entries_.empty() && found.front().key <= last)
        refuse(found.front().at, "expected keys that rise from block to block, found one that does not",
               found.front().key);
      if (found.back().key > separator.key)
        refuse(separator.at, "expected a separator behind the last key of its block, found " + in_quotes(separator.key),
               found.back().key);
      last = std::move(separator.key);
      for (table_entry& e : found) entries_.push_back(std::move(e));
    }
    if (meta.offset < next || index.offset < meta.offset + meta.size + block_trailer)
      refuse(end_,
             "expected data, then what is said about it, then the index, each of its own, found them in each other");
    (void)entries_of(load(meta, end_));
  }

  handle take_handle(std::string_view& text, std::uint64_t at) const {
    std::optional<std::uint64_t> const offset = take_varint(text), size = offset ? take_varint(text) : std::nullopt;
    if (!size) refuse(at, "expected two numbers as the place of a block, found none that end");
    if (*offset > end_ || *size > end_ - *offset || end_ - *offset - *size < block_trailer)
      refuse(at, "expected a block within the " + std::to_string(end_) + " bytes before the footer, found offset " +
                     std::to_string(*offset) + " and size " + std::to_string(*size));
    return {*offset, *size};
  }

  /// `said` is where the handle was.
  block load(handle h, std::uint64_t said) {
    auto const offset = static_cast<std::size_t>(h.offset), size = static_cast<std::size_t>(h.size);
    std::string_view const text = content_.substr(offset, size);
    crc32c sum;
    sum.add(text.data(), size + 1);
    if (sum.masked() != little_endian<std::uint32_t>(content_.substr(offset + size + 1)))
      refuse(h.offset, "expected the checksum of the block that follows it, found another; the block of " +
                           std::to_string(size) + " bytes, said to be here at byte " + std::to_string(said) +
                           ", is damaged");
    auto const kind = static_cast<unsigned char>(content_[offset + size]);
    if (kind == 0) return {text, h.offset, false};
    if (kind != 1)
      refuse(h.offset + size, "expected a block as it is (0) or compressed by Snappy (1), found kind " +
                                  std::to_string(static_cast<int>(kind)));
    std::optional<std::string> unpacked = unpack_snappy(text);
    if (!unpacked)
      refuse(h.offset,
             "expected a block of " + std::to_string(size) + " bytes compressed by Snappy, found what is none");
    return {unpacked_.emplace_back(std::move(*unpacked)), h.offset, true};
  }

  std::vector<table_entry> entries_of(block const& b) const {
    if (b.text.size() < 4) refuse(b.at, "expected a block with its restart points, found too few bytes");
    std::uint64_t const restarts = little_endian<std::uint32_t>(b.text.substr(b.text.size() - 4));
    if (restarts == 0 || restarts > (b.text.size() - 4) / 4)
      refuse(b.place(b.text.size() - 4),
             "expected a count of restart points that the block has room for, found " + std::to_string(restarts));
    std::size_t const end = b.text.size() - 4 - 4 * static_cast<std::size_t>(restarts);
    std::size_t seen = 0, spent = 0;
    std::vector<table_entry> out;
    for (std::size_t at = 0; at < end;) {
      std::string_view rest = b.text.substr(at, end - at);
      std::optional<std::uint64_t> const shared = take_varint(rest), fresh = shared ? take_varint(rest) : std::nullopt,
                                         size = fresh ? take_varint(rest) : std::nullopt;
      if (!size || *fresh > rest.size() || *size > rest.size() - *fresh)
        refuse(b.place(at), "expected an entry that ends within its block, found one that does not");
      if (*shared > (out.empty() ? 0 : out.back().key.size()))
        refuse(b.place(at),
               "expected a key that shares its front with the one before, found more shared than that has");
      bool const restart = seen < restarts && little_endian<std::uint32_t>(b.text.substr(end + 4 * seen)) == at;
      if (restart && *shared != 0) refuse(b.place(at), "expected a whole key at a restart point, found a shared one");
      if (restart) ++seen;
      spent += static_cast<std::size_t>(*shared);
      if (spent / 32 > b.text.size())
        refuse(b.place(at), "expected keys whole every 16 entries, found keys that would take 32 times their block");
      table_entry entry;
      entry.at = b.place(at);
      if (!out.empty()) entry.key.assign(out.back().key, 0, static_cast<std::size_t>(*shared));
      entry.key.append(rest.substr(0, static_cast<std::size_t>(*fresh)));
      entry.value = rest.substr(static_cast<std::size_t>(*fresh), static_cast<std::size_t>(*size));
      if (!out.empty() && entry.key <= out.back().key)
        refuse(entry.at,
               entry.key == out.back().key ? "expected each key once, found this one again"
                                           : "expected keys that rise, found one that does not",
               entry.key);
      at = end - rest.size() + static_cast<std::size_t>(*fresh) + static_cast<std::size_t>(*size);
      out.push_back(std::move(entry));
    }
    // An empty block has one, too.
    if (seen != restarts && !(end == 0 && restarts == 1 && little_endian<std::uint32_t>(b.text) == 0))
      refuse(b.place(end + 4 * seen), "expected restart points that rise and are entries, found one that does not");
    return out;
  }

  std::string_view content_;
  std::string file_;
  std::uint64_t end_ = 0;             // of the blocks
  std::deque<std::string> unpacked_;  // what values point into
  std::vector<table_entry> entries_;
};

}  // namespace ambit::detail::io
