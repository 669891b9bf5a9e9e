#pragma once

#include "pipeline/base/clock.h"
#include "pipeline/base/error.h"
#include "pipeline/base/worker.h"
#include "pipeline/catalogue/source_identity.h"
#include "pipeline/metrics/metrics.h"
#include "pipeline/shop/shop.h"
#include "pipeline/store/catalogue.h"
#include "pipeline/store/removal_limit.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

// A shop's catalogue into the database: token, list, details of what is new or changed, the details whose turn it is to
// be checked, removals; see docs/architecture.md for the picture.
namespace pipeline::sync {

struct Options {
  int page_size = 500;
  int workers = 10;                            // requests in flight; here only how far ahead details are asked for
  int batch_size = 500;                        // products a transaction
  bool full = false;                           // fetch every detail
  std::string modified_since;                  // yyyy-MM-dd, KST; a filter
  std::vector<std::string> statuses;           // as the shop names them; a filter
  std::optional<std::int64_t> limit;           // the first N listed products; a filter
  int max_detail_age_days = 7;                 // 0: details are not checked again
  store::RemovalLimit max_removals;            // of products that are not found any more; above it none is marked
  catalogue::SourceIdentity identity;          // of the credentials
  bool rebind = false;                         // the database changes over to this store, if it is another
  bool dry_run = false;                        // list and compare only
  std::optional<SteadyTime> deadline;          // no request is sent after it
  ExitCode outage_code = ExitCode::try_later;  // of a run that a server which is down has ended
};

// A filtered list says nothing of what it leaves out: no removals, no checks.
[[nodiscard]] inline bool is_filtered(const Options& options) noexcept {
  return !options.modified_since.empty() || !options.statuses.empty() || options.limit.has_value();
}

struct Failure {
  std::string sku;    // or `page N` of the list
  std::string stage;  // list, detail, parse
  std::string error;
  std::string trace;  // of the last answer; may be empty
};

// What a dry run would do to one product. `changes` come from the list rows: what only the detail shows is not known
// yet.
struct Plan {
  enum class Action { fetch_new, fetch_changed, fetch_full, remove };
  Action action;
  std::string sku;
  std::string name;
  std::vector<catalogue::Change> changes;
};

struct Summary {
  std::int64_t listed = 0;     // distinct SKUs in the list
  std::int64_t fresh = 0;      // of them: not in the database before (`new` in the JSON summary)
  std::int64_t changed = 0;    // listed differently than before
  std::int64_t unchanged = 0;  // listed as before
  std::int64_t removed = 0;
  std::int64_t checked = 0;         // unchanged in the list, detail fetched because of its age
  std::int64_t detail_fetched = 0;  // details that came
  std::int64_t written = 0;         // product rows inserted or rewritten
  std::int64_t enqueued = 0;        // products that got a queue entry, new or merged
  std::int64_t unreached = 0;  // details not fetched before the deadline or the stop; the next run goes on with them
  std::int64_t postponed = 0;  // checks not made for the same reason
  std::int64_t gone = 0;       // details that answered NOT_FOUND, of known products and of new ones
  std::vector<Failure> failures;
  std::string store_note;    // what was found of whose store the database holds; empty when there is nothing to tell
  std::string removal_note;  // why removals were not looked for; empty when they were
  std::optional<store::HeldBackRemovals> held_back;  // they were looked for, and are more than the limit allows
  std::string stop_reason;                           // why the run ended early; empty when it did not
  ExitCode code = ExitCode::ok;
};

// What is said of removals that were held back.
[[nodiscard]] std::string removal_text(const store::HeldBackRemovals& held_back);

enum class Phase { token, list, details, checks, removals, done };

struct Progress {
  Phase phase = Phase::token;
  std::int64_t listed = 0;
  std::int64_t list_total = 0;  // 0: not known yet
  std::int64_t details_done = 0;
  std::int64_t details_total = 0;  // grows while the list is read
  double rate = 0;                 // details a second that the bucket allows now
  std::int64_t failed = 0;
  std::optional<shop::Outage> outage;  // the server that is waited for
};

// What a run needs of the world; all are borrowed.
struct Services {
  const Clock& clock;
  metrics::Metrics& metrics;
  shop::Shop& shop;
  Worker& worker;  // owns the catalogue while the run lasts
  store::Catalogue& catalogue;
  std::string database;  // its name
  std::string run_id;
  std::function<void()> wake;                        // ends a waiting shop.step() from the worker's thread
  std::function<int()> interrupted;                  // the signal that asked for the end, or 0
  std::function<void(const Progress&)> on_progress;  // called a few times a second
  std::function<void(const Plan&)> on_plan;          // dry run
  // The run may write from here on: at its start, or when the list has shown whose store it is. Comes once or never,
  // from the thread that owns the database at that time.
  std::function<void()> on_accepted = [] {};
};

// Runs to the end, whatever that is: `summary` is filled as things happen, so it also tells the truth when this throws
// (the database failed). What was committed stays.
void run(const Options& options, const Services& services, Summary& summary);

}  // namespace pipeline::sync
