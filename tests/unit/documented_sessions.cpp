// SPDX-License-Identifier: BSL-1.0
// The errors of docs/errors.md that a session makes; see documented_errors.cpp.
#include "error_of.hpp"
#include <ambit/ambit.hpp>
#include <ambit/session.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <vector>

using namespace ambit;
extern template class ambit::session<>;

namespace {

struct triple_op {
  static constexpr op_type type{"test::Triple"};
  static constexpr std::string_view default_name = "Triple";
  static constexpr std::string_view operands[] = {"x"};
  static constexpr bool elementwise = true;
  constexpr void infer(inference& i) const { i.elementwise_floating(); }
  auto lower(auto const& x) const { return x + x + x; }
};
/// An op whose result has a shape that nothing tells.
struct lost_op {
  static constexpr op_type type{"test::Lost"};
  static constexpr std::string_view default_name = "Lost";
  static constexpr std::string_view operands[] = {"x"};
  constexpr void infer(inference& i) const { i.output(unknown_shape, i.dtype(0)); }
  template <class T>
  void evaluate(auto, evaluation const& e) const {
    std::copy_n(e.input<T>(0), e.output_shape->elements(), e.out<T>());
  }
};

struct runs {
  graph g;
  tensor x = placeholder(g, "x", {dyn, 4});
  tensor weight = get_variable(g, "weight", {4}, {.initializer = ones_initializer()});
  tensor hidden = multiply(x, weight, "hidden");
  tensor y = tanh(hidden);
  tensor nothing = noop(g, "nothing");
  tensor scaled = apply(triple_op{}, {}, x);
  tensor lost = apply(lost_op{}, {}, x);
  session<> s{g};
  session<>::workspace w;
  std::vector<float> data = std::vector<float>(4);
  runs() { s.initialize(1); }

