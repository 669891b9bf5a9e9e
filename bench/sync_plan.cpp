#include "pipeline/base/worker.h"
#include "pipeline/http/client.h"
#include "pipeline/naver/api.h"
#include "pipeline/store_sqlite/database.h"
#include "pipeline/sync/sync.h"

#include "emulator/emulator.h"
#include "support/fake_clock.h"
#include "support/temp_dir.h"
#include "support/virtual_transport.h"
#include "sync_cases.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace pipeline::bench {
namespace {

constexpr const char* kStore = "http://127.0.0.1";  // loopback by name only: nothing is sent
constexpr std::size_t kSkus = 1000;

emulator::Options store_options(emulator::Discipline discipline) {
  using std::chrono::milliseconds;
  emulator::Options options;
  options.products = kSkus;
  options.latency = milliseconds(60);
  options.jitter = milliseconds(20);
  for (emulator::RateLimit* limit : {&options.token_rate, &options.list_rate, &options.channel_detail_rate})
    limit->rate = 2;
  options.discipline = discipline;
  options.tick_phase = milliseconds(370);  // as good as any: the client can't see it
  return options;
}

// Some origin products are sold twice; the plan counts what is sold.
void trim(emulator::Emulator& store) {
  while (store.size() > kSkus) store.remove(store.channel_nos().back());
}

test::VirtualReply answer(emulator::Emulator& store, const http::Request& request) {
  emulator::Call call{
      .method = request.method, .path = request.url.substr(std::string_view(kStore).size()), .body = request.body};
  for (const std::string& line : request.headers) {
    const auto colon = line.find(": ");
    call.headers.emplace_back(line.substr(0, colon), line.substr(colon + 2));
  }
  const emulator::Reply reply = store.handle(call);
  test::VirtualReply out;
  out.response.status = reply.status;
  out.response.body = reply.body;
  for (const auto& [name, value] : reply.headers) out.response.headers.add(name, value);
  out.latency = reply.delay;
  return out;
}

double sum_of(const std::vector<metrics::Row>& rows, std::string_view name) {
  double sum = 0;
  for (const auto& row : rows)
    if (row.metric == name) sum += row.sum;
  return sum;
}

const metrics::Row& timer(const std::vector<metrics::Row>& rows, std::string_view name) {
  return *std::ranges::find(rows, name, &metrics::Row::metric);
}

// All of the program but the wire and the command line, with a database in a file; the clock is turned, not waited for.
void run_plan_case(const Trial& trial, emulator::Discipline discipline) {
  test::FakeClock clock;
  emulator::Emulator store(clock, store_options(discipline));
  trim(store);

  const test::TempDir folder;
  metrics::Metrics metrics(clock);
  const store::Store database = store::sqlite::file_database(folder / "store.db")->open(clock, {.metrics = &metrics});
  test::VirtualTransport transport(clock, [&](const http::Request& request) { return answer(store, request); });
  http::Client client(transport, clock, metrics, {});
  const emulator::Options known;
  naver::Api api(client, clock, metrics,
                 {.base_url = kStore, .credentials = {known.client_id, known.client_secret, {}}, .max_rate = {}});
  Worker worker(0);
  const sync::Options options;
  const sync::Services services{.clock = clock,
                                .metrics = metrics,
                                .shop = api,
                                .worker = worker,
                                .catalogue = *database.catalogue,
                                .database = database.name,
                                .run_id = "plan-case",
                                .wake = [&] { transport.wake(); },
                                .interrupted = [] { return 0; },
                                .on_progress = [](const sync::Progress&) {},
                                .on_plan = [](const sync::Plan&) {}};
  const SteadyTime began = clock.now();
  sync::Summary summary;
  sync::run(options, services, summary);

  const auto rows = metrics.rows();
  trial.add("details fetched", static_cast<double>(summary.detail_fetched), "", exactly(kSkus));
  trial.add("products written", static_cast<double>(summary.written), "", exactly(kSkus));
  trial.add("whole run in virtual time", to_seconds(clock.now() - began), "s", at_most(510));
  trial.add("detail p95", 1000 * timer(rows, "detail_fetch_seconds").p95, "ms", at_most(500));
  trial.add("429 answers", 100 * sum_of(rows, "api_429_total") / sum_of(rows, "api_requests_total"), "%", at_most(1));
}

}  // namespace

void plan_case(const Trial& trial) {
  run_plan_case(trial, emulator::Discipline::continuous);
}
void plan_case_ticks(const Trial& trial) {
  run_plan_case(trial, emulator::Discipline::second_ticks);
}

}  // namespace pipeline::bench
