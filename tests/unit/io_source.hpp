// SPDX-License-Identifier: BSL-1.0
// A weight file without a file.
#pragma once

#include <ambit/io/file_tensor.hpp>

#include <bit>
#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace io_test {

class list_source {
 public:
  template <class T>
  void add(std::string name, ambit::dtype type, ambit::shape s, std::vector<T> const& values, std::size_t shift = 0) {
    auto& buffer = *buffers_.emplace_back(std::make_unique<std::vector<std::byte>>(shift + values.size() * sizeof(T)));
    if (!values.empty()) std::memcpy(buffer.data() + shift, values.data(), values.size() * sizeof(T));
    tensors_.push_back({std::move(name), type, s, std::span<std::byte const>(buffer).subspan(shift)});
  }
  [[nodiscard]] std::span<ambit::file_tensor const> tensors() const { return tensors_; }
  [[nodiscard]] std::string_view file() const { return "list"; }

 private:
  std::vector<std::unique_ptr<std::vector<std::byte>>> buffers_;
  std::vector<ambit::file_tensor> tensors_;
};

}  // namespace io_test
