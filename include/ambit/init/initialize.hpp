// SPDX-License-Identifier: BSL-1.0
// Initial values as numbers in memory, drawn when a program asks for them. Without a heap.
#pragma once

#include <ambit/graph/graph.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace ambit {
inline namespace AMBIT_ABI {
namespace drawn {

/// Elements in memory, at `place(i)` of element i. One loop for each dtype and no template on the model: `Place` is a
/// class of no more kinds than there are ways to store a weight.
template <class Place>
class AMBIT_LOCAL placed_values final : public value_array {
 public:
  placed_values(void* data, dtype type, Place place)
      : data_(static_cast<std::byte*>(data)), type_(type), place_(place) {}
  ~placed_values() = default;

  void load(std::int64_t first, std::int64_t step, std::span<double> values) const override {
    each(first, step, values, [](auto element, std::byte const* at, double& value) {
      std::memcpy(&element, at, sizeof(element));
      value = static_cast<double>(element);
    });
  }
  void store(std::int64_t first, std::int64_t step, std::span<double const> values) override {
    each(first, step, values, [](auto element, std::byte* at, double value) {
      element = static_cast<decltype(element)>(value);
      std::memcpy(at, &element, sizeof(element));
    });
  }

 private:
  template <class Values, class Function>
  void each(std::int64_t first, std::int64_t step, Values values, Function f) const {
    detail::with_element(type_, [&]<class T>(T element) {
      auto const steps = place_.steps(first, step, static_cast<std::int64_t>(values.size()));
      for (std::size_t i = 0; i < values.size(); ++i)
        f(element, data_ + steps(static_cast<std::int64_t>(i)) * static_cast<std::int64_t>(sizeof(T)), values[i]);
    });
  }

  std::byte* data_;
  dtype type_;
  Place place_;
};

/// Dense and row by row.
struct row_major_place {
  [[nodiscard]] static auto steps(std::int64_t first, std::int64_t step, std::int64_t /*count*/) {
    return [=](std::int64_t i) { return first + i * step; };
  }
};

/// Draws all elements of a variable.
inline void draw(initializer_kind const& kind, drawing const& d, initializer_parameters const& parameters,
                 value_array& values) {
  constexpr std::int64_t block = 64;
  double numbers[block];
  std::int64_t const n = d.shape.elements();
  for (std::int64_t first = 0; first < n; first += block) {
    std::span<double> const some(numbers, static_cast<std::size_t>(n - first < block ? n - first : block));
    kind.draw(d, parameters, first, some);
    values.store(first, 1, some);
  }
  if (n > 0) kind.arrange(d, parameters, values);
}

/// Elements that are known: a constant's, or all the same.
inline void write_constant(initializer const& from, drawing const& d, void* row_major) {
  std::int64_t const n = d.shape.elements();
  detail::with_element(d.dtype, [&]<class T>(T) {
    std::byte* const out = static_cast<std::byte*>(row_major);
    auto const fill = [&](auto value_of) {
      for (std::int64_t i = 0; i < n; ++i) {
        T const element = value_of(i);
        std::memcpy(out + i * static_cast<std::int64_t>(sizeof(T)), &element, sizeof(T));
      }
    };
    literal const* const constant = from.value();
    if (constant == nullptr) {
      T const all = static_cast<T>(from.kind() == nullptr ? 0 : from.kind()->fill(from.parameters()));
      return fill([&](std::int64_t) { return all; });
    }
    // Element i of a part is element (i / own) * whole + start + i % own of the constant.
    std::int64_t inner = 1, start = 0, own = n, whole = n;
    if (d.part.axis >= 0) {
      for (int a = d.part.axis + 1; a < constant->shape().rank(); ++a) inner *= constant->shape()[a];
      start = d.part.offset * inner, own = d.shape[d.part.axis] * inner, whole = d.part.extent * inner;
    }
    fill([&](std::int64_t i) {
      return literal::value_of<T>(constant->type(),
                                  constant->bits(static_cast<int>(i / own * whole + start + i % own)));
    });
  });
}

inline void initialize(initializer const& from, drawing const& d, void* row_major) {
  if (initializer_kind const* kind = from.kind(); kind != nullptr && kind->draws()) {
    placed_values<row_major_place> values(row_major, d.dtype, {});
    draw(*kind, d, from.parameters(), values);
  } else {
    write_constant(from, d, row_major);
  }
}

}  // namespace drawn

/// Writes the initial value of a variable, dense and row by row, into memory for all of its elements. Random numbers are
/// a function of `seed`, `name` (the full one, "model/fc1/kernel") and the index of the element alone. The dtype is one that
/// evaluation supports. Values that are tensors, and kinds that record ops, have no number here: they become zeros.
inline void initialize(initializer const& from, std::string_view name, shape const& s, dtype type, std::uint64_t seed,
                       void* row_major, partition_info const& part = {}) {
  drawn::initialize(from, {random_stream(seed, name), type, s, part}, row_major);
}

/// The same of a variable in a graph, which knows the rest.
inline void initialize(graph const& g, tensor variable, std::uint64_t seed, void* row_major) {
  detail::tables const& t = tables_of(g);
  variable_info const& v = g.variable(variable);
  std::uint64_t const name = t.symbols[t.nodes[variable.id()].name].exact;
  drawn::initialize(v.initializer, {random_stream(seed, name), variable.dtype(), variable.shape(), v.part}, row_major);
}

}  // namespace AMBIT_ABI
}  // namespace ambit
