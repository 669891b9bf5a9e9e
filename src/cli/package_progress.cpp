#include "package_progress.h"

#include "pipeline/base/text.h"

#include <fmt/format.h>

namespace pipeline::cli {

PackageProgress::PackageProgress(const Clock& clock, bool shown) : clock_(clock), line_(clock, shown) {
  (void)posts_.add(clock.now(), 0);
}

void PackageProgress::update(const package::Progress& progress) {
  if (line_.is_due()) line_.show(text(progress));
}

std::string PackageProgress::text(const package::Progress& progress) {
  const double pace = posts_.add(clock_.now(), static_cast<double>(progress.posts));
  std::string text = fmt::format("package posts {}/{} · {:.1f}/s", format_count(progress.posts),
                                 format_count(progress.posts_total), pace);
  if (progress.not_built > 0) text += fmt::format(" · not built {}", format_count(progress.not_built));
  const auto left = static_cast<double>(progress.posts_total - progress.posts);
  if (left > 0 && pace > 0) text += fmt::format(" · {} left", format_time_left(left / pace));
  return text;
}

}  // namespace pipeline::cli
