#include "check_places.h"

#include "pipeline/base/error.h"

#include "places.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <system_error>

namespace pipeline::cli {
namespace {

namespace fs = std::filesystem;
using State = Finding::State;

// A file that an earlier run has made, perhaps as another user.
void check_may_be_written(std::string_view option, const fs::path& file) {
  if (::access(file.c_str(), F_OK) == 0 && ::access(file.c_str(), W_OK) != 0)
    throw UsageError(fmt::format("{}: cannot write {}: {}: give the file to the user whose nights these are", option,
                                 file.string(), std::strerror(errno)));
}

// It is made by the run that needs it.
std::string standing_of(const fs::path& folder) {
  std::error_code unknown;
  return fs::exists(folder, unknown) ? "can be written to" : "not there yet: the first run makes it";
}

Findings check_metrics(const fs::path& folder) {
  check_folder_place("--metrics-dir", folder);
  check_may_be_written("--metrics-dir", folder / "history.csv");
  return {{"metrics", State::ok, folder.string(), standing_of(folder)}};
}

Findings check_prometheus(const fs::path& file, const store::Database& database) {
  check_file_place("--prometheus", file);
  check_apart("--prometheus", file, database);
  return {{"prometheus", State::ok, file.string(), "can be written"}};
}

Findings check_out(const fs::path& folder) {
  check_folder_place("--out", folder);
  return {{"out", State::ok, folder.string(), standing_of(folder)}};
}

}  // namespace

Findings check_where_it_writes(const CommonOptions& common, const store::Database& database, const fs::path& out,
                               bool builds_posts) {
  Findings findings =
      look_at("metrics", common.metrics_dir.string(), [&] { return check_metrics(common.metrics_dir); });
  if (!common.prometheus.empty())
    append(findings, look_at("prometheus", common.prometheus.string(),
                             [&] { return check_prometheus(common.prometheus, database); }));
  if (builds_posts)
    append(findings, look_at("out", out.string(), [&] { return check_out(out); }));
  else
    findings.push_back(
        {"out", State::ok, out.string(), "not looked at: a night builds no posts, since none are named"});
  return findings;
}

Findings check_page(const fs::path& page) {
  check_file_place("--page", page);
  return {{"page", State::ok, page.string(), "can be written"}};
}

}  // namespace pipeline::cli
