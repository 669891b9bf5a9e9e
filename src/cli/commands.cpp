#include "backup_command.h"
#include "check_command.h"
#include "command.h"
#include "copy_command.h"
#include "generate_command.h"
#include "night_command.h"
#include "package_command.h"
#include "post_check_command.h"
#include "post_forget_command.h"
#include "post_keep_command.h"
#include "post_list_command.h"
#include "post_new_command.h"
#include "post_published_command.h"
#include "post_schema_command.h"
#include "prune_command.h"
#include "queue_command.h"
#include "report_compare_command.h"
#include "report_history_command.h"
#include "report_html_command.h"
#include "report_run_command.h"
#include "restore_command.h"
#include "status_command.h"
#include "store_command.h"
#include "sync_command.h"
#include "upsert_command.h"

#include <utility>

namespace pipeline::cli {
namespace {

template <typename Kind, auto... arguments>
std::unique_ptr<Command> make() {
  return std::make_unique<Kind>(arguments...);
}

using Queue = QueueCommand::Action;
using Stores = StoreCommand::Action;

}  // namespace

const std::vector<Entry>& commands() {
  static const std::vector<Entry> table{
      {"sync", "Bring MY_STORE's catalogue into the database", kRun | kDryRun | kAll, make<SyncCommand>},
      {"upsert", "Bring product files (workbooks, CSV, JSON Lines) into the database", kRun | kDryRun | kLockWait,
       make<UpsertCommand>},
      {"package", "Build the upload packages of posts", kRun | kLockWait | kPictures, make<PackageCommand>},
      {"post", "The life of a post, from its first words to its end"},
      {"post new", "Make the folder of a post about a product", 0, make<PostNewCommand>},
      {"post check", "Say all that package would, and build nothing", kShows | kPictures, make<PostCheckCommand>},
      {"post list", "Show all posts, and what each waits for", kShows, make<PostListCommand>},
      {"post published", "Note that what was built last is on the blog", 0, make<PostPublishedCommand>},
      {"post keep", "Let a sentence stand that the catalogue no longer bears out", 0, make<PostKeepCommand>},
      {"post schema", "Print the JSON Schema of post.json, for editors", kShows, make<PostSchemaCommand>},
      {"post forget", "Free the pictures of a post that is gone, and remove its packages", kDryRun,
       make<PostForgetCommand>},
      {"check", "The first night, tried in ten seconds; changes nothing", kShows | kAll | kPictures,
       make<CheckCommand>},
      {"status", "What there is to do today, and how it stands", kShows | kAll, make<StatusCommand>},
      {"night", "All that is to be done each night: sync, package, page, and what there is to do",
       kNotify | kAll | kProgress | kPictures, make<NightCommand>},
      {"store", "The stores of the config file"},
      {"store list", "Show them", kShows, make<StoreCommand, Stores::list>},
      {"store add", "Write a new one into the config file", 0, make<StoreCommand, Stores::add>},
      {"store remove", "Take one out of the config file; its files stay", 0, make<StoreCommand, Stores::remove>},
      {"queue", "Work the refresh queue off, by hand or by script"},
      {"queue list", "Show the entries, oldest first", kStep | kShows, make<QueueCommand, Queue::list>},
      {"queue claim", "Take the oldest entries for the time of a lease", kStep, make<QueueCommand, Queue::claim>},
      {"queue done", "Mark entries as done", kStep, make<QueueCommand, Queue::done>},
      {"queue fail", "Give claimed entries back, for another attempt", kStep, make<QueueCommand, Queue::fail>},
      {"queue retry", "Make FAILED entries wait again", kStep, make<QueueCommand, Queue::retry>},
      {"prune", "Remove what is old: measurements, finished entries and runs, packages of posts that are gone",
       kDryRun | kAll, make<PruneCommand>},
      {"backup", "Copy the database while it is in use: checked and compressed", 0, make<BackupCommand>},
      {"restore", "Put a backup in the database's place, and keep what was there", kProgress, make<RestoreCommand>},
      {"copy", "Copy a store into another database, of a file or a server, and compare them", kProgress,
       make<CopyCommand>},
      {"report", "Show, judge and compare what the runs measured"},
      {"report show", "One run: its stages and counters", kBudget | kShows, make<ReportRunCommand, false>},
      {"report check", "One run against a budget", kBudget | kShows, make<ReportRunCommand, true>},
      {"report compare",
       "Set the stages of two runs, or of two groups of runs, side by side; a stage that regressed: exit code 4",
       kShows, make<ReportCompareCommand>},
      {"report history", "Each stage week by week, with its trend; with --budget each rule, too, and no exit code 4",
       kBudget | kShows, make<ReportHistoryCommand>},
      {"report html", "All of it as one page that needs no network", kBudget | kShows | kPictures,
       make<ReportHtmlCommand>},
      {"generate", "Write the manual pages and the completions of shells", 0, make<GenerateCommand>}};
  return table;
}

void Settings::note(Setting setting) {
  std::erase_if(given, [&](const Setting& one) { return one.option == setting.option; });
  given.push_back(std::move(setting));
}

std::vector<std::string> command_names(unsigned traits) {
  std::vector<std::string> names;
  for (const Entry& entry : commands())
    if (entry.make != nullptr && (entry.traits & traits) == traits) names.emplace_back(entry.name);
  return names;
}

}  // namespace pipeline::cli
