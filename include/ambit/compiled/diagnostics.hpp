// SPDX-License-Identifier: BSL-1.0
// Compile errors that name what is wrong. For each error that a builder can make there is one class template that fails
// with a sentence; its arguments are the name, as a string and, because clang 14 prints strings as numbers, letter by
// letter, what was asked for and what there is, and the user's two lines. The condition carries the name and nothing else:
// clang prints it in the line of the error, g++ in a note below it; with more in it clang prints every name in the graph.
#pragma once

#include <ambit/compiled/plan.hpp>
#include <ambit/config.hpp>
#include <ambit/core/fixed_string.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>

namespace ambit {

/// The letters of a name, readable in every compiler's messages.
template <char...>
struct spelled {};
/// The same as a string.
template <fixed_string>
struct quoted {};
/// The facts of a mismatch, "(2, 3)" and "(2, 2)".
template <class>
struct wanted {};
template <class>
struct there_is {};
/// Lines of the user's: where something was asked for, and where what is in the way was made (0: unknown).
template <int>
struct asked_for_at_line {};
template <int>
struct first_made_at_line {};
/// The same with the file, where the compiler prints strings: g++'s traces do not show where an expression is recorded.
template <class>
struct asked_for_at {};
template <class>
struct first_made_at {};

namespace diagnostics {

template <errc Code>
struct select {
  static constexpr bool listed = false;
};

/// What every condition below is.
template <bool Good, class Name>
inline constexpr bool holds_for = Good;

template <fixed_string Text, std::size_t... I>
spelled<Text.chars[I]...> spell(std::index_sequence<I...>);
template <fixed_string Text>
using letters_of = decltype(spell<Text>(std::make_index_sequence<sizeof(Text.chars) - 1>{}));
/// A text in the form that this compiler prints readably.
template <fixed_string Text>
using shown = std::conditional_t<AMBIT_PRINTS_STRINGS, quoted<Text>, letters_of<Text>>;

// A macro because static_assert takes nothing but a literal in C++20.
#define AMBIT_DIAGNOSTIC(code, id, failing, sentence)                                                                  \
  template <bool Good, fixed_string Name, class Letters, class Want, class Have, class Asked, class First>             \
  struct failing {                                                                                                     \
    static_assert(holds_for<Good, shown<Name>>, "ambit: " sentence " [" id "]");                                       \
  };                                                                                                                   \
  template <>                                                                                                          \
  struct select<errc::code> {                                                                                          \
    static constexpr bool listed = true;                                                                               \
    template <bool Good, fixed_string Name, class Letters, class Want, class Have, class Asked, class First>           \
    using type = failing<Good, Name, Letters, Want, Have, Asked, First>;                                               \
  };
#include <ambit/compiled/diagnostic_table.inc>
#undef AMBIT_DIAGNOSTIC

/// The name of an op struct, or of a node, that evaluation cannot do.
template <bool Good, fixed_string Op, class Letters>
struct op_is_not_known_to_this_model {
  static_assert(holds_for<Good, shown<Op>>,
                "ambit: this op is none of the library's; name its struct beside the builder: "
                "compiled<builder, my_op> [UNKNOWN_OP]");
};
template <bool Good, fixed_string Name, class Letters>
struct shape_is_not_known_in_the_compiler {
  static_assert(holds_for<Good, shown<Name>>,
                "ambit: a compiled model needs every extent of what it computes; give the placeholder a full "
                "shape [UNKNOWN_EXTENT]");
};
template <bool Good, fixed_string Name, class Letters>
struct dtype_cannot_be_evaluated {
  static_assert(holds_for<Good, shown<Name>>,
                "ambit: evaluation knows float32, float64, int32, int64 and bool [DTYPE_NOT_EVALUABLE]");
};
template <bool Good, fixed_string Name, class Letters>
struct state_is_read_elsewhere {
  static_assert(holds_for<Good, shown<Name>>,
                "ambit: this op changes its state in place, so nothing else may read that variable; read the op's output "
                "[STATE_SHARED]");
};
template <bool Good, fixed_string Path, class Letters>
struct variable_is_not_in_this_model {
  static_assert(holds_for<Good, shown<Path>>, "ambit: the model has no variable of this path [UNKNOWN_PATH]");
};

/// A computed text as a template argument: `Text` is a captureless function that returns it.
template <auto Text>
constexpr auto as_fixed_string() {
  constexpr std::size_t size = Text().size();
  fixed_string<size> s;
  text const t = Text();
  for (std::size_t i = 0; i < size; ++i) s.chars[i] = t[static_cast<int>(i)];
  return s;
}

/// "model.cpp:12", as compilers print it; empty where it is unknown.
constexpr text line_of(place where) {
  if (where.file == nullptr) return {};
  text out{where.file};
  out += ':';
  out.append(where.line);
  return out;
}

}  // namespace diagnostics

namespace detail {

/// A builder makes no error.
template <auto Builder>
inline constexpr bool is_good = !survey_for<Builder>.failed;

/// The template that names the error of a builder.
template <auto Builder>
constexpr auto naming_of_error() {
  constexpr survey const& found = survey_for<Builder>;
  constexpr auto name = diagnostics::as_fixed_string<[] { return text(survey_for<Builder>.name.view()); }>();
  constexpr auto want = diagnostics::as_fixed_string<[] { return text(survey_for<Builder>.want.view()); }>();
  constexpr auto have = diagnostics::as_fixed_string<[] { return text(survey_for<Builder>.have.view()); }>();
  constexpr auto here = diagnostics::as_fixed_string<[] { return diagnostics::line_of(survey_for<Builder>.here); }>();
  constexpr auto first = diagnostics::as_fixed_string<[] { return diagnostics::line_of(survey_for<Builder>.first); }>();
  using asked =
      std::conditional_t<AMBIT_PRINTS_STRINGS, asked_for_at<quoted<here>>, asked_for_at_line<found.here.line>>;
  using made =
      std::conditional_t<AMBIT_PRINTS_STRINGS, first_made_at<quoted<first>>, first_made_at_line<found.first.line>>;
  static_assert(diagnostics::select<found.code>::listed, "ambit: an error without a row in diagnostic_table.inc");
  return std::type_identity<typename diagnostics::select<found.code>::template type<
      is_good<Builder>, name, diagnostics::letters_of<name>, wanted<diagnostics::shown<want>>,
      there_is<diagnostics::shown<have>>, asked, made>>{};
}
/// The compiler's own trace, through the lines of the builder, of the call that raised the error.
template <auto Builder>
struct traced {
  static constexpr bool run() {
    graph g;
    build<Builder>(g);
    return true;
  }
  static_assert(run());
};

/// Refuses a builder that makes an error, and one whose graph cannot be evaluated.
template <auto Builder, bool Good = is_good<Builder>>
struct verified {
  static constexpr auto const& p = lowering::plan_for<Builder>;
  template <int Node>
  static constexpr auto
      node_name = diagnostics::as_fixed_string<[] { return frozen_for<Builder>.name(Node < 0 ? 0 : Node); }>();

