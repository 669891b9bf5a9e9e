#include "server_run_test.h"
#include "support/sync_stand.h"

#include <nlohmann/json.hpp>

#include <map>
#include <string>

// `check`, `store add` and --all on a server.
namespace pipeline::test {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Key;
using ::testing::Not;

class CheckServerRun : public ServerRunTest {
 protected:
  void SetUp() override {
    ServerRunTest::SetUp();
    if (IsSkipped()) return;
    stand().environment.insert(shop_.environment.begin(), shop_.environment.end());
  }
  // Of each check its first state and text: `ok: ours, …`.
  [[nodiscard]] std::map<std::string, std::string> findings() {
    std::map<std::string, std::string> all;
    const json found = stand().json({"check", "--base-url", shop_.base_url()});
    for (const auto& one : found["checks"])
      all.emplace(one["check"], one["state"].get<std::string>() + ": " + one["text"].get<std::string>());
    return all;
  }

  SyncStand shop_;
};

TEST_F(CheckServerRun, TellsOfTheServerWhereAFileHasADisk) {
  auto found = findings();
  EXPECT_THAT(found["database"], HasSubstr("ok: not there yet"));
  EXPECT_THAT(found["server"],
              AllOf(HasSubstr("ok: PostgreSQL "), HasSubstr(" answers; the connection is not encrypted")));
  for (const char* of_files : {"integrity", "file-system", "space"}) EXPECT_THAT(found, Not(Contains(Key(of_files))));

  ASSERT_EQ(stand().upsert(ServerStand::products(1, 1)).exit_code, 0);
  found = findings();
  EXPECT_THAT(found["database"], HasSubstr("ok: ours, schema "));
  EXPECT_THAT(found, Not(Contains(Key("lock"))));
  (void)stand().query("UPDATE run_lock SET holder = 'pid 7 on mars', lease_until = now() + interval '1 min'");
  EXPECT_THAT(findings()["lock"], HasSubstr("ok: a run is at work now: pid 7 on mars"));
}

TEST_F(CheckServerRun, WhereTheServerIsNotThereItSaysSoOnce) {
  stand().environment["PIPELINE_DB"] = "postgresql://127.0.0.1:9/d?connect_timeout=2";
  const auto found = findings();
  EXPECT_THAT(found.at("database"), HasSubstr("failed: postgresql://127.0.0.1:9/d?schema=pipeline: can't connect"));
  for (const char* more : {"server", "lock", "space"}) EXPECT_THAT(found, Not(Contains(Key(more)))) << more;
  EXPECT_THAT(stand().run({"check", "--base-url", shop_.base_url()}).out,
              HasSubstr("✗ database     postgresql://127.0.0.1:9/d?schema=pipeline: can't connect"))
      << "named once";
}

TEST_F(CheckServerRun, AStoreOfTheConfigFileHasASchemaOfItsOwn) {
  const auto config = stand().file("pipeline.toml", "").string();
  const std::string server = stand().db().substr(0, stand().db().find("&schema="));
  for (const char* store : {"Mugs-1", "cups"})
    ASSERT_EQ(stand().run({"store", "add", store, "--config", config, "--db", server}).exit_code, 0);
  EXPECT_EQ(stand().run({"store", "add", "pots", "--config", config, "--db", "postgresql://u:secret@h/d"}).exit_code,
            2);
  const auto stores = stand().json({"store", "list", "--config", config})["stores"];
  ASSERT_EQ(stores.size(), 2U);
  EXPECT_EQ(stores[0]["values"]["db"], server + "&schema=mugs_1");
  EXPECT_EQ(stores[1]["values"]["db"], server + "&schema=cups");
}

TEST_F(CheckServerRun, TwoStoresWithOneSchemaAreRefused) {
  const std::string server = stand().db().substr(0, stand().db().find("&schema="));
  const auto config = stand().file(
      "pipeline.toml", "[store.a]\ndb = \"" + server + "\"\n[store.b]\ndb = \"" + server + "&schema=pipeline\"\n");
  stand().environment.erase("PIPELINE_DB");
  const Outcome outcome = stand().run({"status", "--all", "--config", config.string()});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("the stores a and b have one database"));
}

}  // namespace
}  // namespace pipeline::test
