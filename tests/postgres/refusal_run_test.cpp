#include "server_run_test.h"
#include "support/sync_stand.h"

#include <fmt/format.h>

#include <string>

// What is refused, and how.
namespace pipeline::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class RefusalServerRun : public ServerRunTest {
 protected:
  [[nodiscard]] Outcome status_of(const std::string& db) { return stand().run({"status", "--db", db}); }
};

TEST_F(RefusalServerRun, APasswordIsRefusedAndShownNowhere) {
  for (const char* db : {"postgresql://u:s3cret@localhost/d", "service=x password=s3cret"}) {
    const Outcome outcome = stand().run({"check", "--db", db, "--base-url", "http://127.0.0.1:9"});
    EXPECT_EQ(outcome.exit_code, 2);
    EXPECT_THAT(outcome.out + outcome.err, AllOf(HasSubstr("~/.pgpass"), Not(HasSubstr("s3cret")))) << db;
  }
}

TEST_F(RefusalServerRun, AServerThatIsNotThereMayBeLater) {
  const Outcome outcome =
      stand().upsert(ServerStand::products(1, 1), {"--db", "postgresql://127.0.0.1:9/d", "--lock-wait", "1ms"});
  EXPECT_EQ(outcome.exit_code, 75) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("postgresql://127.0.0.1:9/d?schema=pipeline: can't connect"));
}

// Which no waiting mends: with half a minute of patience nothing is waited for.
TEST_F(RefusalServerRun, AnAddressThatNothingCanBeMadeOfIsNoServerThatIsAway) {
  const auto services = stand().file("services.conf", "[stores]\nhost=127.0.0.1\nschema=mugs\n");
  stand().environment["PGSERVICEFILE"] = services.string();
  for (const std::string& db : {std::string("service=nowhere schema=mugs"), std::string("service=stores schema=mugs"),
                                stand().db() + "&sslmode=always", stand().db() + "&target_session_attrs=best"}) {
    const Outcome outcome = status_of(db);
    EXPECT_EQ(outcome.exit_code, 2) << db << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr("mend the option in --db, the PG* variable or the service file")) << db;
  }
  stand().environment["PGSERVICEFILE"] = "/nowhere";
  EXPECT_THAT(status_of("service=stores schema=mugs").err, HasSubstr("service file"));
}

TEST_F(RefusalServerRun, ADatabaseThatTheServerDoesNotHaveIsAWrongAddress) {
  std::string db = stand().db();
  db.replace(db.find("/postgres?"), 9, "/nowhere");
  const Outcome outcome = status_of(db);
  EXPECT_EQ(outcome.exit_code, 2) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("\"nowhere\" does not exist"));
}

TEST_F(RefusalServerRun, TablesOfAnotherProgramAreLeftAlone) {
  (void)stand().query(fmt::format("CREATE SCHEMA {0}; CREATE TABLE {0}.products (id int)", stand().schema()));
  for (const Outcome& outcome : {status_of(stand().db()), stand().upsert(ServerStand::products(1, 1))}) {
    EXPECT_EQ(outcome.exit_code, 2);
    EXPECT_THAT(outcome.err, HasSubstr("holds tables of another program: "
                                       "choose another with ?schema=NAME"));
  }
  EXPECT_EQ(stand().value("SELECT count(*) FROM products"), "0");
}

TEST_F(RefusalServerRun, ANewerSchemaIsNotTouched) {
  ASSERT_EQ(stand().upsert(ServerStand::products(1, 1)).exit_code, 0);
  (void)stand().query("INSERT INTO schema_version VALUES (99)");
  for (const Outcome& outcome : {status_of(stand().db()), stand().upsert(ServerStand::products(2, 1))}) {
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_THAT(outcome.err, HasSubstr("written by a newer pipeline (schema 99"));
  }
  EXPECT_EQ(stand().value("SELECT count(*) FROM products"), "1");
}

// Made by those that can; each goes with its test.
class RefusedRole : public RefusalServerRun {
 protected:
  void SetUp() override {
    RefusalServerRun::SetUp();
    if (IsSkipped()) return;
    ASSERT_EQ(stand().upsert(ServerStand::products(1, 1)).exit_code, 0);
    alter("", "CREATE ROLE {} LOGIN SUPERUSER");
    stand().environment["PIPELINE_DB"] = "postgresql://" + role() + stand().db().substr(stand().db().find('@'));
  }
  void TearDown() override {
    if (!IsSkipped()) (void)stand().query("DROP ROLE " + role());
  }
  [[nodiscard]] std::string role() { return stand().schema() + "_role"; }
  void alter(const std::string& setting, const std::string& sql = "ALTER ROLE {} ") {
    (void)stand().query(fmt::format(fmt::runtime(sql), role()) + setting);
  }
};

