#include "generate_command.h"

#include "pipeline/base/ascii.h"
#include "pipeline/base/file.h"
#include "pipeline/base/folder.h"
#include "pipeline/base/text.h"
#include "pipeline/base/version.h"
#include "pipeline/store/packages.h"

#include "command_line.h"
#include "completion_values.h"
#include "completions.h"
#include "defaults.h"
#include "manual.h"
#include "option_kit.h"
#include "places.h"
#include "session.h"
#include "summary.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

namespace pipeline::cli {
namespace {

using Pages = std::vector<Page>;

// The day that the pages name. Who builds a package says it, so that the same source gives the same bytes
// (reproducible-builds.org/docs/source-date-epoch).
std::string day_of(const Clock& clock) {
  WallTime time = clock.wall();
  if (const char* said = std::getenv("SOURCE_DATE_EPOCH"))
    if (const auto seconds = parse_number<std::int64_t>(said)) time = WallTime(std::chrono::seconds(*seconds));
  return format_utc(time).substr(0, std::string_view("2026-11-27").size());
}

Pages completion_pages(const ProgramText& program) {
  return {{"pipeline", bash_completion(program)},
          {"_pipeline", zsh_completion(program)},
          {"pipeline.fish", fish_completion(program)}};
}

void write(const std::filesystem::path& folder, const Pages& pages, std::vector<std::string>& written) {
  make_folder(folder);
  for (const auto& [name, text] : pages) {
    AtomicFile file(folder / name);
    file.write(text);
    file.commit();
    written.push_back((folder / name).string());
  }
}

std::vector<std::string> content_ids(Session& session) {
  check_database(session.database());
  const store::Store store = session.open_store(store::Opening::Mode::read);
  std::vector<std::string> ids;
  store.packages->each_post([&](const store::PostRecord& post) { ids.push_back(post.content_id); });
  return ids;
}

std::vector<std::string> values_of(const GenerateCommand& command, Session& session) {
  if (command.values == kContentIds) return content_ids(session);
  if (command.values.empty() || command.common.config.empty()) return {};
  return store_names(command.common.config.string());
}

}  // namespace

HelpText GenerateCommand::help() const {
  return {.notes =
              "Manual pages are for man(1), completions for bash (`pipeline`), zsh (`_pipeline`) and fish "
              "(`pipeline.fish`). Both are\nmade from the same table as `--help`. The package installs them: this is "
              "for programs built by hand.\nSOURCE_DATE_EPOCH in the environment is the day that the pages name.\n",
          .examples =
              "pipeline generate --man ~/.local/share/man/man1\n"
              "pipeline generate --completions ~/.local/share/bash-completion/completions\n"
              "pipeline generate --values content-ids --db store.db\n"};
}

void GenerateCommand::add_options(CLI::App& app) {
  add_value(app, "--man", "DIR", man, "Write the manual pages into this folder")->configurable(false);
  add_value(app, "--completions", "DIR", completions, "Write the completions of bash, zsh and fish into this folder")
      ->configurable(false);
  add_value(app, "--values", "KIND", values,
            "Print what completion can offer: content-ids of the database, stores of the config file")
      ->check(one_of({kContentIds, kStores}))
      ->configurable(false);
}

void GenerateCommand::check(const CLI::App& /*line*/) {
  if (man.empty() && completions.empty() && values.empty())
    throw CLI::ValidationError("generate", "say what: --man DIR, --completions DIR, or --values KIND");
}

ExitCode GenerateCommand::run(Session& session) {
  session.begin(false);
  std::vector<std::string> written;
  const ProgramText program = program_text();
  if (!man.empty())
    write(man, manual_pages(program, {std::string(program_version()), day_of(session.clock())}), written);
  if (!completions.empty()) write(completions, completion_pages(program), written);
  const auto offered = values_of(*this, session);
  if (common.json) {
    auto json = session.head(ExitCode::ok);
    json["written"] = written;
    json["values"] = offered;
    session.output().write(document(json));
    return ExitCode::ok;
  }
  for (const std::string& value : offered) session.output().write(value + "\n");
  if (!common.quiet && !written.empty()) session.output().say(fmt::format("wrote {} files\n", written.size()));
  return ExitCode::ok;
}

}  // namespace pipeline::cli
