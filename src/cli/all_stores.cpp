#include "all_stores.h"

#include "pipeline/base/file.h"
#include "pipeline/base/interrupt.h"
#include "pipeline/base/log.h"
#include "pipeline/base/text.h"
#include "pipeline/naver/credentials.h"

#include "child_process.h"
#include "command_line.h"
#include "defaults.h"
#include "engine.h"
#include "night_command.h"
#include "session.h"
#include "summary.h"
#include "table.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <map>
#include <optional>
#include <system_error>
#include <thread>

namespace pipeline::cli {
namespace {

using nlohmann::ordered_json;

constexpr auto kStoresPoll = std::chrono::milliseconds(20);
constexpr std::size_t kNoteColumns = 60;

// A store's run, under way or ended.
struct StoreRun {
  std::string store;
  ChildProcess process;
  ExitCode code = ExitCode::failed;
  ordered_json summary = nullptr;  // null: it has given none
};

// The call's own arguments for one store: its summary comes as JSON, whatever is shown of it.
std::vector<std::string> arguments_for(const std::string& store, const std::vector<std::string>& arguments,
                                       unsigned traits) {
  std::vector<std::string> own;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (argument == "--parallel") ++i;
    if (argument == "--all" || argument == "--json" || argument.starts_with("--parallel")) continue;
    own.push_back(argument);
  }
  own.insert(own.end(), {"--store", store, "--json"});
  if ((traits & kProgress) != 0) own.emplace_back("--no-progress");
  return own;
}

ExitCode code_of(int status) noexcept {
  for (const ExitCode code : {ExitCode::ok, ExitCode::usage, ExitCode::partial, ExitCode::over_budget,
                              ExitCode::try_later, ExitCode::interrupted, ExitCode::terminated})
    if (status == static_cast<int>(code)) return code;
  return ExitCode::failed;
}

// What matters of a store's summary, in a few words.
std::string note_of(const ordered_json& summary) {
  if (!summary.is_object()) return "it has said nothing: see its log";
  if (const auto stopped = summary.find("stopped"); stopped != summary.end() && stopped->is_string())
    return stopped->get<std::string>();
  if (const auto verdict = summary.find("verdict"); verdict != summary.end() && verdict->is_string())
    return verdict->get<std::string>();
  std::string note;
  const auto add = [&](const char* key, std::int64_t number) {
    if (number > 0) note += fmt::format("{}{} {}", note.empty() ? "" : ", ", key, count(number));
  };
  if (const auto todo = summary.find("todo"); todo != summary.end() && todo->is_object())
    for (const auto& [kind, list] : todo->items())
      add(kind.c_str(), static_cast<std::int64_t>(list.is_array() ? list.size() : 0));
  for (const char* key : {"listed", "new", "changed", "removed", "failed"})
    if (const auto number = summary.find(key); number != summary.end() && number->is_number_integer())
      add(key, number->get<std::int64_t>());
  return note;
}

std::string table_of(const std::vector<StoreRun>& runs, const Language& language) {
  std::vector<std::vector<std::string>> lines{{"STORE", "ENDED", "CODE", "TIME", "NOTE"}};
  for (const StoreRun& run : runs) {
    const bool is_object = run.summary.is_object();
    lines.push_back(
        {run.store, std::string(status_word(run.code)), std::to_string(static_cast<int>(run.code)),
         is_object && run.summary.contains("seconds") ? format_duration(run.summary["seconds"].get<double>()) : "",
         shorten(language.text(note_of(run.summary)), kNoteColumns)});
  }
  return table_text(std::move(lines), "lLrrl", language);
}

ordered_json json_of(const std::vector<StoreRun>& runs) {
  auto list = ordered_json::array();
  for (const StoreRun& run : runs)
    list.push_back({{"store", run.store},
                    {"status", status_word(run.code)},
                    {"exit_code", static_cast<int>(run.code)},
                    {"summary", run.summary}});
  return list;
}

// Two stores in one database would each find the other's products gone.
void refuse_shared(const std::string& config, const std::vector<StoreRun>& runs) {
  std::map<std::string, std::string> store_of;  // a database; empty: the one that all share
  for (const StoreRun& run : runs) {
    std::string db = store_values(config, run.store)["db"];
    if (!db.empty()) db = choose_database(db)->name();
    std::error_code unknown;  // a ring of links: whoever opens it says so
    const auto place = std::filesystem::weakly_canonical(db, unknown);
    const auto [known, is_new] =
        store_of.emplace(unknown ? std::filesystem::path(db).lexically_normal().string() : place.string(), run.store);
    if (!is_new)
      throw UsageError(fmt::format("{}: the stores {} and {} have one database: give each a db of its own", config,
                                   known->second, run.store));
  }
}

// Where the store's process is going to write something that another one's would write over, by what it is.
std::map<std::string, std::filesystem::path> written_by(const std::vector<std::string>& arguments) {
  std::vector<const char*> words{"pipeline"};
  for (const std::string& argument : arguments) words.push_back(argument.c_str());
  const Call call = parse_command_line(static_cast<int>(words.size()), words.data(), naver::process_environment);
  if (call.command == nullptr) return {};
  std::map<std::string, std::filesystem::path> written;
  if ((call.entry->traits & kReports) != 0) written["--prometheus"] = call.command->common.prometheus;
  if (const auto* const night = dynamic_cast<const NightCommand*>(call.command.get())) written["--page"] = night->page;
  return written;
}

// A page or metrics that each store would write over those of the one before.
void refuse_shared(const std::string& config, const std::string& store, const std::vector<std::string>& arguments,
                   std::map<std::filesystem::path, std::string>& store_of) {
  std::map<std::string, std::filesystem::path> written;
  try {
    written = written_by(arguments);
  } catch (const UsageError&) {  // its process says what is wrong, and touches no other
  }
  for (const auto& [option, file] : written) {
    if (file.empty()) continue;
    const auto [known, is_new] = store_of.emplace(std::filesystem::absolute(file).lexically_normal(), store);
    if (is_new || known->second == store) continue;
    throw UsageError(
        fmt::format("{}: the stores {} and {} would write one file, {}: give each its own `{}`, in its "
                    "table [store.NAME]",
                    config, known->second, store, file.string(), option.substr(2)));
  }
}

class AllStores {
 public:
  AllStores(Session& session, const Call& call, const std::vector<std::string>& arguments)
      : session_(session),
        command_(*call.command),
        common_(command_.common),
        traits_(call.entry->traits),
        arguments_(arguments) {
    for (std::string& name : store_names(common_.config.string()))
      runs_.push_back({.store = std::move(name), .process = {}});
    if (runs_.empty())
      throw UsageError(fmt::format("{} has no stores: a store is a table [store.NAME]", common_.config.string()));
    refuse_shared(common_.config.string(), runs_);
    std::map<std::filesystem::path, std::string> store_of;  // a file that it writes
    for (const StoreRun& run : runs_)
      for (const auto& own : calls_of(run.store)) refuse_shared(common_.config.string(), run.store, own, store_of);
  }

