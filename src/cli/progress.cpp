#include "progress.h"

#include "pipeline/base/log.h"
#include "pipeline/base/text.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string_view>

namespace pipeline::cli {
namespace {

constexpr std::string_view kEraseLine = "\r\033[K";
constexpr auto kRedraw = std::chrono::milliseconds(200);
constexpr auto kLogEvery = std::chrono::seconds(10);
constexpr auto kPaceWindow = std::chrono::seconds(10);

std::string_view name_of(sync::Phase phase) noexcept {
  switch (phase) {
    case sync::Phase::token:
      return "token";
    case sync::Phase::list:
      return "list";
    case sync::Phase::details:
      return "details";
    case sync::Phase::checks:
      return "checks";
    case sync::Phase::removals:
      return "removals";
    case sync::Phase::done:
      return "done";
  }
  return "";
}

void put(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
}

std::size_t terminal_columns() {
  winsize size{};
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

}  // namespace

SyncProgress::SyncProgress(const Clock& clock, metrics::Metrics& metrics, bool shown)
    : clock_(clock),
      shown_(shown),
      terminal_(shown && ::isatty(STDERR_FILENO) == 1),
      throttled_list_(metrics.counter("api_429_total", {{"endpoint", "list"}})),
      throttled_detail_(metrics.counter("api_429_total", {{"endpoint", "detail"}})),
      next_(clock.now()) {
  if (terminal_)
    log::set_line_guard([](bool before) {
      if (before) put(kEraseLine);
    });
}

SyncProgress::~SyncProgress() {
  if (!terminal_) return;
  log::set_line_guard({});
  put(kEraseLine);
}

void SyncProgress::update(const sync::Progress& progress) {
  const auto now = clock_.now();
  const bool news = progress.phase != phase_;
  if (!shown_ || progress.phase == sync::Phase::done || (now < next_ && !news)) return;
  phase_ = progress.phase;
  next_ = now + (terminal_ ? Nanoseconds(kRedraw) : Nanoseconds(kLogEvery));
  if (terminal_) {
    put(fmt::format("{}{}", kEraseLine, shorten(line(progress), terminal_columns() - 1)));
    std::fflush(stderr);
  } else {
    log::info("{}", line(progress));
  }
}

std::string SyncProgress::line(const sync::Progress& progress) {
  const auto count = [](std::int64_t n) { return format_count(static_cast<std::uint64_t>(n)); };
  std::string text = fmt::format("sync {:<8}", name_of(progress.phase));
  if (progress.phase == sync::Phase::token) return text;
  text += fmt::format(" listed {}", count(progress.listed));
  if (progress.phase == sync::Phase::list && progress.list_total > 0) text += "/" + count(progress.list_total);
  text += fmt::format(" · details {}/{}", count(progress.details_done), count(progress.details_total));
  const double per_second = pace(progress);
  text += fmt::format(" · {:.1f}/s · 429s {}", per_second, throttled_list_.value() + throttled_detail_.value());
  if (progress.failed > 0) text += fmt::format(" · failed {}", count(progress.failed));
  const auto left = progress.details_total - progress.details_done;
  if (left > 0 && per_second > 0)
    text += fmt::format(" · {} left", format_duration(std::ceil(static_cast<double>(left) / per_second)));
  return text;
}

// Details a second over the last seconds: what the time left is reckoned by.
double SyncProgress::pace(const sync::Progress& progress) {
  const auto now = clock_.now();
  recent_.push_back({now, progress.details_done});
  while (recent_.size() > 2 && recent_.front().at + kPaceWindow < now) recent_.pop_front();
  const double seconds = to_seconds(now - recent_.front().at);
  return seconds > 0 ? static_cast<double>(progress.details_done - recent_.front().done) / seconds : 0;
}

}  // namespace pipeline::cli
