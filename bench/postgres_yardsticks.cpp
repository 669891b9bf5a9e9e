#include "postgres_yardsticks.h"

#include "pipeline/base/clock.h"
#include "pipeline/catalogue/columns.h"

#include "prepared_products.h"
#include "store/postgres/values.h"
#include "timing.h"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace pipeline::bench {
namespace {

using catalogue::Product;
using store::postgres::Column;
using store::postgres::Values;

struct CloseConnection {
  void operator()(PGconn* connection) const noexcept { PQfinish(connection); }
  void operator()(PGresult* result) const noexcept { PQclear(result); }
};
using Answer = std::unique_ptr<PGresult, CloseConnection>;

// A connection in pipeline mode, on which statements are prepared once.
class Session {
 public:
  explicit Session(const std::string& server) : connection_(PQconnectdb(server.c_str())) {
    if (PQstatus(connection_.get()) != CONNECTION_OK) fail("connect");
    PQenterPipelineMode(connection_.get());
  }

  void prepare(const char* name, const std::string& sql) {
    if (PQsendPrepare(connection_.get(), name, sql.c_str(), 0, nullptr) == 0) fail(name);
    (void)finish(1);
  }
  void send(const char* name, const Values& values = {}) {
    const Values::Arrays arrays = values.arrays();
    if (PQsendQueryPrepared(connection_.get(), name, values.size(), arrays.values.data(), arrays.lengths.data(),
                            arrays.formats.data(), 1) == 0)
      fail(name);
  }
  void sync() {
    if (PQpipelineSync(connection_.get()) == 0) fail("sync");
  }
  // What a flight of so many statements answered.
  std::vector<Answer> receive(std::size_t statements) {
    std::vector<Answer> answers;
    for (std::size_t i = 0; i < statements; ++i) {
      Answer answer(PQgetResult(connection_.get()));
      const auto status = PQresultStatus(answer.get());
      if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) fail("statement");
      answers.push_back(std::move(answer));
      if (PQgetResult(connection_.get()) != nullptr) fail("more than one answer");
    }
    const Answer end(PQgetResult(connection_.get()));
    if (PQresultStatus(end.get()) != PGRES_PIPELINE_SYNC) fail("end of a flight");
    return answers;
  }
  std::vector<Answer> finish(std::size_t statements) {
    sync();
    return receive(statements);
  }

 private:
  [[noreturn]] void fail(const char* what) const {
    throw std::runtime_error(fmt::format("SQL alone: {}: {}", what, PQerrorMessage(connection_.get())));
  }

  std::unique_ptr<PGconn, CloseConnection> connection_;
};

// What is written of a product: `content_hash` and the like first, then the columns that its source fills.
struct Written {
  std::string_view name;
  std::string_view type;
};
const std::vector<Written>& written_columns() {
  static const std::vector<Written> columns = [] {
    std::vector<Written> all{
        {"sku", "text"}, {"source", "text"}, {"content_hash", "bytea"}, {"list_hash", "bytea"}, {"raw_json", "text"}};
    for (const auto& column : catalogue::kColumns)
      if (column.text || column.number) all.push_back({column.name, column.text ? "text" : "bigint"});
    return all;
  }();
  return columns;
}

std::string join(std::string_view format) {
  std::string joined;
  int place = 0;
  for (const auto& [name, type] : written_columns()) {
    if (place > 0) joined += ", ";
    joined += fmt::format(fmt::runtime(format), name, type, ++place);
  }
  return joined;
}

Values values_of(std::span<const Product> batch) {
  std::vector<Column> columns;
  for (const auto& [name, type] : written_columns())
    columns.emplace_back(type == "bytea"  ? Column::Type::bytes
                         : type == "text" ? Column::Type::text
                                          : Column::Type::number);
  for (const Product& product : batch) {
    auto column = columns.begin();
    (column++)->add(product.sku);
    (column++)->add(product.source);
    (column++)->add(product.content_hash);
    (column++)->add(product.row_hash.value().bytes);
    (column++)->add(product.raw_json);
    for (const auto& info : catalogue::kColumns) {
      if (info.text) (column++)->add(product.*info.text);
      if (info.number) (column++)->add(product.*info.number);
    }
  }
  Values values;
  for (const Column& column : columns) values.add(column);
  return values;
}

struct Keys {
  explicit Keys(std::span<const Product> batch) {
    for (const Product& product : batch) {
      skus.add(product.sku);
      sources.add(product.source);
    }
  }
  Column skus{Column::Type::text};
  Column sources{Column::Type::text};
};

// As the executable's entries, of a length that is theirs on the average.
Values entries_of(std::span<const Product> batch) {
  const Keys keys(batch);
  Column changes(Column::Type::text);
  for (const Product& product : batch)
    changes.add(
        fmt::format(R"([{{"field":"product","old":null,"new":"{}","reason":"NEW"}}])", product.name.value_or("")));
  return Values::of(keys.skus, keys.sources, changes, std::int64_t{1'700'000'000'000});
}

void prepare_writing(Session& session, const std::string& schema) {
  session.prepare("begin", "BEGIN");
  session.prepare("commit", "COMMIT");
  session.prepare("queue",
                  fmt::format("INSERT INTO {}.refresh_queue (sku, source, reason, status, enqueued_at, changes) "
                              "SELECT q.sku, q.source, 'NEW', 'PENDING', $4, q.changes "
                              "FROM unnest($1::text[], $2::text[], $3::text[]) AS q (sku, source, changes) "
                              "ON CONFLICT (sku, source) WHERE status = 'PENDING' DO NOTHING",
                              schema));
}

