#include "rounds.h"

#include "pipeline/base/error.h"

#include <fmt/format.h>

#include <array>

namespace pipeline::store::postgres {
namespace {

using Type = Column::Type;

constexpr std::array<std::string_view, 4> kKinds{"none", "queue", "others", "mended"};

std::string_view to_string(StageKind kind) noexcept {
  return kKinds[static_cast<std::size_t>(kind)];
}

StageKind kind_named(std::string_view name) noexcept {
  for (const StageKind kind : {StageKind::queue, StageKind::others, StageKind::mended})
    if (to_string(kind) == name) return kind;
  return StageKind::none;
}

// What the posts of workers that are gone are: anybody's.
Statement freeing_posts() {
  return {"take what a silent worker had",
          "UPDATE @package_posts AS p SET worker = NULL, lost = p.lost + 1 WHERE p.worker IS NOT NULL AND NOT p.done "
          "AND NOT EXISTS (SELECT 1 FROM @run_lock AS l WHERE l.name = p.worker)"};
}

constexpr std::string_view kTake =
    "UPDATE @package_posts AS p SET worker = $1 WHERE p.place = (SELECT f.place FROM @package_posts AS f "
    "WHERE NOT f.done AND f.worker IS NULL AND ($2::bigint IS NULL OR f.place < $2) ORDER BY f.place LIMIT 1 "
    "FOR UPDATE SKIP LOCKED) RETURNING p.place, p.folder, p.decided, p.lost";

Statement taking(const std::string& worker, std::optional<std::int64_t> before) {
  return {"take a post", kTake, Values::of(worker, before)};
}

std::optional<RoundPost> taken(const Result& rows) {
  if (rows.rows() == 0) return std::nullopt;
  const Row row(rows, 0);
  return RoundPost{.place = row.integer(0),
                   .folder = std::string(row.text(1)),
                   .decided = row.integer(2) != 0,
                   .lost = static_cast<int>(row.integer(3))};
}

Statement giving_back(const std::string& worker, std::int64_t place) {
  return {"give a post back", "UPDATE @package_posts SET worker = NULL WHERE place = $1 AND worker = $2 AND NOT done",
          Values::of(place, worker)};
}

Statement giving_all_back(const std::string& worker) {
  return {"give posts back", "UPDATE @package_posts SET worker = NULL WHERE worker = $1 AND NOT done",
          Values::of(worker)};
}

std::vector<Statement> emptying() {
  return {{"empty the round", "DELETE FROM @package_posts"},
          {"empty the round", "DELETE FROM @package_pictures"},
          {"empty the round", "DELETE FROM @package_round"}};
}

// At work, and in the round.
constexpr std::string_view kOthers =
    "SELECT count(*) FROM @package_workers AS w JOIN @run_lock AS l ON l.name = w.worker "
    "WHERE w.worker <> $1 AND l.lease_until >= now()";

}  // namespace

// One that all workers have left goes on, unless another run came between. One that is begun anew keeps its name, by
// which its claims are found.
Rounds::Begun Rounds::begin(const std::string& name) {
  Begun begun;
  connection_->write([&](Transaction& transaction) {
    auto found = transaction.ask({gate_of_runs(),
                                  end_of_silent_workers(),
                                  {"look for other workers", kOthers, Values::of(worker_)},
                                  {"look for a round", "SELECT round, broken_off FROM @package_round"}});
    begun.alone = found[2].integer(0, 0) == 0;
    const bool is_there = found[3].rows() > 0;
    begun.name = is_there ? std::string(found[3].text(0, 0)) : name;
    std::vector<Statement> statements{
        {"leave the round",
         "DELETE FROM @package_workers AS w WHERE NOT EXISTS "
         "(SELECT 1 FROM @run_lock AS l WHERE l.name = w.worker)"},
        {"join the round", "INSERT INTO @package_workers (worker) VALUES ($1) ON CONFLICT DO NOTHING",
         Values::of(worker_)}};
    if (!is_there || found[3].integer(0, 1) != 0) {
      for (Statement& statement : emptying()) statements.push_back(std::move(statement));
      statements.push_back({"begin a round",
                            "INSERT INTO @package_round (round, kind, stage, entries) VALUES ($1, 'none', 0, '{}')",
                            Values::of(begun.name)});
    }
    (void)transaction.commit(std::move(statements));
  });
  round_ = begun.name;
  return begun;
}

// Whether the round goes on; whether a post is to be had, or was taken by a transaction whose answer was lost; whether
// one is under way; whether another worker lays out the next stage.
Statement Rounds::standing() const {
  return {"look how the round stands",
          "SELECT EXISTS (SELECT 1 FROM @package_round WHERE round = $1), "
          "EXISTS (SELECT 1 FROM @package_posts AS p WHERE NOT p.done AND (p.worker IS NULL OR p.worker = $2 OR "
          "NOT EXISTS (SELECT 1 FROM @run_lock AS l WHERE l.name = p.worker AND l.lease_until >= now()))), "
          "EXISTS (SELECT 1 FROM @package_posts AS p WHERE NOT p.done), "
          "EXISTS (SELECT 1 FROM @package_round AS r JOIN @run_lock AS l ON l.name = r.planner "
          "WHERE r.planner <> $2 AND l.lease_until >= now())",
          Values::of(round_, worker_)};
}

Step Rounds::next() {
  const std::array statements{standing()};
  const auto answers = connection_->ask(statements);
  const Row row(answers.front(), 0);
  if (row.integer(0) == 0) return Step::over;
  if (row.integer(1) != 0) {
    connection_->write([&](Transaction& transaction) { (void)transaction.commit({giving_all_back(worker_)}); });
    return Step::build;
  }
  if (row.integer(2) != 0 || row.integer(3) != 0) return Step::wait;
  return claim_planning();
}

// Looked at once more behind the gate: another may have been quicker.
Step Rounds::claim_planning() {
  Step step = Step::wait;
  connection_->write([&](Transaction& transaction) {
    step = Step::wait;
    const auto answers = transaction.ask({gate_of_runs(), end_of_silent_workers(), standing()});
    const Row row(answers[2], 0);
    if (row.integer(0) == 0) {
      step = Step::over;
    } else if (row.integer(2) == 0 && row.integer(3) == 0) {
      step = Step::lay_out;
      (void)transaction.commit({{"lay out a stage", "UPDATE @package_round SET planner = $1", Values::of(worker_)}});
    }
  });
  return step;
}

Stage Rounds::stage() {
  const std::array<Statement, 2> statements{
      {{"look at the stage",
        "SELECT r.kind, r.stage, (SELECT count(*) FROM @package_posts AS p WHERE p.stage = r.stage AND NOT p.done) "
        "FROM @package_round AS r WHERE r.round = $1",
        Values::of(round_)},
       {"look at the stage's entries", "SELECT unnest(entries) FROM @package_round WHERE round = $1",
        Values::of(round_)}}};
  const auto answers = connection_->ask(statements);
  if (answers[0].rows() == 0) return {};
  const Row row(answers[0], 0);
  Stage stage{.kind = kind_named(row.text(0)), .number = row.integer(1), .entries = {}, .posts = row.integer(2)};
  for (int i = 0; i < answers[1].rows(); ++i) stage.entries.push_back(answers[1].integer(i, 0));
  return stage;
}

std::vector<RoundOutcome> Rounds::outcomes() {
  const Result rows = connection_->ask("look what became of the round's posts",
                                       "SELECT stage, folder, done, why FROM @package_posts ORDER BY place");
  std::vector<RoundOutcome> all;
  all.reserve(static_cast<std::size_t>(rows.rows()));
  for (int i = 0; i < rows.rows(); ++i) {
    const Row row(rows, i);
    all.push_back({.stage = row.integer(0),
                   .folder = std::string(row.text(1)),
                   .done = row.integer(2) != 0,
                   .why = std::string(row.text(3))});
  }
  return all;
}

// Whether it is this worker who lays out the next stage. It is not when an attempt whose answer was lost has done so.
bool Rounds::plans(Transaction& transaction) const {
  const auto found =
      transaction.ask({gate_of_runs(),
                       {"lay out a stage", "SELECT 1 FROM @package_round WHERE round = $1 AND planner = $2",
                        Values::of(round_, worker_)}});
  return found[1].rows() > 0;
}

void Rounds::lay_out(const Stage& stage, std::span<const std::string> folders) {
  Column entries(Type::number);
  for (const std::int64_t entry : stage.entries) entries.add(entry);
  Column posts(Type::text);
  for (const std::string& folder : folders) posts.add(folder);
  connection_->write([&](Transaction& transaction) {
    if (!plans(transaction)) return;
    (void)transaction.commit(
        {{"lay out a stage",
          "UPDATE @package_round SET kind = $1, stage = stage + 1, entries = $2::bigint[], planner = NULL",
          Values::of(to_string(stage.kind), entries)},
         {"lay out a stage",
          "INSERT INTO @package_posts (place, stage, folder) SELECT "
          "coalesce((SELECT max(place) FROM @package_posts), 0) + n.number, r.stage, n.folder FROM @package_round AS "
          "r, "
          "unnest($1::text[]) WITH ORDINALITY AS n (folder, number)",
          Values::of(posts)}});
  });
}

void Rounds::close() {
  connection_->write([&](Transaction& transaction) {
    if (plans(transaction)) (void)transaction.commit(emptying());
  });
}

bool Rounds::leave() {
  bool is_last = false;
  connection_->write([&](Transaction& transaction) {
    is_last = false;
    const auto found = transaction.ask(
        {gate_of_runs(),
         end_of_silent_workers(),
         giving_all_back(worker_),
         {"leave the round", "DELETE FROM @package_workers WHERE worker = $1", Values::of(worker_)},
         {"leave the round", "UPDATE @package_round SET planner = NULL WHERE planner = $1", Values::of(worker_)},
         {"look for other workers", kOthers, Values::of(worker_)},
         {"look for the round", "SELECT 1 FROM @package_round WHERE round = $1", Values::of(round_)}});
    is_last = found[5].integer(0, 0) == 0 && found[6].rows() > 0;
    if (is_last)
      (void)transaction.commit({{"end the round", "UPDATE @package_round SET planner = $1", Values::of(worker_)}});
  });
  return is_last;
}

std::optional<RoundPost> Rounds::take() {
  std::optional<RoundPost> post;
  connection_->write([&](Transaction& transaction) {
    post = taken(transaction.commit({end_of_silent_workers(), freeing_posts(), taking(worker_, std::nullopt)}).back());
  });
  return post;
}

void Rounds::give_back(std::int64_t place) {
  connection_->write([&](Transaction& transaction) { (void)transaction.commit({giving_back(worker_, place)}); });
}

std::optional<RoundPost> Rounds::take_before(std::int64_t place, std::optional<std::int64_t> lost) {
  std::optional<RoundPost> post;
  connection_->write([&](Transaction& transaction) {
    std::vector<Statement> statements{end_of_silent_workers(), freeing_posts()};
    if (lost) statements.push_back(giving_back(worker_, *lost));
    statements.push_back(taking(worker_, place));
    post = taken(transaction.ask(std::move(statements)).back());
    if (post) (void)transaction.commit({giving_back(worker_, place)});
  });
  return post;
}

void Rounds::finish(std::int64_t place, const std::string& why) {
  connection_->write([&](Transaction& transaction) {
    (void)transaction.commit({{"note what became of a post",
                               "UPDATE @package_posts SET done = true, decided = true, why = $3 WHERE place = $1 AND "
                               "worker = $2 AND NOT done",
                               Values::of(place, worker_, why)}});
  });
}

// Nothing but the lease, which each transaction renews.
void Rounds::confirm() {
  connection_->write([](Transaction& transaction) { (void)transaction.commit(); });
}

}  // namespace pipeline::store::postgres
