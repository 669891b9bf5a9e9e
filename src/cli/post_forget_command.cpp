#include "post_forget_command.h"

#include "pipeline/base/file.h"
#include "pipeline/base/kst_time.h"
#include "pipeline/base/log.h"
#include "pipeline/base/spelling.h"
#include "pipeline/base/text.h"
#include "pipeline/store/packages.h"

#include "option_kit.h"
#include "places.h"
#include "session.h"
#include "summary.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <set>
#include <system_error>
#include <utility>
#include <vector>

namespace pipeline::cli {
namespace {

namespace fs = std::filesystem;

// What there is of a post.
struct Traces {
  std::size_t pictures = 0;
  std::optional<store::PackageRecord> record;
  struct Package {
    fs::path file;
    std::uintmax_t bytes = 0;
  };
  std::vector<Package> packages;
};

Traces traces_of(const std::string& content_id, const fs::path& out, store::Packages& packages) {
  Traces traces;
  std::set<std::string> others;
  packages.each_image([&](std::string_view owner, const store::PackedImage&) {
    if (owner == content_id)
      ++traces.pictures;
    else
      others.emplace(owner);
  });
  traces.record = packages.find(content_id);
  for (const char* kind : {"naver", "unique"})
    if (auto file = out / fmt::format("{}_{}.zip", kind, content_id); is_there(file)) {
      std::error_code unknown;
      const auto bytes = fs::file_size(file, unknown);
      traces.packages.push_back({std::move(file), unknown ? 0 : bytes});
    }
  if (traces.pictures == 0 && !traces.record && traces.packages.empty() && !packages.find_post(content_id))
    throw UsageError(fmt::format("nothing is known of a post {}{}", content_id,
                                 did_you_mean(content_id, std::vector<std::string>(others.begin(), others.end()))));
  return traces;
}

std::string text_of(const std::string& content_id, const Traces& traces, const fs::path& out) {
  std::string text = fmt::format("of post {}:\n", content_id);
  text += fmt::format("  pictures that no other post may pack: {}\n", traces.pictures);
  if (traces.record) text += fmt::format("  built: {}\n", format_kst(traces.record->built_at));
  for (const auto& [file, bytes] : traces.packages)
    text += fmt::format("  package: {} ({:.1f} MB)\n", file.string(), static_cast<double>(bytes) / 1e6);
  if (traces.packages.empty() && traces.record)
    text += fmt::format("  no package of it is in {}: where it lies elsewhere, name the folder with --out\n",
                        fs::absolute(out).string());
  return text;
}

// The record first: what is left of a call that is cut short are files, which the next call finds.
void forget(const std::string& content_id, const Traces& traces, store::Packages& packages) {
  packages.forget_post(content_id);
  for (const auto& [file, bytes] : traces.packages) {
    std::error_code error;
    fs::remove(file, error);
    if (error)
      throw Error(fmt::format("the pictures of {} are free, but {} cannot be removed: {}", content_id, file.string(),
                              error.message()));
  }
}

}  // namespace

HelpText PostForgetCommand::help() const {
  return {
      .notes =
          "Of a post that is gone for good, or has a new content_id: its pictures may be packed for other posts "
          "again,\n"
          "and its packages are removed. The post's own folder stays. What would go is shown; without --yes nothing\n"
          "goes, and the exit code is 2.\n",
      .examples =
          "pipeline post forget POST001 --dry-run --db store.db\n"
          "pipeline post forget POST001 --out packages --yes --db store.db\n"};
}

void PostForgetCommand::add_options(CLI::App& app) {
  app.add_option("CONTENT_ID", content_id, "The post, by its content_id")
      ->type_name("")
      ->required()
      ->configurable(false);
  add_value(app, "--out", "DIR", out, "Where its packages are");
  app.add_flag("--yes", yes, "It is meant")->configurable(false);
}

ExitCode PostForgetCommand::run(Session& session) {
  session.begin(false);
  check_database(session.database());
  const bool forgets = yes && !common.dry_run;
  if (forgets) session.lock(Nanoseconds::zero());  // a run of package holds in memory whose pictures are whose
  const store::Store store = session.open_store(forgets ? store::Opening::Mode::write : store::Opening::Mode::read);
  const Traces traces = traces_of(content_id, out, *store.packages);
  const ExitCode code = forgets || common.dry_run ? ExitCode::ok : ExitCode::usage;
  if (forgets) forget(content_id, traces, *store.packages);
  if (common.json) {
    auto json = session.head(code);
    json["content_id"] = content_id;
    json["forgotten"] = forgets;
    json["pictures"] = traces.pictures;
    json["packages"] = nlohmann::ordered_json::array();
    for (const auto& package : traces.packages) json["packages"].push_back(package.file.string());
    session.output().write(document(json));
  } else if (!common.quiet) {
    session.output().say(text_of(content_id, traces, out) + (forgets ? "forgotten\n" : "nothing was changed\n"));
    if (code == ExitCode::usage) session.output().say("to do it, say that it is meant with --yes\n");
  }
  if (code == ExitCode::usage) log::error("post forget: say that it is meant with --yes");
  return code;
}

}  // namespace pipeline::cli
