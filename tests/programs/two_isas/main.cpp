// SPDX-License-Identifier: BSL-1.0
// main FIRST SECOND: loads both libraries, globally as some plug-in hosts do, and compares what they compute with what each
// computed alone, in a process of its own.
#include <dlfcn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace {

using results = std::array<float, 21 * 21 + 21 * 21 + 21 + 1>;
std::array<float, 80> const input = [] {
  std::array<float, 80> x{};
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = std::sin(static_cast<float>(i)) / 4;
  return x;
}();

void* load(char const* file) {
  void* const library = dlopen(file, RTLD_NOW | RTLD_GLOBAL);
  if (library == nullptr) std::printf("%s\n", dlerror());
  return library;
}
results run(void* library) {
  results out{};
  reinterpret_cast<void (*)(float const*, float*)>(dlsym(library, "run_model"))(input.data(), out.data());
  return out;
}
int packet_bytes(void* library) { return reinterpret_cast<int (*)()>(dlsym(library, "packet_bytes"))(); }

bool close(float a, float b) { return std::abs(a - b) <= 1e-4F * std::abs(b) + 1e-6F; }
/// Products and reductions to the last bit, or another library's instructions ran: sums are taken in another order there.
/// tanh only closely: without optimisation the rest of an array that fills no register goes through one function of
/// Eigen's, which g++ exports then.
bool same(results const& a, results const& b) {
  std::size_t const exact = 2 * 21 * 21;
  for (std::size_t i = 0; i < exact; ++i)
    if (!close(a[i], b[i])) return false;
  return std::equal(a.begin() + exact, a.end(), b.begin() + exact);
}

/// What a library computes where it is alone.
bool alone(char const* file, results& out, int& bytes) {
  int ends[2];
  if (pipe(ends) != 0) return false;
  pid_t const child = fork();
  if (child == 0) {
    void* const library = load(file);
    if (library == nullptr) _exit(1);
    results const r = run(library);
    int const b = packet_bytes(library);
    _exit(write(ends[1], r.data(), sizeof(r)) == sizeof(r) && write(ends[1], &b, sizeof(b)) == sizeof(b) ? 0 : 1);
  }
  int status = 1;
  bool const read_all =
      read(ends[0], out.data(), sizeof(out)) == sizeof(out) && read(ends[0], &bytes, sizeof(bytes)) == sizeof(bytes);
  waitpid(child, &status, 0);
  return status == 0 && read_all;
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 3) return 2;
  results expected[2];
  int bytes[2] = {};
  for (int i = 0; i < 2; ++i)
    if (!alone(arguments[1 + i], expected[i], bytes[i]))
      return std::printf("%s does not run alone\n", arguments[1 + i]), 1;
  if (bytes[0] == bytes[1]) return std::printf("both libraries have packets of %d bytes\n", bytes[0]), 1;
  for (std::size_t i = 0; i < expected[0].size(); ++i)
    if (!close(expected[0][i], expected[1][i]))
      return std::printf("result %zu: %g and %g\n", i, static_cast<double>(expected[0][i]),
                         static_cast<double>(expected[1][i])),
             1;
  void* libraries[2] = {load(arguments[1]), load(arguments[2])};
  for (int round = 0; round < 2; ++round)
    for (int i = 0; i < 2; ++i) {
      if (libraries[i] == nullptr) return 1;
      if (!same(run(libraries[i]), expected[i]) || packet_bytes(libraries[i]) != bytes[i])
        return std::printf("%s computes something else beside the other one\n", arguments[1 + i]), 1;
    }
  if (std::equal(expected[0].begin() + 2 * 21 * 21, expected[0].end(), expected[1].begin() + 2 * 21 * 21))
    return std::printf("both compute the same bits, so that this proves nothing\n"), 1;
  return 0;
}
