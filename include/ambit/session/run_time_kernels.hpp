// SPDX-License-Identifier: BSL-1.0
// The kernels of ops whose extents are known at run time only. What depends on constants in a compiled model is chosen
// here from a few functions, so that a program holds one set of them, whatever graphs it runs.
#pragma once

#include <ambit/kernels/kernels.hpp>
#include <ambit/session/run_time_convolution.hpp>
#include <ambit/session/run_time_product.hpp>
#include <ambit/session/run_time_recurrent.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace ambit {
inline namespace AMBIT_ABI {
namespace run_time {

using namespace loops;

/// What a kernel knows of its node: the op with its attributes, the forms of its weights in the order of its roles, and
/// whether a pool of 2 x 2 is behind a convolution.
template <class Op>
struct AMBIT_LOCAL node_facts {
  Op const& attributes;
  weight_form const* forms = nullptr;
  bool pooled = false;
};

/// What `evaluate` of an op is handed by a session: those kernels that need no constants are the compiled models'.
struct AMBIT_LOCAL kernels : loops::kernels {
  template <class T, class Op, class Epilogue>
  static void product(node_facts<Op> const& facts, Epilogue const& epilogue, T const* x, std::ptrdiff_t row_stride, std::ptrdiff_t step,
                      evaluation const& e, std::int64_t rows) {
    weight_form const& form = facts.forms[0];
    run_time::product(form, product_operands<T>{x, row_stride, step, e.input<T>(1), static_cast<T const*>(e.start),
                                                e.out<T>(), rows, form.outputs, form.depth},
                      epilogue);
  }

  template <class T, class Op, class Epilogue>
  static void batch_product(node_facts<Op> const&, Epilogue const& epilogue, evaluation const& e, bool transposed_a,
                            bool transposed_b) {
    shape const& out = *e.output_shape;
    int const rows = out[-2], outputs = out[-1], depth = e.input_shapes[1][transposed_b ? -1 : -2];
    weight_form form = product_form<T>(rows, outputs, depth, transposed_b);
    T* const packed = static_cast<T*>(e.scratch);
    std::memset(packed, 0, static_cast<std::size_t>(form.elements()) * sizeof(T));
    std::int64_t const count = rows == 0 || outputs == 0 ? 0 : out.elements() / (static_cast<std::int64_t>(rows) * outputs);
    for (std::int64_t i = 0; i < count; ++i) {
      pack(form, e.input<T>(1) + i * depth * outputs, packed);
      run_time::product(form, product_operands<T>{e.input<T>(0) + i * rows * depth, transposed_a ? 1 : depth,
                                                  transposed_a ? rows : 1, packed, nullptr, e.out<T>() + i * rows * outputs,
                                                  rows, outputs, depth},
                        epilogue);
    }
  }

  template <class T, class Op, class Epilogue>
  static void convolution(node_facts<Op> const& facts, Epilogue const& epilogue, window const& over, evaluation const& e) {
    run_time_convolution<T>(facts.forms[0], over,
                            {e.input<T>(0), e.input<T>(1), static_cast<T const*>(e.start), e.out<T>()}, epilogue, facts.pooled)
        .run();
  }

  template <class T, class Op, class Epilogue>
  static void transposed_convolution(node_facts<Op> const& facts, Epilogue const& epilogue, window const& over, int rows,
                                     int columns, evaluation const& e) {
    int const depth = facts.forms[0].depth;
    std::int64_t const image = static_cast<std::int64_t>(rows) * columns * depth;
    std::int64_t const result = static_cast<std::int64_t>(over.rows.extent) * over.columns.extent * over.channels;
    evaluation one = e;
    one.start = nullptr;
    one.output = e.scratch;
    for (int b = 0; b < over.batch; ++b) {
      product<T>(facts, relu_epilogue{}, e.input<T>(0) + b * image, depth, 1, one, static_cast<std::int64_t>(rows) * columns);
      gather_windows(over, static_cast<T const*>(e.scratch), rows, columns, static_cast<T const*>(e.start),
                     e.out<T>() + b * result, b * static_cast<std::int64_t>(over.rows.extent) * over.columns.extent,
                     epilogue);
    }
  }

  template <class T, class Op>
  static void lstm(node_facts<Op> const& facts, evaluation const& e, T forget_bias) {
    run_lstm(cell_node<T, Op>{facts.attributes, e, facts.forms}, forget_bias);
  }
  template <class T, class Op>
  static void gru(node_facts<Op> const& facts, evaluation const& e) {
    run_gru(cell_node<T, Op>{facts.attributes, e, facts.forms});
  }

  using loops::kernels::log_softmax, loops::kernels::softmax;
  template <class T, class Op>
  static void softmax(node_facts<Op> const& facts, evaluation const& e) {
    loops::kernels::softmax(e.input<T>(0), e.out<T>(), *e.output_shape, facts.attributes.axis);
  }
  template <class T, class Op>
  static void log_softmax(node_facts<Op> const& facts, evaluation const& e) {
    loops::kernels::log_softmax(e.input<T>(0), e.out<T>(), *e.output_shape, facts.attributes.axis);
  }

  template <class T, class Op>
  static void copy_strided(node_facts<Op> const& facts, evaluation const& e) {
    walk_strided(facts.attributes.walk(e.input_shapes[0], *e.output_shape), e.input<T>(0), e.out<T>());
  }
  template <class T, class Op>
  static void normalize_rows(node_facts<Op> const& facts, evaluation const& e, T const* scale,
                             T const* offset) {
    std::int64_t const size = facts.attributes.row(*e.output_shape);
    std::int64_t const rows = size == 0 ? 0 : e.output_shape->elements() / size;
    with_terms(scale != nullptr, offset != nullptr, [&]<bool Scaled, bool Shifted>() {
      loops::normalize_rows<T, native_lanes<T>, Scaled, Shifted>(e.input<T>(0), scale, offset, static_cast<T>(facts.attributes.epsilon),
                                                                 rows, size, e.out<T>());
    });
  }
  template <class T, class Op>
  static void normalize_groups(node_facts<Op> const& facts, evaluation const& e, T const* scale,
                             T const* offset) {
    shape const& s = *e.output_shape;
    std::int64_t rows = 1;
    for (int k = 1; k + 1 < s.rank(); ++k) rows *= s[k];
    group_extents const extents{s[0], rows, s[-1], facts.attributes.per_channel ? s[-1] : facts.attributes.groups};
    with_terms(scale != nullptr, offset != nullptr, [&]<bool Scaled, bool Shifted>() {
      loops::normalize_groups<T, native_lanes<T>, Scaled, Shifted>(e.input<T>(0), scale, offset, static_cast<T>(facts.attributes.epsilon),
                                                                   extents, static_cast<T*>(e.scratch), e.out<T>());
    });
  }

 private:
  template <class Body>
  static void with_terms(bool scaled, bool shifted, Body const& body) {
    if (scaled && shifted) return body.template operator()<true, true>();
    if (scaled) return body.template operator()<true, false>();
    if (shifted) return body.template operator()<false, true>();
    body.template operator()<false, false>();
  }
};

}  // namespace run_time
}  // namespace AMBIT_ABI
}  // namespace ambit
