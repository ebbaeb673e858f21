// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/core/fixed_string.hpp>
#include <ambit/ops.hpp>

#include <type_traits>

namespace ambit {

/// A list of op structs.
template <class... Ops>
struct op_list {};

/// The ops of the library. An op of a user's is named beside the builder: compiled<builder, swish_op>.
using builtin_ops =
    op_list<add_op, bias_add_op, subtract_op, multiply_op, divide_op, negative_op, identity_op, exp_op, log_op, square_op, sqrt_op,
            relu_op, relu6_op, tanh_op, sigmoid_op, softmax_op, l2_loss_op, matmul_op, batch_matmul_op, conv1d_transpose_op, conv2d_transpose_op, conv1d_op, conv2d_op, depthwise_conv2d_op, max_pool_op, avg_pool_op, lstm_op<false>, lstm_op<true>, gru_op<false>, gru_op<true>, streaming_conv1d_op, reduce_sum_op, reduce_mean_op,
            reduce_max_op, reshape_op, transpose_op, concat_op, assign_op, assign_add_op,
            abs_op, sign_op, floor_op, ceil_op, round_op, reciprocal_op, rsqrt_op, log1p_op, expm1_op, erf_op, sin_op, cos_op,
            pow_op, maximum_op, minimum_op, clip_op, leaky_relu_op, prelu_op, elu_op, selu_op, softplus_op, softsign_op, gelu_op,
            swish_op, mish_op, hard_sigmoid_op, hard_swish_op, equal_op, not_equal_op, less_op, less_equal_op, greater_op,
            greater_equal_op, logical_and_op, logical_or_op, logical_xor_op, logical_not_op, where_op, cast_op, reduce_min_op,
            reduce_prod_op, reduce_logsumexp_op, reduce_l1_op, reduce_l2_op, reduce_any_op, reduce_all_op, argmax_op, argmin_op,
            cumsum_op, log_softmax_op,
            gather_op, one_hot_op, slice_op, strided_slice_op, reverse_op, squeeze_op, expand_dims_op, stack_op, tile_op, pad_op,
            pad_v2_op, mirror_pad_op, layer_norm_op, group_norm_op, stop_gradient_op>;

namespace detail {

template <op_id Id, class Op>
struct op_entry {
  using op = Op;
};
// Finds an op by its id in constant time: by conversion to the one base of that id. Two ops of one id are an error here.
template <class List>
struct op_map;
template <class... Ops>
struct op_map<op_list<Ops...>> : op_entry<Ops::type.id, Ops>... {};
// With a name of its own: spelled out, a hundred ops would be a part of each symbol of a model, and a third of the time
// that it takes to compile.
struct builtin_map : op_map<builtin_ops> {};
template <class... Ops>
struct extended_map : builtin_map, op_entry<Ops::type.id, Ops>... {};
template <class... Ops>
using map_with = std::conditional_t<sizeof...(Ops) == 0, builtin_map, extended_map<Ops...>>;

template <op_id Id, class Op>
op_entry<Id, Op> find_op(op_entry<Id, Op> const*);
template <op_id>
void find_op(...);

/// Whether an op is one of the library's.
constexpr bool is_builtin(op_id id) {
  return []<class... Ops>(op_id wanted, op_list<Ops...>) { return ((Ops::type.id == wanted) || ...); }(id, builtin_ops{});
}

// A class, which compilers remember: to find an op they try all bases.
template <class Map, op_id Id>
struct op_lookup {
  using found = decltype(find_op<Id>(static_cast<Map const*>(nullptr)));
};
template <class Map, op_id Id>
using op_of = typename op_lookup<Map, Id>::found;

}  // namespace detail
}  // namespace ambit
