// SPDX-License-Identifier: BSL-1.0
// Models that read their weights in place, against the same models with weights of their own. What the tool writes is
// tested by programs/tool_embed; here the block is filled while the test runs.
#include "layers_support.hpp"
#include <ambit/io/copy.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <cstring>
#include <memory>
#include <random>
#include <string>
#include <vector>

using namespace ambit;

namespace {

/// Embedded weights as the tool declares them.
template <auto Builder>
struct embedded {
  static constexpr auto const& table = detail::frozen_for<Builder>;
  static constexpr auto const& plan = lowering::plan_for<Builder>;
  static constexpr std::size_t stored = [] {
    std::size_t n = 0;
    for (int v = 0; v < table.sizes.variables; ++v) n += plan.parameter_offset.data()[v] >= 0 ? 1U : 0U;
    return n;
  }();
  static constexpr auto variables = [] {
    std::array<embedded_variable, stored> rows{};
    std::size_t at = 0;
    for (int v = 0; v < table.sizes.variables; ++v) {
      if (plan.parameter_offset.data()[v] < 0) continue;
      detail::frozen_node const& n = table.nodes.data()[table.variables.data()[v].node];
      rows[at++] = {detail::variable_names<Builder>::of(v), table.variables.data()[v].hash, n.dtype, n.shape,
                    plan.parameter_offset.data()[v],        plan.forms.data()[v]};
    }
    return rows;
  }();
  alignas(64) static inline std::byte block[static_cast<std::size_t>(plan.parameters)];
  static constexpr embedded_weights weights{.file = "trained.safetensors",
                                            .version = weight_layout_version,
                                            .bytes = plan.parameters,
                                            .variables = variables,
                                            .block = block};
};

template <auto Builder, class... Ops>
void same_in_rom(std::string const& what) {
  using element = element_of<detail::frozen_for<Builder>.nodes[0].dtype>;
  using here = embedded<Builder>;
  using in_place = compiled<Builder, in_rom<here::weights>, Ops...>;
  static_assert(readable_weights<in_place> && !writable_weights<in_place>);
  static_assert(in_place::memory().rom + in_place::memory().parameters == compiled<Builder, Ops...>::memory().parameters);
  static_assert(in_place::memory().rom == here::plan.parameters && in_place::memory().arena == here::plan.arena);

  auto const net = std::make_unique<compiled<Builder, Ops...>>();
  layers_test::fill(*net);
  net->reset();
  std::memcpy(here::block, net->parameters().data(), sizeof(here::block));
  auto const rom = std::make_unique<in_place>();
  BOOST_TEST(static_cast<void const*>(rom->parameters().data()) == static_cast<void const*>(here::block));

  std::mt19937 random(5);
  std::int64_t const count = detail::frozen_for<Builder>.nodes[0].shape.elements();
  for (int run = 0; run < 3; ++run) {
    auto const input = layers_test::as<element>(layers_test::draw(random, count));
    auto const expected = evaluation_test::elements(net->run(input.data()));
    auto const found = evaluation_test::elements(rom->run(input.data()));
    BOOST_TEST(found == expected, what + ", run " + std::to_string(run));
  }
  rom->reset();
  net->reset();
  auto const input = layers_test::as<element>(layers_test::draw(random, count));
  BOOST_TEST(evaluation_test::elements(rom->run(input.data())) == evaluation_test::elements(net->run(input.data())));

  for (int i = 0; i < static_cast<int>(rom->table().size()); ++i) {
    variable_entry const& v = rom->table()[static_cast<std::size_t>(i)];
    if (!v.stored) continue;
    std::vector<std::byte> a(static_cast<std::size_t>(v.shape.elements() * size_of(v.dtype))), b(a.size());
    net->read(i, a.data());
    rom->read(i, b.data());
    BOOST_TEST((a == b), std::string(v.name));
  }
}

constexpr auto dense_layers = [](graph& g) {
  tensor x = placeholder(g, "x", {1, 30});
  x = layers::dense(g, "one", x, 45, {.activation = activation::tanh});
  return layers::dense(g, "two", x, 3, {.activation = activation::softmax});
};
// Its normalization is folded: computed from weights alone.
constexpr auto images = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 9, 8, 3});
  x = layers::conv2d(g, "one", x, 20, 3, {.activation = activation::relu, .padding = padding::same});
  x = layers::batch_normalization(g, "two", x, layers::norm_format::tensorflow1);
  return layers::dense(g, "three", flatten(x), 7);
};
static_assert(compiled<images, in_rom<embedded<images>::weights>>::memory().parameters > 0);
static_assert(compiled<dense_layers, in_rom<embedded<dense_layers>::weights>>::memory().parameters == 0);
constexpr auto streaming = [](graph& g) {
  return layers::streaming_gru(g, "cell", placeholder(g, "x", {5, 3}, dtype::f64), 21, gru_format::pytorch);
};
constexpr auto repeated = [](graph& g) {  // steps that share their code, and folds
  tensor x = placeholder(g, "x", {1, 16});
  for (int i = 0; i < 30; ++i) {
    x = layers::dense(g, {"layer_", i}, x, 16);
    x = layers::batch_normalization(g, {"norm_", i}, x, layers::norm_format::tensorflow1);
  }
  return x;
};

}  // namespace

BOOST_AUTO_TEST_CASE(dense_layers_in_rom) { same_in_rom<dense_layers>("dense"); }
BOOST_AUTO_TEST_CASE(what_is_computed_from_weights_alone_is_in_ram) {
  same_in_rom<images>("images");
  same_in_rom<repeated>("30 layers");
}
BOOST_AUTO_TEST_CASE(state_begins_with_what_the_block_holds) { same_in_rom<streaming>("streaming GRU"); }

BOOST_AUTO_TEST_CASE(values_are_copied_and_read_by_path) {
  using here = embedded<dense_layers>;
  compiled<dense_layers> net, copy;
  layers_test::fill(net);
  std::memcpy(here::block, net.parameters().data(), sizeof(here::block));
  compiled<dense_layers, in_rom<here::weights>> rom;
  copy_variables(rom, copy);
  BOOST_TEST(copy["one/kernel"_n](3, 44) == net["one/kernel"_n](3, 44));
  BOOST_TEST(rom["two/kernel"_n](44, 2) == net["two/kernel"_n](44, 2));
  BOOST_TEST((sizeof(rom) <= sizeof(workspace<dense_layers>)));

  // Several threads share them, each with a workspace of its own.
  workspace<dense_layers> w(rom.parameters());
  float const x[30] = {1, 2, 3};
  BOOST_TEST(evaluation_test::elements(run(rom.parameters(), w, x)) == evaluation_test::elements(net.run(x)));
}
