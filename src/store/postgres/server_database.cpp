#include "pipeline/base/error.h"
#include "pipeline/store/lone_round.h"
#include "pipeline/store_postgres/database.h"

#include "address.h"
#include "catalogue.h"
#include "connection.h"
#include "inspection.h"
#include "lease.h"
#include "packages.h"
#include "queue.h"
#include "rounds.h"
#include "runs.h"
#include "schema.h"
#include "transfer.h"
#include "upkeep.h"

#include <utility>

namespace pipeline::store::postgres {
namespace {

// A store in a schema of a server's database; the run's lock is a row in it.
class ServerDatabase final : public Database {
 public:
  ServerDatabase(Address address, RunListMaker run_lists, std::unique_ptr<Database> empty)
      : address_(std::move(address)), run_lists_(std::move(run_lists)), empty_(std::move(empty)) {}

  [[nodiscard]] const std::string& name() const noexcept override { return address_.name; }
  [[nodiscard]] bool is_there() const override;
  [[nodiscard]] bool is_on_server() const noexcept override { return true; }
  void check_place() const override {}
  [[nodiscard]] bool is_in(const std::filesystem::path&) const override { return false; }
  [[nodiscard]] Lock lock(std::string_view what, WallTime now) override { return take(Lease::Kind::alone, what, now); }
  [[nodiscard]] Lock join(std::string_view what, WallTime now) override {
    return take(Lease::Kind::among_workers, what, now);
  }
  [[nodiscard]] Store open(const Clock& clock, const Opening& opening) override;
  std::filesystem::path put_log_away(WallTime) override { return {}; }  // has_foreign_log() finds none
  [[nodiscard]] std::unique_ptr<Inspection> inspect(const Clock& clock) const override {
    return inspect_server(address_, clock);
  }

 private:
  [[nodiscard]] Lock take(Lease::Kind kind, std::string_view what, WallTime now);

  const Address address_;
  const RunListMaker run_lists_;
  const std::unique_ptr<Database> empty_;
  const SystemClock clock_;  // of the lease, which goes by real time
  std::weak_ptr<Lease> lease_;
};

}  // namespace

bool ServerDatabase::is_there() const {
  Connection connection(address_, Connection::Mode::any_schema, clock_, nullptr, kLockPatience);
  return schema_version(connection) > 0;
}

Database::Lock ServerDatabase::take(Lease::Kind kind, std::string_view what, WallTime now) {
  const auto lease = std::make_shared<Lease>(address_, what, now, clock_, kLeaseTime, kind);
  lease_ = lease;
  return lease;
}

Store ServerDatabase::open(const Clock& clock, const Opening& opening) {
  if (opening.key_index == false)
    throw UsageError(address_.name + ": --sku-index is an experiment with a file of SQLite: name one with --db");
  using Mode = Connection::Mode;
  const bool reads = opening.mode == Opening::Mode::read;
  const auto lease = reads ? nullptr : lease_.lock();
  const auto connection = std::make_shared<Connection>(address_, reads ? Mode::read_only : Mode::read_write, clock,
                                                       opening.metrics, opening.patience, lease);
  if (!connection->has_store()) {
    Store nothing = empty_->open(clock, opening);
    nothing.name = address_.name;
    return nothing;
  }
  auto runs = std::make_unique<Runs>(connection);
  auto catalogue = std::make_unique<Catalogue>(connection, *runs, run_lists_);
  auto packages = std::make_unique<Packages>(connection);
  std::unique_ptr<store::Rounds> rounds;
  if (lease && lease->is_shared())
    rounds = std::make_unique<Rounds>(connection);
  else
    rounds = std::make_unique<LoneRound>(*packages);
  return {.name = address_.name,
          .catalogue = std::move(catalogue),
          .queue = std::make_unique<Queue>(connection),
          .packages = std::move(packages),
          .rounds = std::move(rounds),
          .runs = std::move(runs),
          .upkeep = std::make_unique<Upkeep>(connection),
          .transfer = std::make_unique<Transfer>(connection)};
}

std::unique_ptr<Database> server_database(const std::string& address, RunListMaker run_lists,
                                          std::unique_ptr<Database> empty) {
  return std::make_unique<ServerDatabase>(parse_address(address), std::move(run_lists), std::move(empty));
}

}  // namespace pipeline::store::postgres
