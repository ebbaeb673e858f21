// SPDX-License-Identifier: BSL-1.0
// The same builders in sessions: graphs that are built when the program runs.
#include "builders.hpp"
#include "contenders.hpp"
#include <ambit/session.hpp>

#include <optional>
#include <span>

namespace bench {
namespace {

/// A graph whose session has the weights of a workload.
template <auto Builder, class Weights>
class loaded_session {
 public:
  void reset() { session_.reset(); }

 protected:
  loaded_session() {
    session_.initialize(0);
    Weights::set_all(session_);
  }
  graph graph_;
  tensor result_ = Builder(graph_);
  tensor input_ = graph_.find("x");
  session<> session_{graph_};
};

template <auto Builder, class Weights>
class session_model : public loaded_session<Builder, Weights> {
 public:
  // The result stays in the session, where a user reads it: a copy of a size that only the session knows is a call of memcpy.
  float const* operator()(float const* in, float*) {
    return static_cast<float const*>(this->session_.run(this->result_, {{this->input_, std::span(in, inputs_)}}).data());
  }

 private:
  std::size_t inputs_ = static_cast<std::size_t>(this->input_.shape().elements());
};

/// A run that is tied to its data: what a loop over the same buffer would use.
template <auto Builder, class Weights>
class bound_model : public loaded_session<Builder, Weights> {
 public:
  float const* operator()(float const* in, float*) {
    if (in != in_) {
      in_ = in;
      run_.emplace(this->session_.bind({this->result_}, {{this->input_, in, this->input_.shape()}}));
    }
    return static_cast<float const*>((*run_)()[0].data());
  }

 private:
  float const* in_ = nullptr;
  std::optional<bound_run> run_;
};

/// The statement as one that has code of its own.
struct fused_chain {
  int n;
  tensor operator()(graph& g) const {
    tensor a = placeholder(g, "a", {n});
    tensor b = placeholder(g, "b", {n});
    tensor c = placeholder(g, "c", {n});
    tensor d = placeholder(g, "d", {n});
    tensor e = placeholder(g, "e", {n});
    return fused(relu(a * b + c) * d - e);
  }
};

template <auto Builder>
class session_chain {
 public:
  float const* operator()(float const* in, float*) {
    std::size_t const n = static_cast<std::size_t>(Builder.n), next = padded(n);
    auto const at = [&](std::size_t k) { return std::span(in + k * next, n); };
    return static_cast<float const*>(
        session_.run(result_, {{a_, at(0)}, {b_, at(1)}, {c_, at(2)}, {d_, at(3)}, {e_, at(4)}}).data());
  }

 private:
  graph graph_;
  tensor result_ = Builder(graph_);
  tensor a_ = graph_.find("a"), b_ = graph_.find("b"), c_ = graph_.find("c"), d_ = graph_.find("d"), e_ = graph_.find("e");
  session<> session_{graph_};
};

template <auto Builder>
class bound_chain {
 public:
  float const* operator()(float const* in, float*) {
    if (in != in_) {
      in_ = in;
      std::size_t const n = static_cast<std::size_t>(Builder.n), next = padded(n);
      auto const at = [&](char const* name, std::size_t k) { return feed(name, std::span(in + k * next, n)); };
      run_.emplace(session_.bind({result_}, {at("a", 0), at("b", 1), at("c", 2), at("d", 3), at("e", 4)}));
    }
    return static_cast<float const*>((*run_)()[0].data());
  }

 private:
  graph graph_;
  tensor result_ = Builder(graph_);
  session<> session_{graph_};
  float const* in_ = nullptr;
  std::optional<bound_run> run_;
};

}  // namespace

contenders session_models() {
  return {
      contend<session_model<tiny, tiny_weights>>("A", "session"),
      contend<bound_model<tiny, tiny_weights>>("A", "session/bound"),
      contend<session_model<mlp{1}, mlp_weights>>("B1", "session"),
      contend<session_model<mlp{32}, mlp_weights>>("B32", "session"),
      contend<session_model<mlp{256}, mlp_weights>>("B256", "session"),
      contend<session_model<wide{1}, wide_weights>>("C1", "session"),
      contend<session_model<wide{256}, wide_weights>>("C256", "session"),
      contend<session_chain<chain{1000}>>("D3", "session/op-by-op"),
      contend<session_chain<fused_chain{1000}>>("D3", "session/fused"),
      contend<bound_chain<fused_chain{1000}>>("D3", "session/bound"),
      contend<session_chain<chain{1'000'000}>>("D6", "session/op-by-op"),
      contend<session_chain<fused_chain{1'000'000}>>("D6", "session/fused"),
      contend<session_model<lstm_20, lstm_weights>>("E-LSTM", "session"),
      contend<session_model<gru_20, gru_weights>>("E-GRU", "session"),
      contend<session_model<delayed, delayed_weights>>("F1", "session"),
      contend<bound_model<delayed, delayed_weights>>("F1", "session/bound"),
      contend<session_model<lenet, lenet_weights>>("F2", "session"),
  };
}

}  // namespace bench
