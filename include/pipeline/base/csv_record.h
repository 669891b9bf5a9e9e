#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline {

// The fields of a CSV record, in one piece of memory that is used again for the next.
class CsvRecord {
 public:
  [[nodiscard]] std::size_t size() const noexcept { return ends_.size(); }
  [[nodiscard]] std::string_view operator[](std::size_t i) const noexcept {
    const std::size_t begin = i == 0 ? 0 : ends_[i - 1];
    return std::string_view(text_).substr(begin, ends_[i] - begin);
  }

  void clear() noexcept {
    text_.clear();
    ends_.clear();
  }
  void add(std::string_view field) {
    text_ += field;
    end_field();
  }
  // For who writes a field in place: append to text(), then end it.
  [[nodiscard]] std::string& text() noexcept { return text_; }
  void end_field() { ends_.push_back(text_.size()); }

 private:
  std::string text_;
  std::vector<std::size_t> ends_;
};

}  // namespace pipeline
