// SPDX-License-Identifier: BSL-1.0
// Values that stay in their file until they are loaded, and what happens to the file by then.
#if __has_include(<protozero/pbf_reader.hpp>)
#include "io_checkpoint_support.hpp"
#endif
#include "io_formats.hpp"
#include "io_support.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <iostream>
#include <thread>
#include <vector>

#if defined(__linux__)
#include <fcntl.h>
#include <unistd.h>
#endif

using namespace io_test;
using ambit::dtype;
using std::filesystem::path;

namespace {

// Reads `path` as a checkpoint or as safetensors, with the file that holds the values.
struct safetensors_files {
  static ambit::safetensors open(path const& p) { return ambit::safetensors(p); }
  static void write(path const& p, mock_store const& s) { ambit::write_safetensors(p, s); }
  static path data(path const& p) { return p; }
};
#if __has_include(<protozero/pbf_reader.hpp>)
struct checkpoint_files {
  static ambit::checkpoint open(path const& p) { return ambit::checkpoint(p); }
  static void write(path const& p, mock_store const& s) { ambit::write_checkpoint(p, s); }
  static path data(path const& p) { return p.string() + ".data-00000-of-00001"; }
};
#endif

template <class F>
void each_format(F f) {
  f(safetensors_files{});
#if __has_include(<protozero/pbf_reader.hpp>)
  f(checkpoint_files{});
#endif
}

// Longer than the clock of a file needs to tell two changes.
void grow_old() { std::this_thread::sleep_for(std::chrono::milliseconds(60)); }

struct saved {
  explicit saved(unsigned seed = 5) : store(numbers_from(seed, 5000)) {}
  template <class Format>
  path write(Format) {
    path const p = here.path / "r";
    Format::write(p, store);
    grow_old();
    return p;
  }
  folder here;
  mock_store store;
};

// Another value in the middle of a file: in place, of the same size.
void change_in_place(path const& file) {
  std::fstream out(file, std::ios::in | std::ios::out | std::ios::binary);
  out.seekp(static_cast<std::streamoff>(std::filesystem::file_size(file) / 2));
  out << "changed";
}

bool has_changed(ambit::file_error const& e) {
  return contains(e.what(), "expected the file as it was when it was opened, found that it has changed since") &&
         contains(e.what(), "[BAD_FILE]") && e.offset();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(io_left)

BOOST_AUTO_TEST_CASE(loaded_looked_at_and_loaded_again) {
  each_format([](auto format) {
    saved f;
    path const p = f.write(format);
    mock_store a = like(f.store), b = like(f.store), c = like(f.store);
    load(a, format.open(p));
    BOOST_CHECK(a.data == f.store.data);
    auto moved = format.open(p);
    auto const file = std::move(moved);
    load(b, file);
    BOOST_CHECK(b.data == f.store.data);
    BOOST_REQUIRE(file.tensors().size() == 1U);
    ambit::file_tensor const& t = file.tensors()[0];
    BOOST_TEST(t.name == "v");
    BOOST_CHECK(std::equal(t.bytes.begin(), t.bytes.end(), f.store.data[0].begin(), f.store.data[0].end()));
    BOOST_TEST(reinterpret_cast<std::uintptr_t>(t.bytes.data()) % alignof(std::max_align_t) == 0U);
    std::filesystem::remove_all(f.here.path);  // what was looked at is in memory
    load(c, file);
    BOOST_CHECK(c.data == f.store.data);
    BOOST_TEST((a.aligned && b.aligned && c.aligned));
    BOOST_TEST(check(c, file).ok());
  });
}

BOOST_AUTO_TEST_CASE(a_file_that_is_replaced_is_still_the_old_one) {
  each_format([](auto format) {
    saved f;
    path const p = f.write(format);
    auto const loaded = format.open(p), looked_at = format.open(p);
    format.write(p, numbers_from(6, 5000));
    mock_store store = like(f.store);
    load(store, loaded);
    BOOST_CHECK(store.data == f.store.data);
    BOOST_CHECK(
        std::equal(looked_at.tensors()[0].bytes.begin(), looked_at.tensors()[0].bytes.end(), f.store.data[0].begin()));
    load(store, format.open(p));
    BOOST_CHECK(store.data != f.store.data);
  });
}

BOOST_AUTO_TEST_CASE(a_file_that_is_changed_in_place_is_refused) {
  {
    saved f;
    path const p = f.write(safetensors_files{});
    ambit::safetensors const file(p);
    change_in_place(p);
    try {
      (void)file.tensors();
      std::cout << "skipped: no leases on files here, so all are read at once; package: none\n";
      return;
    } catch (ambit::file_error const&) {
    }
  }
  each_format([](auto format) {
    for (bool const cut : {false, true}) {
      saved f;
      path const p = f.write(format);
      auto const file = format.open(p), read = format.open(p);
      (void)read.tensors();
      if (cut)
        std::filesystem::resize_file(format.data(p), 100);
      else
        change_in_place(format.data(p));
      mock_store store = like(f.store);
      auto const untouched = store.data;
      BOOST_CHECK_EXCEPTION(load(store, file), ambit::file_error, has_changed);
      BOOST_CHECK_EXCEPTION((void)try_load(store, file), ambit::file_error, has_changed);
      BOOST_CHECK_EXCEPTION((void)check(store, file), ambit::file_error, has_changed);
      BOOST_CHECK_EXCEPTION((void)file.tensors(), ambit::file_error, has_changed);
      BOOST_TEST(store.writes == 0);
      BOOST_CHECK(store.data == untouched);
      load(store, read);
      BOOST_CHECK(store.data == f.store.data);
    }
  });
}

BOOST_AUTO_TEST_CASE(every_kind_of_tensor) {
  each_format([](auto format) {
    saved f;
    f.store = varied_store("odd");
    path const p = f.write(format);
    mock_store store = like(f.store), wide, bad = like(f.store);
    load(store, format.open(p));
    BOOST_CHECK(store.data == f.store.data);
    wide.add("w", dtype::f64, {3, 2});
    load(wide, format.open(p),
         {.ignore = {"odd", "flags", "none"},
          .renames = {{"model/fc1/kernel", "w", ambit::transposed}},
          .convert = true});
    double first[2];
    std::memcpy(first, wide.data[0].data(), sizeof first);
    BOOST_TEST(first[0] == 1);
    BOOST_TEST(first[1] == 4);
    BOOST_TEST((store.aligned && wide.aligned));

    auto const untouched = bad.data;
    f.store.set<char>(3, {1, 2, 1});  // no bool
    BOOST_TEST(try_load(bad, format.open(f.write(format))).invalid.size() == 1U);
    BOOST_TEST(bad.writes == 0);
    BOOST_CHECK(bad.data == untouched);
  });
}

#if __has_include(<protozero/pbf_reader.hpp>)
// Whole tensors stay in both data files; what is in slices is made whole in memory.
BOOST_AUTO_TEST_CASE(a_checkpoint_of_whole_and_of_sliced_tensors) {
  auto const rows = [](std::int64_t start, std::int64_t count) { return bundle::slice{{{start, count}, {0, -1}}}; };
  for (bool const only_slices : {false, true}) {
    folder here;
    bundle made(2);
    made.add_sliced("v", 1, {3, 2}, {rows(0, 2), rows(2, 1)});
    made.add_slice("v", rows(2, 1), 1, {1, 2}, floats({5, 6}), 0);
    if (!only_slices) made.add("a", 1, {2}, floats({7, 8}), 0);
    if (!only_slices) made.add("b", 4, {1}, "b", 1);  // what comes next is misaligned
    if (!only_slices) made.add("c", 1, {1}, floats({9}), 1);
    made.add_slice("v", rows(0, 2), 1, {2, 2}, floats({1, 2, 3, 4}), 1);
    made.write(here.path / "m");
    grow_old();
    mock_store expected, store;
    for (mock_store* s : {&expected, &store}) {
      s->add("v", dtype::f32, {3, 2});
      if (only_slices) continue;
      s->add("a", dtype::f32, {2});
      s->add("b", dtype::u8, {1});
      s->add("c", dtype::f32, {1});
    }
    expected.set<float>(0, {1, 2, 3, 4, 5, 6});
    if (!only_slices) {
      expected.set<float>(1, {7, 8});
      expected.set<char>(2, {'b'});
      expected.set<float>(3, {9});
    }
    ambit::checkpoint const file(here.path / "m");
    load(store, file);
    BOOST_CHECK(store.data == expected.data);
    BOOST_TEST(store.aligned);
    for (ambit::file_tensor const& t : file.tensors()) BOOST_TEST(!t.bytes.empty());
    store = like(expected);
    load(store, file);
    BOOST_CHECK(store.data == expected.data);
    if (!only_slices) continue;
    ambit::checkpoint const in_memory(here.path / "m");
    change_in_place(here.path / "m.data-00000-of-00002");
    load(store, in_memory);
    BOOST_CHECK(store.data == expected.data);
  }
}
#endif

// What a load holds stays where it is while somebody else has the file read, whose mapping is then needed no more.
BOOST_AUTO_TEST_CASE(a_load_goes_on_while_the_values_are_read) {
  each_format([](auto format) {
    saved f;
    auto const file = format.open(f.write(format));
    auto const held = file.hold();
    (void)file.tensors();
    auto const bytes = held.tensors()[0].bytes;
    held.fetch(bytes);
    BOOST_CHECK(std::equal(bytes.begin(), bytes.end(), f.store.data[0].begin(), f.store.data[0].end()));
  });
}

BOOST_AUTO_TEST_CASE(several_threads_at_once) {
  each_format([](auto format) {
    saved f;
    auto const file = format.open(f.write(format));
    std::vector<std::thread> threads;
    std::vector<mock_store> stores;
    for (int i = 0; i < 4; ++i) stores.push_back(like(f.store));
    for (std::size_t i = 0; i < stores.size(); ++i)
      threads.emplace_back([&file, &store = stores[i], i] {
        if (i % 2 == 1) (void)file.tensors();
        load(store, file);
      });
    for (std::thread& t : threads) t.join();
    for (mock_store const& s : stores) BOOST_CHECK(s.data == f.store.data);
  });
}

#if defined(__linux__)
BOOST_AUTO_TEST_CASE(nobody_waits_but_for_a_load) {
  each_format([](auto format) {
    saved f;
    path const p = f.write(format), data = format.data(p);
    auto const open_to_write = [&] { return ::open(data.c_str(), O_WRONLY | O_NONBLOCK); };
    auto const file = format.open(p);
    mock_store store = like(f.store);
    int writer = open_to_write();
    BOOST_REQUIRE(writer >= 0);
    load(store, file);  // there is no lease while it is open for writing: read, and found unchanged
    BOOST_CHECK(store.data == f.store.data);
    ::close(writer);

    auto const other = format.open(p);
    {
      auto const held = other.hold();
      held.require_unchanged();
      writer = open_to_write();
      if (writer >= 0) {
        std::cout << "skipped: no leases on files here, so all are read at once; package: none\n";
        ::close(writer);
        return;
      }
      auto const refused = [](ambit::file_error const& e) {
        return contains(e.what(), "expected nobody to change the file while it is mapped") && e.offset();
      };
      BOOST_CHECK_EXCEPTION(held.require_unchanged(), ambit::file_error, refused);
      BOOST_CHECK_EXCEPTION(held.fetch(held.tensors()[0].bytes), ambit::file_error, refused);
    }
    load(store, other);
    writer = open_to_write();
    BOOST_REQUIRE(writer >= 0);
    BOOST_REQUIRE(::ftruncate(writer, 0) == 0);
    ::close(writer);
  });
}
#endif

#if __has_include(<protozero/pbf_reader.hpp>)
BOOST_AUTO_TEST_CASE(a_damaged_old_checkpoint_is_refused_when_it_is_opened) {
  saved f;
  path const p = f.write(checkpoint_files{});
  change_in_place(checkpoint_files::data(p));
  grow_old();
  BOOST_CHECK_EXCEPTION(ambit::checkpoint{p}, ambit::file_error, [](ambit::file_error const& e) {
    return contains(e.what(), "expected the checksum that the index has, found another") && e.key() == "v";
  });
}
#endif

BOOST_AUTO_TEST_SUITE_END()
