// SPDX-License-Identifier: BSL-1.0
// Reading and writing TensorFlow V2 checkpoints: "model.ckpt-100.index" and "model.ckpt-100.data-00000-of-00001".
// Needs protozero (headers only) and exceptions.
#pragma once

#include <ambit/io/detail/bind.hpp>
#include <ambit/io/detail/bundle_entry.hpp>
#include <ambit/io/detail/crc32c.hpp>
#include <ambit/io/detail/held_tensors.hpp>
#include <ambit/io/detail/left_tensors.hpp>
#include <ambit/io/detail/mapped_checksum.hpp>
#include <ambit/io/detail/mapped_file.hpp>
#include <ambit/io/detail/sized_file.hpp>
#include <ambit/io/detail/staging.hpp>
#include <ambit/io/detail/string_tensor.hpp>
#include <ambit/io/detail/table_reader.hpp>
#include <ambit/io/detail/unread_file.hpp>
#include <ambit/io/file_error.hpp>
#include <ambit/io/file_tensor.hpp>
#include <ambit/io/weights.hpp>
#include <ambit/io/write_checkpoint.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ambit {

/// How a checkpoint is read.
struct checkpoint_options {
  /// Partitioned variables as the parts that a model has of them: the slices of "v" are the tensors "v/part_0", "v/part_1",
  /// ..., in the order of where they begin. Else, and by default, each is one tensor, "v".
  bool parts = false;
};

/// A TensorFlow V2 checkpoint, read and checked as a whole: `load(net, checkpoint{"train/model.ckpt-46900"})`, by the
/// prefix that its files share. Slots and `global_step` are tensors like others: take them as variables, or waive them.
///
/// The format is that of tensorflow/core/util/tensor_bundle: an index, which is a LevelDB table whose blocks may be
/// compressed by Snappy, and data files. Variables that TensorFlow partitioned are whole again, whatever their slices, or
/// their parts are tensors where `checkpoint_options` say so.
/// Tensors are read in both byte orders. Every block and every tensor is verified by its checksum, strings too; they are
/// then listed without bytes. Dtypes
/// that ambit has no name for (quantised, float8) are `dtype::none`; resources and variants too, without bytes.
/// Which files are opened depends on the prefix and on numbers, never on a name in a file. Stricter than TensorFlow:
/// tensors that share bytes of a data file, slices of no tensor, and shapes of more than 8 extents are refused.
///
/// It is what the files held when this was made. Where the system can tell whether they change, tensors that lie there as
/// in memory stay in the data files until they are asked for, as those of `safetensors` do; they are verified all the same.
///
/// Errors: `file_error` with file, key and byte offset.
/// Complexity: O(files). Memory: what the tensors take, once they are read, which is at most the data files, and the
/// table; while reading also the index and the largest slice.
class checkpoint {
 public:
  explicit checkpoint(std::filesystem::path const& prefix, checkpoint_options const& options = {})
      : file_(prefix.string()), options_(options) {
    detail::io::sized_file index(file_ + ".index");
    std::string content(static_cast<std::size_t>(index.size()), '\0');
    index.read(0, reinterpret_cast<std::byte*>(content.data()), content.size());
    index.require_size();
    detail::io::table_reader const table(content, index.name());
    read(table.entries(), index.name());
  }

  /// In the order of their names; parts of one, in their own. Reads them, where that is still to be done; error:
  /// `file_error`.
  [[nodiscard]] std::span<file_tensor const> tensors() const& { return left_ ? left_->read() : tensors_; }
  void tensors() const&& = delete;  // they would point into a file that is gone
  /// The tensors for one load, which this outlives: in the files, where nobody changes them. Error: `file_error`.
  [[nodiscard]] detail::io::held_tensors hold() const& {
    if (left_) return left_->hold(file_);
    return {file_, tensors_};
  }
  void hold() const&& = delete;
  /// The prefix as given, for messages.
  [[nodiscard]] std::string_view file() const noexcept { return file_; }

 private:
  using bundle_entry = detail::io::bundle_entry;
  using table_entry = detail::io::table_entry;

  // Some bytes of a data file.
  struct piece {
    table_entry const* key = nullptr;
    bundle_entry entry;
    std::size_t tensor = 0;  // whose they are
    bool sliced = false;     // only a part of it
    detail::io::tensor_slice slice{};
  };

  [[noreturn]] static void refuse(std::string const& file, table_entry const& key, std::string problem) {
    detail::io::raise(file_error({.file = file, .key = key.key, .offset = key.at, .problem = std::move(problem)}));
  }

