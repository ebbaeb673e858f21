// SPDX-License-Identifier: BSL-1.0
#include "peaks.hpp"

#include "buffer.hpp"

#include <Eigen/Core>

#include <utility>

namespace bench {
namespace {

using packet = Eigen::internal::packet_traits<float>::type;
constexpr std::size_t lanes = Eigen::internal::packet_traits<float>::size;
// Enough sums to hide the latency of two units, and registers left for the factors.
constexpr std::size_t sums = EIGEN_ARCH_DEFAULT_NUMBER_OF_REGISTERS * 3 / 4;
constexpr std::size_t rounds = 256;

class multiply_adds {
 public:
  float const* operator()(float const*, float* out) const { return run(out, std::make_index_sequence<sums>()); }

 private:
  template <std::size_t... I>
  float const* run(float* out, std::index_sequence<I...>) const {
    using namespace Eigen::internal;
    packet const factor = pset1<packet>(factor_);
    packet const summand = pset1<packet>(summand_);
    packet sum[sums] = {pset1<packet>(summand_ * static_cast<float>(I))...};
    for (std::size_t round = 0; round < rounds; ++round) ((sum[I] = pmadd(sum[I], factor, summand)), ...);
    out[0] = (predux(sum[I]) + ...);
    return out;
  }
  // Members, so that no value is known to the compiler; far from denormal numbers.
  float factor_ = 0.999F;
  float summand_ = 1e-3F;
};

/// Four parts side by side, since one stream of addresses does not always keep a prefetcher as busy as it can be.
class loads {
 public:
  explicit loads(workload const& w) : data_(size(w)), passes_(passes(w)) {}
  static std::size_t size(workload const& w) {
    return (static_cast<std::size_t>(w.bytes) / sizeof(float) + step - 1) / step * step;
  }
  /// So many that beginning and ending them does not count.
  static std::size_t passes(workload const& w) { return 1 + (std::size_t{1} << 18) / size(w); }
  float const* operator()(float const*, float* out) const { return run(out, std::make_index_sequence<streams>()); }

 private:
  static constexpr std::size_t parts = 4;
  // At least two loads a cycle, each added to a sum that takes four.
  static constexpr std::size_t streams = EIGEN_ARCH_DEFAULT_NUMBER_OF_REGISTERS / 2;
  static constexpr std::size_t step = lanes * streams;
  static_assert(streams % parts == 0);

  template <std::size_t... I>
  float const* run(float* out, std::index_sequence<I...>) const {
    using namespace Eigen::internal;
    packet sum[streams] = {pset1<packet>(static_cast<float>(I))...};
    std::size_t const part = data_.size() / parts;
    for (std::size_t pass = 0; pass < passes_; ++pass)
      for (float const *p = data_.data(), *const end = p + part; p != end; p += step / parts)
        ((sum[I] = padd(sum[I], pload<packet>(p + I % parts * part + I / parts * lanes))), ...);
    out[0] = (predux(sum[I]) + ...);
    return out;
  }
  buffer data_;
  std::size_t passes_;
};

}  // namespace

peak fma_peak(workload const& w) {
  return {contend<multiply_adds>(w.name, "peak/fma"), 2.0 * static_cast<double>(sums * rounds * lanes)};
}

peak load_peak(workload const& w) {
  return {contend<loads>(w.name, "peak/load"), static_cast<double>(loads::passes(w) * loads::size(w) * sizeof(float))};
}

}  // namespace bench
