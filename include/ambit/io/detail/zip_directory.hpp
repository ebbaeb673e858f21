// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/io/detail/npy_header.hpp>
#include <ambit/io/detail/sorted_by_name.hpp>
#include <ambit/io/detail/zip_format.hpp>
#include <ambit/io/file_error.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ambit::detail::io {

/// One member of an archive, stored or deflated.
struct zip_member {
  std::string name{};
  std::uint64_t entry = 0;   // of the directory, from the start of the file
  std::uint64_t local = 0;   // the header in front of the data
  std::uint64_t data = 0;    // the packed data
  std::uint64_t packed = 0;  // its bytes
  std::uint64_t size = 0;    // unpacked
  std::uint32_t crc = 0;     // of the unpacked data
  bool deflated = false;
};

/// Deflate makes at most 1,032 bytes of one (258 of two bits); what says more is a bomb or damaged.
inline constexpr std::uint64_t most_inflated = 1032;

/// Reads the directory at the end of an archive and checks each header in front of data against it. Members may have
/// gaps between them, which the format allows, but share no byte. One file, no encryption; zip64 as far as it is used.
class zip_directory {
 public:
  zip_directory(std::span<std::byte const> bytes, std::string const& file) : bytes_(bytes), file_(file) {}

  [[nodiscard]] std::vector<zip_member> read() {
    find_end();
    std::uint64_t at = begin_;
    for (std::uint64_t i = 0; i < count_; ++i) at = read_entry(at);
    if (at != end_)
      refuse({}, at,
             "expected the end of the directory after " + std::to_string(count_) + " entries, found " +
                 std::to_string(end_ - at) + " more bytes");
    for (zip_member& m : members_) check_local(m);
    refuse_duplicates();
    refuse_overlaps();
    return std::move(members_);
  }

 private:
  [[noreturn]] void refuse(std::string_view key, std::uint64_t at, std::string problem) const {
    file_part{file_, key, at}.refuse(0, std::move(problem));
  }
  [[nodiscard]] std::uint64_t number(std::uint64_t at, int size) const { return zip_number(bytes_, at, size); }
  [[nodiscard]] std::string text(std::uint64_t at, std::uint64_t size) const {
    auto const part = bytes_.subspan(static_cast<std::size_t>(at), static_cast<std::size_t>(size));
    return {reinterpret_cast<char const*>(part.data()), part.size()};
  }

  // The last record of the file; only a comment may follow it.
  void find_end() {
    std::uint64_t const size = bytes_.size();
    if (size < zip_end_size)
      refuse({}, size,
             "expected an archive of at least 22 bytes, found " + std::to_string(size) +
                 "; the file is truncated, or no zip file");
    std::uint64_t at = size - zip_end_size;
    std::uint64_t const lowest = at > zip16_full ? at - zip16_full : 0;
    while (number(at, 4) != zip_end || number(at + 20, 2) != size - at - zip_end_size) {
      if (at == lowest)
        refuse({}, size,
               "expected the directory of an archive at the end of the file, found none; the file is truncated, "
               "or no zip file");
      --at;
    }
    std::uint64_t disks = number(at + 4, 2) | number(at + 6, 2), here = number(at + 8, 2), length = number(at + 12, 4);
    count_ = number(at + 10, 2);
    begin_ = number(at + 16, 4);
    end_ = at;
    if (at >= zip64_locator_size && number(at - zip64_locator_size, 4) == zip64_locator) {
      std::uint64_t const locator = at - zip64_locator_size, record = number(locator + 8, 8);
      if (record > locator || locator - record < zip64_end_size || number(record, 4) != zip64_end)
        refuse({}, locator, "expected the place of the zip64 record in front of this, found " + std::to_string(record));
      disks = number(record + 16, 4) | number(record + 20, 4) | number(locator + 4, 4);
      here = number(record + 24, 8);
      count_ = number(record + 32, 8);
      length = number(record + 40, 8);
      begin_ = number(record + 48, 8);
      end_ = record;
    }
    if (disks != 0 || here != count_) refuse({}, at, "expected an archive of one file, found one of several");
    if (begin_ > end_ || length != end_ - begin_)
      refuse({}, at,
             "expected the directory to end at byte " + std::to_string(end_) + ", found that it begins at " +
                 std::to_string(begin_) + " and has " + std::to_string(length) + " bytes");
    if (count_ > length / zip_central_size)
      refuse({}, at,
             "expected at most " + std::to_string(length / zip_central_size) + " entries in the directory, found " +
                 std::to_string(count_));
  }

