// SPDX-License-Identifier: BSL-1.0
// Layers: functions that get their variables in a scope of their own, made of ops.
#pragma once

#include <ambit/layers/activation.hpp>
#include <ambit/layers/attention.hpp>
#include <ambit/layers/conv.hpp>
#include <ambit/layers/dense.hpp>
#include <ambit/layers/dropout.hpp>
#include <ambit/layers/embedding.hpp>
#include <ambit/layers/normalization.hpp>
#include <ambit/layers/recurrent.hpp>
#include <ambit/layers/streaming.hpp>
