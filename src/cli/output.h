#pragma once

#include "language.h"

#include <string>
#include <string_view>
#include <utility>

namespace pipeline::cli {

// Standard output. All that the program says there goes through the one object that main() has, in large pieces, and a
// piece that can't be written is an error: Error where the output is full or closed, ReaderGoneError where it is a pipe
// that nobody reads any more. After that nothing more is written. Belongs to one thread at a time.
class Output {
 public:
  Output() = default;
  // Into a text, for who puts it into something larger.
  explicit Output(std::string& into) : into_(&into) {}
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  // What say() is put into.
  void speak(Language language) { language_ = std::move(language); }
  [[nodiscard]] const Language& language() const noexcept { return language_; }

  // Throws what flush() throws.
  void write(std::string_view text);
  // The same, for people: in their language.
  void say(std::string_view english) { write(language_.text(english)); }

  // Hands over what is left. Called at the end of all; what is not flushed is lost.
  void flush();

  // Drops what was written if nothing of it has left yet, so that something else can be said in its place. False: it is
  // too late for that, or the output has failed.
  [[nodiscard]] bool take_back() noexcept;

 private:
  std::string* into_ = nullptr;
  Language language_;
  std::string buffer_;
  bool begun_ = false;
  bool failed_ = false;
};

}  // namespace pipeline::cli