// Hands out batch after batch, and counts the time that they take, without that of making them.
template <typename Each>
double rate(const std::vector<std::int64_t>& numbers, int version, Each each) {
  PreparedProducts prepared(numbers, version);
  Stopwatch watch;
  for (auto slice = prepared.next(); !slice.empty(); slice = prepared.next()) {
    watch.start();
    while (!slice.empty()) each(take_batch(slice));
    watch.stop();
  }
  return static_cast<double>(numbers.size()) / watch.seconds();
}

int rows_changed(const Answer& answer) {
  return std::atoi(PQcmdTuples(answer.get()));
}

}  // namespace

double load_by_sql_alone(const std::string& server, const std::string& schema,
                         const std::vector<std::int64_t>& numbers) {
  Session session(server);
  prepare_writing(session, schema);
  session.prepare("insert",
                  fmt::format("INSERT INTO {0}.products ({1}, parse_status, created_at, updated_at, "
                              "last_seen_run) SELECT {2}, 'OK', 1, 1, 'sql-alone' FROM unnest({3}) AS s ({1}) "
                              "ON CONFLICT (sku, source) DO NOTHING",
                              schema, join("{0}"), join("s.{0}"), join("${2}::{1}[]")));
  std::size_t under_way = 0;
  std::size_t inserted = 0;
  const auto receive = [&] {
    inserted += static_cast<std::size_t>(rows_changed(session.receive(4).at(1)));
    --under_way;
  };
  PreparedProducts prepared(numbers, 0);
  Stopwatch watch;
  for (auto slice = prepared.next(); !slice.empty(); slice = prepared.next()) {
    watch.start();
    while (!slice.empty()) {
      const auto batch = take_batch(slice);
      session.send("begin");
      session.send("insert", values_of(batch));
      session.send("queue", entries_of(batch));
      session.send("commit");
      session.sync();
      if (++under_way > 1) receive();
    }
    while (under_way > 0) receive();
    watch.stop();
  }
  if (inserted != numbers.size()) throw std::runtime_error("SQL alone: not all products were new");
  return static_cast<double>(numbers.size()) / watch.seconds();
}

double look_up_by_sql_alone(const std::string& server, const std::string& schema,
                            const std::vector<std::int64_t>& numbers) {
  Session session(server);
  session.prepare("look up", fmt::format("SELECT sku, content_hash FROM {}.products WHERE sku = ANY($1::text[]) "
                                         "AND source = 'MY_STORE'",
                                         schema));
  std::size_t equal = 0;
  const double rows_per_s = rate(numbers, 0, [&](std::span<const Product> batch) {
    session.send("look up", Values::of(Keys(batch).skus));
    const Answer found = std::move(session.finish(1).front());
    for (int row = 0; row < PQntuples(found.get()); ++row) {
      const std::string_view sku(PQgetvalue(found.get(), row, 0));
      const auto product =
          std::ranges::lower_bound(batch, sku, {}, [](const Product& p) { return std::string_view(p.sku); });
      const auto* hash = reinterpret_cast<const std::uint8_t*>(PQgetvalue(found.get(), row, 1));
      if (product != batch.end() && std::ranges::equal(product->content_hash.value(), std::span(hash, 32))) ++equal;
    }
  });
  if (equal != numbers.size())
    throw std::runtime_error(fmt::format("SQL alone: {} of {} are equal", equal, numbers.size()));
  return rows_per_s;
}

double change_by_sql_alone(const std::string& server, const std::string& schema,
                           const std::vector<std::int64_t>& numbers, int version) {
  Session session(server);
  prepare_writing(session, schema);
  session.prepare("read", fmt::format("SELECT {1} FROM unnest($1::text[], $2::text[]) AS k (sku, source) "
                                      "JOIN {0}.products AS p ON p.sku = k.sku AND p.source = k.source",
                                      schema, join("p.{0}")));
  session.prepare("waiting",
                  fmt::format("SELECT q.id, q.changes FROM unnest($1::text[], $2::text[]) AS k (sku, source) "
                              "JOIN {}.refresh_queue AS q ON q.sku = k.sku AND q.source = k.source "
                              "WHERE q.status = 'PENDING' FOR UPDATE OF q",
                              schema));
  session.prepare("update", fmt::format("UPDATE {}.products AS p SET {}, updated_at = 2 FROM unnest({}) AS s ({}) "
                                        "WHERE p.sku = s.sku AND p.source = s.source",
                                        schema, join("{0} = s.{0}"), join("${2}::{1}[]"), join("{0}")));
  std::size_t changed = 0;
  const double rows_per_s = rate(numbers, version, [&](std::span<const Product> batch) {
    const Keys keys(batch);
    session.send("begin");
    session.send("read", Values::of(keys.skus, keys.sources));
    session.send("waiting", Values::of(keys.skus, keys.sources));
    if (PQntuples(session.finish(3).at(2).get()) > 0) throw std::runtime_error("SQL alone: the queue is not empty");
    session.send("update", values_of(batch));
    session.send("queue", entries_of(batch));
    session.send("commit");
    changed += static_cast<std::size_t>(rows_changed(session.finish(3).front()));
  });
  if (changed != numbers.size()) throw std::runtime_error("SQL alone: not all products were known");
  return rows_per_s;
}

void run_on_server(const std::string& server, const std::string& sql) {
  Session session(server);
  session.prepare("once", sql);
  session.send("once");
  (void)session.finish(1);
}

}  // namespace pipeline::bench
