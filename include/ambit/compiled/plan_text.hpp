// SPDX-License-Identifier: BSL-1.0
// A plan in words.
#pragma once

#include <ambit/compiled/form_text.hpp>
#include <ambit/compiled/plan.hpp>
#include <ambit/core/text.hpp>

#include <string_view>

namespace ambit {
inline namespace AMBIT_ABI {
namespace lowering {

/// Writes the plan of a builder: what is stored where, and what each step computes by which kernel.
template <auto Builder>
class plan_writer {
  static constexpr auto const& table = detail::frozen_for<Builder>;
  static constexpr auto const& plan = plan_for<Builder>;

 public:
  text write() {
    inputs();
    parameters();
    section("steps");
    for (int s = 0; s < plan.step_count; ++s) step(s, plan.steps.data()[s]);
    outputs();
    totals();
    return std::move(out_);
  }

 private:
  static detail::frozen_node const& node(int i) { return table.nodes.data()[i]; }
  static placement const& at(int i) { return plan.at.data()[i]; }
  static int input(int i, int k) { return table.inputs.data()[node(i).first_input + k]; }

  void section(std::string_view title) { out_ += title, out_ += '\n'; }
  void number(long long n, int width) {
    text t;
    t.append(n);
    for (int k = static_cast<int>(t.size()); k < width; ++k) out_ += ' ';
    out_ += t.view();
  }
  void cell(std::string_view s, int width) {
    out_ += s;
    for (int k = static_cast<int>(s.size()); k < width; ++k) out_ += ' ';
    out_ += ' ';
  }
  void type_of(int i) {
    text t(to_string(node(i).dtype));
    t += ' ';
    t += to_text(node(i).shape).view();
    cell(t.view(), 24);
  }
  void placed(std::string_view where, std::int64_t offset, std::int64_t bytes) {
    cell(where, 9);
    out_ += "offset ";
    number(offset, 8);
    out_ += "  bytes ";
    number(bytes, 8);
  }
  static std::int64_t bytes(int i) { return node(i).shape.elements() * size_of(node(i).dtype); }

  void inputs() {
    if (table.sizes.placeholders > 0) section("inputs");
    for (int k = 0; k < table.sizes.placeholders; ++k) {
      out_ += "  ";
      cell(table.name(table.placeholders.data()[k]).view(), 40);
      type_of(table.placeholders.data()[k]);
      out_ += '\n';
    }
  }
  void parameters() {
    if (table.sizes.variables > 0) section("variables");
    for (int v = 0; v < table.sizes.variables; ++v) {
      int const i = table.variables.data()[v].node;
      out_ += "  ";
      cell(table.name(i).view(), 40);
      type_of(i);
      if (plan.parameter_offset.data()[v] < 0) {
        out_ += "not needed by any output\n";
        continue;
      }
      weight_form const& f = plan.forms.data()[v];
      bool const packed = f.form != weight_form::kind::row_major;
      placed("weights", plan.parameter_offset.data()[v], (packed ? f.elements() : node(i).shape.elements()) * size_of(node(i).dtype));
      out_ += "  ";
      out_ += to_text(f).view();
      if (plan.is_state.data()[v]) out_ += ", and in the state, at ", out_.append(at(i).offset);
      out_ += '\n';
    }
    if (plan.fold_count > 0) section("computed when a variable changes");
    for (int k = 0; k < plan.fold_count; ++k) {
      int const i = plan.folds.data()[k];
      out_ += "  ";
      cell(table.name(i).view(), 40);
      type_of(i);
      placed("folded", at(i).offset, bytes(i));
      out_ += "  ";
      ops(i);
      out_ += '\n';
    }
  }

  void step(int number_, int i) {
    number(number_, 4);
    out_ += "  ";
    cell(table.name(i).view(), 38);
    type_of(i);
    placed(at(i).batched ? "batched" : "arena", at(i).offset, bytes(i));
    out_ += "  ";
    if (at(i).in_place) out_ += "in place: ";
    ops(i);
    int const core = at(i).core >= 0 ? at(i).core : i;
    if (node(core).roles > 0) kernel(node(core));
    if (at(i).scratch >= 0) out_ += ", scratch at ", out_.append(at(i).scratch);
    out_ += '\n';
  }
  /// The op, and in brackets what is computed inside its loop.
  void ops(int i) {
    out_ += node(i).op_name;
    bool any = false;
    inlined(i, any);
    if (any) out_ += ']';
  }
  void inlined(int i, bool& any) {
    for (int k = 0; k < node(i).inputs; ++k) {
      int const from = input(i, k);
      if (at(from).where != storage::inlined) continue;
      out_ += any ? " " : " [";
      any = true;
      out_ += node(from).op_name;
      inlined(from, any);
    }
  }
  void kernel(detail::frozen_node const& n) {
    weight_role const& r = table.roles.data()[n.first_role];
    if (r.reader == weight_role::kernel::recurrent) {
      out_ += ", recurrent kernel";
      return;
    }
    product_kernel const k = kernel_for(r, n.dtype);
    out_ += r.reader == weight_role::kernel::convolution ? ", convolution in " : ", product in ";
    switch (k.form) {
      case product_kernel::kind::dots: out_ += "dots of "; break;
      case product_kernel::kind::unrolled: out_ += "straight code, one row x "; break;
      case product_kernel::kind::row: out_ += "one row x "; break;
      default: out_ += "tiles of ", out_.append(k.rows), out_ += " rows x ";
    }
    if (k.form != product_kernel::kind::dots) out_.append(k.vectors), out_ += " vectors of ";
    out_.append(k.lanes);
    if (k.splits > 1) out_ += ", depth in ", out_.append(k.splits), out_ += " parts";
  }

  void outputs() {
    section("outputs");
    for (int k = 0; k < table.sizes.outputs; ++k) {
      out_ += "  ";
      cell(table.name(table.outputs.data()[k]).view(), 40);
      type_of(table.outputs.data()[k]);
      out_ += '\n';
    }
  }
  void totals() {
    out_ += "bytes: weights ", out_.append(plan.parameters);
    if (plan.folded > 0) out_ += ", computed from them ", out_.append(plan.folded);
    out_ += ", state ", out_.append(plan.state);
    out_ += ", arena ", out_.append(plan.arena), out_ += " (at least ", out_.append(plan.arena_bound), out_ += ')';
    if (plan.batched > 0) out_ += ", and ", out_.append(plan.batched), out_ += " for each of the batch";
    out_ += ", constants ", out_.append(plan.constants);
    out_ += '\n';
  }

  text out_;
};

}  // namespace lowering
}  // namespace AMBIT_ABI
}  // namespace ambit
