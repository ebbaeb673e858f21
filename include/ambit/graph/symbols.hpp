// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/core/list.hpp>
#include <ambit/core/name.hpp>
#include <ambit/core/text.hpp>

#include <cstdint>
#include <string_view>

namespace ambit::detail {

/// A full name, interned: equal text, equal number.
using symbol = int;
/// The empty name, the root of all scopes.
inline constexpr symbol root_symbol = 0;
inline constexpr symbol no_symbol = -1;

/// One part of a full name between slashes: a stem, an index (`layer_3`) and the suffix that made it unique (`_1`).
struct component {
  std::string_view stem;
  int index = 0;
  int suffix = -1;
  bool numbered = false;
};

/// Everything that a graph knows of one full name.
struct symbol_record {
  component own;
  symbol parent = no_symbol;
  symbol fold = no_symbol;    // the first symbol that differs from this one in case only
  int next = -1;              // in its bucket
  std::uint64_t exact = 0;    // FNV-1a over the whole name
  std::uint64_t folded = 0;   // the same over the name in lower case
  bool scope_valid = true;    // SPEC 2.2, all characters allowed
  bool op_valid = false;      // SPEC 2.1, and a good first one
  bool marked = false;        // taken by a scope or an op under exactly this text
  int used = 0;               // on `fold` symbols: the counter of SPEC 1.1; 0 is unused
  int marked_at = 0;          // on `fold` symbols: how many names the graph had taken after the last time
  place where{};              // of the first use
  int node = -1;              // the op of this name
  int variable = -1;          // SPEC 5: the node stored under this key
  int partitioned = -1;
  int open_count = 0;         // SPEC 7.6, valid while no enclosing reset is younger than `stamp`
  int stamp = 0;
  int reset = 0;
  int next_default = 1;       // where the search of SPEC 7.6 for a free _i begins, while `default_stamp` holds
  int default_stamp = -1;
  int default_clock = 0;
  int scope = -1;             // the last variable scope of this name
};

/// All full names of a graph in one hash table. Names are kept as chains of components and never concatenated while a
/// graph is built: the hash of a child continues its parent's FNV-1a state, and equal hashes are confirmed by comparing
/// one component, because equal parents are equal numbers. Finding or adding a name costs one pass over its own part.
/// One record a name serves the name map, the variable store, the op table and the scope counters.
class symbol_table {
 public:
  constexpr symbol_table() {
    heads_.reserve(512);
    for (int i = 0; i < 512; ++i) heads_.push_back(-1);
    symbol_record root;
    root.fold = root_symbol;
    root.exact = root.folded = offset_basis;
    records_.push_back(root);
  }
  symbol_table(symbol_table const&) = delete;
  symbol_table& operator=(symbol_table const&) = delete;
  constexpr ~symbol_table() {
    for (char* block : blocks_) delete[] block;
  }

  [[nodiscard]] constexpr symbol_record& operator[](symbol s) { return records_[s]; }
  [[nodiscard]] constexpr symbol_record const& operator[](symbol s) const { return records_[s]; }
  [[nodiscard]] constexpr int size() const { return records_.size(); }

  /// The symbol of `name` below `parent`, joined by a slash (none at the root); every '/' in it starts a new component.
  constexpr symbol join(symbol parent, name const& n) {
    component own{n.stem(), n.index(), -1, n.numbered()};
    hashes h = begin(parent);
    bool slash = false;
    bool valid = true;
    for (char c : own.stem) step(h, c), slash |= c == '/', valid &= allowed(c);
    if (slash) return join_parts(parent, own, n.borrowed());
    if (own.numbered) number(h, own.index);
    return find_or_add(parent, own, h, valid, n.borrowed());
  }

  /// The same name followed by _k.
  constexpr symbol with_suffix(symbol s, int k) {
    component own = records_[s].own;
    bool const borrowed = own.suffix >= 0;
    text flat;
    if (borrowed) {
      append(flat, own);
      own = {flat.view(), 0, -1, false};
    }
    own.suffix = k;
    hashes h{records_[s].exact, records_[s].folded};
    step(h, '_');
    number(h, k);
    return find_or_add(records_[s].parent, own, h, true, borrowed);
  }

  /// The symbol of a full name, or `no_symbol` where the graph has never seen it. Adds nothing.
  [[nodiscard]] constexpr symbol find(std::string_view full) const {
    if (full.empty()) return root_symbol;
    symbol at = root_symbol;
    for (;;) {
      std::size_t const slash = full.find('/');
      at = child(at, full.substr(0, slash));
      if (at < 0 || slash == std::string_view::npos) return at;
      full.remove_prefix(slash + 1);
    }
  }

  /// The child of a name, or `no_symbol`. Adds nothing. `leaf` holds no slash.
  [[nodiscard]] constexpr symbol child(symbol parent, std::string_view leaf) const {
    hashes h = begin(parent);
    for (char c : leaf) step(h, c);
    return lookup(parent, {leaf, 0, -1, false}, h).exact;
  }

  [[nodiscard]] constexpr bool is_empty_text(symbol s) const {
    return s == root_symbol || (records_[s].parent == root_symbol && length(records_[s].own) == 0);
  }

  /// The text ends in a slash: "foo/", whose last component is empty.
  [[nodiscard]] constexpr bool ends_in_slash(symbol s) const {
    return s != root_symbol && records_[s].parent != root_symbol && length(records_[s].own) == 0;
  }

  constexpr void append(text& out, symbol s) const {
    if (s == root_symbol) return;
    if (records_[s].parent != root_symbol) {
      append(out, records_[s].parent);
      out += '/';
    }
    append(out, records_[s].own);
  }
  [[nodiscard]] constexpr text to_text(symbol s) const {
    text out;
    append(out, s);
    return out;
  }

