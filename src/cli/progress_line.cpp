#include "progress_line.h"

#include "pipeline/base/log.h"
#include "pipeline/base/text.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace pipeline::cli {
namespace {

constexpr std::string_view kEraseLine = "\r\033[K";
constexpr auto kRedraw = std::chrono::milliseconds(200);
constexpr auto kLogEvery = std::chrono::seconds(10);
constexpr auto kPaceWindow = std::chrono::seconds(10);

void put(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
}

std::size_t terminal_columns() {
  winsize size{};
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

// A terminal that can erase a line: TERM=dumb, of editors and old consoles, shows the codes themselves.
bool stderr_is_terminal() {
  const char* const kind = std::getenv("TERM");
  return ::isatty(STDERR_FILENO) == 1 && kind != nullptr && *kind != '\0' && std::string_view(kind) != "dumb";
}

}  // namespace

ProgressLine::ProgressLine(const Clock& clock, const Language& language, bool shown)
    : clock_(clock),
      language_(language),
      shown_(shown),
      terminal_(shown && stderr_is_terminal()),
      next_(clock.now() + (terminal_ ? Nanoseconds(kRedraw) : Nanoseconds(kLogEvery))) {
  if (terminal_)
    log::set_line_guard([](bool before) {
      if (before) put(kEraseLine);
    });
}

ProgressLine::~ProgressLine() {
  if (!terminal_) return;
  log::set_line_guard({});
  put(kEraseLine);
}

bool ProgressLine::is_due(bool news) {
  const auto now = clock_.now();
  if (!shown_ || (now < next_ && !news)) return false;
  next_ = now + (terminal_ ? Nanoseconds(kRedraw) : Nanoseconds(kLogEvery));
  return true;
}

void ProgressLine::show(const std::string& line) {
  if (terminal_) {
    put(fmt::format("{}{}", kEraseLine, shorten(language_.text(line), terminal_columns() - 1)));
    std::fflush(stderr);
  } else {
    log::info("{}", line);
  }
}

double Pace::add(SteadyTime now, double done) {
  recent_.push_back({now, done});
  while (recent_.size() > 2 && recent_.front().at + kPaceWindow < now) recent_.pop_front();
  const double seconds = to_seconds(now - recent_.front().at);
  return seconds > 0 ? (done - recent_.front().done) / seconds : 0;
}

}  // namespace pipeline::cli
