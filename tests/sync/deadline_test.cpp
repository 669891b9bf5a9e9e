#include "pipeline/base/worker.h"
#include "pipeline/http/client.h"
#include "pipeline/naver/api.h"
#include "pipeline/store/database.h"
#include "pipeline/store_sqlite/database.h"
#include "pipeline/sync/sync.h"

#include "emulator/emulator.h"
#include "support/fake_clock.h"
#include "support/temp_dir.h"
#include "support/virtual_transport.h"

#include <gtest/gtest.h>

#include <chrono>
#include <functional>

// Runs whose clock is turned past the deadline at a chosen moment.
namespace pipeline::test {
namespace {

using std::chrono::hours;
using sync::Phase;

constexpr const char* kStore = "http://127.0.0.1";  // by name only: nothing is sent

class Deadline : public ::testing::Test {
 protected:
  VirtualReply answer(const http::Request& request) {
    emulator::Call call{
        .method = request.method, .path = request.url.substr(std::string_view(kStore).size()), .body = request.body};
    for (const std::string& line : request.headers) {
      const auto colon = line.find(": ");
      call.headers.emplace_back(line.substr(0, colon), line.substr(colon + 2));
    }
    const emulator::Reply reply = shop.handle(call);
    VirtualReply out;
    out.response.status = reply.status;
    out.response.body = reply.body;
    for (const auto& [name, value] : reply.headers) out.response.headers.add(name, value);
    out.latency = std::chrono::milliseconds(10);
    return out;
  }

  // A run of an hour at most; `passes` says at which progress the hour is over.
  sync::Summary run(const std::function<bool(const sync::Progress&)>& passes) {
    const SteadyTime deadline = clock.now() + hours(1);
    VirtualTransport transport(clock, [this](const http::Request& request) { return answer(request); });
    http::ClientOptions client_options;
    client_options.deadline = deadline;
    http::Client client(transport, clock, metrics, client_options);
    const emulator::Options known;
    naver::ApiOptions api_options;
    api_options.base_url = kStore;
    api_options.credentials = {known.client_id, known.client_secret, {}};
    naver::Api api(client, clock, metrics, api_options);
    Worker worker(0);
    sync::Options options;
    options.deadline = deadline;
    const sync::Services services{.clock = clock,
                                  .metrics = metrics,
                                  .shop = api,
                                  .worker = worker,
                                  .catalogue = *store.catalogue,
                                  .database = store.name,
                                  .run_id = "run",
                                  .wake = [&] { transport.wake(); },
                                  .interrupted = [] { return 0; },
                                  .on_progress =
                                      [&](const sync::Progress& progress) {
                                        if (passes(progress)) clock.advance_to(deadline + hours(1));
                                      },
                                  .on_plan = [](const sync::Plan&) {}};
    sync::Summary summary;
    sync::run(options, services, summary);
    return summary;
  }
  static emulator::Options store_of_70() {
    emulator::Options options;
    options.products = 70;
    return options;
  }
  static bool never(const sync::Progress&) { return false; }

  FakeClock clock;
  emulator::Emulator shop{clock, store_of_70()};
  TempDir folder;
  metrics::Metrics metrics{clock};
  store::Store store = store::sqlite::file_database(folder / "store.db")->open(clock, {.metrics = &metrics});
};

TEST_F(Deadline, ARunThatLeftNothingIsComplete) {
  const auto summary = run([&](const sync::Progress& progress) {
    return progress.details_done > 0 && progress.details_done == progress.details_total;
  });
  EXPECT_EQ(summary.stop_reason, "");
  EXPECT_EQ(summary.code, ExitCode::ok);
  EXPECT_EQ(summary.unreached, 0);
  EXPECT_EQ(summary.removal_note, "");
}

TEST_F(Deadline, ARunThatLeftDetailsSaysSo) {
  const auto summary = run([](const sync::Progress& progress) { return progress.details_done > 10; });
  EXPECT_EQ(summary.stop_reason, "the deadline passed");
  EXPECT_EQ(summary.code, ExitCode::partial);
  EXPECT_GT(summary.unreached, 0);
  EXPECT_EQ(summary.written + summary.unreached, static_cast<std::int64_t>(shop.size()));
}

TEST_F(Deadline, ChecksThatWereNotBegunAreMadeByTheNextRun) {
  (void)run(never);
  clock.advance(hours(24));
  const auto late =
      run([](const sync::Progress& progress) { return progress.phase == Phase::list && progress.listed > 0; });
  EXPECT_EQ(late.listed, static_cast<std::int64_t>(shop.size()));
  EXPECT_EQ(late.stop_reason, "the deadline passed");
  EXPECT_EQ(late.code, ExitCode::ok) << "a check loses nothing by waiting";
  EXPECT_EQ(late.postponed, late.checked);
  EXPECT_GT(late.checked, 0);
  const auto next = run(never);
  EXPECT_GE(next.checked, late.checked);
  EXPECT_EQ(next.postponed, 0);
}

}  // namespace
}  // namespace pipeline::test
