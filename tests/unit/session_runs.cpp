// SPDX-License-Identifier: BSL-1.0
#include "session_runs.hpp"

#include <ambit/ambit.hpp>
#include <ambit/session.hpp>

#include <cstddef>
#include <cstring>
#include <string>

using namespace ambit;

// The one copy of a session's code in this program; the other files declare it extern.
template class ambit::session<>;

namespace session_test {

namespace {

/// Numbers as elements of a dtype.
std::vector<std::byte> elements_of(reference::array const& a, dtype type) {
  std::vector<std::byte> out((a.values.size() + 1) * static_cast<std::size_t>(size_of(type)));
  auto const fill = [&]<class T>(T) {
    for (std::size_t i = 0; i < a.values.size(); ++i) {
      T const element = static_cast<T>(a.values[i]);
      std::memcpy(out.data() + i * sizeof(T), &element, sizeof(T));
    }
  };
  switch (type) {
    case dtype::f64: fill(0.0); break;
    case dtype::i32: fill(std::int32_t{}); break;
    case dtype::i64: fill(std::int64_t{}); break;
    case dtype::boolean: fill(false); break;
    default: fill(0.0F); break;
  }
  return out;
}
std::vector<double> numbers_of(tensor_view const& v) {
  auto const read = [&]<class T>(T) {
    std::vector<double> out;
    for (T element : v.values<T>()) out.push_back(static_cast<double>(element));
    return out;
  };
  switch (v.dtype()) {
    case dtype::f64: return read(0.0);
    case dtype::i32: return read(std::int32_t{});
    case dtype::i64: return read(std::int64_t{});
    case dtype::boolean: return read(false);
    default: return read(0.0F);
  }
}
feed feed_of(tensor t, std::vector<std::byte> const& data, shape const& s) {
  switch (t.dtype()) {
    case dtype::f64: return {t, reinterpret_cast<double const*>(data.data()), s};
    case dtype::i32: return {t, reinterpret_cast<std::int32_t const*>(data.data()), s};
    case dtype::i64: return {t, reinterpret_cast<std::int64_t const*>(data.data()), s};
    case dtype::boolean: return {t, reinterpret_cast<bool const*>(data.data()), s};
    default: return {t, reinterpret_cast<float const*>(data.data()), s};
  }
}

}  // namespace

struct runs::state {
  graph& g;
  session<> s{g};
};

runs::runs(graph& g) : state_(new state{g}) {}
runs::~runs() = default;

void runs::write(std::string_view variable, reference::array const& values) {
  auto const table = state_->s.table();
  for (std::size_t i = 0; i < table.size(); ++i)
    if (table[i].name == variable && table[i].stored)
      state_->s.write(static_cast<int>(i), elements_of(values, table[i].dtype).data());
}

std::vector<std::vector<double>> runs::run(list<tensor> const& outputs, std::vector<reference::array> const& inputs) {
  std::vector<node_ref> fetches(outputs.begin(), outputs.end());
  std::vector<std::vector<std::byte>> data;
  std::vector<feed> feeds;
  for (int i = 0; i < state_->g.size(); ++i) {
    tensor const t = state_->g[i];
    if (t.op() == "Assign" || t.op() == "AssignAdd") fetches.emplace_back(t);
    if (t.op() != "Placeholder") continue;
    data.push_back(elements_of(inputs[data.size()], t.dtype()));
    feeds.push_back(feed_of(t, data.back(), inputs[data.size() - 1].shape));
  }
  std::vector<std::vector<double>> found;
  for (tensor_view const& v : state_->s.run(std::span<node_ref const>(fetches), std::span<feed const>(feeds))) found.push_back(numbers_of(v));
  found.resize(static_cast<std::size_t>(outputs.size()));
  return found;
}

}  // namespace session_test