  void not_fed_wrong() {
    // [NOT_FED wrong]
    (void)s.run(y);  // y needs x
    // [end]
  }
  void not_fed_right() {
    // [NOT_FED right]
    (void)s.run(y, {{x, data}});
    // [end]
  }
  void feed_shape_wrong() {
    // [FEED_SHAPE wrong]
    std::vector<float> seven(7);
    (void)s.run(y, {{x, seven}});  // x is (?, 4)
    // [end]
  }
  void feed_shape_right() {
    // [FEED_SHAPE right]
    std::vector<float> eight(8);
    (void)s.run(y, {{x, eight}});  // two rows
    // [end]
  }
  void feed_dtype_wrong() {
    // [FEED_DTYPE wrong]
    std::vector<double> doubles(4);
    (void)s.run(y, {{x, doubles}});
    // [end]
  }
  void feed_dtype_right() {
    // [FEED_DTYPE right]
    std::vector<float> floats(4);
    (void)s.run(y, {{x, floats}});
    // [end]
  }
  void fed_twice_wrong() {
    // [FED_TWICE wrong]
    (void)s.run(y, {{x, data}, {"x:0", data}});
    // [end]
  }
  void fed_twice_right() {
    // [FED_TWICE right]
    (void)s.run(y, {{x, data}});
    // [end]
  }
  void not_initialized_wrong() {
    // [NOT_INITIALIZED wrong]
    session fresh{g};
    (void)fresh.run(y, {{x, data}});
    // [end]
  }
  void not_initialized_right() {
    // [NOT_INITIALIZED right]
    session fresh{g};
    fresh.initialize(1);
    (void)fresh.run(y, {{x, data}});
    // [end]
  }
  void unknown_tensor_wrong() {
    // [UNKNOWN_TENSOR wrong]
    (void)s.run("hiden", {{x, data}});
    // [end]
  }
  void unknown_tensor_right() {
    // [UNKNOWN_TENSOR right]
    (void)s.run("hidden", {{x, data}});
    // [end]
  }
  void no_value_wrong() {
    // [NO_VALUE wrong]
    (void)s.run(nothing);  // noop(g)
    // [end]
  }
  void no_value_right() {
    // [NO_VALUE right]
    (void)s.run(y, {{x, data}});
    // [end]
  }
  void no_code_wrong() {
    // [NO_CODE wrong]
    session plain{g};
    (void)plain.run(scaled, {{x, data}});  // an op of the user's own
    // [end]
  }
  void no_code_right() {
    // [NO_CODE right]
    session<triple_op> able{g};
    (void)able.run(scaled, {{x, data}});
    // [end]
  }
  void shape_not_found_wrong() {
    // [SHAPE_NOT_FOUND wrong]
    session<lost_op> unsure{g};
    (void)unsure.run(lost, {{x, data}});  // an op whose `infer` gives no shape
    // [end]
  }
  void shape_not_found_right() {
    // [SHAPE_NOT_FOUND right]
    session<lost_op> sure{g};
    (void)sure.run(lost, {{lost, data, {2, 2}}});
    // [end]
  }
  void graph_has_grown_wrong() {
    // [GRAPH_HAS_GROWN wrong]
    tensor more = y + 1;
    (void)s.run(w, more, {{x, data}});  // w is a workspace
    // [end]
  }
  void graph_has_grown_right() {
    // [GRAPH_HAS_GROWN right]
    tensor more = y + 1;
    s.update();
    (void)s.run(w, more, {{x, data}});
    // [end]
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(documented_sessions)

BOOST_AUTO_TEST_CASE(not_fed) {
  runs r;
  BOOST_TEST(id_of(error_of([&] { r.not_fed_wrong(); }).code()) == "NOT_FED");
  r.not_fed_right();
}
BOOST_AUTO_TEST_CASE(feed_shape) {
  runs r;
  BOOST_TEST(id_of(error_of([&] { r.feed_shape_wrong(); }).code()) == "FEED_SHAPE");
  r.feed_shape_right();
}
BOOST_AUTO_TEST_CASE(feed_dtype) {
  runs r;
  BOOST_TEST(id_of(error_of([&] { r.feed_dtype_wrong(); }).code()) == "FEED_DTYPE");
  r.feed_dtype_right();
}
BOOST_AUTO_TEST_CASE(fed_twice) {
  runs r;
  BOOST_TEST(id_of(error_of([&] { r.fed_twice_wrong(); }).code()) == "FED_TWICE");
  r.fed_twice_right();
}
BOOST_AUTO_TEST_CASE(not_initialized) {
  runs r;
  BOOST_TEST(id_of(error_of([&] { r.not_initialized_wrong(); }).code()) == "NOT_INITIALIZED");
  r.not_initialized_right();
}
BOOST_AUTO_TEST_CASE(unknown_tensor) {
  runs r;
  BOOST_TEST(id_of(error_of([&] { r.unknown_tensor_wrong(); }).code()) == "UNKNOWN_TENSOR");
  r.unknown_tensor_right();
}
BOOST_AUTO_TEST_CASE(no_value) {
  runs r;
  BOOST_TEST(id_of(error_of([&] { r.no_value_wrong(); }).code()) == "NO_VALUE");
  r.no_value_right();
}
BOOST_AUTO_TEST_CASE(no_code) {
  runs r;
  BOOST_TEST(id_of(error_of([&] { r.no_code_wrong(); }).code()) == "NO_CODE");
  r.no_code_right();
}
BOOST_AUTO_TEST_CASE(shape_not_found) {
  runs r;
  BOOST_TEST(id_of(error_of([&] { r.shape_not_found_wrong(); }).code()) == "SHAPE_NOT_FOUND");
  r.shape_not_found_right();
}
BOOST_AUTO_TEST_CASE(graph_has_grown) {
  runs r;
  BOOST_TEST(id_of(error_of([&] { r.graph_has_grown_wrong(); }).code()) == "GRAPH_HAS_GROWN");
  r.graph_has_grown_right();
}

BOOST_AUTO_TEST_SUITE_END()
