// SPDX-License-Identifier: BSL-1.0
// Files that lie: each is refused with file, key, byte offset, what was expected and what was found.
#include "io_support.hpp"
#include <ambit/io/safetensors.hpp>

#include <boost/test/unit_test.hpp>

#include <cstring>
#include <limits>
#include <optional>

using namespace io_test;
using ambit::dtype;
using ambit::safetensors;

namespace {

constexpr std::string_view good =
    R"({"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"U8","shape":[3],)"
    R"("data_offsets":[8,11]}})";

struct attack {
  char const* name;
  std::string header;
  std::size_t data;
  char const* key;
  char const* part;  // of the message
};

std::string tensor(std::string_view dtype, std::string_view shape, std::string_view offsets) {
  return R"({"a":{"dtype":)" + std::string(dtype) + R"(,"shape":)" + std::string(shape) + R"(,"data_offsets":)" +
         std::string(offsets) + "}}";
}
std::string two(std::string_view first, std::string_view second) {
  return R"({"a":{"dtype":"U8","shape":[4],"data_offsets":)" + std::string(first) +
         R"(},"b":{"dtype":"U8","shape":[4],"data_offsets":)" + std::string(second) + "}}";
}
std::string nest(int depth) {
  std::string out = R"({"a":{"x":)";
  for (int i = 0; i < depth; ++i) out += i % 2 == 0 ? "[" : R"({"y":)";
  out += "1";
  for (int i = depth; i-- > 0;) out += i % 2 == 0 ? "]" : "}";
  return out + R"(,"dtype":"U8","shape":[0],"data_offsets":[0,0]}})";
}