  std::uint64_t read_entry(std::uint64_t at) {
    if (end_ - at < zip_central_size || number(at, 4) != zip_central)
      refuse({}, at, "expected an entry of the directory, found something else");
    std::uint64_t const flags = number(at + 8, 2), method = number(at + 10, 2);
    std::uint64_t const name = number(at + 28, 2), extra = number(at + 30, 2), comment = number(at + 32, 2);
    if (end_ - at - zip_central_size < name + extra + comment)
      refuse({}, at, "expected an entry that ends in the directory, found one that does not");
    zip_member m;
    m.entry = at;
    m.name = text(at + zip_central_size, name);
    m.crc = static_cast<std::uint32_t>(number(at + 16, 4));
    m.packed = number(at + 20, 4);
    m.size = number(at + 24, 4);
    m.local = number(at + 42, 4);
    if (std::string problem = zip_name_problem(m.name); !problem.empty()) refuse({}, at, std::move(problem));
    if ((flags & 0x2041) != 0) refuse(m.name, at, "expected a member that is not encrypted, found one that is");
    if (method != 0 && method != 8)
      refuse(m.name, at,
             "expected a member that is stored (0) or deflated (8), found method " + std::to_string(method));
    m.deflated = method == 8;
    read_zip64(m, at + zip_central_size + name, extra);
    if (!m.deflated && m.size != m.packed)
      refuse(m.name, at,
             "expected one size of a stored member, found " + std::to_string(m.packed) + " and " +
                 std::to_string(m.size));
    if (m.deflated && m.size / most_inflated > m.packed)
      refuse(m.name, at,
             "expected at most " + std::to_string(most_inflated) + " bytes of each deflated one, found " +
                 std::to_string(m.size) + " bytes of " + std::to_string(m.packed));
    members_.push_back(std::move(m));
    return at + zip_central_size + name + extra + comment;
  }

  // The values that do not fit, in this order, each only where its field is full.
  void read_zip64(zip_member& m, std::uint64_t at, std::uint64_t size) const {
    if (m.size != zip32_full && m.packed != zip32_full && m.local != zip32_full) return;
    for (std::uint64_t const end = at + size; end - at >= 4;) {
      std::uint64_t const id = number(at, 2), length = number(at + 2, 2);
      if (length > end - at - 4) break;
      at += 4;
      if (id == 1) {
        std::uint64_t left = length;
        for (std::uint64_t* value : {&m.size, &m.packed, &m.local}) {
          if (*value != zip32_full) continue;
          if (left < 8) refuse(m.name, m.entry, "expected sizes in the zip64 field, found it too short");
          *value = number(at, 8);
          at += 8;
          left -= 8;
        }
        return;
      }
      at += length;
    }
    refuse(m.name, m.entry, "expected a zip64 field for sizes of 4294967295, found none");
  }

  void check_local(zip_member& m) const {
    if (m.local > begin_ || begin_ - m.local < zip_local_size || number(m.local, 4) != zip_local)
      refuse(m.name, m.entry, "expected a member at byte " + std::to_string(m.local) + ", found none there");
    std::uint64_t const name = number(m.local + 26, 2), extra = number(m.local + 28, 2);
    if (begin_ - m.local - zip_local_size < name + extra)
      refuse(m.name, m.local, "expected a header that ends in front of the directory, found one that does not");
    if (text(m.local + zip_local_size, name) != m.name)
      refuse(m.name, m.local,
             "expected the name that the directory has, found " + in_quotes(text(m.local + zip_local_size, name)));
    if ((number(m.local + 8, 2) == 8) != m.deflated)
      refuse(m.name, m.local, "expected the method that the directory has, found another one");
    m.data = m.local + zip_local_size + name + extra;
    if (m.packed > begin_ - m.data)
      refuse(m.name, m.entry,
             "expected " + std::to_string(m.packed) + " bytes at byte " + std::to_string(m.data) + ", found " +
                 std::to_string(begin_ - m.data) + " in front of the directory");
  }

  void refuse_duplicates() const {
    std::vector<std::size_t> const order = sorted_by_name(std::span<zip_member const>(members_));
    for (std::size_t i = 1; i < order.size(); ++i)
      if (members_[order[i]].name == members_[order[i - 1]].name)
        refuse(members_[order[i]].name, members_[order[i]].entry, "expected each name once, found this one again");
  }

  // Members that share data are how a small archive becomes a large one without nesting.
  void refuse_overlaps() const {
    std::vector<std::size_t> order(members_.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return members_[a].local < members_[b].local; });
    for (std::size_t i = 1; i < order.size(); ++i) {
      zip_member const &before = members_[order[i - 1]], &m = members_[order[i]];
      if (before.data + before.packed > m.local)
        refuse(m.name, m.entry,
               "expected data of its own, found that it begins at byte " + std::to_string(m.local) + " inside of " +
                   in_quotes(before.name));
    }
  }

  std::span<std::byte const> bytes_;
  std::string const& file_;
  std::uint64_t begin_ = 0, end_ = 0, count_ = 0;  // of the directory
  std::vector<zip_member> members_;
};

}  // namespace ambit::detail::io
