// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "weight_file.hpp"
#include <ambit/export/summary.hpp>
#include <ambit/io/detail/printable.hpp>

#include <algorithm>
#include <cstdint>
#include <map>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace ambit_tool {

/// Right-aligned where it is a number.
struct column {
  bool number = false;
  std::size_t width = 0;
};

/// Rows of cells under each other. A cell wider than `widest` pushes the rest of its own line to the right.
class aligned_table {
 public:
  static constexpr std::size_t widest = 60;
  explicit aligned_table(std::vector<column> columns) : columns_(std::move(columns)) {}

  void add(std::vector<std::string> cells) {
    for (std::size_t i = 0; i < cells.size(); ++i)
      if (cells[i].size() <= widest) columns_[i].width = std::max(columns_[i].width, cells[i].size());
    rows_.push_back(std::move(cells));
  }
  void print(std::ostream& out) const {
    for (auto const& cells : rows_) {
      std::string line;
      for (std::size_t i = 0; i < cells.size(); ++i) {
        std::size_t const fill = columns_[i].width - std::min(columns_[i].width, cells[i].size());
        line += i == 0 ? "" : "  ";
        line += columns_[i].number ? std::string(fill, ' ') + cells[i] : cells[i] + std::string(fill, ' ');
      }
      line.erase(line.find_last_not_of(' ') + 1);
      out << line << '\n';
    }
  }

 private:
  std::vector<column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

inline std::string grouped(std::uint64_t number) {
  return std::string(ambit::detail::grouped(static_cast<std::int64_t>(number)).view());
}

/// What a file holds: names, dtypes, shapes, elements and bytes, a heading with sums for each scope, in the order of names.
inline void inspect(std::ostream& out, weight_file const& file) {
  struct sums {
    std::uint64_t tensors = 0, elements = 0, bytes = 0;
    void add(ambit::file_tensor const& t) {
      auto const count = static_cast<std::uint64_t>(t.shape.elements());
      ++tensors;
      elements += count;
      // Strings have no size of their own: what the file has of them counts.
      bytes += t.bytes.empty() && t.dtype != ambit::dtype::string
                   ? count * static_cast<std::uint64_t>(ambit::size_of(t.dtype))
                   : t.bytes.size();
    }
  };
  std::map<std::string_view, std::vector<ambit::file_tensor const*>> scopes;
  sums all;
  std::map<std::string_view, sums> by_dtype;
  for (ambit::file_tensor const& t : file.tensors()) {
    std::string_view const name = t.name;
    std::size_t const slash = name.rfind('/');
    scopes[name.substr(0, slash == std::string_view::npos ? 0 : slash)].push_back(&t);
    all.add(t);
    by_dtype[ambit::to_string(t.dtype)].add(t);
  }

  using ambit::detail::io::printable;
  auto const row = [](std::string name, std::string dtype, std::string shape, sums const& s) {
    return std::vector{std::move(name), std::move(dtype), std::move(shape), grouped(s.elements), grouped(s.bytes)};
  };
  aligned_table table({{}, {}, {}, {.number = true}, {.number = true}});
  table.add({"tensor", "dtype", "shape", "elements", "bytes"});
  for (auto& [scope, members] : scopes) {
    std::sort(members.begin(), members.end(), [](auto const* a, auto const* b) { return a->name < b->name; });
    sums in_scope;
    for (auto const* t : members) in_scope.add(*t);
    table.add(row(scope.empty() ? "(root)" : printable(scope), "", "", in_scope));
    for (auto const* t : members) {
      std::string_view const name = t->name;
      sums own;
      own.add(*t);
      table.add(row("  " + printable(name.substr(scope.empty() ? 0 : scope.size() + 1)),
                    std::string(ambit::to_string(t->dtype)), std::string(ambit::to_text(t->shape).view()), own));
    }
  }

  out << printable(file.file(), 4096) << ": " << file.format() << '\n';
  if (!scopes.empty()) {
    out << '\n';
    table.print(out);
    out << '\n';
  }
  auto const total = [&](sums const& s) {
    out << grouped(s.tensors) << (s.tensors == 1 ? " tensor, " : " tensors, ") << grouped(s.elements)
        << (s.elements == 1 ? " element, " : " elements, ") << grouped(s.bytes)
        << (s.bytes == 1 ? " byte\n" : " bytes\n");
  };
  if (by_dtype.size() > 1)
    for (auto const& [dtype, s] : by_dtype) {
      out << dtype << ": ";
      total(s);
    }
  out << "total: ";
  total(all);
  for (auto const& [key, value] : file.metadata())
    out << "metadata " << printable(key) << ": " << printable(value) << '\n';
}

}  // namespace ambit_tool