std::vector<attack> const attacks = {
    {"empty header", "", 0, "", "begins with '{', found an empty header"},
    {"an array", "[]", 0, "", "begins with '{', found \"[]\""},
    {"space before it", " {}", 0, "", "begins with '{'"},
    {"byte order mark", "\xEF\xBB\xBF{}", 0, "", "begins with '{'"},
    {"not UTF-8", "{\"\xFF\":1}", 0, "", R"(at byte 10: expected UTF-8, found the byte "\xff")"},
    {"overlong UTF-8", "{\"\xC0\x80\":1}", 0, "", "at byte 10: expected UTF-8"},
    {"surrogate UTF-8", "{\"\xED\xA0\x80\":1}", 0, "", "at byte 10: expected UTF-8"},
    {"cut UTF-8", "{\"\xE2\x82\":1}", 0, "", "at byte 10: expected UTF-8"},
    {"surrogate escape", R"({"\ud800":1})", 0, "", "expected JSON, found: syntax error"},
    {"NUL", std::string("{}\0\0garbage", 11), 0, "", "at byte 10: expected JSON, found a NUL byte"},
    {"cut JSON", R"({"a":{"dtype":"F32",)", 0, "a", "expected JSON"},
    {"text after it", "{} {}", 0, "", "expected JSON"},
    {"a comment", "{/* */}", 0, "", "expected JSON"},
    {"control character", "{\"a\x1b[31m\":{}}", 0, "", "expected JSON"},
    {"huge number", tensor("\"F32\"", "[1e999]", "[0,8]"), 8, "a", "expected JSON, found: number overflow"},
    {"tensor is a number", R"({"a":1})", 0, "a", "expected an object with dtype, shape and data_offsets, found 1"},
    {"tensor is null", R"({"a":null})", 0, "a", "found null"},
    {"tensor is an array", R"({"a":[]})", 0, "a", "found an array"},
    {"no dtype", R"({"a":{"shape":[0],"data_offsets":[0,0]}})", 0, "a", "found no dtype"},
    {"no shape", R"({"a":{"dtype":"U8","data_offsets":[0,0]}})", 0, "a", "found no shape"},
    {"no data_offsets", R"({"a":{"dtype":"U8","shape":[0]}})", 0, "a", "found no data_offsets"},
    {"nothing", R"({"a":{}})", 0, "a", "expected dtype, shape and data_offsets, found no dtype"},
    {"key twice",
     R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}})", 2,
     "a", "at byte 63: expected each key once"},
    {"key twice, escaped",
     R"({"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"\u0061":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}})",
     0, "a", "expected each key once"},
    {"field twice", R"({"a":{"dtype":"U8","dtype":"F32","shape":[0],"data_offsets":[0,0]}})", 0, "a",
     R"(expected each field once, found "dtype" again)"},
    {"metadata twice", R"({"__metadata__":{},"__metadata__":{}})", 0, "__metadata__", "expected each key once"},
    {"metadata key twice", R"({"__metadata__":{"k":"1","k":"2"}})", 0, "__metadata__", R"(found "k" again)"},
    {"metadata is text", R"({"__metadata__":"k"})", 0, "__metadata__",
     "expected an object from text to text, found \"k\""},
    {"metadata is null", R"({"__metadata__":null})", 0, "__metadata__",
     "expected an object from text to text, found null"},
    {"metadata of numbers", R"({"__metadata__":{"k":1}})", 0, "__metadata__",
     R"(expected text as the value of "k", found 1)"},
    {"metadata nests", R"({"__metadata__":{"k":{}}})", 0, "__metadata__", "found an object"},
    {"metadata lists", R"({"__metadata__":{"k":["v"]}})", 0, "__metadata__", "found an array"},
    {"unknown dtype", tensor("\"F8_E4M3\"", "[0]", "[0,0]"), 0, "a",
     "expected a dtype, one of BOOL U8 I8 I16 U16 F16 BF16 I32 U32 F32 C64 F64 I64 U64, found \"F8_E4M3\""},
    {"dtype in lower case", tensor("\"f32\"", "[0]", "[0,0]"), 0, "a", "found \"f32\""},
    {"dtype is a number", tensor("32", "[0]", "[0,0]"), 0, "a", "expected a dtype in quotes, found 32"},
    {"dtype to fool a terminal", tensor(R"("\u001b[2J\u0000")", "[0]", "[0,0]"), 0, "a", R"(found "\x1b[2J\x00")"},
    {"negative extent", tensor("\"U8\"", "[-1]", "[0,1]"), 1, "a",
     "expected an extent, a whole number from 0, found -1"},
    {"negative zero", tensor("\"U8\"", "[-0]", "[0,0]"), 0, "a", "expected an extent"},
    {"fractional extent", tensor("\"U8\"", "[1.0]", "[0,1]"), 1, "a",
     "expected an extent, a whole number from 0, found 1.0"},
    {"extent in quotes", tensor("\"U8\"", "[\"1\"]", "[0,1]"), 1, "a", "found \"1\""},
    {"extent is an array", tensor("\"U8\"", "[[1]]", "[0,1]"), 1, "a", "found an array"},
    {"extent is a boolean", tensor("\"U8\"", "[true]", "[0,1]"), 1, "a", "found true"},
    {"shape is a number", tensor("\"U8\"", "1", "[0,1]"), 1, "a", "expected an array of extents as the shape, found 1"},
    {"extent over 31 bits", tensor("\"U8\"", "[2147483648]", "[0,1]"), 1, "a", "expected extents up to 2147483647"},
    {"extent over 64 bits", tensor("\"U8\"", "[18446744073709551616]", "[0,1]"), 1, "a", "expected an extent"},
    {"product over 64 bits", tensor("\"U8\"", "[2147483647,2147483647,2147483647]", "[0,1]"), 1, "a",
     "expected a size that 64 bits can count, found uint8 (2147483647, 2147483647, 2147483647)"},
    {"bytes over 64 bits", tensor("\"F64\"", "[2147483647,2147483647,4]", "[0,0]"), 0, "a", "that 64 bits can count"},
    {"product wraps to the right size", tensor("\"U8\"", "[1073741824,1073741824,16]", "[0,0]"), 0, "a", "64 bits"},
    {"nine axes", tensor("\"U8\"", "[1,1,1,1,1,1,1,1,1]", "[0,1]"), 1, "a", "expected a shape of at most 8 extents"},
    {"one offset", tensor("\"U8\"", "[1]", "[1]"), 1, "a", "expected data_offsets of two numbers, found 1"},
    {"three offsets", tensor("\"U8\"", "[1]", "[0,1,1]"), 1, "a", "expected data_offsets of two numbers, found more"},
    {"negative offset", tensor("\"U8\"", "[1]", "[-1,0]"), 1, "a",
     "expected an offset, a whole number from 0, found -1"},
    {"fractional offset", tensor("\"U8\"", "[1]", "[0,1.5]"), 1, "a", "found 1.5"},
    {"offsets are an object", tensor("\"U8\"", "[1]", "{}"), 1, "a",
     "expected an array of two numbers as data_offsets"},
    {"reversed offsets", tensor("\"U8\"", "[1]", "[1,0]"), 1, "a", "begin <= end, found [1, 0]"},
    {"offsets past the end", tensor("\"U8\"", "[9]", "[0,9]"), 8, "a", "within the 8 bytes of data, found [0, 9]"},
    {"offsets far past the end", tensor("\"U8\"", "[1]", "[18446744073709551614,18446744073709551615]"), 8, "a",
     "within the 8 bytes"},
    {"too few bytes", tensor("\"F32\"", "[2]", "[0,4]"), 4, "a",
     "expected 8 bytes for float32 (2,), found data_offsets [0, 4] of 4"},
    {"too many bytes", tensor("\"F32\"", "[1]", "[0,8]"), 8, "a", "expected 4 bytes for float32 (1,)"},
    {"bytes for a scalar", tensor("\"F32\"", "[]", "[0,0]"), 0, "a", "expected 4 bytes for float32 ()"},
    {"overlap", two("[0,4]", "[2,6]"), 6, "b",
     R"(expected data of its own, found data_offsets [2, 6] that overlap [0, 4] of "a")"},
    {"the same data", two("[0,4]", "[0,4]"), 4, "b", "that overlap [0, 4] of \"a\""},
    {"hole", two("[0,4]", "[6,10]"), 10, "b",
     "begins at 4, where the tensor before ends, found [6, 10] and a hole of 2"},
    {"hole in front", tensor("\"U8\"", "[1]", "[1,2]"), 2, "a", "a hole of 1"},
    {"bytes after the last", two("[4,8]", "[0,4]"), 10, "",
     "expected the end of the file after the last tensor, found 2 more bytes"},
    {"data of nobody", "{}", 1, "", "at byte 10: expected the end of the file"},
    {"deep nesting", nest(129), 0, "a", "expected at most 128 nested values"},
    {"bottomless nesting", R"({"a":{"x":)" + std::string(1'000'000, '['), 0, "a", "expected at most 128 nested values"},
    {"nested tensors", R"({"a":{"b":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}})", 0, "a", "found no dtype"},
};

std::optional<std::string> refusal(std::span<std::byte const> file) {
  try {
    (void)safetensors::from_bytes(file, "evil.safetensors");
  } catch (ambit::file_error const& error) {
    return error.what();
  }
  return std::nullopt;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(io_safetensors_hostile)

BOOST_AUTO_TEST_CASE(each_attack_is_refused) {
  for (attack const& a : attacks) {
    BOOST_TEST_CONTEXT(a.name) {
      mock_store store;
      store.add("a", dtype::u8, {4});
      bytes const file = file_of(a.header, a.data);
      try {
        load(store, safetensors::from_bytes(file, "evil.safetensors"), {.ignore = {"*"}});
        BOOST_ERROR("accepted");
      } catch (ambit::file_error const& error) {
        BOOST_TEST(contains(error.what(), "ambit: cannot read \"evil.safetensors\": "));
        BOOST_TEST(contains(error.what(), a.part));
        BOOST_TEST(contains(error.what(), "at byte "));
        BOOST_TEST(contains(error.what(), "[BAD_FILE]"));
        BOOST_TEST(error.key() == a.key);
        BOOST_TEST(error.file() == "evil.safetensors");
        BOOST_REQUIRE(error.offset().has_value());
        BOOST_TEST(*error.offset() <= 8 + a.header.size() + a.data);
        BOOST_TEST(std::string(error.what()).size() < 1000U);
      }
      BOOST_TEST(store.writes == 0);
    }
  }
}

BOOST_AUTO_TEST_CASE(not_a_number_is_a_value) {
  bytes file = file_of(R"({"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}})", 12);
  float const odd[] = {std::numeric_limits<float>::signaling_NaN(), -std::numeric_limits<float>::infinity(), -0.0F};
  std::memcpy(file.data() + file.size() - sizeof odd, odd, sizeof odd);
  mock_store store;
  store.add("a", dtype::f32, {3});
  load(store, safetensors::from_bytes(file));
  BOOST_TEST(std::memcmp(store.data[0].data(), odd, sizeof odd) == 0);
}

