// SPDX-License-Identifier: BSL-1.0
// The summary of a graph: golden texts, in the compiler and in the program, and its cost.
#include <ambit/core.hpp>
#include <ambit/export/summary.hpp>
#include <ambit/ops.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace {

using namespace ambit;

constexpr void classifier(graph& g) {
  tensor x = placeholder(g, "pixels", {1, 64});
  {
    variable_scope model{g, "model"};
    for (int units : {32, 10}) {
      variable_scope layer{g, name{"fc", units}};
      tensor kernel = get_variable(g, "kernel", {x.shape()[1], units});
      tensor bias = get_variable(g, "bias", {units});
      x = relu(matmul(x, kernel) + bias);
    }
    get_variable(g, "table", {1000, 4}, {.dtype = dtype::f64, .partitioner = fixed_size_partitioner(3)});
    get_variable(g, "seen", {1000},
                 {.dtype = dtype::i32, .trainable = false, .partitioner = fixed_size_partitioner(2)});
  }
  variable(g, literal(0), "step", {.trainable = false});
  variable(g, placeholder(g, "initial", {dyn, 2}), "rows", {.validate_shape = false});
}

constexpr std::string_view classifier_text = R"(variable    shape      dtype    parameters
model/fc32                           2,080
  kernel    (64, 32)   float32       2,048
  bias      (32,)      float32          32
model/fc10                             330
  kernel    (32, 10)   float32         320
  bias      (10,)      float32          10
model                                5,000
  table     (1000, 4)  float64       4,000  in 3 parts
  seen      (1000,)    int32         1,000  not trainable, in 2 parts
(root)                                   1
  step      ()         int32             1  not trainable
  rows      (?, 2)     float32           ?

8 variables: 7,411 parameters, 6,410 trainable, 45,644 bytes, 1 of unknown size
19 ops: 11 VariableV2, 2 Add, 2 MatMul, 2 Placeholder, 2 Relu
)";

constexpr bool is_golden() {
  graph g;
  classifier(g);
  return summary(g) == classifier_text;
}
constexpr bool nothing_is_summarized() {
  graph g;
  return summary(g) == "0 variables: 0 parameters, 0 trainable, 0 bytes\n0 ops\n";
}
static_assert(is_golden() && nothing_is_summarized());

}  // namespace

BOOST_AUTO_TEST_SUITE(summary_text)

BOOST_AUTO_TEST_CASE(golden) {
  graph g;
  classifier(g);
  BOOST_TEST(summary(g).view() == classifier_text);
  BOOST_TEST(nothing_is_summarized());
}

BOOST_AUTO_TEST_CASE(one_variable_at_the_root) {
  graph g;
  get_variable(g, "w", {1});
  BOOST_TEST(summary(g).view() == "variable  shape  dtype    parameters\n"
                                  "(root)                             1\n"
                                  "  w       (1,)   float32           1\n"
                                  "\n"
                                  "1 variable: 1 parameter, 1 trainable, 4 bytes\n"
                                  "1 op: 1 VariableV2\n");
}

BOOST_AUTO_TEST_CASE(a_long_name_does_not_widen_the_others) {
  graph g;
  std::string const megabyte(1U << 20U, 'x');
  get_variable(g, megabyte, {1});
  for (int i = 0; i < 100; ++i) get_variable(g, name{"w", i}, {1});
  text const shown = summary(g);
  BOOST_TEST(shown.size() < megabyte.size() + 100 * 80);
  BOOST_TEST(shown.view().find("  w99     (1,)") != std::string_view::npos);
}

BOOST_AUTO_TEST_SUITE_END()
