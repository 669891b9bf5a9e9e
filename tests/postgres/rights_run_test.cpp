#include "server_run_test.h"

#include <fmt/format.h>

#include <string>

// The roles of docs/postgresql.md, with the GRANTs that stand there.
namespace pipeline::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class RightsServerRun : public ServerRunTest {
 protected:
  void SetUp() override {
    ServerRunTest::SetUp();
    if (IsSkipped()) return;
    for (const char* role : {"nightly", "worker", "reader"})
      (void)stand().query(fmt::format("CREATE ROLE {} LOGIN", role_named(role)));
    (void)stand().query(fmt::format("CREATE SCHEMA {} AUTHORIZATION {}", stand().schema(), role_named("nightly")));
  }
  void TearDown() override {
    if (IsSkipped()) return;
    (void)stand().query(fmt::format("DROP SCHEMA {} CASCADE", stand().schema()));
    for (const char* role : {"worker", "reader", "nightly"})
      (void)stand().query(fmt::format("DROP OWNED BY {0}; DROP ROLE {0}", role_named(role)));
  }
  [[nodiscard]] std::string role_named(const std::string& role) { return stand().schema() + "_" + role; }
  void work_as(const std::string& role) {
    std::string db = stand().db();
    const std::string from = "postgresql://pipeline@";
    stand().environment["PIPELINE_DB"] = "postgresql://" + role_named(role) + "@" + db.substr(from.size());
  }
  void grant() {
    const std::string& schema = stand().schema();
    const std::string worker = role_named("worker");
    const std::string readers = worker + ", " + role_named("reader");
    (void)stand().query(fmt::format("GRANT USAGE ON SCHEMA {} TO {}", schema, readers));
    (void)stand().query(fmt::format("GRANT SELECT ON ALL TABLES IN SCHEMA {} TO {}", schema, readers));
    (void)stand().query(
        fmt::format("GRANT INSERT, UPDATE, DELETE ON {0}.refresh_queue, "
                    "{0}.packages, {0}.images, {0}.posts, "
                    "{0}.post_products, {0}.runs, {0}.run_lock, {0}.package_round, "
                    "{0}.package_workers, {0}.package_posts, {0}.package_pictures TO {1}",
                    schema, worker));
  }
};

TEST_F(RightsServerRun, EachRoleDoesItsWorkAndNoMore) {
  work_as("nightly");
  const Outcome first = stand().upsert(ServerStand::products(3, 1'000));
  ASSERT_EQ(first.exit_code, 0) << first.err;
  work_as("reader");
  const Outcome early = stand().run({"queue", "list", "--json"});
  EXPECT_EQ(early.exit_code, 1);
  EXPECT_THAT(early.err, AllOf(HasSubstr("permission denied"), HasSubstr("docs/postgresql.md has the GRANTs")));

  grant();
  for (const char* command : {"status", "queue list"}) {
    const Outcome outcome = std::string(command) == "status" ? stand().run({"status", "--quiet"})
                                                             : stand().run({"queue", "list", "--json"});
    EXPECT_EQ(outcome.exit_code, 0) << command << outcome.err;
  }
  EXPECT_EQ(stand().run({"queue", "claim", "--worker", "A"}).exit_code, 1) << "readers claim nothing";

  work_as("worker");
  const Outcome claim = stand().run({"queue", "claim", "--worker", "A", "--limit", "2"});
  EXPECT_EQ(claim.exit_code, 0) << claim.err;
  EXPECT_EQ(stand().run({"queue", "done", "1", "--worker", "A"}).exit_code, 0);
  const Outcome package = stand().run({"package", "--from-queue", "--posts", stand().folder().path().string(), "--out",
                                       (stand().folder() / "packages").string()});
  EXPECT_EQ(package.exit_code, 0) << package.err;
  EXPECT_THAT(stand().upsert(ServerStand::products(1, 9)).err, HasSubstr("permission denied"));
}

}  // namespace
}  // namespace pipeline::test
