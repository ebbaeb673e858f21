// SPDX-License-Identifier: BSL-1.0
// `ambit`: what weight files hold, as a table, as a header, in another format.
#include "arguments.hpp"
#include "convert.hpp"
#include "embed.hpp"
#include "formats.hpp"
#include "inspect.hpp"
#include "manifest.hpp"
#include <ambit/io/detail/replaced_file.hpp>
#include <ambit/version.hpp>

#include <exception>
#include <filesystem>
#include <iostream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace ambit_tool;

using command_words = std::span<char const* const>;

weight_file open(std::string const& path, std::string_view format) { return format_of(path, format).open(path); }

void require_files(arguments const& given, std::size_t count) {
  if (given.files().size() != count)
    throw usage_error("expected " + std::to_string(count) + (count == 1 ? " file" : " files") + ", found " +
                      std::to_string(given.files().size()));
}

void run_inspect(command_words words) {
  arguments const given(words, {"--format"});
  if (given.files().empty()) throw usage_error("expected a file");
  bool first = true;
  for (std::string const& path : given.files()) {
    if (!first) std::cout << '\n';
    first = false;
    inspect(std::cout, open(path, given.option("--format")));
  }
}

void write_text(std::filesystem::path const& path, std::string const& text) {
  ambit::detail::io::replaced_file out{path};
  out.write(text.data(), text.size());
  out.commit();
}

void run_manifest(command_words words) {
  arguments const given(words, {"-o", "--output", "--name", "--ignore", "--format"});
  require_files(given, 1);
  std::string const output = given.option(given.option("-o").empty() ? "--output" : "-o");
  std::string const header = manifest_header(open(given.files()[0], given.option("--format")),
                                             {.name = given.option("--name"), .ignore = given.list("--ignore")});
  if (output.empty()) {
    std::cout << header;
    return;
  }
  write_text(output, header);
}

void run_embed(command_words words) {
  arguments const given(words,
                        {"-o", "--output", "--layout", "--name", "--ignore", "--rename", "--transpose", "--prefix", "--format"},
                        {"--convert"});
  require_files(given, 1);
  if (given.option("--layout").empty())
    throw usage_error("expected --layout FILE, an object file that holds ambit::weight_layout<model>: how the weights lie "
                      "depends on the model and on what it is compiled for");
  std::filesystem::path const output(given.option(given.option("-o").empty() ? "--output" : "-o"));
  bool const assembly = output.extension() == ".S" || output.extension() == ".s";
  embedded_source const source = embed(open(given.files()[0], given.option("--format")),
                                       read_layout(given.option("--layout")),
                                       {.name = given.option("--name"), .load = load_options_of(given)}, assembly);
  if (output.empty()) {
    std::cout << source.header;
    return;
  }
  if (assembly) write_text(output, source.assembly);
  write_text(assembly ? std::filesystem::path(output).replace_extension(".hpp") : output, source.header);
}

void run_convert(command_words words) {
  arguments const given(words, {"--format", "--to", "--ignore"});
  require_files(given, 2);
  convert(open(given.files()[0], given.option("--format")), given.files()[1], given.option("--to"),
          given.list("--ignore"));
}

