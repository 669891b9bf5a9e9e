#include "posts_shop.h"
#include "server_pair.h"
#include "server_run_test.h"

#include <memory>
#include <string>

// An address that names a standby, alone or beside the server that it follows.
namespace pipeline::test {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

class StandbyServerRun : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!shared_server()) GTEST_SKIP() << "no programs of PostgreSQL's: scripts/test installs them";
    pair_ = std::make_unique<ServerPair>();
  }
  [[nodiscard]] std::string on_standby(const ServerStand& stand) const {
    return pair_->address_of_standby() + "&schema=" + stand.schema();
  }
  // It gets what the other one writes, and shows nothing of it.
  void let_it_lag() const {
    query_server_alone(pair_->address_of_standby() + "&target_session_attrs=standby", "SELECT pg_wal_replay_pause()");
  }

  std::unique_ptr<ServerPair> pair_;
};

TEST_F(StandbyServerRun, IsReadAndIsNotWrittenTo) {
  const ServerStand stand(pair_->address_of_primary());
  ASSERT_EQ(stand.upsert(ServerStand::products(3, 1'000)).exit_code, 0);
  const Outcome status = stand.run({"status", "--quiet", "--db", on_standby(stand)});
  EXPECT_EQ(status.exit_code, 0) << status.err;
  const Outcome upsert =
      stand.upsert(ServerStand::products(3, 2'000), {"--lock-wait", "1ms", "--db", on_standby(stand)});
  EXPECT_EQ(upsert.exit_code, 75) << "it may be promoted";
  EXPECT_THAT(upsert.err, HasSubstr("name the server that it follows as well (HOST1,HOST2)"));
  EXPECT_THAT(stand.run({"check", "--db", on_standby(stand)}).out,
              HasSubstr("the server is read-only, as a standby is"));
}

TEST_F(StandbyServerRun, WhoReadsBesideItsPrimarySeesWhatIsWritten) {
  const ServerStand stand(pair_->address_with_standby_first());
  let_it_lag();
  ASSERT_EQ(stand.upsert(ServerStand::products(3, 1'000)).exit_code, 0);
  EXPECT_EQ(stand.json({"queue", "list"}).size(), 3U);
}

// Which pictures others have a run reads from the server that it writes to.
TEST_F(StandbyServerRun, PostsAreBuiltByWhatThePrimaryKnows) {
  const Shop alone(pair_->address_of_primary());
  const Shop beside(pair_->address_with_standby_first());
  let_it_lag();
  for (int edition = 0; edition < 2; ++edition)
    for (const Shop* shop : {&alone, &beside}) {
      shop->bring(3, edition);
      (void)shop->work(1);
    }
  EXPECT_THAT(difference(beside.outcome(), alone.outcome()), IsEmpty());
  EXPECT_GT(alone.count("posts WHERE state = 'REJECTED'"), 0) << "pictures are shared";
}

}  // namespace
}  // namespace pipeline::test
