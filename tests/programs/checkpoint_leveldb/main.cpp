// SPDX-License-Identifier: BSL-1.0
// main FOLDER [INDEX...]: compares ambit's tables with LevelDB's, and its Snappy decoder with Snappy.
#include <ambit/core/variable_entry.hpp>
#include <ambit/io/checkpoint.hpp>

#include <leveldb/env.h>
#include <leveldb/iterator.h>
#include <leveldb/options.h>
#include <leveldb/table.h>
#include <leveldb/table_builder.h>
#include <snappy.h>

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace io = ambit::detail::io;

namespace {

using entries = std::map<std::string, std::string>;

void require(bool fine, std::string const& what) {
  if (fine) return;
  std::cout << "failed: " << what << '\n';
  std::exit(1);
}
void require(leveldb::Status const& status, std::string const& what) {
  require(status.ok(), what + ": " + status.ToString());
}

std::string read(std::string const& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}
entries ours(std::string const& content) {
  io::table_reader const table(content, "table");
  entries out;
  for (io::table_entry const& e : table.entries()) out.emplace(e.key, e.value);
  require(out.size() == table.entries().size(), "each key once");
  return out;
}
std::string written(entries const& all, std::size_t block_size) {
  io::table_writer out(block_size);
  for (auto const& [key, value] : all) out.add(key, value);
  return out.finish();
}
entries theirs(std::string const& path) {
  leveldb::Options options;
  options.paranoid_checks = true;
  leveldb::RandomAccessFile* file = nullptr;
  require(options.env->NewRandomAccessFile(path, &file), path);
  std::unique_ptr<leveldb::RandomAccessFile> const owned(file);
  leveldb::Table* table = nullptr;
  require(leveldb::Table::Open(options, file, read(path).size(), &table), path);
  std::unique_ptr<leveldb::Table> const opened(table);
  leveldb::ReadOptions checked;
  checked.verify_checksums = true;
  std::unique_ptr<leveldb::Iterator> const at(table->NewIterator(checked));
  entries out;
  for (at->SeekToFirst(); at->Valid(); at->Next()) out.emplace(at->key().ToString(), at->value().ToString());
  require(at->status(), path);
  for (auto const& [key, value] : out) {  // by the restart points, too
    at->Seek(key);
    require(at->Valid() && at->key() == leveldb::Slice(key) && at->value() == leveldb::Slice(value), "seek " + key);
  }
  return out;
}
std::string built(entries const& all, std::size_t block_size, bool compressed, std::string const& path) {
  leveldb::Options options;
  options.block_size = block_size;
  options.compression = compressed ? leveldb::kSnappyCompression : leveldb::kNoCompression;
  leveldb::WritableFile* file = nullptr;
  require(options.env->NewWritableFile(path, &file), path);
  std::unique_ptr<leveldb::WritableFile> const owned(file);
  leveldb::TableBuilder builder(options, file);
  for (auto const& [key, value] : all) builder.Add(key, value);
  require(builder.Finish(), path);
  require(file->Close(), path);
  return read(path);
}

std::mt19937 numbers(1);
std::string text(std::size_t most, unsigned letters) {
  std::string out(numbers() % (most + 1), '\0');
  for (char& c : out) c = static_cast<char>(0xFF - numbers() % letters);
  return out;
}

struct store {
  std::vector<std::string> names;
  std::vector<ambit::variable_entry> rows;
  [[nodiscard]] std::vector<ambit::variable_entry> const& table() const { return rows; }
  void read(int i, void* out) const {
    std::memset(out, i, static_cast<std::size_t>(rows[static_cast<std::size_t>(i)].shape[0]) * 4);
  }
};

}  // namespace

int main(int count, char** arguments) {
  std::string const folder = arguments[1], path = folder + "/table";
  int tables = 0, blocks = 0;
  for (int round = 0; round < 300; ++round) {
    entries all;
    for (std::size_t n = numbers() % (round % 10 == 0 ? 3000 : 50); n > 0; --n) {
      std::string scope = round % 3 == 0 ? "model/layer_" + std::to_string(numbers() % 1000) + '/' : "";
      all.emplace(scope + text(round % 3 == 0 ? 4 : 12, round % 2 == 0 ? 3 : 256), text(60, 4));
    }
    all.emplace("", io::bundle_header_text());
    for (std::size_t block_size : {std::size_t{1024}, std::size_t{4096}, std::size_t{262144}}) {
      std::string const uncompressed = built(all, block_size, false, path);
      require(written(all, block_size) == uncompressed, "a table is LevelDB's, byte for byte");
      require(ours(uncompressed) == all && theirs(path) == all, "read what was written");
      require(ours(built(all, block_size, true, path)) == all, "read what was compressed");
      tables += 2;
    }
  }
  for (int round = 0; round < 3000; ++round) {
    std::string plain;
    while (numbers() % 12 != 0) {
      if (!plain.empty() && numbers() % 2 == 0) {
        std::size_t const from = numbers() % plain.size();
        plain += plain.substr(from, numbers() % 90);
      } else {
        plain += text(round % 50 == 0 ? 70000 : 90, round % 2 == 0 ? 2 : 256);
      }
    }
    std::string packed;
    snappy::Compress(plain.data(), plain.size(), &packed);
    require(io::unpack_snappy(packed) == plain, "unpack what Snappy packed");
    // Where it is damaged, Snappy and ambit agree on whether it is one, and on what it then is.
    for (int change = 0; change < 4 && !packed.empty(); ++change) {
      std::string damaged = packed, expected;
      damaged[numbers() % damaged.size()] = static_cast<char>(numbers() & 0xFF);
      std::size_t length = 0;
      bool const valid = snappy::GetUncompressedLength(damaged.data(), damaged.size(), &length) && length < 1 << 24 &&
                         snappy::Uncompress(damaged.data(), damaged.size(), &expected);
      std::optional<std::string> const found = io::unpack_snappy(damaged);
      require(found.has_value() == valid && (!valid || *found == expected), "agree with Snappy on damage");
    }
    blocks += 5;
  }

  store weights;
  for (int i = 0; i < 300; ++i) weights.names.push_back("model/layer_" + std::to_string(i) + "/kernel");
  for (int i = 0; i < 300; ++i)
    weights.rows.push_back({weights.names[static_cast<std::size_t>(i)], ambit::dtype::f32, {i % 5, 1}, true});
  ambit::write_checkpoint(folder + "/model", weights);
  entries const index = theirs(folder + "/model.index");
  require(index.size() == 301 && ours(read(folder + "/model.index")) == index, "LevelDB reads a written index");
  require(built(index, 262144, false, path) == read(folder + "/model.index"), "a written index is LevelDB's");

  for (int i = 2; i < count; ++i) {
    entries const all = theirs(arguments[i]);
    require(!all.empty() && ours(read(arguments[i])) == all, arguments[i]);
  }
  std::cout << tables << " tables, " << blocks << " blocks, " << count - 2 << " indexes of TensorFlow\n";
}
