// SPDX-License-Identifier: BSL-1.0
// Reading and writing safetensors files, the format of Hugging Face: https://github.com/huggingface/safetensors
// Reading needs nlohmann/json; io/write_safetensors.hpp alone does not.
#pragma once

#include <ambit/io/detail/held_tensors.hpp>
#include <ambit/io/detail/left_tensors.hpp>
#include <ambit/io/detail/mapped_file.hpp>
#include <ambit/io/detail/safetensors_header.hpp>
#include <ambit/io/detail/sized_file.hpp>
#include <ambit/io/detail/unread_file.hpp>
#include <ambit/io/file_error.hpp>
#include <ambit/io/file_tensor.hpp>
#include <ambit/io/weights.hpp>
#include <ambit/io/write_safetensors.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ambit {

/// A safetensors file, read and checked as a whole: `load(net, safetensors{"digits.safetensors"})`.
///
/// The rules are those of the format's README and of the reference implementation (safetensors/src/tensor.rs,
/// `Metadata::validate`): 8 bytes of header length, little endian; a header of at most 100 MB, which is a JSON object
/// from name to dtype, shape and data_offsets; data that the tensors cover without overlap and without a hole, up to
/// the end of the file. Stricter: a key that is there twice is refused, and so are shapes of more than 8 extents.
/// Values are not looked at; NaN and infinity are values.
///
/// It is what the file held when this was made. Where the system can tell whether a file changes (Linux, local file
/// systems, files of one's own that nobody has open for writing), the data stay in it until they are asked for: `load`
/// takes them from there without another copy, and `tensors` reads them. A file that was changed in place by then is
/// refused; one that was replaced by renaming is still the old one. Else, and where a file is younger than its clock can
/// tell, all is read at once.
///
/// Errors: `file_error` with file, key and byte offset.
/// Complexity: O(file); the header is checked before memory for the data is taken. Memory: the data, once they are read,
/// and the table.
class safetensors {
 public:
  /// Opens a file and checks it.
  explicit safetensors(std::filesystem::path const& path) : file_(path.string()) {
    if (!leave(path)) read(path);
  }

  /// Maps a file into memory: nothing is copied but what a model takes, and no tensor is ever read into memory of its own.
  /// Only where the system keeps others from cutting the file meanwhile (Linux, local file systems, files of one's own
  /// that nobody has open for writing); else reads it, as the constructor does. Others who would write to the file wait
  /// while this lives, for up to 45 s, and then may: keep it for loading only. Replacing the file by renaming, as
  /// `write_safetensors` does, waits for nothing and harms nothing.
  [[nodiscard]] static safetensors mapped(std::filesystem::path const& path) {
    detail::io::mapped_file map(path);
    if (!fetch_header(map, path.string())) return safetensors(path);
    safetensors out = from_bytes(map.bytes(), path.string());
    out.map_ = std::move(map);
    return out;
  }
  /// Whether the bytes are the file's own.
  [[nodiscard]] bool is_mapped() const noexcept { return !map_.bytes().empty(); }
  /// Raises `file_error` where another program waits to change a mapped file.
  void require_unchanged() const { detail::io::held_tensors(file_, tensors_, {&map_, 1}).require_unchanged(); }

  /// Reads a file that is in memory already (embedded, or mapped). The bytes are not copied: they must outlive this.
  [[nodiscard]] static safetensors from_bytes(std::span<std::byte const> bytes, std::string file = "<memory>") {
    safetensors out;
    out.file_ = std::move(file);
    auto const length = static_cast<std::size_t>(detail::io::header_length(bytes, bytes.size(), out.file_));
    std::span<std::byte const> const data = bytes.subspan(8 + length);
    out.adopt(detail::io::parse_safetensors_header(text(bytes.subspan(8, length)), data.size(), out.file_), data);
    return out;
  }

