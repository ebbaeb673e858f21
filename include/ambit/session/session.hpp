// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/core/nearest_names.hpp>
#include <ambit/init/initialize.hpp>
#include <ambit/session/feed.hpp>
#include <ambit/session/planner.hpp>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace ambit {
inline namespace AMBIT_ABI {

namespace run_time {

/// What one thread needs for its runs: plans with their memory, and the variables that ops change.
class workspace {
 public:
  state_store states;
  std::vector<std::unique_ptr<run_plan>> plans;  // the last one used first
  struct owned_elsewhere {
    void operator()(run_plan const*) const {}
  };
  std::unique_ptr<run_plan const, owned_elsewhere> last;  // that of the run before, if it came that far

  // Of the call that is being made; kept, so that a run like one before does not allocate.
  std::vector<int> fetches;
  std::vector<int> feeds;
  std::vector<shape> feed_shapes;
};

/// Plans of other fetches or shapes that a workspace keeps, each with its memory.
inline constexpr std::size_t most_plans = 16;

/// All of a session that does not depend on the user's ops.
class engine {
 public:
  engine(graph& g, op_library const& ops) : graph_(&g), ops_(ops) { update(); }

  void update() {
    if (!has_grown()) return;
    variables_.update(*graph_);
    own_.states.update(variables_);
  }

  // What a run like the one before needs is in line; all else is apart, as its registers would be saved in each run.
  /// In the session's own workspace.
  std::span<tensor_view const> run(std::span<node_ref const> fetches, std::span<feed const> feeds) {
    run_plan const* p = repeated_plan(own_, fetches, feeds);
    if (p == nullptr) [[unlikely]] p = &own_plan(fetches, feeds);
    p->run();
    return p->results;
  }
  std::span<tensor_view const> run(workspace& w, std::span<node_ref const> fetches, std::span<feed const> feeds) const {
    run_plan const* p = repeated_plan(w, fetches, feeds);
    if (p == nullptr) [[unlikely]] p = &plan_of(w, fetches, feeds);
    p->run();
    return p->results;
  }

  /// A plan that is the caller's, with its feeds set.
  [[nodiscard]] std::unique_ptr<run_plan> bind(workspace& w, std::span<node_ref const> fetches,
                                               std::span<feed const> feeds) const {
    collect(w, fetches, feeds);
    std::unique_ptr<run_plan> p = make_plan(w);
    check_ready(*p);
    p->set_inputs(feeds);
    return p;
  }
  void run_bound(run_plan& p) const {
    if (p.version != variables_.version()) refuse_growth();
    p.run();
  }

  [[nodiscard]] variable_store const& variables() const { return variables_; }
  [[nodiscard]] workspace& own() { return own_; }
  [[nodiscard]] graph& built() const { return *graph_; }

  // ---- values, row-major

  void read(int variable, void* row_major) const {
    stored_variable const& s = variables_[variable];
    if (std::byte const* const state = own_.states.data(variable))
      std::memcpy(row_major, state, static_cast<std::size_t>(s.bytes()));
    else
      variables_.read(variable, row_major);
  }
  void write(int variable, void const* row_major) {
    variables_.write(variable, row_major);
    own_.states.reset(variables_, variable);
  }
  void reset() { own_.states.reset(variables_); }
  void initialize(std::uint64_t seed) {
    update();
    tables const& t = tables_of(*graph_);
    std::vector<std::byte> values;
    for (bool const computed : {false, true})  // what ops compute may depend on other variables, which come first
      for (int v = 0; v < t.variables.size(); ++v) {
        stored_variable const& s = variables_[v];
        int const from = t.variables[v].computed;
        if (s.data.data() == nullptr || (from >= 0) != computed) continue;
        if (computed) {
          workspace w;
          node_ref const fetch(tensor(*graph_, from));
          write(v, run(w, std::span(&fetch, 1), {})[0].data());
        } else {
          values.resize(static_cast<std::size_t>(s.shape.elements() * size_of(s.type)));
          ambit::initialize(*graph_, tensor(*graph_, s.node), seed, values.data());
          write(v, values.data());
        }
      }
  }

  /// The number of a node; UNKNOWN_TENSOR with the nearest names, WRONG_GRAPH.
  [[nodiscard]] int find(node_ref const& r) const {
    tables const& t = tables_of(*graph_);
    if (!r.by_name()) {
      if (r.id() < 0) raise({errc::empty_tensor, "the session", "the session's", {}, {}, {}});
      if (r.of() != graph_)
        raise({errc::wrong_graph, r.tensor().name(), "the session's", {}, {}, {}});
      return r.id();
    }
    std::string_view name = r.name();
    if (name.size() > 2 && name.ends_with(":0")) name.remove_suffix(2);
    detail::symbol const s = t.symbols.find(name);
    int const node = s < 0 ? -1 : t.symbols[s].node;
    if (node < 0) refuse_name(r.name());
    return node;
  }

 private:
  [[noreturn]] void refuse_name(std::string_view name) const {
    tables const& t = tables_of(*graph_);
    list<text> names;
    for (int i = 0; i < t.nodes.size(); ++i) names.push_back(t.tensor_name(i));
    list<std::string_view> candidates;
    for (text const& n : names) candidates.push_back(n);
    text have = detail::listed(detail::nearest_names(std::move(candidates)).of(name));
    raise({errc::unknown_tensor, text(name), {}, std::move(have), {}, {}});
    std::abort();
  }

  [[nodiscard]] bool has_grown() const { return tables_of(*graph_).nodes.size() != variables_.nodes(); }
  [[noreturn]] AMBIT_NOINLINE void refuse_growth() const {
    raise({errc::graph_has_grown, "the graph", {}, {}, {}, {}});
    std::abort();
  }

  // The plan of the run before, with the feeds set, if this one is like it, by tensor: found out in a few nanoseconds, as
  // tiny networks take no more than tens. Otherwise null. Nothing is written before all is compared, so that a feed is
  // compared while it still is in registers.
  [[nodiscard]] run_plan const* repeated_plan(workspace const& w, std::span<node_ref const> fetches,
                                              std::span<feed const> feeds) const {
    run_plan const* const p = w.last.get();
    if (p == nullptr || (&w != &own_ && p->of != graph_) ||
        !(p->outline == run_outline(tables_of(*graph_).nodes.size(), fetches.empty() ? -1 : fetches[0].id(), fetches.size(),
                                    feeds.size())))
      return nullptr;
    for (std::size_t i = 0; i < fetches.size(); ++i)
      if (fetches[i].of() != graph_ || (i > 0 && fetches[i].id() != p->fetches[i])) return nullptr;
    run_plan::fed_place const* const fed = p->fed.data();
    for (std::size_t i = 0; i < feeds.size(); ++i)
      if (feeds[i].form().of() != graph_ || !feeds[i].form().same_layout(fed[i].before)) return nullptr;
    for (std::size_t i = 0; i < feeds.size(); ++i) *fed[i].to = feeds[i].data();
    return p;
  }
  AMBIT_NOINLINE run_plan const& own_plan(std::span<node_ref const> fetches, std::span<feed const> feeds) {
    update();
    return plan_of(own_, fetches, feeds);
  }
  AMBIT_NOINLINE run_plan const& plan_of(workspace& w, std::span<node_ref const> fetches, std::span<feed const> feeds) const {
    if (has_grown()) refuse_growth();
    w.last.reset();
    collect(w, fetches, feeds);
    run_plan& p = plan_for(w);
    // By tensor, also what was asked for by name: its characters may be others the next time. What the words of a feed do
    // not tell all about is like none before.
    for (std::size_t i = 0; i < feeds.size(); ++i) {
      feed_form const& f = feeds[i].form();
      p.fed[i].before = f.complete() ? feed_form(graph_, w.feeds[i], f.dtype(), f.size(), f.rows()) : feed_form();
    }
    check_ready(p);
    p.set_inputs(feeds);
    w.last.reset(&p);
    return p;
  }

  void collect(workspace& w, std::span<node_ref const> fetches, std::span<feed const> feeds) const {
    w.fetches.clear(), w.feeds.clear(), w.feed_shapes.clear();
    for (node_ref const& f : fetches) w.fetches.push_back(find(f));
    for (feed const& f : feeds) take(w, f);
  }
  void take(workspace& w, feed const& f) const {
    int const i = find(f.node());
    tables const& t = tables_of(*graph_);
    detail::node const& n = t.nodes[i];
    if (!n.type->has_output || n.type->hidden) raise({errc::no_value, t.tensor_name(i), {}, {}, n.where, {}});
    if (f.dtype() != n.dtype) {
      raise({errc::feed_dtype, t.tensor_name(i), text(to_string(n.dtype)), text(to_string(f.dtype())), n.where, {}});
    }
    for (int other : w.feeds)
      if (other == i) raise({errc::fed_twice, t.tensor_name(i), {}, {}, n.where, {}});
    w.feeds.push_back(i);
    w.feed_shapes.push_back(shape_of(f, n.shape, i));
  }
  // The node's own where all is known; else a given one, a matrix's, or what the number of elements leaves open.
  [[nodiscard]] shape shape_of(feed const& f, shape const& own, int i) const {
    shape s = own;
    if (f.shape().known()) {
      s = f.shape();
      if (!compatible(s, own) || !s.fully_defined()) refuse_feed(f, own, i);
    } else if (!own.known()) {
      s = f.rows() >= 0 ? shape{static_cast<int>(f.rows()), static_cast<int>(f.rows() == 0 ? 0 : f.size() / f.rows())}
                        : shape{static_cast<int>(f.size())};
      if (f.size() == 1 && f.rows() < 0) s = shape{};
    } else if (!own.fully_defined()) {
      int open = -1, count = 0;
      for (int a = 0; a < own.rank(); ++a)
        if (own[a] < 0) open = a, ++count;
      if (count == 1) {
        std::int64_t const rest = own.elements();
        if (rest == 0 || f.size() % rest != 0) refuse_feed(f, own, i);
        s.set(open, static_cast<int>(f.size() / rest));
      } else if (f.rows() >= 0 && own.rank() == 2) {
        s = shape{static_cast<int>(f.rows()), static_cast<int>(f.rows() == 0 ? 0 : f.size() / f.rows())};
      } else {
        refuse_feed(f, own, i);
      }
    }
    if (s.elements() != f.size()) refuse_feed(f, own, i);
    return s;
  }
  [[noreturn]] void refuse_feed(feed const& f, shape const& own, int i) const {
    tables const& t = tables_of(*graph_);
    text have;
    if (f.shape().known()) {
      have += "shape ";
      have += to_text(f.shape());
      have += " with ";
    }
    have.append(static_cast<long long>(f.size()));
    have += " elements";
    raise({errc::feed_shape, t.tensor_name(i), to_text(own), std::move(have), t.nodes[i].where, {}});
    std::abort();
  }

  run_plan& plan_for(workspace& w) const {
    for (std::size_t k = 0; k < w.plans.size(); ++k) {
      run_plan& p = *w.plans[k];
      if (p.version != variables_.version() || p.fetches != w.fetches || p.feeds != w.feeds || p.feed_shapes != w.feed_shapes)
        continue;
      if (k > 0) std::swap(w.plans[k], w.plans[0]);
      return *w.plans[0];
    }
    if (!w.plans.empty() && w.plans[0]->version != variables_.version()) w.plans.clear();
    std::unique_ptr<run_plan> made = make_plan(w);
    if (w.plans.size() == most_plans) w.plans.pop_back();
    w.plans.insert(w.plans.begin(), std::move(made));
    return *w.plans[0];
  }
  [[nodiscard]] std::unique_ptr<run_plan> make_plan(workspace& w) const {
    w.states.update(variables_);
    auto made = std::make_unique<run_plan>();
    made->fetches = w.fetches;
    made->feeds = w.feeds;
    made->feed_shapes = w.feed_shapes;
    made->version = variables_.version();
    made->of = graph_;
    made->outline = {variables_.nodes(), w.fetches.empty() ? -1 : w.fetches[0], w.fetches.size(), w.feeds.size()};
    planner::fill(*made, *graph_, ops_, variables_, w.states);
    return made;
  }
  void check_ready(run_plan& p) const {
    if (p.ready) return;
    for (int v : p.variables)
      if (!variables_[v].ready) {
        tables const& t = tables_of(*graph_);
        raise({errc::not_initialized, t.tensor_name(variables_[v].node), {}, {}, t.nodes[variables_[v].node].where, {}});
      }
    p.ready = true;
  }

  graph* graph_;
  op_library ops_;
  variable_store variables_;
  workspace own_;
};

}  // namespace run_time

/// A run that is tied to its data: what `session::bind` returns. Each call reads the same memory anew and computes the same
/// fetches, without looking anything up. GRAPH_HAS_GROWN where the graph has more nodes than then.
class bound_run {
 public:
  bound_run(run_time::engine const& e, std::unique_ptr<run_time::run_plan> plan) : engine_(&e), plan_(std::move(plan)) {}
  std::span<tensor_view const> operator()() {
    engine_->run_bound(*plan_);
    return plan_->results;
  }

 private:
  run_time::engine const* engine_;
  std::unique_ptr<run_time::run_plan> plan_;
};

/// Runs a graph that was built in the program: any node can be fetched and any node fed, by tensor or by name, and only
/// what the fetches need is computed. Keeps the values of the graph's variables. Ops of the user's own are named beside
/// it, `session<my_op> s{g}`.
///
///   session s{g};
///   s.initialize(seed);
///   auto p = s.run(probabilities, {{pixels, image}});   // p.matrix(), p.values<float>()
///
/// Products and convolutions are the kernels of compiled models; elementwise ops run block by block. Ops that change
/// variables (`assign`) run where they are fetched, and take effect at the end of the run. The first run of some fetches
/// and shapes makes a plan, which is kept with its memory: the next ones allocate nothing.
///
/// The graph must outlive the session. One thread at a time uses a session; for more, give each its own
/// `session::workspace`, and do not write variables or add to the graph meanwhile.
template <class... MoreOps>
class session {
 public:
  using workspace = run_time::workspace;

  explicit session(graph& g);

  /// The value of a node. Errors: NOT_FED, FEED_SHAPE, FEED_DTYPE, FED_TWICE, NOT_INITIALIZED, UNKNOWN_TENSOR, NO_VALUE,
  /// NO_CODE, SHAPE_NOT_FOUND, WRONG_GRAPH, and the op's own where shapes that were fed do not fit. After an error the
  /// session is as before.
  tensor_view run(node_ref const& fetch, std::initializer_list<feed> feeds = {}) {
    return run(std::span(&fetch, 1), feeds)[0];
  }
  /// Several at once; each node is computed once. The span is good until the next run, as what it holds.
  std::span<tensor_view const> run(std::initializer_list<node_ref> fetches, std::initializer_list<feed> feeds = {}) {
    return run(std::span(fetches.begin(), fetches.size()), feeds);
  }
  std::span<tensor_view const> run(std::span<node_ref const> fetches, std::span<feed const> feeds) {
    return engine_.run(fetches, feeds);
  }

  /// A run of these fetches on these data, which stay the caller's and are read at each call; for loops in which even the
  /// few nanoseconds of looking up what is asked for count. The session must outlive it, and not be moved. It has memory of
  /// its own and shares the session's state.
  [[nodiscard]] bound_run bind(std::initializer_list<node_ref> fetches, std::initializer_list<feed> feeds = {}) {
    update();
    return {engine_, engine_.bind(engine_.own(), std::span(fetches.begin(), fetches.size()),
                                  std::span(feeds.begin(), feeds.size()))};
  }

  /// The same with memory of the caller's own: any number of threads may do so at once.
  tensor_view run(workspace& w, node_ref const& fetch, std::initializer_list<feed> feeds = {}) const {
    return engine_.run(w, std::span(&fetch, 1), std::span(feeds.begin(), feeds.size()))[0];
  }
  std::span<tensor_view const> run(workspace& w, std::initializer_list<node_ref> fetches,
                                   std::initializer_list<feed> feeds = {}) const {
    return engine_.run(w, std::span(fetches.begin(), fetches.size()), std::span(feeds.begin(), feeds.size()));
  }

  /// Takes up what the graph has got since; `run` without a workspace does so by itself.
  void update() { engine_.update(); }
  /// Gives every variable its initial value, random ones drawn by seed and name: the same numbers in every session and
  /// compiled model that has a variable of that name and shape. State begins anew.
  void initialize(std::uint64_t seed) { engine_.initialize(seed); }
  /// Variables that ops change begin anew, with the values that were initialized, loaded or written.
  void reset() { engine_.reset(); }

  /// The saved variables, for loops and files: `load(s, safetensors{"weights.safetensors"})`.
  [[nodiscard]] std::span<variable_entry const> table() const { return engine_.variables().table(); }
  /// Copies a variable out or in, dense and row-major; `i` is a row of `table()`.
  void read(int i, void* row_major) const { engine_.read(engine_.variables().variable_of(i), row_major); }
  void write(int i, void const* row_major) { engine_.write(engine_.variables().variable_of(i), row_major); }

  [[nodiscard]] ambit::graph& built() const { return engine_.built(); }

 private:
  std::span<tensor_view const> run(std::span<node_ref const> fetches, std::initializer_list<feed> feeds) {
    return run(fetches, std::span(feeds.begin(), feeds.size()));
  }

  run_time::engine engine_;
};
session(graph&) -> session<>;

// Not in the class, where it would be inline: a file that declares this extern would still compile the code of all ops.
template <class... MoreOps>
session<MoreOps...>::session(graph& g) : engine_(g, run_time::op_library::of<MoreOps...>()) {}

}  // namespace AMBIT_ABI
}  // namespace ambit
