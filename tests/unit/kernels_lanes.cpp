// SPDX-License-Identifier: BSL-1.0
// Lanes against loops over their elements.
#include "kernels_lanes.hpp"

using namespace kernels_test;

namespace {

struct memory {
  template <class T, int N>
  void operator()() const {
    std::mt19937 random(1);
    using fence = typename fenced<T>::fence;
    for (fence const where : {fence::behind, fence::before}) {
      for (std::size_t from = 0; from < lanes<T, N>::width; ++from) {  // any alignment
        std::size_t const size = from + lanes<T, N>::width;
        fenced<T> source(size, T(0), where), target(size, T(0), where);
        fill(source, random);
        std::size_t const at = where == fence::behind ? from : 0;
        auto const x = lanes<T, N>::load(source.data() + at);
        check<T, N>("load", x, [&](std::size_t i) { return source[at + i]; });
        x.store(target.data() + at);
        check<T, N>("store", lanes<T, N>::load(target.data() + at), [&](std::size_t i) { return source[at + i]; });
      }
      for (int count = 0; count <= N; ++count) {
        auto const own = static_cast<std::size_t>(count);
        fenced<T> source(own, T(0), where), target(own, T(0), where);
        fill(source, random);
        auto const x = lanes<T, N>::load(source.data(), count);
        check<T, N>("partial load", x, [&](std::size_t i) { return i < own ? source[i] : T(0); });
        x.store(target.data(), count);
        for (std::size_t i = 0; i < own; ++i) check_number("partial store", N, target[i], source[i]);
        // What lies beside the elements stays, where one may touch it.
        elements<T, N + 2> around;
        around.fill(T(1));
        lanes<T, N>(T(0)).store(around.data() + 1, count);
        for (std::size_t i = 0; i < around.size(); ++i)
          check_number("partial store beside others", N, around[i], i >= 1 && i <= own ? T(0) : T(1));
      }
    }
    check<T, N>("one number", lanes<T, N>(T(1)), [](std::size_t) { return T(1); });
    if constexpr (std::is_floating_point_v<T> && N > 1) kept<T, N, 0, 1>(), kept<T, N, N / 2, N / 2>(), kept<T, N, N - 1, 1>();
    check<T, N>("raw", lanes<T, N>(lanes<T, N>(T(1)).raw()), [](std::size_t) { return T(1); });
  }
 private:
  // What is not kept is zero, whatever it was.
  template <class T, int N, int First, int Count>
  static void kept() {
    elements<T, N> from;
    from.fill(T(not_a_number));
    for (int i = First; i < First + Count; ++i) from[static_cast<std::size_t>(i)] = T(i + 1);
    check<T, N>("kept lanes", keep_lanes<First, Count>(loaded<T, N>(from)), [](std::size_t i) {
      int const at = static_cast<int>(i);
      return at >= First && at < First + Count ? T(at + 1) : T(0);
    });
  }
};

// ---- arithmetic

template <class T>
T product_of(T a, T b) {
  return static_cast<T>(a * b);
}

struct numbers {
  template <class T, int N>
  void operator()() const {
    std::mt19937 random(2);
    for (int round = 0; round < 30; ++round) {
      auto const x = drawn<T, N>(random), y = drawn<T, N>(random), z = drawn<T, N>(random);
      auto const a = loaded<T, N>(x), b = loaded<T, N>(y), c = loaded<T, N>(z);
      check<T, N>("a + b", a + b, [&](std::size_t i) { return x[i] + y[i]; });
      check<T, N>("a - b", a - b, [&](std::size_t i) { return x[i] - y[i]; });
      check<T, N>("a * b", a * b, [&](std::size_t i) { return product_of(x[i], y[i]); });
      check<T, N>("a / b", a / b, [&](std::size_t i) { return std::is_integral_v<T> && alike(y[i], T(0)) ? T(0) : x[i] / y[i]; });
      check<T, N>("-a", -a, [&](std::size_t i) { return -x[i]; });
      check<T, N>("max", a.max(b), [&](std::size_t i) { return std::max(x[i], y[i]); });
      check<T, N>("min", a.min(b), [&](std::size_t i) { return std::min(x[i], y[i]); });
      check<T, N>("abs", a.abs(), [&](std::size_t i) { return std::abs(x[i]); });
      check<T, N>("sign", a.sign(), [&](std::size_t i) { return x[i] > 0 ? 1 : x[i] < 0 ? -1 : 0; });
      check<T, N>("square", a.square(), [&](std::size_t i) { return product_of(x[i], x[i]); });
      check<T, N>("cube", a.cube(), [&](std::size_t i) { return product_of(product_of(x[i], x[i]), x[i]); });
      check<T, N>("map", a.map([](T v) { return v + T(1); }), [&](std::size_t i) { return x[i] + T(1); });
      check<T, N>("unaryExpr", a.unaryExpr([](T v) { return v + T(1); }), [&](std::size_t i) { return x[i] + T(1); });
      check<T, N>("zip", zip(a, b, [](T v, T w) { return v > w ? v : T(2); }),
                  [&](std::size_t i) { return x[i] > y[i] ? x[i] : T(2); });
      // By a power of two, as the product may be rounded or not.
      check<T, N>("mixed with numbers", T(1) + a * T(4) - T(2),
                  [&](std::size_t i) { return static_cast<T>(1 + product_of(x[i], T(4))) - T(2); });
      folds<T, N>(x, a);
      // In one rounding or in two.
      auto const found = stored(multiply_add(a, b, c));
      for (std::size_t i = 0; i < found.size(); ++i) {
        auto const exact = static_cast<long double>(x[i]) * static_cast<long double>(y[i]) + static_cast<long double>(z[i]);
        check_close("multiply_add", N, type_name<T>, static_cast<long double>(found[i]), exact,
                    std::is_integral_v<T> ? 0 : tolerance<T>);
      }
    }
  }
  template <class T, int N>
  static void folds(elements<T, N> const& x, lanes<T, N> const& a) {
    check_number("maxCoeff", N, a.maxCoeff(), *std::max_element(x.begin(), x.end()));
    check_number("minCoeff", N, a.minCoeff(), *std::min_element(x.begin(), x.end()));
    long double sum = 0, product = 1;
    auto wrapping = std::uint64_t{1};
    for (T const v : x) sum += v, product *= static_cast<long double>(v), wrapping *= static_cast<std::uint64_t>(v);
    if constexpr (std::is_integral_v<T>) {
      check_number("sum", N, a.sum(), static_cast<T>(sum));
      check_number("prod", N, a.prod(), static_cast<T>(wrapping));
    } else {
      constexpr long double unit = tolerance<T>;
      check_close("sum", N, type_name<T>, static_cast<long double>(a.sum()), sum, unit * N);
      check_close("prod", N, type_name<T>, static_cast<long double>(a.prod()), product, unit * std::abs(product));
    }
  }
};

/// Integers wrap around; nothing that one can divide by stops the program.
struct limits {
  template <class T, int N>
  void operator()() const {
    constexpr T least = std::numeric_limits<T>::min(), most = std::numeric_limits<T>::max();
    auto same_lanes = [](char const* what, lanes<T, N> const& found, T expected) {
      check<T, N>(what, found, [expected](std::size_t) { return expected; });
    };
    using all = lanes<T, N>;
    same_lanes("most + 1", all(most) + all(T(1)), least);
    same_lanes("least - 1", all(least) - all(T(1)), most);
    same_lanes("most * 2", all(most) * all(T(2)), T(-2));
    same_lanes("most * most + 1", multiply_add(all(most), all(most), all(T(1))), T(2));
    same_lanes("-least", -all(least), least);
    same_lanes("abs of least", all(least).abs(), least);
    same_lanes("most / 0", all(most) / all(T(0)), T(0));
    same_lanes("least / -1", all(least) / all(T(-1)), least);
    same_lanes("most / -1", all(most) / all(T(-1)), static_cast<T>(-most));
    same_lanes("least / most", all(least) / all(most), T(-1));
    auto const size = static_cast<std::make_unsigned_t<T>>(N);
    check_number("sum of most", N, all(most).sum(), static_cast<T>(size * static_cast<std::make_unsigned_t<T>>(most)));
    check_number("prod of least", N, all(least).prod(), N == 1 ? least : T(0));
  }
};

// ---- comparisons

struct comparisons {
  template <class T, int N>
  void operator()() const {
    std::mt19937 random(3);
    for (int round = 0; round < 30; ++round) {
      auto const x = drawn<T, N>(random), z = drawn<T, N>(random), w = drawn<T, N>(random);
      auto y = drawn<T, N>(random);
      for (std::size_t i = 0; i < y.size(); i += 2) y[i] = x[i];  // or few were equal
      auto const a = loaded<T, N>(x), b = loaded<T, N>(y), c = loaded<T, N>(z), d = loaded<T, N>(w);
      check<bool, N>("a < b", a < b, [&](std::size_t i) { return x[i] < y[i]; });
      check<bool, N>("a <= b", a <= b, [&](std::size_t i) { return x[i] <= y[i]; });
      check<bool, N>("a > b", a > b, [&](std::size_t i) { return x[i] > y[i]; });
      check<bool, N>("a >= b", a >= b, [&](std::size_t i) { return x[i] >= y[i]; });
      check<bool, N>("a == b", a == b, [&](std::size_t i) { return alike(x[i], y[i]); });
      auto const first = a < b, second = c < d;
      auto of_first = [&](std::size_t i) { return x[i] < y[i]; };
      auto of_second = [&](std::size_t i) { return z[i] < w[i]; };
      check<bool, N>("!", !first, [&](std::size_t i) { return !of_first(i); });
      check<bool, N>("&&", first && second, [&](std::size_t i) { return of_first(i) && of_second(i); });
      check<bool, N>("||", first || second, [&](std::size_t i) { return of_first(i) || of_second(i); });
      check<bool, N>("^", first ^ second, [&](std::size_t i) { return of_first(i) != of_second(i); });
      check<T, N>("select", select(first, a, b), [&](std::size_t i) { return of_first(i) ? x[i] : y[i]; });
      check<T, N>("select by bools", select(lanes<bool, N>(second), a, b), [&](std::size_t i) { return of_second(i) ? x[i] : y[i]; });
      check<float, N>("mask as floats", first.template cast<float>(), [&](std::size_t i) { return of_first(i) ? 1 : 0; });
      check<T, N>("mask as numbers", first.template cast<T>(), [&](std::size_t i) { return of_first(i) ? 1 : 0; });
      check<bool, N>("as_lanes", as_lanes(first), of_first);
      check<T, N>("as_lanes of lanes", as_lanes(a), [&](std::size_t i) { return x[i]; });
      check<bool, N>("as_mask", as_mask(lanes<bool, N>(first)), of_first);
      check<bool, N>("as_mask of a mask", as_mask(first), of_first);
      // What was compared in another type: a packet of one and an array of the other.
      auto const u = drawn<float, N>(random);
      auto const other = loaded<float, N>(u) < lanes<float, N>(0.F);
      check<bool, N>("&& of another type", first && other, [&](std::size_t i) { return of_first(i) && u[i] < 0; });
      check<bool, N>("|| of another type", other || first, [&](std::size_t i) { return of_first(i) || u[i] < 0; });
      check<bool, N>("^ of another type", other ^ first, [&](std::size_t i) { return of_first(i) != (u[i] < 0); });
      check<T, N>("select of another type", select(lanes<bool, N>(other), a, b), [&](std::size_t i) { return u[i] < 0 ? x[i] : y[i]; });
    }
  }
};

struct bools {
  template <class T, int N>
  void operator()() const {
    static_assert(std::is_same_v<T, bool>);
    std::mt19937 random(4);
    for (int round = 0; round < 30; ++round) {
      auto const x = drawn<bool, N>(random), y = drawn<bool, N>(random);
      auto const a = loaded<bool, N>(x), b = loaded<bool, N>(y);
      check<bool, N>("max", a.max(b), [&](std::size_t i) { return x[i] || y[i]; });
      check<bool, N>("min", a.min(b), [&](std::size_t i) { return x[i] && y[i]; });
      check_number("maxCoeff", N, a.maxCoeff(), *std::max_element(x.begin(), x.end()));
      check_number("minCoeff", N, a.minCoeff(), *std::min_element(x.begin(), x.end()));
      check<bool, N>("map", a.map([](bool v) { return !v; }), [&](std::size_t i) { return !x[i]; });
      check<bool, N>("zip", zip(a, b, [](bool v, bool w) { return v != w; }), [&](std::size_t i) { return x[i] != y[i]; });
    }
  }
};

struct casts {
  template <class T, int N>
  void operator()() const {
    std::mt19937 random(5);
    for (int round = 0; round < 20; ++round) {
      auto x = drawn<T, N>(random);
      if constexpr (std::is_floating_point_v<T>)
        for (T& v : x) v *= T(100);
      auto const a = loaded<T, N>(x);
      auto to = [&]<class To>() {
        check<To, N>("cast", a.template cast<To>(), [&](std::size_t i) {
          if constexpr (std::is_same_v<To, bool>)
            return !alike(x[i], T(0));
          else
            return static_cast<To>(x[i]);
        });
      };
      to.template operator()<float>(), to.template operator()<double>(), to.template operator()<std::int32_t>();
      to.template operator()<std::int64_t>(), to.template operator()<bool>();
    }
    if constexpr (std::is_floating_point_v<T>) beyond<T, N, std::int32_t>(), beyond<T, N, std::int64_t>();
  }
  template <class T, int N, class To>
  static void beyond() {
    constexpr To least = std::numeric_limits<To>::min(), most = std::numeric_limits<To>::max();
    T const end = -static_cast<T>(least);
    auto one = [](T from, To expected) {
      check<To, N>("cast beyond", lanes<T, N>(from).template cast<To>(), [expected](std::size_t) { return expected; });
    };
    one(T(infinity), most), one(T(-infinity), least), one(T(not_a_number), 0), one(end, most), one(-end, least);
    one(T(1e30), most), one(T(-1e30), least);
    T const below = std::nextafter(end, T(0));
    one(below, static_cast<To>(below)), one(-below, static_cast<To>(-below)), one(T(-0.75), 0), one(T(2.75), 2);
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(kernels_lanes)

BOOST_AUTO_TEST_CASE(loads_and_stores) { each_type(memory{}); }
BOOST_AUTO_TEST_CASE(arithmetic_of_numbers) { each_number(numbers{}); }
BOOST_AUTO_TEST_CASE(limits_of_integers) { each_of<std::int32_t, std::int64_t>(limits{}); }
BOOST_AUTO_TEST_CASE(masks) { each_type(comparisons{}); }
BOOST_AUTO_TEST_CASE(logic) { each_of<bool>(bools{}); }
BOOST_AUTO_TEST_CASE(casts_between_all_types) { each_type(casts{}); }

BOOST_AUTO_TEST_SUITE_END()
