#include "upsert_progress.h"

#include "pipeline/base/text.h"

#include <fmt/format.h>

#include <cmath>

namespace pipeline::cli {

UpsertProgress::UpsertProgress(const Clock& clock, bool shown) : clock_(clock), line_(clock, shown) {
  (void)rows_.add(clock.now(), 0);
  (void)bytes_.add(clock.now(), 0);
}

void UpsertProgress::update(const upsert::Progress& progress) {
  if (line_.is_due()) line_.show(text(progress));
}

std::string UpsertProgress::text(const upsert::Progress& progress) {
  constexpr double kMegabyte = 1e6;
  const auto count = [](std::int64_t n) { return format_count(static_cast<std::uint64_t>(n)); };
  const double bytes = static_cast<double>(progress.bytes);
  const double rows_pace = rows_.add(clock_.now(), static_cast<double>(progress.rows));
  const double bytes_pace = bytes_.add(clock_.now(), bytes);
  std::string text = fmt::format("upsert rows {} · {}/s · {:.0f}", count(progress.rows), count(std::llround(rows_pace)),
                                 bytes / kMegabyte);
  if (progress.bytes_total > 0) text += fmt::format("/{:.0f}", static_cast<double>(progress.bytes_total) / kMegabyte);
  text += " MB";
  if (progress.rejected > 0) text += fmt::format(" · rejected {}", count(progress.rejected));
  const double left = static_cast<double>(progress.bytes_total) - bytes;
  if (left > 0 && bytes_pace > 0) text += fmt::format(" · {} left", format_time_left(left / bytes_pace));
  return text;
}

}  // namespace pipeline::cli