  void read(std::vector<table_entry> const& entries, std::string const& index) {
    if (entries.empty() || !entries.front().key.empty())
      detail::io::raise(file_error(
          {.file = index,
           .offset = 0,
           .problem = "expected an entry without a key first, which tells of the others, found none; the table is no "
                      "index of a TensorFlow V2 checkpoint"}));
    detail::io::bundle_header const header = detail::io::bundle_parser(entries.front(), index).header();
    int const shards = header.shards;
    big_endian_ = header.big_endian;
    std::vector<piece> pieces = pieces_of(std::span(entries).subspan(1), index, shards);
    std::sort(pieces.begin(), pieces.end(), [](piece const& a, piece const& b) {
      bundle_entry const &x = a.entry, &y = b.entry;
      if (x.shard != y.shard) return x.shard < y.shard;
      return x.offset != y.offset ? x.offset < y.offset : x.size < y.size;
    });
    check_places(pieces, index, shards);

    if (!read_pieces(pieces, index, shards, true)) read_pieces(pieces, index, shards, false);
  }

  /// Fills `tensors_` and `sizes_`; returns what is to be read.
  std::vector<piece> pieces_of(std::span<table_entry const> entries, std::string const& index, int shards) {
    std::vector<piece> pieces;
    auto const first_tensor =
        std::find_if(entries.begin(), entries.end(), [](table_entry const& e) { return e.key.front() != '\0'; });
    std::span<table_entry const> const slices(entries.begin(), first_tensor);  // their keys begin with 00
    std::vector<bool> taken(slices.size(), false);
    for (table_entry const& e : std::span<table_entry const>(first_tensor, entries.end())) {
      bundle_entry entry = detail::io::bundle_parser(e, index, shards).tensor();
      std::size_t const tensor = tensors_.size();
      tensors_.push_back({e.key, entry.type->type, entry.shape, {}});
      sizes_.push_back(0);
      if (entry.slices.empty()) {
        check_size(entry, e, index);
        if (entry.type->bytes != 0) sizes_.back() = static_cast<std::size_t>(entry.size);
        pieces.push_back({&e, std::move(entry), tensor, false, {}});
        continue;
      }
      if (entry.type->bytes == 0) refuse(index, e, "expected numbers in slices, found another dtype");
      std::uint64_t covered = 0;
      std::vector<piece> parts;
      for (detail::io::tensor_slice& slice : entry.slices) {
        if (!slice.fits(entry.shape))
          refuse(index, e,
                 "expected slices within " + std::string(to_text(entry.shape).view()) +
                     ", found one that reaches out of it");
        std::string const key = slice.key(e.key);
        auto const found = std::lower_bound(slices.begin(), slices.end(), key,
                                            [](table_entry const& a, std::string const& k) { return a.key < k; });
        if (found == slices.end() || found->key != key)
          refuse(index, e,
                 "expected an entry for each slice, found none for " +
                     std::string(to_text(slice.of(entry.shape)).view()));
        auto const number = static_cast<std::size_t>(found - slices.begin());
        if (taken[number]) refuse(index, e, "expected each slice once, found one again");
        taken[number] = true;
        bundle_entry part = detail::io::bundle_parser(*found, index, shards).tensor();
        if (part.type != entry.type || part.shape != slice.of(entry.shape) || !part.slices.empty())
          refuse(index, *found,
                 "expected the dtype and the shape of its slice, " +
                     detail::io::described(entry.type->type, slice.of(entry.shape)) + ", found " +
                     detail::io::described(part.type->type, part.shape));
        check_size(part, *found, index);
        if (part.size > ~std::uint64_t{0} - covered)
          refuse(index, e, "expected slices that 64 bits can count, found more");
        covered += part.size;
        parts.push_back({&*found, std::move(part), tensor, true, std::move(slice)});
      }
      std::optional<std::uint64_t> const whole = detail::io::size_of_tensor(entry);
      if (!whole || *whole != covered)
        refuse(index, e,
               "expected slices that make up the " + (whole ? std::to_string(*whole) : "more than 2^64") +
                   " bytes of " + detail::io::described(entry.type->type, entry.shape) + ", found " +
                   std::to_string(covered));
      if (options_.parts)
        split(parts);
      else
        sizes_.back() = static_cast<std::size_t>(*whole);
      for (piece& part : parts) pieces.push_back(std::move(part));
    }
    for (std::size_t i = 0; i < slices.size(); ++i)
      if (!taken[i]) refuse(index, slices[i], "expected slices of tensors that list them, found one that none lists");
    return pieces;
  }

