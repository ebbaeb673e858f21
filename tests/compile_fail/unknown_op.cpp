// SPDX-License-Identifier: BSL-1.0
// FIRST: op_is_not_known_to_this_model
// FIRST: ambit: this op is none of the library's; name its struct beside the builder: compiled<builder, my_op> [UNKNOWN_OP]
// SHOWS: acme::Twice
#include <ambit/ambit.hpp>

using namespace ambit;

struct twice_op {
  static constexpr op_type type{"acme::Twice"};
  static constexpr std::string_view default_name = "Twice";
  static constexpr std::string_view operands[] = {"x"};
  static constexpr bool elementwise = true;
  constexpr void infer(inference& i) const { i.elementwise(); }
  auto lower(auto const& x) const { return x + x; }
};

inline constexpr auto model = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 4});
  return apply(twice_op{}, "y", x);
};

#ifndef ACCEPT
// [UNKNOWN_OP wrong]
compiled<model> net;
// [end]
#else
// [UNKNOWN_OP right]
compiled<model, twice_op> net;
// [end]
#endif

auto y() {
  static float const x[8] = {};
  return net.run(x);
}
