// SPDX-License-Identifier: BSL-1.0
// Loops that move elements and compute nothing. Dense row-major arrays; sources and results never overlap.
#pragma once

#include <ambit/config.hpp>
#include <ambit/core/axes.hpp>
#include <ambit/core/shape.hpp>
#include <ambit/ops/evaluation.hpp>
#include <ambit/ops/strided.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace ambit {
inline namespace AMBIT_ABI {
namespace loops {

template <class T>
AMBIT_INLINE void copy_run(T const* from, T* to, std::int64_t count) {
  if (count > 0) std::memcpy(to, from, static_cast<std::size_t>(count) * sizeof(T));
}
/// Not std::fill_n: not inlined, it is a symbol that libraries built for different vector ISAs share.
template <class T>
AMBIT_INLINE void fill_run(T* to, std::int64_t count, T value) {
  for (std::int64_t i = 0; i < count; ++i) to[i] = value;
}

/// out = the elements of x in the order of a walk.
template <class T>
AMBIT_LOCAL void walk_strided(strided_walk const& w, T const* x, T* out) {
  x += w.first;
  if (w.rank == 0) {
    *out = *x;
    return;
  }
  int const inner = w.rank - 1;
  std::int64_t const run = w.extents[inner], step = w.steps[inner];
  std::int64_t runs = 1;
  for (int k = 0; k < inner; ++k) runs *= w.extents[k];
  std::int64_t at[strided_walk::max_rank] = {};
  std::ptrdiff_t from = 0;
  for (; runs > 0; --runs, out += run) {
    if (step == 1)
      copy_run(x + from, out, run);
    else
      for (std::int64_t i = 0; i < run; ++i) out[i] = x[from + i * step];
    for (int k = inner; k-- > 0;) {
      from += w.steps[k];
      if (++at[k] < w.extents[k]) break;
      from -= w.steps[k] * w.extents[k];
      at[k] = 0;
    }
  }
}

/// out[o, i, :] = x[o, indices[i], :], zero where there is no such element.
template <class T, class Index>
AMBIT_LOCAL void gather_runs(T const* x, Index const* indices, std::int64_t count, axis_view const& of, T* out) {
  for (std::int64_t o = 0; o < of.outer; ++o, x += of.extent * of.inner)
    for (std::int64_t i = 0; i < count; ++i, out += of.inner) {
      std::int64_t const at = indices[i];
      if (at >= 0 && at < of.extent)
        copy_run(x + at * of.inner, out, of.inner);
      else
        fill_run(out, of.inner, T(0));
    }
}

/// out[o, indices[o, i], i] = on, all others off.
template <class T, class Index>
AMBIT_LOCAL void scatter_on(Index const* indices, axis_view const& of, T on, T off, T* out) {
  fill_run(out, of.outer * of.extent * of.inner, off);
  for (std::int64_t o = 0; o < of.outer; ++o, out += of.extent * of.inner)
    for (std::int64_t i = 0; i < of.inner; ++i) {
      std::int64_t const at = *indices++;
      if (at >= 0 && at < of.extent) out[at * of.inner + i] = on;
    }
}

/// out[o, k, :] = operand k [o, :].
template <class T>
AMBIT_LOCAL void stack_runs(evaluation const& e, axis_view const& of) {
  T* out = e.out<T>();
  for (std::int64_t o = 0; o < of.outer; ++o)
    for (int k = 0; k < e.count; ++k, out += of.inner) copy_run(e.input<T>(k) + o * of.inner, out, of.inner);
}

/// A tensor inside of a larger one of the same rank, `before` elements from its begin along each axis.
struct AMBIT_LOCAL inset {
  int axis = 0;               // the innermost that is padded: from here on it is a matter of runs
  std::int64_t inner = 1;     // elements of one step along it
  std::int64_t rows_out = 1;  // runs of the larger one

  constexpr inset(shape const& from, shape const& to) : axis(to.rank() - 1) {
    while (axis > 0 && from[axis] == to[axis]) inner *= to[axis--];
    for (int k = 0; k < axis; ++k) rows_out *= to[k];
  }
};

template <class T>
AMBIT_LOCAL void pad_runs(T const* x, shape const& from, axes const& before, shape const& to, T value, T* out) {
  if (to.rank() == 0) {
    *out = *x;
    return;
  }
  inset const in(from, to);
  std::int64_t const run = from[in.axis] * in.inner, run_out = to[in.axis] * in.inner,
                     lead = before[in.axis] * in.inner;
  int at[shape::max_rank] = {};
  for (std::int64_t r = in.rows_out; r > 0; --r, out += run_out) {
    bool inside = true;
    for (int k = 0; k < in.axis; ++k) inside = inside && at[k] >= before[k] && at[k] < before[k] + from[k];
    if (inside) {
      fill_run(out, lead, value);
      copy_run(x, out + lead, run);
      fill_run(out + lead + run, run_out - lead - run, value);
      x += run;
    } else {
      fill_run(out, run_out, value);
    }
    for (int k = in.axis; k-- > 0;) {
      if (++at[k] < to[k]) break;
      at[k] = 0;
    }
  }
}

/// Puts x into place, then mirrors one axis after the other, the innermost first, out of the result itself. `skipped`:
/// 1 where the outermost element is not repeated.
template <class T>
AMBIT_LOCAL void mirror_runs(T const* x, shape const& from, axes const& before, shape const& to, int skipped, T* out) {
  int const rank = to.rank();
  if (rank == 0) {
    *out = *x;
    return;
  }
  std::int64_t strides[shape::max_rank] = {};
  std::int64_t first = 0, stride = 1;
  for (int k = rank; k-- > 0; stride *= to[k]) {
    strides[k] = stride;
    first += before[k] * stride;
  }
  // Calls `each` with the place of each index of the operand's first `axes_` axes.
  auto places = [&](int axes_, std::int64_t at, auto const& each) {
    std::int64_t count = 1;
    int index[shape::max_rank] = {};
    for (int k = 0; k < axes_; ++k) count *= from[k];
    for (; count > 0; --count) {
      each(at);
      for (int k = axes_; k-- > 0;) {
        at += strides[k];
        if (++index[k] < from[k]) break;
        at -= strides[k] * from[k];
        index[k] = 0;
      }
    }
  };
  std::int64_t const run = from[rank - 1];
  places(rank - 1, first, [&](std::int64_t at) {
    copy_run(x, out + at, run);
    x += run;
  });
  for (int axis = rank; axis-- > 0;) {
    first -= before[axis] * strides[axis];
    int const low = before[axis], high = low + from[axis];
    std::int64_t const block = strides[axis];
    places(axis, first, [&](std::int64_t at) {
      for (int i = 0; i < low; ++i)
        copy_run(out + at + (2 * low - 1 - i + skipped) * block, out + at + i * block, block);
      for (int i = high; i < to[axis]; ++i)
        copy_run(out + at + (2 * high - 1 - i - skipped) * block, out + at + i * block, block);
    });
  }
}

}  // namespace loops
}  // namespace AMBIT_ABI
}  // namespace ambit