  // One after another as places become free; after a signal no more are begun, and those that run hear of it.
  std::vector<StoreRun> run() {
    std::size_t next = 0;
    bool told = false;
    while (next < runs_.size() || std::ranges::any_of(runs_, is_running)) {
      if (session_.interrupt().signal() != 0) {
        next = runs_.size();
        if (!told)
          for (StoreRun& run : runs_) run.process.signal(SIGTERM);
        told = true;
      }
      while (next < runs_.size() && std::ranges::count_if(runs_, is_running) < common_.parallel) begin(runs_[next++]);
      std::this_thread::sleep_for(kStoresPoll);
      for (StoreRun& run : runs_)
        if (run.process.is_started() && !is_done(run)) collect(run);
    }
    return std::move(runs_);
  }

 private:
  // Those that write something, of a night its stages' as well.
  [[nodiscard]] std::vector<std::vector<std::string>> calls_of(const std::string& store) const {
    const bool is_night = dynamic_cast<const NightCommand*>(&command_) != nullptr;
    if (!is_night && (traits_ & kReports) == 0) return {};
    std::vector<std::vector<std::string>> calls{arguments_for(store, arguments_, traits_)};
    if (!is_night) return calls;
    calls.push_back({"sync", "--config", common_.config.string(), "--store", store});
    calls.push_back({"package", "--from-queue", "--config", common_.config.string(), "--store", store});
    return calls;
  }

  static bool is_running(const StoreRun& run) { return run.process.is_started() && !is_done(run); }
  static bool is_done(const StoreRun& run) { return run.process.has_ended(); }

  void begin(StoreRun& run) {
    log::info("{}: begins", run.store);
    run.process = ChildProcess(this_program(), arguments_for(run.store, arguments_, traits_), {});
  }

  static void collect(StoreRun& run) {
    const auto status = run.process.poll();
    if (!status) return;
    run.code = code_of(*status);
    const auto summary = ordered_json::parse(run.process.output(), nullptr, false);
    if (summary.is_object()) run.summary = summary;
    log::info("{}: ended as {}", run.store, status_word(run.code));
  }

  Session& session_;
  const Command& command_;
  const CommonOptions& common_;
  const unsigned traits_;
  const std::vector<std::string>& arguments_;
  std::vector<StoreRun> runs_;
};

}  // namespace

ExitCode run_all_stores(const Call& call, const std::vector<std::string>& arguments, Output& output) {
  Session session(call.entry->name, call.command->common, output, nullptr);
  session.hear_signals();
  return session.end(false, [&] {
    const auto runs = AllStores(session, call, arguments).run();
    ExitCode code = ExitCode::ok;
    for (const StoreRun& run : runs) code = worse(code, run.code);
    if (call.command->common.json) {
      auto json = session.head(code);
      json["stores"] = json_of(runs);
      output.write(document(json));
    } else if (!call.command->common.quiet) {
      output.write(table_of(runs, output.language()));
    }
    return code;
  });
}

}  // namespace pipeline::cli