  /// Makes tensors of the slices of the last one, which goes.
  void split(std::vector<piece>& parts) {
    std::sort(parts.begin(), parts.end(), [](piece const& a, piece const& b) {
      return std::lexicographical_compare(a.slice.extents.begin(), a.slice.extents.end(), b.slice.extents.begin(),
                                          b.slice.extents.end(),
                                          [](auto const& x, auto const& y) { return x.start < y.start; });
    });
    file_tensor const whole = std::move(tensors_.back());
    tensors_.pop_back();
    sizes_.pop_back();
    for (std::size_t i = 0; i < parts.size(); ++i) {
      parts[i].tensor = tensors_.size();
      parts[i].sliced = false;
      tensors_.push_back({whole.name + "/part_" + std::to_string(i), whole.dtype, parts[i].entry.shape, {}});
      sizes_.push_back(static_cast<std::size_t>(parts[i].entry.size));
    }
  }

  static void check_size(bundle_entry const& entry, table_entry const& key, std::string const& index) {
    if (entry.type->bytes == 0) return;
    std::optional<std::uint64_t> const wanted = detail::io::size_of_tensor(entry);
    std::string const what = detail::io::described(entry.type->type, entry.shape);
    if (!wanted) refuse(index, key, "expected a size that 64 bits can count, found " + what);
    if (*wanted != entry.size)
      refuse(index, key,
             "expected " + std::to_string(*wanted) + " bytes for " + what + ", found a size of " +
                 std::to_string(entry.size));
  }

  /// The data file of that number.
  [[nodiscard]] std::filesystem::path shard_path(int shard, int shards) const {
    auto const digits = [](int n) {
      std::string const text = std::to_string(n);
      return std::string(5 - text.size(), '0') + text;
    };
    return file_ + ".data-" + digits(shard) + "-of-" + digits(shards);
  }

  /// Everything lies in its file, and apart, before memory is taken for it. Leaves the sizes of the files.
  void check_places(std::vector<piece> const& pieces, std::string const& index, int shards) {
    std::uint64_t size = 0, end = 0;
    piece const* last = nullptr;
    std::string name;
    for (piece const& p : pieces) {
      if (last == nullptr || last->entry.shard != p.entry.shard) {
        detail::io::sized_file const shard(shard_path(p.entry.shard, shards));
        size = shard.size();
        name = shard.name();
        end = 0;
        last = nullptr;
      }
      if (p.entry.offset > size || p.entry.size > size - p.entry.offset)
        refuse(index, *p.key,
               "expected data within the " + std::to_string(size) + " bytes of " + detail::io::in_quotes(name) +
                   ", found offset " + std::to_string(p.entry.offset) + " and size " + std::to_string(p.entry.size) +
                   "; that file is truncated, or the index is wrong");
      if (p.entry.size != 0 && p.entry.offset < end)
        refuse(index, *p.key,
               "expected data of its own, found offset " + std::to_string(p.entry.offset) + " in what belongs to " +
                   detail::io::in_quotes(last->key->key) + " up to " + std::to_string(end));
      if (p.entry.size != 0 || last == nullptr) last = &p;
      if (p.entry.size != 0) end = p.entry.offset + p.entry.size;
    }
  }

  /// Verifies all, and reads it or, with `leave`, leaves in its file what is there as in memory. False where somebody was
  /// about to write to a file that was left.
  bool read_pieces(std::vector<piece> const& pieces, std::string const& index, int shards, bool leave) {
    std::vector<std::byte> buffer;
    std::map<std::size_t, std::vector<bool>> painted;  // which elements of a sliced tensor are there
    std::vector<std::optional<detail::io::left_tensors::place>> places(tensors_.size());
    std::vector<detail::io::unread_file> files;
    owned_.clear();
    owned_.resize(tensors_.size());
    std::unique_ptr<detail::io::sized_file> shard;
    detail::io::mapped_file map;
    int opened = -1;
    bool left = false;  // anything in this one
    auto const done = [&] {
      if (shard) shard->require_size();
      if (!std::exchange(left, false)) return true;
      if (!map.held()) return false;
      files.emplace_back(shard->name(), std::exchange(map, {}));
      return true;
    };
    for (piece const& p : pieces) {
      if (opened != p.entry.shard) {
        if (!done()) return false;
        std::filesystem::path const path = shard_path(p.entry.shard, shards);
        shard = std::make_unique<detail::io::sized_file>(path);
        map = leave ? detail::io::mapped_file(path) : detail::io::mapped_file();
        if (!map.settled()) map = {};
        opened = p.entry.shard;
      }
      bool const kept = p.entry.type->bytes != 0, direct = kept && !p.sliced;
      if (!kept && p.entry.type->type != dtype::string) continue;  // a resource or a variant
      auto const size = static_cast<std::size_t>(p.entry.size);
      std::size_t const end = map.bytes().size();
      std::optional<std::uint32_t> sum;
      if (direct && !big_endian_ && size != 0 && size <= end && p.entry.offset <= end - size) {
        sum = detail::io::mapped_checksum(map, map.bytes().subspan(static_cast<std::size_t>(p.entry.offset), size));
        if (!sum) return false;
        require_checksum(*sum, p, shard->name());
        left = true;
        places[p.tensor] = {files.size(), p.entry.offset, size};
        continue;
      }
      if (!direct) buffer.resize(size);
      std::byte* const whole = kept ? memory_of(p.tensor) : nullptr;
      std::byte* const into = direct ? whole : buffer.data();
      shard->read(p.entry.offset, into, size, p.key->key);
      if (kept) {
        detail::io::crc32c crc;
        crc.add(into, size);
        sum = crc.masked();
      } else {
        sum = detail::io::string_checksum(buffer, p.entry.shape, big_endian_);
        if (!sum)
          detail::io::raise(
              file_error({.file = shard->name(),
                          .key = p.key->key,
                          .offset = p.entry.offset,
                          .problem = "expected the lengths, their checksum and the characters of strings " +
                                     std::string(to_text(p.entry.shape).view()) + " in " + std::to_string(size) +
                                     " bytes, found what is none"}));
      }
      require_checksum(*sum, p, shard->name());
      if (kept && big_endian_) {  // what ambit has no name for is one word an element
        bool const named = p.entry.type->type != dtype::none;
        detail::io::swap_order(into, size,
                               named ? detail::io::word_of(p.entry.type->type)
                                     : static_cast<std::size_t>(p.entry.type->bytes));
      }
      if (p.sliced) paint(p, buffer, whole, painted[p.tensor], index);
    }
    if (!done()) return false;
    if (!files.empty())
      left_ = std::make_unique<detail::io::left_tensors>(std::move(tensors_), std::move(places), std::move(files));
    return true;
  }

