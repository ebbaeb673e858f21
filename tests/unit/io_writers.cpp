// SPDX-License-Identifier: BSL-1.0
// Whatever stops a writer, and wherever, the old file is whole: a kill at any of its system calls, a disk that is full.
#include "io_formats.hpp"
#include "io_support.hpp"
#include "stepped_process.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <iostream>
#include <map>

#if __has_include(<sys/resource.h>)
#include <sys/resource.h>

#include <csignal>
#endif
#ifdef AMBIT_TEST_STEPS
#include <sys/syscall.h>
#endif

using namespace io_test;
using ambit::dtype;

namespace {

std::vector<std::string> texts(file_format const& format, std::filesystem::path const& path) {
  std::vector<std::string> out;
  for (std::string const& ending : format.endings) out.push_back(read_text(path.string() + ending));
  return out;
}
void put(file_format const& format, std::filesystem::path const& path, std::vector<std::string> const& files) {
  for (std::size_t i = 0; i < files.size(); ++i) write_bytes(path.string() + format.endings[i], to_bytes(files[i]));
}

#ifdef AMBIT_TEST_STEPS
bool is_rename(long call) {
#ifdef SYS_rename
  if (call == SYS_rename) return true;
#endif
#ifdef SYS_renameat
  if (call == SYS_renameat) return true;
#endif
  return call == SYS_renameat2;
}
#endif

}  // namespace

BOOST_AUTO_TEST_SUITE(io_writers)

#ifdef AMBIT_TEST_STEPS
BOOST_AUTO_TEST_CASE(a_kill_at_any_system_call_leaves_the_old_file_or_the_new_one) {
  mock_store const before = numbers_from(1, 3000), after = numbers_from(2, 3000);
  for (file_format const& format : file_formats()) BOOST_TEST_CONTEXT(format.name) {
      folder here;
      std::filesystem::path const path = here.path / "w";
      format.write(path, after);
      std::vector<std::string> const new_files = texts(format, path);
      format.write(path, before);
      std::vector<std::string> const old_files = texts(format, path);
      BOOST_REQUIRE(here.files() == format.endings.size());
      std::map<std::string, int> seen;  // how many of each outcome
      for (int steps = 0;; ++steps) {
        put(format, path, old_files);
        stepped_process writer([&] {
          format.write(path, after);
          return 0;
        });
        if (!writer.traced()) {
          std::cout << "skipped: processes may not be traced here; package: none\n";
          return;
        }
        int done = 0;
        while (done < steps && writer.step()) ++done;
        writer.kill();
        std::vector<std::string> const files = texts(format, path);
        std::size_t fresh = 0;
        for (std::size_t i = 0; i < files.size(); ++i) {
          BOOST_REQUIRE_MESSAGE(files[i] == old_files[i] || files[i] == new_files[i], "killed at step " << steps);
          if (files[i] == old_files[i]) continue;
          ++fresh;
          BOOST_TEST(fresh == i + 1);  // in the order of their renaming
        }
        mock_store store = like(before);
        try {
          format.load(path, store);
          BOOST_TEST((fresh == 0 || fresh == files.size()));
          BOOST_CHECK(store.data == (fresh == 0 ? before : after).data);
          ++seen[fresh == 0 ? "old" : "new"];
        } catch (ambit::file_error const& error) {  // between two files, which the checksums tell
          BOOST_TEST((fresh > 0 && fresh < files.size()));
          BOOST_TEST(contains(error.what(), "expected the checksum that the index has"));
          BOOST_TEST(store.writes == 0);
          ++seen["neither"];
        }
        if (done < steps) break;  // it ended before
      }
      BOOST_TEST(seen["old"] > 10);
      BOOST_TEST(seen["new"] > 1);
      BOOST_TEST((seen["neither"] > 0) == (format.endings.size() > 1));
      // What the killed ones left behind is in nobody's way.
      format.write(path, after);
      BOOST_CHECK(texts(format, path) == new_files);
    }
}

// Where the machine stops and not only the process, a rename may survive what it renames, but for fsync.
BOOST_AUTO_TEST_CASE(all_files_are_on_the_disk_before_the_first_is_renamed) {
  for (file_format const& format : file_formats()) BOOST_TEST_CONTEXT(format.name) {
      folder here;
      stepped_process writer([&] {
        format.write(here.path / "w", numbers_from(1, 10));
        return 0;
      });
      if (!writer.traced()) return;
      std::size_t synced = 0, renamed = 0;
      bool told = false;
      while (writer.step()) {
        long const call = writer.call();
        told = told || call >= 0;
        if (call == SYS_fsync) ++synced;
        if (!is_rename(call)) continue;
        ++renamed;
        BOOST_TEST(synced >= format.endings.size());
      }
      BOOST_TEST(writer.finish() == 0);
      BOOST_TEST((!told || renamed == format.endings.size()));
    }
}
#endif

#if __has_include(<sys/resource.h>)
BOOST_AUTO_TEST_CASE(a_full_disk_leaves_the_old_files) {
  mock_store many = numbers_from(3, 10);  // little data, but long tables of contents
  for (int i = 0; i < 200; ++i) many.add("empty_" + std::to_string(i), dtype::u32, {0});
  mock_store const large = numbers_from(4, 3000);
  auto const handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit unlimited{};
  BOOST_REQUIRE(getrlimit(RLIMIT_FSIZE, &unlimited) == 0);
  for (file_format const& format : file_formats())
    for (mock_store const* store : {&large, static_cast<mock_store const*>(&many)}) BOOST_TEST_CONTEXT(format.name) {
        folder here;
        std::filesystem::path const path = here.path / "w";
        format.write(path, *store);
        std::vector<std::string> const whole = texts(format, path);
        std::size_t const size = std::max(whole.front().size(), whole.back().size());
        std::vector<std::string> old(whole.size(), "old");
        put(format, path, old);
        for (std::size_t limit = 0; limit < size; limit += 1 + size / 12) {
          rlimit const small{limit, unlimited.rlim_max};
          BOOST_REQUIRE(setrlimit(RLIMIT_FSIZE, &small) == 0);
          std::string message;
          try {
            format.write(path, *store);
          } catch (ambit::file_error const& error) {
            message = error.what();
          }
          setrlimit(RLIMIT_FSIZE, &unlimited);
          BOOST_TEST(contains(message, "ambit: cannot write \"" + path.string()));
          BOOST_TEST(contains(message, "File too large [FILE_ACCESS]"));
          BOOST_REQUIRE(texts(format, path) == old);
          BOOST_TEST(here.files() == old.size());
        }
        format.write(path, *store);
        BOOST_CHECK(texts(format, path) == whole);
      }
  std::signal(SIGXFSZ, handler);
}
#endif

BOOST_AUTO_TEST_SUITE_END()
