#include "output.h"

#include "pipeline/base/file.h"

#include <unistd.h>

#include <cstddef>

namespace pipeline::cli {
namespace {

constexpr std::size_t kPiece = 65'536;

}  // namespace

void Output::write(std::string_view text) {
  buffer_ += text;
  if (buffer_.size() >= kPiece) flush();
}

void Output::flush() {
  if (buffer_.empty() || failed_) return;
  if (into_ != nullptr) {
    *into_ += std::exchange(buffer_, {});
    return;
  }
  begun_ = failed_ = true;
  write_all(STDOUT_FILENO, buffer_, "standard output");
  failed_ = false;
  buffer_.clear();
}

bool Output::take_back() noexcept {
  if (begun_ || failed_) return false;
  buffer_.clear();
  return true;
}

}  // namespace pipeline::cli