BOOST_AUTO_TEST_CASE(names_are_no_paths) {
  folder here;
  std::string header = "{";
  mock_store store;
  for (std::string const name : {"../../etc/passwd", "/etc/passwd", "a/../../b", "C:x", "CON", ".", ""}) {
    header += (header.size() > 1 ? ",\"" : "\"") + name + R"(":{"dtype":"U8","shape":[0],"data_offsets":[0,0]})";
    store.add(name, dtype::u8, {0});
  }
  write_bytes(here.path / "f", file_of(header + '}', 0));
  BOOST_TEST(load(store, safetensors{here.path / "f"}).bound == 7);
  BOOST_TEST(here.files() == 1U);
}

// In memory and time that the header's size accounts for; what is said of it is short.
BOOST_AUTO_TEST_CASE(large_headers) {
  std::string header = R"({"__metadata__":{"k":")" + std::string(1 << 20, 'x') + "\"}";
  for (int i = 0; i < 20'000; ++i)
    header += ",\"t" + std::to_string(i) + R"(":{"dtype":"U8","shape":[0],"data_offsets":[0,0]})";
  bytes const file = file_of(header + '}' + std::string(1 << 20, ' '), 0);
  safetensors const large = safetensors::from_bytes(file);
  BOOST_TEST(large.tensors().size() == 20'000U);
  std::string const name(1 << 20, 'n');
  for (std::string const& bad :
       {header + R"(,"t7":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}})", header, "{\"" + name + "\":0}",
        "{\"a\":{\"dtype\":\"" + name + "\"}}", "{\"a\":" + std::string(1 << 20, '9') + '}'}) {
    std::optional<std::string> const message = refusal(file_of(bad, 0));
    BOOST_REQUIRE(message);
    BOOST_TEST(message->size() < 1000U);
  }
}