  /// In the order of their data. Reads them, where that is still to be done; error: `file_error`.
  [[nodiscard]] std::span<file_tensor const> tensors() const& { return left_ ? left_->read() : tensors_; }
  /// The free text of the file ("__metadata__").
  [[nodiscard]] std::map<std::string, std::string, std::less<>> const& metadata() const& noexcept { return metadata_; }
  void tensors() const&& = delete;  // both would point into a file that is gone
  void metadata() const&& = delete;
  /// The tensors for one load, which this outlives: in the file, where nobody changes it. Error: `file_error`.
  [[nodiscard]] detail::io::held_tensors hold() const& {
    if (left_) return left_->hold(file_);
    return {file_, tensors_, {&map_, 1}};
  }
  void hold() const&& = delete;
  /// The path as given, for messages.
  [[nodiscard]] std::string_view file() const noexcept { return file_; }

 private:
  safetensors() = default;

  static std::string_view text(std::span<std::byte const> bytes) {
    return {reinterpret_cast<char const*>(bytes.data()), bytes.size()};
  }
  void read(std::filesystem::path const& path) {
    detail::io::sized_file in(path);
    std::vector<std::byte> head(static_cast<std::size_t>(std::min<std::uint64_t>(in.size(), 8)));
    in.read(0, head.data(), head.size());
    head.resize(static_cast<std::size_t>(detail::io::header_length(head, in.size(), file_)));
    in.read(8, head.data(), head.size());
    std::uint64_t const data_size = in.size() - 8 - head.size();
    detail::io::safetensors_header header = detail::io::parse_safetensors_header(text(head), data_size, file_);
    owned_ = std::make_unique_for_overwrite<std::byte[]>(static_cast<std::size_t>(data_size));
    std::span<std::byte> const data(owned_.get(), static_cast<std::size_t>(data_size));
    in.read(8 + head.size(), data.data(), data.size());
    adopt(std::move(header), data);
  }
  /// What is checked; false where it is not mapped, or no longer.
  static bool fetch_header(detail::io::mapped_file const& map, std::string const& file) {
    std::span<std::byte const> const all = map.bytes();
    if (all.empty() || !map.fetch(all.first(std::min<std::size_t>(all.size(), 8)))) return false;
    return map.fetch(all.first(8 + static_cast<std::size_t>(detail::io::header_length(all, all.size(), file))));
  }
  /// Checks the file and leaves the data in it; false where that is not to be.
  bool leave(std::filesystem::path const& path) {
    detail::io::mapped_file map(path);
    if (!map.settled() || !fetch_header(map, file_)) return false;
    safetensors checked = from_bytes(map.bytes(), file_);
    if (!map.held()) return false;  // somebody is about to write to it
    std::vector<std::optional<detail::io::left_tensors::place>> places;
    for (file_tensor& t : checked.tensors_) {
      auto const offset = static_cast<std::uint64_t>(t.bytes.data() - map.bytes().data());
      places.push_back({{0, offset, t.bytes.size()}});
      t.bytes = {};
    }
    std::vector<detail::io::unread_file> files;
    files.emplace_back(file_, std::move(map));
    metadata_ = std::move(checked.metadata_);
    left_ =
        std::make_unique<detail::io::left_tensors>(std::move(checked.tensors_), std::move(places), std::move(files));
    return true;
  }
  void adopt(detail::io::safetensors_header header, std::span<std::byte const> data) {
    tensors_ = std::move(header.tensors);
    metadata_ = std::move(header.metadata);
    for (std::size_t i = 0; i < tensors_.size(); ++i) {
      auto const& range = header.ranges[i];
      tensors_[i].bytes =
          data.subspan(static_cast<std::size_t>(range.begin), static_cast<std::size_t>(range.end - range.begin));
    }
  }

  std::string file_;
  std::vector<file_tensor> tensors_;
  std::map<std::string, std::string, std::less<>> metadata_;
  std::unique_ptr<std::byte[]> owned_;  // from operator new, so aligned for every dtype
  detail::io::mapped_file map_;
  std::unique_ptr<detail::io::left_tensors> left_;  // then the tensors are its
};

static_assert(changeable_source<safetensors> && held_source<safetensors>);

}  // namespace ambit