  static constexpr bool shapes = p.unknown_shape < 0;
  static constexpr bool dtypes = p.no_code < 0;
  static_assert(sizeof(diagnostics::shape_is_not_known_in_the_compiler<
                       shapes, node_name<p.unknown_shape>, diagnostics::letters_of<node_name<p.unknown_shape>>>) != 0);
  static_assert(sizeof(diagnostics::dtype_cannot_be_evaluated<dtypes, node_name<p.no_code>,
                                                              diagnostics::letters_of<node_name<p.no_code>>>) != 0);
  static constexpr bool own_state = p.shared_state < 0;
  static_assert(sizeof(diagnostics::state_is_read_elsewhere<own_state, node_name<p.shared_state>,
                                                            diagnostics::letters_of<node_name<p.shared_state>>>) != 0);
};
template <auto Builder>
struct verified<Builder, false> : decltype(naming_of_error<Builder>())::type, traced<Builder> {};

/// Says which op struct is missing.
template <auto Builder, int Node>
constexpr auto diagnose_op() {
  constexpr auto name = diagnostics::as_fixed_string<[] {
    return text(frozen_for<Builder>.nodes[static_cast<std::size_t>(Node)].op_name);
  }>();
  return diagnostics::op_is_not_known_to_this_model<(Node < 0), name, diagnostics::letters_of<name>>{};
}

}  // namespace detail
}  // namespace ambit
