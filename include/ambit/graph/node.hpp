// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/core/dtype.hpp>
#include <ambit/core/hash.hpp>
#include <ambit/core/name.hpp>
#include <ambit/core/shape.hpp>
#include <ambit/graph/constraint.hpp>
#include <ambit/graph/initializer.hpp>
#include <ambit/graph/options.hpp>
#include <ambit/graph/regularizer.hpp>
#include <ambit/graph/symbols.hpp>

#include <cstdint>
#include <string_view>

namespace ambit {

/// The identity of an op: a hash of its name. Not an address, which differs between shared libraries.
using op_id = std::uint64_t;
[[nodiscard]] constexpr op_id make_op_id(std::string_view name) { return detail::fnv1a(name); }

/// A weight that an op's kernel reads as a matrix [depth, outputs], so that the planner may store it as the kernel wants.
struct weight_role {
  enum class kernel : std::uint8_t { product, convolution, recurrent };
  int operand = -1;
  kernel reader = kernel::product;
  bool transposed = false;  ///< the operand is [outputs, depth]
  int depth = 0;            ///< [kernel rows, kernel columns, inputs] of a convolution, as one
  int outputs = 0;
  int blocks = 1;  ///< groups of a convolution: so many matrices [depth, outputs / blocks], side by side
  int gates = 1;   ///< of a recurrent cell, side by side in the outputs
  int rows = 1;    ///< of the result; -1 where it is known at run time only
  bool unpadded = false;  ///< a convolution all of whose windows lie on its input

  constexpr bool operator==(weight_role const&) const = default;
};

/// The windows of a pool that lie side by side; 0: they do not, or it is no pool of maxima.
struct pool_tiling {
  int rows = 0;
  int columns = 0;
};

/// What a graph needs to know of an op.
struct op_type {
  std::string_view name;        ///< TensorFlow's type, "MatMul"
  op_id id = make_op_id(name);
  bool has_output = true;
  bool state = false;           ///< changes a variable: a root, never dropped
  bool hidden = false;          ///< not an op of TensorFlow's graph: a partitioned variable as a whole
  bool elementwise = false;     ///< maps arrays of equal length: may be fused with its neighbours
  bool view = false;            ///< its value is its operand's, element for element
  bool takes_epilogue = false;  ///< the elementwise ops behind it are computed on its results before they are stored
  int weights = 0;              ///< how many weight roles it has
  unsigned updates = 0;         ///< a bit for each operand that is a variable which evaluation changes in place
  weight_role (*weight)(std::uint64_t const* slots, int which, shape const* operands, shape const& output) = nullptr;
  /// Elements of its dtype that evaluation needs beside the result.
  std::int64_t (*scratch)(std::uint64_t const* slots, shape const* operands, shape const& output) = nullptr;
  pool_tiling (*tiling)(std::uint64_t const* slots) = nullptr;
  /// Whether row r of the result, along the first axis, depends on row r of the operands that have such rows: a batch of
  /// any size goes through.
  bool (*batchwise)(std::uint64_t const* slots, shape const& output) = nullptr;
};

namespace op_types {
inline constexpr op_type constant{"Const"};
inline constexpr op_type placeholder{"Placeholder"};
inline constexpr op_type variable{"VariableV2"};
inline constexpr op_type partitioned_variable{.name = "PartitionedVariable", .hidden = true};
}  // namespace op_types

namespace detail {

struct node {
  op_type const* type = nullptr;
  symbol name = no_symbol;
  ambit::shape shape{};
  ambit::dtype dtype = ambit::dtype::none;
  int first_input = 0;  // in the graph's table of inputs
  int inputs = 0;
  int first_slot = 0;  // in the graph's table of attribute slots
  int slots = 0;
  int variable = -1;  // in the graph's table of variables
  place where{};
};

}  // namespace detail

namespace detail {

/// out[i] = f(operands[0][i], ...) for i below n; `attributes` are those of the ops, one after the other.
using block_code = void (*)(void const* const* operands, void* out, std::int64_t n, std::uint64_t const* attributes);

/// Code for a statement whose parts have these dtypes; none where the statement cannot have them.
struct fused_code {
  dtype const* dtypes = nullptr;  // of each part in the order of its text
  block_code code = nullptr;
};
/// A statement of elementwise ops that has code of its own (`fused`). Its ops are nodes as any others; the code stands for
/// all of them, where nothing else needs what is between.
struct fused_statement {
  static constexpr signed char leaf = -1;
  static constexpr signed char number = -2;  // a leaf of one element, for all of them
  int node = -1;                             // the last op
  signed char const* parts = nullptr;        // in the order of its text: the operands of an op, or what leaf it is
  fused_code const* codes = nullptr;
  int count = 0;  // of codes
};

}  // namespace detail

/// What a graph keeps of a variable beside its node.
struct variable_info {
  int node = -1;
  ambit::initializer initializer{};
  std::string_view caching_device{};
  ambit::constraint constraint{};
  ambit::synchronization synchronization = ambit::synchronization::automatic;
  ambit::aggregation aggregation = ambit::aggregation::none;
  bool trainable = true;
  bool use_resource = false;
  partition_info part{};  ///< its share of a constant initial value, too
  int computed = -1;      ///< the node of an initial value that ops compute
};

}  // namespace ambit
