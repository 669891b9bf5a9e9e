#include "night_command.h"

#include "pipeline/base/log.h"
#include "pipeline/naver/credentials.h"
#include "pipeline/status/status.h"

#include "command_line.h"
#include "defaults.h"
#include "option_kit.h"
#include "package_command.h"
#include "places.h"
#include "session.h"
#include "summary.h"
#include "todo_text.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <functional>
#include <optional>
#include <utility>

namespace pipeline::cli {
namespace {

using nlohmann::ordered_json;

// A stage of the night: what it came to, or why it was left out.
struct Stage {
  std::string name;
  ExitCode code = ExitCode::ok;
  std::string skipped;  // why; empty: it ran
  std::string verdict;
  ordered_json summary = nullptr;
};

class Night {
 public:
  Night(const NightCommand& command, Session& session) : command_(command), session_(session) {}

  void run() {
    stage("sync", {"sync"});
    stage("package", {"package", "--from-queue"});
    if (!command_.page.empty()) stage("report html", {"report", "html", "--out", command_.page.string()});
    const std::string config = command_.common.config.string();
    if (!config.empty() && config_says(config, "prune", "keep")) stage("prune", {"prune", "--yes"});
  }

  [[nodiscard]] ExitCode code() const noexcept {
    ExitCode code = ExitCode::ok;
    for (const Stage& stage : stages_) code = worse(code, stage.code);
    return code;
  }

  [[nodiscard]] std::string verdict() const {
    std::string text;
    for (const Stage& stage : stages_) {
      const std::string& said = stage.skipped.empty() ? stage.verdict : stage.skipped;
      text += (text.empty() ? "" : "; ") + said;
    }
    return text;
  }

  [[nodiscard]] ordered_json json() const {
    auto list = ordered_json::array();
    for (const Stage& stage : stages_)
      list.push_back({{"stage", stage.name},
                      {"status", stage.skipped.empty() ? status_word(stage.code) : "skipped"},
                      {"exit_code", stage.skipped.empty() ? ordered_json(static_cast<int>(stage.code)) : nullptr},
                      {"skipped", or_null(stage.skipped)},
                      {"summary", stage.summary}});
    return list;
  }

 private:
  void stage(const std::string& name, std::vector<std::string> arguments) {
    Stage& done = stages_.emplace_back(Stage{.name = name, .skipped = {}, .verdict = {}});
    if (was_interrupted_) {
      done.skipped = fmt::format("{}: left out, since the night was interrupted", name);
      return;
    }
    try {
      Call call = parse(std::move(arguments));
      done.skipped = reason_to_skip(call);
      if (done.skipped.empty()) run(call, done);
    } catch (const Error& e) {
      done.code = e.code();
      done.verdict = verdict_text(name, e.code(), e.what());
      log::error("{}: {}", name, e.what());
    }
    if (!done.skipped.empty()) log::info("{}", done.skipped);
    was_interrupted_ = done.code == ExitCode::interrupted || done.code == ExitCode::terminated;
  }

  // As though it had been called by itself: its options are those of the config file and the environment.
  [[nodiscard]] Call parse(std::vector<std::string> arguments) const {
    const CommonOptions& ours = command_.common;
    if (!ours.config.empty()) arguments.insert(arguments.end(), {"--config", ours.config.string()});
    if (!ours.store.empty()) arguments.insert(arguments.end(), {"--store", ours.store});
    std::vector<const char*> words{"pipeline"};
    for (const std::string& argument : arguments) words.push_back(argument.c_str());
    Call call = parse_command_line(static_cast<int>(words.size()), words.data(), naver::process_environment);
    CommonOptions& common = call.command->common;
    common.db = ours.db;
    common.metrics_dir = ours.metrics_dir;
    common.language = ours.language;
    common.log_level = ours.log_level;
    common.log_format = ours.log_format;
    common.trace_id = ours.trace_id;
    common.quiet = ours.quiet;
    common.no_progress = ours.no_progress;
    common.json = ours.json;
    common.within_night = true;
    return call;
  }

  [[nodiscard]] std::string reason_to_skip(const Call& call) const {
    const auto* const package = dynamic_cast<const PackageCommand*>(call.command.get());
    if (package == nullptr) return {};
    if (package->posts_dir.empty())
      return "package: left out, since no folder of posts is named: in the config file, [package] posts = \"…\"";
    if (!session_.database().is_there()) return "package: left out, since there is no database yet";
    return {};
  }

  // Its words go out at once; its JSON is part of ours.
  void run(const Call& call, Stage& done) {
    std::string document;
    Output kept(document);
    Output& output = command_.common.json ? kept : session_.output();
    Session stage(call.entry->name, call.command->common, output, &session_.pictures());
    stage.share_database_of(session_);
    done.code = stage.end(*call.entry, *call.command);
    done.verdict = stage.verdict().empty() ? verdict_text(done.name, done.code, "") : stage.verdict();
    if (command_.common.json) {
      kept.flush();
      done.summary = ordered_json::parse(document, nullptr, false);
    }
  }

  const NightCommand& command_;
  Session& session_;
  std::vector<Stage> stages_;
  bool was_interrupted_ = false;
};

std::optional<status::Status> standing(Session& session) {
  if (!session.database().is_there()) return std::nullopt;
  store::Store store = session.database().open(session.clock(), {.mode = store::Opening::Mode::read});
  return status::read_status(session.database(), store, session.clock());
}

}  // namespace

HelpText NightCommand::help() const {
  return {
      .notes =
          "Runs `sync`, then `package --from-queue` where [package] posts names the folder of posts, then makes the "
          "page,\nand says what there is to do. Their options are those of the config file's tables [sync] and "
          "[package].\nWhere it has [prune] keep, what is older is pruned. One lock, one log, one notification; the "
          "exit "
          "code is the\nworst of the stages': 130/143, 2, 1, 75, 3, 4, 0.\n",
      .examples =
          "pipeline night --config /etc/pipeline/pipeline.toml\n"
          "pipeline night --config pipeline.toml --page page.html --notify slack:https://hooks.slack.com/…\n"
          "pipeline night --config pipeline.toml --all --parallel 4\n"};
}

void NightCommand::add_options(CLI::App& app) {
  add_value(app, "--page", "FILE", page, "The page that `report html` makes, for the morning");
}

ExitCode NightCommand::run(Session& session) {
  session.database().check_place();
  if (!page.empty()) check_file_place("--page", page);
  const store::Database::Lock lock = session.database().lock("pipeline night", session.clock().wall());
  session.begin(false);
  Night night(*this, session);
  night.run();
  const auto status = standing(session);
  const std::string todo = !status               ? ""
                           : status->todo() == 0 ? brief_text(*status)
                                                 : fmt::format("To do: {}", brief_text(*status));
  const ExitCode code = night.code();
  session.conclude(night.verdict());
  if (common.json) {
    auto json = session.head(code);
    json["seconds"] = session.seconds();
    json["verdict"] = night.verdict();
    json["stages"] = night.json();
    json["todo"] = ordered_json::object();
    for (const TodoKind& kind : todo_kinds())
      json["todo"][std::string(kind.name)] = status ? (*status.*kind.list).size() : 0;
    session.output().write(document(json));
  } else if (!common.quiet) {
    session.output().say("\n" + night.verdict() + "\n" + (todo.empty() ? "" : todo + "\n"));
  }
  return code;
}

}  // namespace pipeline::cli
