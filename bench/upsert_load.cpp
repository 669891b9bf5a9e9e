#include "pipeline/base/sha256.h"

#include "upsert_cases.h"
#include "upsert_feed.h"
#include "upsert_place.h"
#include "upsert_yardsticks.h"

#include <string>
#include <vector>

namespace pipeline::bench {

void upsert_first_load(const Trial& trial) {
  const Feed feed(trial.smoke ? 10'000 : 100'000);
  const UpsertPlace place;
  for (int round = 0; round < rounds_of(trial, trial.smoke); ++round) {
    const auto [ours, sql_only, predecessor, with_queue] = measure_in_turns(
        trial, round, "rows/s",
        {{"pipeline", [&] { return load(trial, feed, place).rows_per_s(); }},
         {"SQL only", [&] { return run_sql_only(place.new_db(), feed.numbers()); }},
         {"predecessor", [&] { return run_predecessor(Predecessor::plain, feed.file(), place.new_db()); }},
         {"predecessor with queue",
          [&] { return run_predecessor(Predecessor::with_queue, feed.file(), place.new_db()); }}});
    trial.add("pipeline to SQL only", ours / sql_only, "", at_least(trial.smoke ? 0.5 : 0.9));
    trial.add("pipeline to predecessor", ours / predecessor, "", at_least(trial.smoke ? 1 : 6));
    trial.add("pipeline to predecessor with queue", ours / with_queue, "");
  }
}

void upsert_unchanged(const Trial& trial) {
  const Feed feed(trial.smoke ? 30'000 : 100'000);
  const UpsertPlace place;
  const UpsertPlace old_place;
  (void)load(trial, feed, place);
  (void)run_predecessor(Predecessor::plain, feed.file(), old_place.db());
  const Sha256 before = digest_of(place.db());
  for (int round = 0; round < rounds_of(trial, true); ++round) {
    const auto [ours, look_ups, predecessor] = measure_in_turns(
        trial, round, "rows/s",
        {{"pipeline", [&] { return load_again(trial, feed, place).rows_per_s(); }},
         {"bare look-ups", [&] { return run_look_ups(place.db(), feed.numbers()); }},
         {"predecessor", [&] { return run_predecessor(Predecessor::plain, feed.file(), old_place.db()); }}});
    trial.add("pipeline to bare look-ups", ours / look_ups, "", at_least(trial.smoke ? 0.2 : 0.8));
    trial.add("pipeline to predecessor", ours / predecessor, "");
  }
  add_untouched(trial, feed, place, before);
}

void upsert_commits(const Trial& trial) {
  const Feed feed(trial.smoke ? 1'000 : 20'000);
  const UpsertPlace place;
  const auto pace = [&](const std::vector<std::string>& arguments) {
    return load(trial, feed, place, arguments).rows_per_s();
  };
  for (int round = 0; round < rounds_of(trial, trial.smoke); ++round) {
    const auto [by_row, by_batch] = measure_in_turns(trial, round, "rows/s",
                                                     {{"a commit a row",
                                                       [&] {
                                                         return pace({"--commit", "row"});
                                                       }},
                                                      {"batches of 1000", [&] {
                                                         return pace({"--batch-size", "1000"});
                                                       }}});
    trial.add("batches to rows", by_batch / by_row, "times", at_least(trial.smoke ? 3 : 10));
  }
}

void upsert_plan_case(const Trial& trial) {
  const Feed feed(10'000);
  const UpsertPlace place;
  const Bound bound = at_most(trial.smoke ? 1.5 : 0.5);  // a bare time is the one thing a busy machine must not fail
  for (int round = 0; round < rounds_of(trial, true); ++round) {
    trial.add("first load", load(trial, feed, place).seconds, "s", bound);
    trial.add("the same file again", load_again(trial, feed, place).seconds, "s", bound);
  }
}

}  // namespace pipeline::bench
