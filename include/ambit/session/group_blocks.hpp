// SPDX-License-Identifier: BSL-1.0
// How a group of elementwise ops is cut into blocks, and where its ops find their operands.
#pragma once

#include <ambit/session/run_steps.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace ambit {
inline namespace AMBIT_ABI {
namespace run_time {

class group_blocks : protected run_steps {
 protected:
  using run_steps::run_steps;

  /// `take(bytes)` reserves memory of the arena for the group's step, and says where.
  template <class Take>
  group_plan plan_blocks(planned_step const& s, Take const& take) {
    group_plan g;
    shape const& whole = at(s.nodes[0]).shape;
    std::int64_t const size = whole.elements();
    std::vector<int> place_of(s.nodes.size(), -1);
    std::vector<int> last_reader(s.nodes.size(), -1);
    auto const member = [&](int i) {
      auto const found = std::lower_bound(s.nodes.begin(), s.nodes.end(), i);
      return found != s.nodes.end() && *found == i ? static_cast<int>(found - s.nodes.begin()) : -1;
    };
    for (std::size_t n = 0; n < s.nodes.size(); ++n)
      for (int k = 0; k < inputs(s.nodes[n]); ++k)
        if (int const m = member(input(s.nodes[n], k)); m >= 0) last_reader[static_cast<std::size_t>(m)] = static_cast<int>(n);
    // The operands from outside, each once for each way of reading it.
    std::vector<std::pair<int, int>> outside;  // node, operand
    std::vector<int> free_blocks;
    std::vector<int> widths;  // bytes of an element of each block operand, to size the blocks
    auto const new_block = [&](int element) {
      g.operands.push_back({-1, 0, 0, true});
      widths.push_back(element);
      return static_cast<int>(g.operands.size()) - 1;
    };
    auto const array_of = [&](int i) {
      for (auto const& [node_id, operand] : outside)
        if (node_id == i) return operand;
      g.operands.push_back({i, -1, 0, false});
      widths.push_back(0);
      outside.emplace_back(i, static_cast<int>(g.operands.size()) - 1);
      return outside.back().second;
    };
    std::vector<std::pair<int, int>> spread_of;  // operand, block
    auto const spread_into_block = [&](int i, int from) {
      for (auto const& [operand, block] : spread_of)
        if (operand == from) return block;
      int const to = new_block(size_of(node_at(i).dtype));
      g.spreads.push_back(spread_for(at(i).shape, whole, from, to, size_of(node_at(i).dtype)));
      spread_of.emplace_back(from, to);
      return to;
    };
    for (std::size_t n = 0; n < s.nodes.size(); ++n) {
      int const i = s.nodes[n];
      node const& nd = node_at(i);
      block_kernel const kernel = kernel_of(i);
      block_step b;
      b.code = kernel.code;
      b.attributes = at(i).fused < 0 ? slots(i) : kept_attributes(i);
      b.operands.resize(static_cast<std::size_t>(inputs(i)));
      for (int k = 0; k < inputs(i); ++k) {
        int const from = input(i, k);
        auto const o = static_cast<std::size_t>(k);
        if (int const m = member(from); m >= 0) {
          b.operands[o] = place_of[static_cast<std::size_t>(m)];
          continue;
        }
        int const array = array_of(from);
        b.operands[o] = array;
        if (at(from).shape.elements() == size) {
          g.operands[static_cast<std::size_t>(array)].step = size_of(node_at(from).dtype);
        } else if (at(from).shape.elements() == 1 && inputs(i) == 2 && b.code == kernel.code &&
                   (k == 0 ? kernel.first_repeated : kernel.second_repeated) != nullptr) {
          b.code = k == 0 ? kernel.first_repeated : kernel.second_repeated;
        } else {
          b.operands[o] = spread_into_block(from, array);
        }
      }
      if (at(i).stored) {
        g.operands.push_back({i, -1, size_of(nd.dtype), false});
        widths.push_back(0);
        b.result = static_cast<int>(g.operands.size()) - 1;
      } else {
        b.result = -1;
        for (std::size_t f = 0; f < free_blocks.size() && b.result < 0; ++f)
          if (widths[static_cast<std::size_t>(free_blocks[f])] == size_of(nd.dtype)) {
            b.result = free_blocks[f];
            free_blocks.erase(free_blocks.begin() + static_cast<std::ptrdiff_t>(f));
          }
        if (b.result < 0) b.result = new_block(size_of(nd.dtype));
      }
      place_of[n] = b.result;
      for (int k = 0; k < inputs(i); ++k) {  // blocks that nobody reads any more, each once
        int const m = member(input(i, k));
        if (m < 0 || last_reader[static_cast<std::size_t>(m)] != static_cast<int>(n)) continue;
        if (!at(s.nodes[static_cast<std::size_t>(m)]).stored) free_blocks.push_back(place_of[static_cast<std::size_t>(m)]);
        last_reader[static_cast<std::size_t>(m)] = -1;
      }
      g.steps.push_back(std::move(b));
    }
    std::int64_t per_element = 0;
    for (int w : widths) per_element += w;
    constexpr std::int64_t room = 16 * 1024;  // half of the first level of the cache; arrays pass through the other
    std::int64_t most = std::clamp<std::int64_t>(per_element == 0 ? 4096 : room / per_element / 64 * 64, 64, 4096);
    if (size < most || (s.nodes.size() == 1 && per_element == 0)) most = std::max<std::int64_t>(size, 1);
    std::int64_t longest = 1;  // whole periods in each block, so that one filling serves all
    for (spread_operand const& sp : g.spreads)
      if (std::int64_t const period = period_of(sp); period <= most) longest = std::max(longest, period);
    g.block = most / longest * longest;
    for (spread_operand& sp : g.spreads)
      if (std::int64_t const period = period_of(sp); period > 0) sp.once = g.block % period == 0;
    for (std::size_t o = 0; o < g.operands.size(); ++o)
      if (g.operands[o].temporary) g.operands[o].offset = take(g.block * widths[o] + 64);
    return g;
  }
  static spread_operand spread_for(shape const& own, shape const& whole, int from, int to, int element) {
    spread_operand s;
    s.from = from, s.to = to, s.element = element;
    s.rank = whole.rank();
    std::int64_t stride = 1;
    for (int a = whole.rank(); a-- > 0;) {
      int const k = a - (whole.rank() - own.rank());
      int const extent = k < 0 ? 1 : own[k];
      s.extents[static_cast<std::size_t>(a)] = whole[a];
      s.steps[static_cast<std::size_t>(a)] = extent == 1 ? 0 : stride;
      stride *= extent;
    }
    return s;
  }
  // After so many elements it begins again; 0: only at the end.
  static std::int64_t period_of(spread_operand const& s) {
    std::int64_t period = 1;
    bool trailing = true;
    for (int a = s.rank; a-- > 0;) {
      auto const axis = static_cast<std::size_t>(a);
      if (s.steps[axis] != 0 || s.extents[axis] == 1) {
        if (!trailing && s.steps[axis] != 0) return 0;
        period *= s.extents[axis];
      } else if (period > 1) {
        trailing = false;
      } else {  // repeats within a run of what lies further out
        for (int b = a; b-- > 0;)
          if (s.steps[static_cast<std::size_t>(b)] != 0) return 0;
        return 1;
      }
    }
    return period;
  }
};

}  // namespace run_time
}  // namespace AMBIT_ABI
}  // namespace ambit