  /// A copy of text that lives as long as the table.
  constexpr std::string_view keep(std::string_view text) {
    int const length = static_cast<int>(text.size());
    if (length == 0) return std::string_view("", 0);
    if (length > room_) {
      room_ = length > block_size ? length : block_size;
      blocks_.push_back(new char[static_cast<unsigned>(room_)]);
      free_ = blocks_.back();
    }
    char* const kept = free_;
    for (int i = 0; i < length; ++i) kept[i] = text[static_cast<unsigned>(i)];
    free_ += length;
    room_ -= length;
    return {kept, text.size()};
  }

 private:
  static constexpr std::uint64_t offset_basis = 14695981039346656037ULL;
  static constexpr std::uint64_t prime = 1099511628211ULL;
  static constexpr int block_size = 4096;

  struct hashes {
    std::uint64_t exact;
    std::uint64_t folded;
  };
  struct found {
    symbol exact;
    symbol fold;
  };

  static constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }
  static constexpr bool allowed(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || c == '_' || c == '.' ||
           c == '-' || c == '/';
  }
  static constexpr void step(hashes& h, char c) {
    h.exact = (h.exact ^ static_cast<unsigned char>(c)) * prime,
    h.folded = (h.folded ^ static_cast<unsigned char>(lower(c))) * prime;
  }
  static constexpr void number(hashes& h, int value) {
    text digits;
    digits.append(value);
    for (char c : digits.view()) step(h, c);
  }
  constexpr hashes begin(symbol parent) const {
    hashes h{records_[parent].exact, records_[parent].folded};
    if (parent != root_symbol) step(h, '/');
    return h;
  }
  static constexpr void append(text& out, component const& c) {
    out += c.stem;
    if (c.numbered) out.append(c.index);
    if (c.suffix >= 0) {
      out += '_';
      out.append(c.suffix);
    }
  }
  static constexpr std::size_t length(component const& c) {
    return c.numbered || c.suffix >= 0 ? 1 : c.stem.size();  // only emptiness is asked for
  }
  static constexpr bool same(std::string_view a, std::string_view b, bool fold) {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i)
      if (fold ? lower(a[i]) != lower(b[i]) : a[i] != b[i]) return false;
    return true;
  }
  static constexpr bool same(component const& a, component const& b, bool fold) {
    if (a.index == b.index && a.suffix == b.suffix && a.numbered == b.numbered) return same(a.stem, b.stem, fold);
    text flat_a, flat_b;  // "layer_3" may be one stem or a stem and an index
    append(flat_a, a);
    append(flat_b, b);
    return same(flat_a.view(), flat_b.view(), fold);
  }

  constexpr symbol join_parts(symbol parent, component own, bool borrowed) {
    for (;;) {
      std::size_t const slash = own.stem.find('/');
      component part = own;
      if (slash != std::string_view::npos) part = {own.stem.substr(0, slash), 0, -1, false};
      hashes h = begin(parent);
      bool valid = true;
      for (char c : part.stem) step(h, c), valid &= allowed(c);
      if (part.numbered) number(h, part.index);
      parent = find_or_add(parent, part, h, valid, borrowed);
      if (slash == std::string_view::npos) return parent;
      own.stem.remove_prefix(slash + 1);
    }
  }

  [[nodiscard]] constexpr found lookup(symbol parent, component const& own, hashes h) const {
    found result{no_symbol, no_symbol};
    for (int i = heads_[bucket(h)]; i >= 0; i = records_[i].next) {
      symbol_record const& r = records_[i];
      if (r.folded != h.folded || records_[r.parent].fold != records_[parent].fold || !same(r.own, own, true)) continue;
      if (r.exact == h.exact && r.parent == parent && same(r.own, own, false)) return {i, r.fold};
      result.fold = r.fold;
    }
    return result;
  }

  constexpr symbol find_or_add(symbol parent, component own, hashes h, bool valid, bool borrowed) {
    found const known = lookup(parent, own, h);
    if (known.exact >= 0) return known.exact;
    symbol const added = records_.size();
    symbol_record r;
    if (borrowed) own.stem = keep(own.stem);
    r.own = own;
    r.parent = parent;
    r.fold = known.fold >= 0 ? known.fold : added;
    r.exact = h.exact;
    r.folded = h.folded;
    r.scope_valid = valid && records_[parent].scope_valid;
    r.op_valid = parent == root_symbol ? valid && good_first(own) : valid && records_[parent].op_valid;
    if (added >= heads_.size()) grow();
    int const b = bucket(h);
    r.next = heads_[b];
    heads_[b] = added;
    records_.push_back(r);
    return added;
  }
  static constexpr bool good_first(component const& c) {
    if (c.stem.empty()) return c.numbered && c.index >= 0;
    char const first = c.stem.front();
    return first != '_' && first != '-' && allowed(first);
  }

  [[nodiscard]] constexpr int bucket(hashes h) const {
    return static_cast<int>(h.folded & static_cast<std::uint64_t>(heads_.size() - 1));
  }
  constexpr void grow() {
    int const size = heads_.size() * 4;
    heads_.reserve(size);
    heads_.clear();
    for (int i = 0; i < size; ++i) heads_.push_back(-1);
    for (int i = 1; i < records_.size(); ++i) {
      int const b = bucket({records_[i].exact, records_[i].folded});
      records_[i].next = heads_[b];
      heads_[b] = i;
    }
  }

  list<symbol_record> records_;
  list<int> heads_;
  list<char*> blocks_;
  char* free_ = nullptr;
  int room_ = 0;
};

}  // namespace ambit::detail
