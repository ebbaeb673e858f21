// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/core/hash.hpp>
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

/// ASCII, by table: the lower case of each character, and whether names may hold it (SPEC 2.2).
struct character_table {
  unsigned char lower[256] = {};
  bool allowed[256] = {};
  constexpr character_table() {
    for (int i = 0; i < 256; ++i) {
      bool const upper = i >= 'A' && i <= 'Z';
      lower[i] = static_cast<unsigned char>(upper ? i + ('a' - 'A') : i);
      allowed[i] = upper || (i >= 'a' && i <= 'z') || (i >= '0' && i <= '9') || i == '_' || i == '.' || i == '-' || i == '/';
    }
  }
};
inline constexpr character_table characters;

/// One part of a full name between slashes: a stem, an index (`layer_3`) and the suffix that made it unique (`_1`).
struct component {
  std::string_view stem;
  int index = 0;
  int suffix = -1;
  bool numbered = false;
  bool kept = false;  // the stem is a copy of the table's, not a literal
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
  int restored = 0;           // how many snapshots had been restored after the last one that changed a child's count
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
    root.exact = root.folded = fnv_basis;
    records_.push_back(root);
    all_ = records_.data();
  }
  symbol_table(symbol_table const&) = delete;
  symbol_table& operator=(symbol_table const&) = delete;
  constexpr ~symbol_table() {
    for (char* block : blocks_) delete[] block;
  }

  [[nodiscard]] constexpr symbol_record& operator[](symbol s) { return all_[s]; }
  [[nodiscard]] constexpr symbol_record const& operator[](symbol s) const { return all_[s]; }
  /// Room for as many names in all: growing costs constexpr steps.
  constexpr void reserve(int size) {
    records_.reserve(size);
    all_ = records_.data();
  }
  /// Characters of the texts that names refer to and that are not literals.
  [[nodiscard]] constexpr int kept_size() const { return kept_size_; }
  [[nodiscard]] constexpr int size() const { return records_.size(); }

  /// The symbol of `name` below `parent`, joined by a slash (none at the root); every '/' in it starts a new component.
  constexpr symbol join(symbol parent, name const& n) {
    component own{n.stem(), n.index(), -1, n.numbered()};
    hashes h = begin(parent);
    bool slash = false;
    bool valid = true;
    char const* const end = own.stem.data() + own.stem.size();
    for (char const* p = own.stem.data(); p != end; ++p)  // one expression a character: clang counts statements and calls
      h.exact = (h.exact ^ static_cast<unsigned char>(*p)) * fnv_prime,
      h.folded = (h.folded ^ characters.lower[static_cast<unsigned char>(*p)]) * fnv_prime,
      valid &= characters.allowed[static_cast<unsigned char>(*p)], slash |= *p == '/';
    if (slash) return join_parts(parent, own, n.borrowed());
    if (own.numbered) number(h, own.index);
    return find_or_add(parent, own, h, valid, n.borrowed());
  }

  /// The same name followed by _k.
  constexpr symbol with_suffix(symbol s, int k) {
    component own = all_[s].own;
    bool const borrowed = own.suffix >= 0;
    text flat;
    if (borrowed) {
      append(flat, own);
      own = {flat.view(), 0, -1, false};
    }
    own.suffix = k;
    hashes h{all_[s].exact, all_[s].folded};
    step(h, '_');
    number(h, k);
    return find_or_add(all_[s].parent, own, h, true, borrowed);
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

  /// The last component of a name is `leaf`.
  [[nodiscard]] constexpr bool is_leaf(symbol s, std::string_view leaf) const {
    component const& own = all_[s].own;
    return own.stem.size() > 0 && *own.stem.data() == *leaf.data() && same(own, {leaf, 0, -1, false}, false);
  }
  [[nodiscard]] constexpr bool is_empty_text(symbol s) const {
    return s == root_symbol || (all_[s].parent == root_symbol && length(all_[s].own) == 0);
  }

  /// The text ends in a slash: "foo/", whose last component is empty.
  [[nodiscard]] constexpr bool ends_in_slash(symbol s) const {
    return s != root_symbol && all_[s].parent != root_symbol && length(all_[s].own) == 0;
  }

  constexpr void append(text& out, symbol s) const {
    list<symbol> path;  // no recursion: a name has as many components as its author likes
    for (symbol a = s; a != root_symbol; a = all_[a].parent) path.push_back(a);
    for (int i = path.size(); i-- > 0;) {
      append(out, all_[path[i]].own);
      if (i > 0) out += '/';
    }
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
  static constexpr int block_size = 4096;

  struct hashes {
    std::uint64_t exact;
    std::uint64_t folded;
  };
  struct found {
    symbol exact;
    symbol fold;
  };

  static constexpr unsigned char lower(char c) { return characters.lower[static_cast<unsigned char>(c)]; }
  static constexpr bool allowed(char c) { return characters.allowed[static_cast<unsigned char>(c)]; }
  static constexpr void step(hashes& h, char c) {
    h.exact = (h.exact ^ static_cast<unsigned char>(c)) * fnv_prime,
    h.folded = (h.folded ^ characters.lower[static_cast<unsigned char>(c)]) * fnv_prime;
  }
  static constexpr void number(hashes& h, int value) {
    if (value < 0) step(h, '-');
    unsigned const size = value < 0 ? 0U - static_cast<unsigned>(value) : static_cast<unsigned>(value);
    unsigned power = 1;
    while (size / power >= 10) power *= 10;
    for (; power > 0; power /= 10) step(h, static_cast<char>('0' + size / power % 10));
  }
  constexpr hashes begin(symbol parent) const {
    symbol_record const& r = all_[parent];
    hashes h{r.exact, r.folded};
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
    char const* const p = a.data();  // not a[i], which asserts: three constexpr steps each
    char const* const q = b.data();
    int differ = 0;
    for (std::size_t i = 0; i < a.size(); ++i) differ |= fold ? lower(p[i]) ^ lower(q[i]) : p[i] ^ q[i];
    return differ == 0;
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
    symbol_record const* const all = all_;
    for (int i = heads_[bucket(h)]; i >= 0; i = all[i].next) {
      if (all[i].folded != h.folded) continue;
      if (all[i].exact == h.exact && all[i].parent == parent && same(all[i].own, own, false)) return {i, all[i].fold};
      if (all[all[i].parent].fold == all[parent].fold && same(all[i].own, own, true)) result.fold = all[i].fold;
    }
    return result;
  }

  constexpr symbol find_or_add(symbol parent, component own, hashes h, bool valid, bool borrowed) {
    found const known = lookup(parent, own, h);
    if (known.exact >= 0) return known.exact;
    symbol const added = records_.size();
    if (borrowed) own.stem = keep(own.stem), own.kept = true;
    if (own.kept) kept_size_ += static_cast<int>(own.stem.size());  // a suffixed name shares the text, a frozen one has its own
    if (added >= heads_.size()) grow();
    int& head = heads_[bucket(h)];
    symbol_record const& above = all_[parent];
    bool const scope_valid = valid && above.scope_valid;
    bool const op_valid = valid && (parent == root_symbol ? good_first(own) : above.op_valid);
    records_.push_back(
        {own, parent, known.fold >= 0 ? known.fold : added, head, h.exact, h.folded, scope_valid, op_valid});
    all_ = records_.data();
    return head = added;
  }
  static constexpr bool good_first(component const& c) {
    if (c.stem.empty()) return c.numbered && c.index >= 0;
    char const first = *c.stem.data();
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
      int const b = bucket({all_[i].exact, all_[i].folded});
      all_[i].next = heads_[b];
      heads_[b] = i;
    }
  }

  list<symbol_record> records_;
  symbol_record* all_ = nullptr;  // its elements, one call nearer
  int kept_size_ = 0;
  list<int> heads_;
  list<char*> blocks_;
  char* free_ = nullptr;
  int room_ = 0;
};

}  // namespace ambit::detail
