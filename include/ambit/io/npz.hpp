// SPDX-License-Identifier: BSL-1.0
// Reading and writing archives of NumPy: numpy.savez, numpy.savez_compressed, numpy.load.
// Needs no library for archives that are stored; those that are deflated are read through <ambit/io/zlib.hpp>.
#pragma once

#include <ambit/io/detail/crc32.hpp>
#include <ambit/io/detail/file_bytes.hpp>
#include <ambit/io/detail/npy_array.hpp>
#include <ambit/io/detail/npy_header.hpp>
#include <ambit/io/detail/printable.hpp>
#include <ambit/io/detail/zip_directory.hpp>
#include <ambit/io/file_error.hpp>
#include <ambit/io/file_tensor.hpp>
#include <ambit/io/npz_codec.hpp>
#include <ambit/io/weights.hpp>
#include <ambit/io/write_npz.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ambit {

/// An archive of arrays, read and checked: `load(net, npz{"model.npz"})`. Keys are NumPy's, "model/fc1/kernel", without
/// ".npy".
///
/// Arrays as in `npy`; members stored, or deflated where `npz{path, zlib_inflate}` says how (<ambit/io/zlib.hpp>); zip64.
/// Refused are encrypted members, other methods, names that are there twice or climb out of a folder, members that
/// overlap, that are no arrays, that differ from their checksum, or that claim to inflate to more than deflate can. What is
/// deflated is inflated when a model takes it, into memory of the size that the variable has, so that a bomb is never
/// opened.
///
/// Errors: `file_error` with file, key and byte offset (in a deflated member, of its first byte).
/// Complexity: O(file). Memory: the file; while it is loaded, also what the model takes of arrays that are deflated,
/// big endian or in Fortran order.
class npz {
 public:
  /// Reads a file.
  explicit npz(std::filesystem::path const& path, npz_inflate inflate = nullptr)
      : file_(path.string()), inflate_(inflate), read_(detail::io::read_file(path)) {
    adopt();
  }
  /// Reads a file that is in memory already. The bytes are not copied: they must outlive this.
  [[nodiscard]] static npz from_bytes(std::span<std::byte const> bytes, std::string file = "<memory>",
                                      npz_inflate inflate = nullptr) {
    npz out;
    out.file_ = std::move(file);
    out.inflate_ = inflate;
    out.read_.bytes = bytes;
    out.adopt();
    return out;
  }

  /// In the order of the archive's directory.
  [[nodiscard]] std::span<file_tensor const> tensors() const& noexcept { return tensors_; }
  void tensors() const&& = delete;  // would point into a file that is gone
  /// The values of a tensor, row-major and little endian. Error: `file_error`.
  void read(std::size_t tensor, std::byte* out) const {
    array const& a = arrays_[tensor];
    auto const size = static_cast<std::size_t>(a.member.size) - a.header.length;
    if (!a.member.deflated) {
      detail::io::npy_values(a.header, packed(a.member).subspan(a.header.length), out);
      return;
    }
    bool const moved = !detail::io::row_major(a.header);
    std::unique_ptr<std::byte[]> const other = moved ? std::make_unique_for_overwrite<std::byte[]>(size) : nullptr;
    std::span<std::byte> const data(moved ? other.get() : out, size);
    std::vector<std::byte> head(a.header.length);
    npz_inflated const result = inflate_(packed(a.member), head, data);
    if (result.is == npz_inflated::more || (result.is == npz_inflated::ended && result.made != a.member.size))
      refuse(a.member, "expected " + std::to_string(a.member.size) + " bytes, found " +
                           (result.is == npz_inflated::more ? std::string("more") : std::to_string(result.made)));
    if (result.is != npz_inflated::ended) refuse_stream(a.member, result);
    check_crc(a.member, detail::io::crc32(data, detail::io::crc32(head)));
    detail::io::npy_values(a.header, data, out);
  }
  /// The path as given, for messages.
  [[nodiscard]] std::string_view file() const noexcept { return file_; }

 private:
  struct array {
    detail::io::zip_member member;
    detail::io::npy_header header;
  };

  npz() = default;

  static std::string_view key_of(std::string_view name) {
    return name.ends_with(".npy") ? name.substr(0, name.size() - 4) : name;
  }
  [[noreturn]] void refuse(detail::io::zip_member const& m, std::string problem) const {
    detail::io::file_part{file_, key_of(m.name), m.data}.refuse(0, std::move(problem));
  }
  [[noreturn]] void refuse_stream(detail::io::zip_member const& m, npz_inflated result) const {
    switch (result.is) {
    case npz_inflated::absent:
      refuse(m, "expected zlib for a deflated member, and this was compiled without it; install zlib1g-dev (Debian, "
                "Ubuntu), or write with numpy.savez");
    case npz_inflated::failed: refuse(m, "expected memory to inflate it, found none");
    default:
      refuse(m, "expected a deflate stream, found one that is damaged after " + std::to_string(result.made) + " bytes");
    }
  }
  [[nodiscard]] std::span<std::byte const> packed(detail::io::zip_member const& m) const {
    return read_.bytes.subspan(static_cast<std::size_t>(m.data), static_cast<std::size_t>(m.packed));
  }
  void check_crc(detail::io::zip_member const& m, std::uint32_t found) const {
    if (found != m.crc) refuse(m, "expected data with the checksum of the directory, found another one; it is damaged");
  }

  void adopt() {
    for (detail::io::zip_member& m : detail::io::zip_directory(read_.bytes, file_).read()) {
      if (m.name.ends_with('/') && m.size == 0) continue;  // a folder
      if (!m.name.ends_with(".npy"))
        refuse(m, "expected members called *.npy only, found " + detail::io::in_quotes(m.name));
      std::string key(key_of(m.name));
      detail::io::npy_header const header = header_of(m, key);
      auto const data = m.deflated ? std::span<std::byte const>() : packed(m).subspan(header.length);
      tensors_.push_back(detail::io::npy_tensor(std::move(key), header, data));
      if (m.deflated) tensors_.back().deferred = true;
      arrays_.push_back({std::move(m), header});
    }
  }

  [[nodiscard]] detail::io::npy_header header_of(detail::io::zip_member const& m, std::string const& key) const {
    detail::io::file_part const part{file_, key, m.data, m.deflated};
    std::span<std::byte const> front = packed(m);
    std::vector<std::byte> head;
    if (m.deflated) {
      if (inflate_ == nullptr)
        refuse(m, "expected a member that is stored, found one that is deflated (numpy.savez_compressed); include "
                  "<ambit/io/zlib.hpp> and read it with npz{path, zlib_inflate}, or write it with numpy.savez");
      head.resize(static_cast<std::size_t>(std::min<std::uint64_t>(m.size, detail::io::largest_npy_header + 12)));
      npz_inflated const result = inflate_(front, head, {});
      bool const whole = result.is == npz_inflated::ended || result.is == npz_inflated::more;
      if (!whole || result.made < head.size())
        refuse_stream(m, {whole ? npz_inflated::damaged : result.is, result.made});
      front = head;
    } else {
      check_crc(m, detail::io::crc32(front));
    }
    detail::io::npy_header const header = detail::io::parse_npy_header(front, m.size, part);
    detail::io::check_npy_size(header, m.size, part);
    return header;
  }

  std::string file_;
  npz_inflate inflate_ = nullptr;
  detail::io::file_bytes read_;
  std::vector<array> arrays_;
  std::vector<file_tensor> tensors_;
};

static_assert(deferred_source<npz>);

}  // namespace ambit