struct command {
  std::string_view name, usage, purpose, details;
  void (*run)(command_words);
};
constexpr command commands[] = {
    {"inspect", "FILE... [--format F]", "names, dtypes, shapes and sizes as a table",
     "Tensors in the order of their names, with sums for each scope, each dtype and the whole file.\n\n"
     "  --format F     the format of the files, where their names do not tell it\n",
     run_inspect},
    {"manifest", "FILE [-o HEADER] [--name N] [--ignore PATTERN]... [--format F]",
     "a C++ header with the table of a file",
     "The header, on the standard output unless -o is given, defines a constant of names, shapes, dtypes and a hash\n"
     "of the contents. static_assert(ambit::matches<model, N>) then refuses a file that does not fit the model.\n\n"
     "  -o HEADER      the file to write; --output is the same\n"
     "  --name N       the name of the constant, a::b::c too; by default that of the file and _manifest\n"
     "  --ignore P     leave out the tensors that the pattern P fits; * stands for any characters\n"
     "  --format F     the format of FILE, where its name does not tell it\n",
     run_manifest},
    {"embed", "FILE --layout OBJECT [-o HEADER|X.S] [--name N] [--ignore PATTERN]... [--format F] ...",
     "the weights themselves as C++, in the layout of a model",
     "The header, on the standard output unless -o is given, defines a constant that compiled<model, in_rom<N>> reads\n"
     "its weights from, in place. OBJECT is a file that holds the text ambit::weight_layout<model>: an object file of the\n"
     "target, a program, or that text. Every variable of the model must have its tensor, and every tensor a variable.\n\n"
     "  --layout FILE  how the weights lie, as the target's compiler said it\n"
     "  -o HEADER      the file to write; --output is the same. With X.S, the weights are assembly, which compilers take\n"
     "                 faster than C++, and X.hpp declares them\n"
     "  --name N       the name of the constant, a::b::c too; by default that of the file and _weights\n"
     "  --ignore P     tensors that may stay unused; * stands for any characters\n"
     "  --rename T=V   the tensor T of the file is the variable V of the model\n"
     "  --transpose T=V  the same, with its axes in the opposite order\n"
     "  --prefix A=B   tensors under the scope A of the file are variables under the scope B of the model\n"
     "  --convert      convert dtypes where nothing but rounding is lost\n"
     "  --format F     the format of FILE, where its name does not tell it\n",
     run_embed},
    {"convert", "FROM TO [--to F] [--ignore PATTERN]... [--format F]", "the same tensors in another file",
     "TO appears whole or not at all.\n\n"
     "  --to F         the format of TO, where its name does not tell it\n"
     "  --ignore P     leave out the tensors that the pattern P fits; * stands for any characters\n"
     "  --format F     the format of FROM, where its name does not tell it\n",
     run_convert},
};

void print_help(std::ostream& out) {
  out << "usage: ambit COMMAND ...\n\n";
  for (command const& c : commands) out << "  ambit " << c.name << ' ' << c.usage << "\n      " << c.purpose << '\n';
  out << "  ambit COMMAND --help\n  ambit --version\n\nformats:\n";
  for (weight_format const& f : formats)
    out << "  " << f.name << ": " << f.files << (f.write == nullptr ? " (read only)" : "") << '\n';
  out << "\nexit status: 0, 1 where a file cannot be read or written, 2 where the command line is wrong\n";
}

void run(command_words words) {
  std::string_view const first = words.empty() ? std::string_view() : words[0];
  if (first.empty()) throw usage_error("expected a command");
  if (first == "--help" || first == "-h" || first == "help") return print_help(std::cout);
  if (first == "--version") {
    std::cout << "ambit " << AMBIT_VERSION_MAJOR << '.' << AMBIT_VERSION_MINOR << '.' << AMBIT_VERSION_PATCH << '\n';
    return;
  }
  for (command const& c : commands) {
    if (c.name != first) continue;
    for (std::string_view const word : words.subspan(1)) {
      if (word == "--") break;
      if (word != "--help" && word != "-h") continue;
      std::cout << "usage: ambit " << c.name << ' ' << c.usage << "\n\n" << c.details;
      return;
    }
    return c.run(words.subspan(1));
  }
  throw usage_error("there is no command \"" + std::string(first) + '"');
}

}  // namespace

int main(int count, char** words) {
  try {
    std::vector<char const*> const all(words + (count > 0 ? 1 : 0), words + count);
    run(all);
    std::cout.flush();
    if (!std::cout) {
      std::cerr << "ambit: cannot write to the standard output\n";
      return 1;
    }
    return 0;
  } catch (usage_error const& error) {
    std::cerr << "ambit: " << error.what() << "\nTry: ambit --help\n";
    return 2;
  } catch (std::exception const& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
