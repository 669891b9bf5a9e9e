#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace pipeline::emulator {

// Appends a JSON string literal with its quotes. UTF-8 goes through as it is.
void append_json_text(std::string_view text, std::string& out);
void append_number(std::int64_t number, std::string& out);

// Writes one JSON object straight into a string: pages of 500 rows are rendered while a lock is held. `rotation`
// members go from the front to the back, which is the same object in another order of keys.
class ObjectWriter {
 public:
  explicit ObjectWriter(std::string& out, std::size_t rotation = 0) : out_(out), rotation_(rotation) { out_ += '{'; }

  // The caller appends the value.
  void key(std::string_view key);
  void text(std::string_view name, std::string_view value) {
    key(name);
    append_json_text(value, out_);
  }
  void number(std::string_view name, std::int64_t value) {
    key(name);
    append_number(value, out_);
  }
  void boolean(std::string_view name, bool value) { raw(name, value ? "true" : "false"); }
  void raw(std::string_view name, std::string_view json) {
    key(name);
    out_ += json;
  }
  void end();

 private:
  std::string& out_;
  const std::size_t rotation_;
  std::size_t members_ = 0;
  std::size_t begin_ = out_.size() + 1;
  std::size_t split_ = 0;  // where the first member that stays in front starts
};

// Writes the commas of an array whose values the caller appends.
class ArrayWriter {
 public:
  explicit ArrayWriter(std::string& out) : out_(out) { out_ += '['; }
  void next() {
    if (!first_) out_ += ',';
    first_ = false;
  }
  void end() { out_ += ']'; }

 private:
  std::string& out_;
  bool first_ = true;
};

}  // namespace pipeline::emulator
