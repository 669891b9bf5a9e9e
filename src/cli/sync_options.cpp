#include "sync_options.h"

#include "pipeline/base/text.h"
#include "pipeline/naver/api.h"

#include "option_kit.h"

#include <charconv>
#include <memory>
#include <optional>

namespace pipeline::cli {
namespace {

constexpr const char* kSyncFooter =
    "Credentials: NAVER_COMMERCE_CLIENT_ID, NAVER_COMMERCE_CLIENT_SECRET and, for another seller's store,\n"
    "NAVER_COMMERCE_ACCOUNT_ID; or the same names with _FILE behind, naming a file. Never an option.\n"
    "Environment: each option may stand as PIPELINE_SYNC_<OPTION>, the common ones as PIPELINE_<OPTION>.\n\n";

}  // namespace

void add_sync(CLI::App& root, Invocation& chosen) {
  const auto sync = std::make_shared<SyncCommand>();
  sync->base_url = naver::kBaseUrl;
  CLI::App& app = *root.add_subcommand("sync", "Bring MY_STORE's catalogue into the database");
  app.footer(std::string(kSyncFooter) + kExitCodes);
  app.add_option("--base-url", sync->base_url, "Commerce API")->type_name("URL")->capture_default_str();
  app.add_option("--page-size", sync->page_size, "Products a list page, at most 500")
      ->type_name("N")
      ->check(within(1, 500))
      ->capture_default_str();
  app.add_option("--workers", sync->workers, "Requests in flight at most")
      ->type_name("N")
      ->check(within(1, 256))
      ->capture_default_str();
  app.add_option("--batch-size", sync->batch_size, "Products a transaction")
      ->type_name("N")
      ->check(within(1, 100'000))
      ->capture_default_str();
  app.add_option_function<std::string>(
         "--rate",
         [sync](const std::string& v) { sync->rate = v == "auto" ? std::nullopt : std::optional(std::stod(v)); },
         "Requests a second and endpoint at most; auto: as the server's headers allow")
      ->type_name("auto|N")
      ->default_str("auto")
      ->check(check(
          [](const std::string& v) {
            double rate = 0;
            const auto [end, error] = std::from_chars(v.data(), v.data() + v.size(), rate);
            return v == "auto" || (error == std::errc() && end == v.data() + v.size() && rate > 0 && rate <= 1e6);
          },
          "auto, or a number above 0"));
  app.add_flag("--full,--no-incremental", sync->full, "Fetch every detail, changed or not");
  app.add_option("--modified-since", sync->modified_since, "Only products modified since the day (KST)")
      ->type_name("YYYY-MM-DD")
      ->check(check(is_date, "not a day like 2026-04-01"));
  app.add_option("--status", sync->statuses, "Only products of these states, e.g. SALE,OUTOFSTOCK")
      ->type_name("LIST")
      ->delimiter(',')
      ->check(one_of(
          {"WAIT", "SALE", "OUTOFSTOCK", "UNADMISSION", "REJECTION", "SUSPENSION", "CLOSE", "PROHIBITION", "DELETE"}));
  app.add_option("--max-detail-age", sync->max_detail_age_days,
                 "Fetch each unchanged detail again within so many days, a share each night; 0: never")
      ->type_name("DAYS")
      ->check(within(0, 3650))
      ->capture_default_str();
  app.add_option("--limit", sync->limit, "Only the first N listed products")
      ->type_name("N")
      ->check(within(1, 1'000'000'000));
  add_max_removals(app, sync->max_removals);
  // Never from a file or the environment, where it would stay and guard nothing any more.
  app.add_flag("--rebind", sync->rebind, "The database may change over to another store, this once")
      ->configurable(false);
  app.add_flag("--dry-run", sync->dry_run, "Say what would be fetched and changed; write nothing");
  add_duration(
      app, "--timeout", [sync](Nanoseconds time) { sync->timeout = time; }, "Time for one request")
      ->default_str("30s");
  app.add_option("--max-retries", sync->max_retries, "Repeats of one request at most")
      ->type_name("N")
      ->check(within(0, 100))
      ->capture_default_str();
  add_duration(
      app, "--retry-for", [sync](Nanoseconds time) { sync->retry_for = time; },
      "How long a server that is down is waited for; then exit code 75; 0: not at all", Zero::allowed)
      ->default_str("30m");
  add_duration(
      app, "--deadline", [sync](Nanoseconds time) { sync->deadline = time; },
      "Send nothing after so long; the next run goes on from there");
  add_common(app, sync->common);
  complete_options(app);
  app.callback([sync, &chosen] { chosen = *sync; });
}

}  // namespace pipeline::cli
