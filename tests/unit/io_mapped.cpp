// SPDX-License-Identifier: BSL-1.0
// Files that are mapped, and those who would change them meanwhile.
#include "io_support.hpp"
#include <ambit/io/safetensors.hpp>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <iostream>
#include <thread>

#if defined(__linux__)
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#endif

using namespace io_test;
using ambit::dtype;
using ambit::safetensors;

namespace {

bytes const file = file_of(R"({"a":{"dtype":"F32","shape":[2048],"data_offsets":[0,8192]}})", 8192, 1);

mock_store* fresh(std::unique_ptr<mock_store>& store) {
  store = std::make_unique<mock_store>();
  store->add("a", dtype::f32, {2048});
  return store.get();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(io_mapped)

BOOST_AUTO_TEST_CASE(reads_what_reading_reads) {
  folder here;
  write_bytes(here.path / "f", file);
  safetensors mapped = safetensors::mapped(here.path / "f");
  safetensors const moved = std::move(mapped);
  safetensors const read{here.path / "f"};
  BOOST_TEST(!read.is_mapped());
  BOOST_TEST(moved.file() == read.file());
  std::unique_ptr<mock_store> a, b;
  BOOST_TEST(load(*fresh(a), moved).bound == 1);
  load(*fresh(b), read);
  BOOST_CHECK(a->data == b->data);
  BOOST_TEST(a->aligned);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_mapped_or_read) {
  folder here;
  BOOST_CHECK_THROW((void)safetensors::mapped(here.path / "none"), ambit::file_error);
  BOOST_CHECK_THROW((void)safetensors::mapped(here.path), ambit::file_error);
  write_bytes(here.path / "f", {});
  BOOST_CHECK_EXCEPTION((void)safetensors::mapped(here.path / "f"), ambit::file_error,
                        [](ambit::file_error const& e) { return contains(e.what(), "expected 8 bytes that hold"); });
  for (std::size_t size : {1U, 8U, 20U, 100U, 8000U}) {
    write_bytes(here.path / "f", std::span(file).first(size));
    BOOST_CHECK_THROW((void)safetensors::mapped(here.path / "f"), ambit::file_error);
  }
}

#if defined(__linux__)
BOOST_AUTO_TEST_CASE(nobody_cuts_it_meanwhile) {
  folder here;
  std::filesystem::path const path = here.path / "f";
  write_bytes(path, file);
  auto const open_to_write = [&] { return ::open(path.c_str(), O_WRONLY | O_NONBLOCK); };
  std::unique_ptr<mock_store> store;
  {
    safetensors const mapped = safetensors::mapped(path);
    if (!mapped.is_mapped()) {
      std::cout << "skipped: no leases on files here, so none is mapped; package: none\n";
      return;
    }
    load(*fresh(store), mapped);
    auto const untouched = store->data;
    store->writes = 0;
    // Somebody wants to write: refused, or made to wait, and the load tells.
    BOOST_TEST(open_to_write() == -1);
    BOOST_TEST((errno == EWOULDBLOCK || errno == EAGAIN));
    BOOST_CHECK_EXCEPTION(load(*store, mapped), ambit::file_error, [](ambit::file_error const& e) {
      return contains(e.what(), "expected nobody to change the file while it is mapped");
    });
    BOOST_TEST(store->writes == 0);
    BOOST_CHECK(store->data == untouched);
    // The bytes are still there.
    BOOST_CHECK(mapped.tensors()[0].bytes.back() == std::byte{1});
  }
  int const writer = open_to_write();
  BOOST_REQUIRE(writer >= 0);
  // While somebody has it open for writing it is read, and may shrink as it likes.
  safetensors const read = safetensors::mapped(path);
  BOOST_TEST(!read.is_mapped());
  BOOST_REQUIRE(::ftruncate(writer, 0) == 0);
  ::close(writer);
  load(*fresh(store), read);
  BOOST_CHECK(store->data[0] == bytes(8192, std::byte{1}));
}

BOOST_AUTO_TEST_CASE(who_would_cut_it_waits) {
  folder here;
  std::filesystem::path const path = here.path / "f";
  write_bytes(path, file);
  auto mapped = std::make_unique<safetensors>(safetensors::mapped(path));
  if (!mapped->is_mapped()) return;
  std::thread cutter([&] { std::filesystem::resize_file(path, 0); });
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  BOOST_TEST(std::filesystem::file_size(path) == file.size());
  BOOST_CHECK(mapped->tensors()[0].bytes.back() == std::byte{1});
  mapped.reset();
  cutter.join();
  BOOST_TEST(std::filesystem::file_size(path) == 0U);
}
#endif

BOOST_AUTO_TEST_SUITE_END()
