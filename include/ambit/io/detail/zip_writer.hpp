// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/io/detail/zip_format.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace ambit::detail::io {

/// The headers of an archive: one in front of each member, the directory at the end. Of fixed date (1 January 1980), so
/// that the same members give the same bytes; zip64 only where a number needs it.
class zip_writer {
 public:
  /// What goes in front of a member's data; `packed` bytes are to follow.
  [[nodiscard]] std::string next(std::string_view name, std::uint32_t crc, std::uint64_t packed, std::uint64_t size,
                                 bool deflated) {
    std::string out;
    bool const large = packed >= zip32_full || size >= zip32_full;
    append_number(out, zip_local, 4);
    common(out, name, crc, packed, size, deflated, large ? 20U : 0U, large, large);
    out += name;
    if (large) {
      append_number(out, 1, 2);
      append_number(out, 16, 2);
      append_number(out, size, 8);
      append_number(out, packed, 8);
    }
    bool const far = offset_ >= zip32_full;
    std::string extra;
    if (large) append_number(extra, size, 8);
    if (large) append_number(extra, packed, 8);
    if (far) append_number(extra, offset_, 8);
    append_number(directory_, zip_central, 4);
    append_number(directory_, 0x0300 | (large || far ? 45U : 20U),
                  2);  // written on Unix, by this version of the format
    common(directory_, name, crc, packed, size, deflated, extra.empty() ? 0 : extra.size() + 4, large || far, large);
    append_number(directory_, 0, 2);            // comment
    append_number(directory_, 0, 2);            // disk
    append_number(directory_, 0, 2);            // internal attributes
    append_number(directory_, 0x81800000U, 4);  // a regular file, rw-------
    append_number(directory_, far ? zip32_full : offset_, 4);
    directory_ += name;
    if (!extra.empty()) {
      append_number(directory_, 1, 2);
      append_number(directory_, extra.size(), 2);
      directory_ += extra;
    }
    ++count_;
    offset_ += out.size() + packed;
    return out;
  }

  /// What goes behind the last member.
  [[nodiscard]] std::string end() const {
    std::string out = directory_;
    bool const large = count_ >= zip16_full || offset_ >= zip32_full || directory_.size() >= zip32_full;
    if (large) {
      append_number(out, zip64_end, 4);
      append_number(out, zip64_end_size - 12, 8);
      append_number(out, 0x032D, 2);
      append_number(out, 45, 2);
      append_number(out, 0, 8);  // disks
      append_number(out, count_, 8);
      append_number(out, count_, 8);
      append_number(out, directory_.size(), 8);
      append_number(out, offset_, 8);
      append_number(out, zip64_locator, 4);
      append_number(out, 0, 4);
      append_number(out, offset_ + directory_.size(), 8);
      append_number(out, 1, 4);
    }
    append_number(out, zip_end, 4);
    append_number(out, 0, 4);  // disks
    append_number(out, std::min<std::uint64_t>(count_, zip16_full), 2);
    append_number(out, std::min<std::uint64_t>(count_, zip16_full), 2);
    append_number(out, std::min<std::uint64_t>(directory_.size(), zip32_full), 4);
    append_number(out, std::min<std::uint64_t>(offset_, zip32_full), 4);
    append_number(out, 0, 2);  // comment
    return out;
  }

 private:
  // The fields that both headers share, from the version needed to the length of the extra field.
  static void common(std::string& out, std::string_view name, std::uint32_t crc, std::uint64_t packed,
                     std::uint64_t size, bool deflated, std::size_t extra, bool zip64, bool large) {
    append_number(out, zip64 ? 45 : 20, 2);
    append_number(out, utf8_end(name) == name.size() ? 0x800 : 0, 2);
    append_number(out, deflated ? 8 : 0, 2);
    append_number(out, 0, 2);       // 00:00:00
    append_number(out, 0x0021, 2);  // 1980-01-01
    append_number(out, crc, 4);
    append_number(out, large ? zip32_full : packed, 4);
    append_number(out, large ? zip32_full : size, 4);
    append_number(out, name.size(), 2);
    append_number(out, extra, 2);
  }

  std::string directory_;
  std::uint64_t offset_ = 0, count_ = 0;
};

}  // namespace ambit::detail::io