TEST_F(RefusedRole, OneThatMayOnlyReadIsNoStandbyThatMayBecomeAPrimary) {
  alter("SET default_transaction_read_only = on");
  const Outcome upsert = stand().upsert(ServerStand::products(2, 1));
  EXPECT_EQ(upsert.exit_code, 2);
  EXPECT_THAT(upsert.err, HasSubstr("its user may only read there (default_transaction_read_only is on)"));
  EXPECT_EQ(stand().run({"status", "--quiet"}).exit_code, 0);
  EXPECT_THAT(stand().run({"check"}).out, HasSubstr("its user may only read there"));
}

TEST_F(RefusedRole, OneWhoseStatementsAreEndedIsToldOfTheSetting) {
  alter("SET statement_timeout = 1");
  (void)stand().query("CREATE FUNCTION slow(text) RETURNS text AS 'SELECT $1 FROM pg_sleep(0.1)' LANGUAGE sql");
  (void)stand().query("ALTER TABLE products ADD CHECK (slow(sku) = sku)");
  const Outcome upsert = stand().upsert(ServerStand::products(2, 1));
  EXPECT_EQ(upsert.exit_code, 1);
  EXPECT_THAT(upsert.err, HasSubstr("if statement_timeout is set for this user, let the server's operator raise it"));
}

// Superusers are let in whatever their number is, but not into a database that is full for all.
TEST_F(RefusedRole, AServerWithoutAFreeConnectionMayHaveOneLater) {
  alter("NOSUPERUSER CONNECTION LIMIT 0");
  const Outcome upsert = stand().upsert(ServerStand::products(2, 1), {"--lock-wait", "1ms"});
  EXPECT_EQ(upsert.exit_code, 75) << upsert.err;
  EXPECT_THAT(upsert.err, HasSubstr("all its connections are in use"));
}

TEST_F(RefusedRole, OneThatMayNotComeInIsNotWaitedFor) {
  alter("NOLOGIN");
  const Outcome outcome = stand().run({"status"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("look whether the user, the database and the rights in --db are the server's"));
}

TEST_F(RefusalServerRun, ADatabaseThatCantKeepEachLetterIsRefusedBeforeAnythingIsMade) {
  const std::string name = stand().schema() + "_latin";
  const std::string server = stand().db().substr(0, stand().db().find("&schema="));
  query_server_alone(server, "CREATE DATABASE " + name + " ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
  std::string db = stand().db();
  db.replace(db.find("/postgres?"), 10, "/" + name + "?");
  const Outcome upsert = stand().upsert(ServerStand::products(1, 1), {"--db", db});
  const Outcome check = stand().run({"check", "--db", db});
  const Outcome status = status_of(db);
  query_server_alone(server, "DROP DATABASE " + name);
  EXPECT_EQ(upsert.exit_code, 2);
  for (const std::string& told : {upsert.err, check.out})
    EXPECT_THAT(told, HasSubstr("the database's encoding is LATIN1, which has not all letters"));
  EXPECT_THAT(status.err, HasSubstr("there is no database")) << "nothing was made";
}

// A word of SQL's.
TEST_F(RefusalServerRun, AStoreMayBeCalledLikeAnything) {
  std::string db = stand().db();
  db.replace(db.find("schema="), db.npos, "schema=user");
  const Outcome upsert = stand().upsert(ServerStand::products(1, 1), {"--db", db});
  EXPECT_EQ(upsert.exit_code, 0) << upsert.err;
  EXPECT_EQ(stand().run({"queue", "claim", "--worker", "A", "--db", db}).exit_code, 0);
  (void)stand().query("DROP SCHEMA \"user\" CASCADE");
}

TEST_F(RefusalServerRun, AStoreIsNotCopiedOntoItself) {
  ASSERT_EQ(stand().upsert(ServerStand::products(1, 1)).exit_code, 0);
  const Outcome outcome = stand().run({"copy", stand().db(), stand().db()});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("is both: name another for the copy"));
}

TEST_F(RefusalServerRun, ItsCopiesAreTheServersAffair) {
  ASSERT_EQ(stand().upsert(ServerStand::products(1, 1)).exit_code, 0);
  for (const Outcome& outcome : {stand().run({"backup", (stand().folder() / "a.db.zst").string()}),
                                 stand().run({"restore", stand().file("a.db.zst", "").string(), "--force"})}) {
    EXPECT_EQ(outcome.exit_code, 2);
    EXPECT_THAT(outcome.err, HasSubstr("pg_dump and pg_restore"));
  }
}

TEST_F(RefusalServerRun, WhoOnlyReadsMakesNoStore) {
  const Outcome outcome = stand().run({"queue", "list"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("there is no database " + stand().db()));
  EXPECT_EQ(stand().query(fmt::format("SELECT 1 FROM pg_namespace WHERE nspname = '{}'", stand().schema())).size(), 0U);
}

}  // namespace
}  // namespace pipeline::test
