// SPDX-License-Identifier: BSL-1.0
// All ops. Includes no Eigen: an op says what it computes in terms of the arrays that it is given.
#pragma once

#include <ambit/ops/activations.hpp>
#include <ambit/ops/array.hpp>
#include <ambit/ops/comparison.hpp>
#include <ambit/ops/conv.hpp>
#include <ambit/ops/conv_transpose.hpp>
#include <ambit/ops/functions.hpp>
#include <ambit/ops/gather.hpp>
#include <ambit/ops/math.hpp>
#include <ambit/ops/matmul.hpp>
#include <ambit/ops/nn.hpp>
#include <ambit/ops/normalization.hpp>
#include <ambit/ops/padding.hpp>
#include <ambit/ops/pool.hpp>
#include <ambit/ops/recurrent.hpp>
#include <ambit/ops/reduce.hpp>
#include <ambit/ops/scan.hpp>
#include <ambit/ops/slicing.hpp>
#include <ambit/ops/source.hpp>
#include <ambit/ops/stacking.hpp>
#include <ambit/ops/state.hpp>
#include <ambit/ops/streaming.hpp>
#include <ambit/ops/training.hpp>
#include <ambit/ops/views.hpp>
