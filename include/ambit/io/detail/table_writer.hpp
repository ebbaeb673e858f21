// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/io/detail/crc32c.hpp>
#include <ambit/io/detail/little_endian.hpp>
#include <ambit/io/detail/varint.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ambit::detail::io {

/// A block of a LevelDB table: keys without what they share with the one before, whole ones every `interval` entries.
class table_block_writer {
 public:
  explicit table_block_writer(std::size_t interval) : interval_(interval) {}
  void add(std::string_view key, std::string_view value) {
    std::size_t shared = 0;
    if (count_ < interval_) {
      std::size_t const most = std::min(key.size(), last_.size());
      while (shared < most && key[shared] == last_[shared]) ++shared;
    } else {
      restarts_.push_back(static_cast<std::uint32_t>(text_.size()));
      count_ = 0;
    }
    append_varint(text_, shared);
    append_varint(text_, key.size() - shared);
    append_varint(text_, value.size());
    text_.append(key.substr(shared)).append(value);
    last_ = key;
    ++count_;
  }
  [[nodiscard]] bool empty() const { return text_.empty(); }
  [[nodiscard]] std::size_t size() const { return text_.size() + 4 * restarts_.size() + 4; }
  [[nodiscard]] std::string finish() {
    for (std::uint32_t restart : restarts_) append_little_endian(text_, restart);
    append_little_endian(text_, static_cast<std::uint32_t>(restarts_.size()));
    std::string out = std::move(text_);
    *this = table_block_writer(interval_);
    return out;
  }

 private:
  std::size_t interval_, count_ = 0;
  std::string text_{}, last_{};
  std::vector<std::uint32_t> restarts_{0};
};

/// A LevelDB table, byte for byte what leveldb::TableBuilder writes without compression and filter. Keys must rise
/// strictly. TensorFlow's own tables have blocks of 256 KiB, LevelDB's of 4 KiB.
class table_writer {
 public:
  explicit table_writer(std::size_t block_size = 262144) : block_size_(block_size) {}

  void add(std::string_view key, std::string_view value) {
    if (pending_) add_separator(separator(last_, key));
    block_.add(key, value);
    last_ = key;
    if (block_.size() >= block_size_) flush();
  }
  [[nodiscard]] std::string finish() {
    flush();
    std::string const meta = write(table_block_writer(16).finish());
    if (pending_) add_separator(successor(last_));
    std::string footer = meta + write(index_.finish());
    footer.resize(40, '\0');
    append_little_endian(footer, std::uint64_t{0xDB4775248B80FB57});
    return std::move(out_ += footer);
  }

 private:
  void flush() {
    if (block_.empty()) return;
    handle_ = write(block_.finish());
    pending_ = true;  // the separator depends on the key that comes next
  }
  void add_separator(std::string const& key) {
    index_.add(key, handle_);
    pending_ = false;
  }
  /// Returns where it is.
  std::string write(std::string const& block) {
    std::string handle;
    append_varint(handle, out_.size());
    append_varint(handle, block.size());
    out_ += block;
    out_ += '\0';  // not compressed
    crc32c sum;
    sum.add(out_.data() + out_.size() - block.size() - 1, block.size() + 1);
    append_little_endian(out_, sum.masked());
    return handle;
  }
  /// A short key from `low` on and before `high`: LevelDB's FindShortestSeparator.
  static std::string separator(std::string_view low, std::string_view high) {
    std::size_t const most = std::min(low.size(), high.size());
    std::size_t i = 0;
    while (i < most && low[i] == high[i]) ++i;
    if (i < most) {
      auto const at = static_cast<unsigned char>(low[i]);
      if (at < 0xFF && at + 1 < static_cast<unsigned char>(high[i]))
        return std::string(low.substr(0, i)) + static_cast<char>(at + 1);
    }
    return std::string(low);
  }
  /// A short key from `key` on: LevelDB's FindShortSuccessor.
  static std::string successor(std::string_view key) {
    for (std::size_t i = 0; i < key.size(); ++i)
      if (auto const at = static_cast<unsigned char>(key[i]); at != 0xFF)
        return std::string(key.substr(0, i)) + static_cast<char>(at + 1);
    return std::string(key);
  }

  std::size_t block_size_;
  table_block_writer block_{16}, index_{1};
  std::string out_, last_, handle_;
  bool pending_ = false;
};

}  // namespace ambit::detail::io