BOOST_AUTO_TEST_CASE(nesting_up_to_the_limit) { BOOST_CHECK(!refusal(file_of(nest(128), 0))); }

BOOST_AUTO_TEST_CASE(the_offset_is_the_last_byte_of_what_is_refused) {
  auto const offset = [](std::string_view header, std::size_t data) {
    try {
      (void)safetensors::from_bytes(file_of(header, data));
    } catch (ambit::file_error const& error) {
      return static_cast<std::ptrdiff_t>(*error.offset()) - 8;
    }
    return std::ptrdiff_t{-1};
  };
  auto const at = [](std::string_view header, std::string_view what) {
    return static_cast<std::ptrdiff_t>(header.find(what) + what.size() - 1);
  };
  std::string const dtype_wrong = tensor("\"F31\"", "[0]", "[0,0]");
  BOOST_TEST(offset(dtype_wrong, 0) == at(dtype_wrong, "\"F31\""));
  std::string const extent_wrong = tensor("\"F32\"", "[3,-17,2]", "[0,0]");
  BOOST_TEST(offset(extent_wrong, 0) == at(extent_wrong, "-17"));
  std::string const size_wrong = tensor("\"F32\"", "[3]", "[0,8]");
  BOOST_TEST(offset(size_wrong, 8) == at(size_wrong, "\"a\""));
}

BOOST_AUTO_TEST_CASE(lengths_that_lie) {
  auto const with_length = [](std::uint64_t length) {
    bytes file = file_of("{}", 0);
    for (std::size_t i = 0; i < 8; ++i) file[i] = static_cast<std::byte>(length >> (8 * i));
    return refusal(file).value_or("accepted");
  };
  BOOST_TEST(contains(with_length(3), "at byte 0: expected a header of 3 bytes, found 2 up to the end of the file"));
  BOOST_TEST(contains(with_length(100'000'000), "expected a header of 100000000 bytes, found 2"));
  BOOST_TEST(contains(with_length(100'000'001), "expected a header of at most 100000000 bytes"));
  BOOST_TEST(contains(with_length(~std::uint64_t{0}), "found a length of 18446744073709551615"));
  BOOST_TEST(contains(with_length(~std::uint64_t{0} - 7), "at most 100000000 bytes"));
  BOOST_TEST(contains(with_length(1), "expected JSON"));
  BOOST_TEST(contains(with_length(0), "an empty header"));
  BOOST_TEST(with_length(2) == "accepted");
}

BOOST_AUTO_TEST_CASE(cut_at_every_byte) {
  bytes const file = file_of(good, 11);
  BOOST_CHECK(!refusal(file));
  folder here;
  mock_store store;
  store.add("a", dtype::f32, {2});
  store.add("b", dtype::u8, {3});
  auto const untouched = store.data;
  for (std::size_t size = 0; size < file.size(); ++size) {
    std::optional<std::string> const message = refusal(std::span(file).first(size));
    BOOST_REQUIRE_MESSAGE(message, "accepted " << size << " bytes");
    BOOST_TEST(contains(*message, "expected "));
    write_bytes(here.path / "cut", std::span(file).first(size));
    BOOST_CHECK_THROW(load(store, safetensors{here.path / "cut"}), ambit::file_error);
  }
  BOOST_CHECK(store.data == untouched);
  write_bytes(here.path / "cut", file);
  load(store, safetensors{here.path / "cut"});
  BOOST_CHECK(store.data != untouched);
}

// Whatever a flipped bit makes of a file, it is read or refused; the sanitizers see the rest.
BOOST_AUTO_TEST_CASE(every_flipped_bit) {
  bytes const file = file_of(good, 11);
  int read = 0, refused = 0;
  for (std::size_t i = 0; i < file.size(); ++i)
    for (int bit = 0; bit < 8; ++bit) {
      bytes changed = file;
      changed[i] ^= static_cast<std::byte>(1 << bit);
      ++(refusal(changed) ? refused : read);
    }
  BOOST_TEST(read > 11 * 8);  // all of the data, letters of names
  BOOST_TEST(refused > read);
}

BOOST_AUTO_TEST_SUITE_END()