  static void require_checksum(std::uint32_t sum, piece const& p, std::string const& file) {
    if (sum != p.entry.checksum)
      detail::io::raise(file_error({.file = file,
                                    .key = p.key->key,
                                    .offset = p.entry.offset,
                                    .problem = "expected the checksum that the index has, found another; the " +
                                               std::to_string(p.entry.size) + " bytes from here on are damaged"}));
  }
  /// Of a whole tensor, taken when the first of its bytes come.
  std::byte* memory_of(std::size_t tensor) {
    if (!owned_[tensor]) {
      owned_[tensor] = std::make_unique_for_overwrite<std::byte[]>(sizes_[tensor]);
      tensors_[tensor].bytes = {owned_[tensor].get(), sizes_[tensor]};
    }
    return owned_[tensor].get();
  }

  /// Puts a slice into its tensor, row by row. As all slices together have its size, none of its elements is left out
  /// where none is met twice.
  void paint(piece const& p, std::vector<std::byte> const& from, std::byte* whole, std::vector<bool>& painted,
             std::string const& index) const {
    ambit::shape const &all = tensors_[p.tensor].shape, &part = p.entry.shape;
    auto const each = static_cast<std::size_t>(p.entry.type->bytes);
    painted.resize(sizes_[p.tensor] / each);
    if (from.empty()) return;
    int const rank = all.rank();
    std::size_t const row = rank == 0 ? 1 : static_cast<std::size_t>(part[rank - 1]);
    std::vector<int> at(static_cast<std::size_t>(rank), 0);
    for (std::size_t done = 0; done < from.size(); done += row * each) {
      std::size_t element = 0;
      for (int i = 0; i < rank; ++i)
        element = element * static_cast<std::size_t>(all[i]) +
                  static_cast<std::size_t>(p.slice.extents[static_cast<std::size_t>(i)].start) +
                  static_cast<std::size_t>(at[static_cast<std::size_t>(i)]);
      for (std::size_t i = element; i < element + row; ++i) {
        if (painted[i])
          refuse(index, *p.key,
                 "expected slices without a common element, found element " + std::to_string(i) + " of " +
                     detail::io::in_quotes(tensors_[p.tensor].name) + " in two");
        painted[i] = true;
      }
      std::memcpy(whole + element * each, from.data() + done, row * each);
      for (int i = rank - 2; i >= 0 && ++at[static_cast<std::size_t>(i)] == part[i]; --i)
        at[static_cast<std::size_t>(i)] = 0;
    }
  }

  std::string file_;
  checkpoint_options options_;
  bool big_endian_ = false;
  std::vector<file_tensor> tensors_;
  std::vector<std::size_t> sizes_;                   // bytes of each tensor in memory
  std::vector<std::unique_ptr<std::byte[]>> owned_;  // of each; from operator new, so aligned for every dtype
  std::unique_ptr<detail::io::left_tensors> left_;   // then the tensors are its
};

static_assert(held_source<checkpoint>);

}  // namespace ambit
