#include "pipeline/report/iso_week.h"

#include <fmt/format.h>

namespace pipeline::report {

using std::chrono::days;
using std::chrono::sys_days;

sys_days week_of(WallTime time) {
  const auto day = std::chrono::floor<days>(time);
  return day - (std::chrono::weekday(day) - std::chrono::Monday);
}

std::string week_name(sys_days monday) {
  const std::chrono::year year = std::chrono::year_month_day(monday + days(3)).year();  // that of its Thursday
  const sys_days first = week_of(sys_days(year / std::chrono::January / 4));            // the 4th is always in week 1
  return fmt::format("{:04}-W{:02}", static_cast<int>(year), (monday - first).count() / 7 + 1);
}

}  // namespace pipeline::report
