// SPDX-License-Identifier: BSL-1.0
// All ops. Includes no Eigen: an op says what it computes in terms of the arrays that it is given.
#pragma once

#include <ambit/ops/array.hpp>
#include <ambit/ops/math.hpp>
#include <ambit/ops/matmul.hpp>
#include <ambit/ops/nn.hpp>
#include <ambit/ops/reduce.hpp>
#include <ambit/ops/source.hpp>
#include <ambit/ops/state.hpp>
