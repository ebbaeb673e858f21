// SPDX-License-Identifier: BSL-1.0
// Files that somebody cuts, or adds to, while they are read: a refusal or the whole old file, never a part of it.
#include "io_formats.hpp"
#include "io_support.hpp"
#include "stepped_process.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <iostream>
#include <thread>

#ifdef AMBIT_TEST_STEPS
#include <fcntl.h>
#endif

using namespace io_test;

BOOST_AUTO_TEST_SUITE(io_changing)

#ifdef AMBIT_TEST_STEPS
namespace {

// Who would have to wait for a reader that has mapped the file does not: the reader is stopped meanwhile.
bool resize_at_once(std::filesystem::path const& path, std::size_t size) {
  int const file = ::open(path.c_str(), O_WRONLY | O_NONBLOCK);
  if (file < 0) return false;
  bool const done = ::ftruncate(file, static_cast<::off_t>(size)) == 0;
  ::close(file);
  return done;
}

}  // namespace

BOOST_AUTO_TEST_CASE(at_any_system_call_of_a_reader) {
  enum { loaded = 0, refused = 1, unclear = 2, changed = 3, wrong = 4 };
  mock_store const saved = numbers_from(5, 5000);  // more than a stream reads at once
  for (file_format const& format : file_formats()) {
    folder here;
    std::filesystem::path const path = here.path / "r";
    format.write(path, saved);
    struct change {
      bool cut, old;
    };
    std::vector<change> changes{{true, false}, {false, false}};
    if (format.leaves) changes.insert(changes.end(), {{true, true}, {false, true}});
    for (std::string const& ending : format.endings)
      for (auto const [cut, old] : changes)
        BOOST_TEST_CONTEXT(format.name << ending << (cut ? " cut" : " longer") << (old ? ", an old file" : "")) {
          std::string const file = path.string() + ending, whole = read_text(file);
          int loads = 0, refusals = 0, waits = 0;
          for (int steps = 0;; steps += old ? 2 : 1) {  // behind one call is before the next
            write_bytes(file, to_bytes(whole));
            if (old) std::this_thread::sleep_for(std::chrono::milliseconds(40));
            stepped_process reader([&]() -> int {
              mock_store store = like(saved);
              auto const untouched = store.data;
              try {
                format.load(path, store);
                return store.data == saved.data ? loaded : wrong;
              } catch (ambit::file_error const& error) {
                if (store.writes != 0 || store.data != untouched) return changed;
                bool const clear = error.file().starts_with(path.string()) && error.offset() &&
                                   contains(error.what(), "expected ") && contains(error.what(), "[BAD_FILE]");
                return clear ? refused : unclear;
              }
            });
            if (!reader.traced()) {
              std::cout << "skipped: processes may not be traced here; package: none\n";
              return;
            }
            int done = 0;
            while (done < steps && reader.step()) ++done;
            if (done < steps) break;  // it ended before
            if (!resize_at_once(file, cut ? whole.size() / 3 : whole.size() + 9)) ++waits;
            int const outcome = reader.finish();
            BOOST_TEST((outcome == loaded || outcome == refused), "outcome " << outcome << " at step " << steps);
            ++(outcome == loaded ? loads : refusals);
          }
          if (waits == 0) BOOST_TEST(refusals > 0);
          BOOST_TEST(loads > 0);
        }
  }
}
#endif

BOOST_AUTO_TEST_SUITE_END()
