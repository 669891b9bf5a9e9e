#include "postgres/inspection.h"

#include "pipeline/base/error.h"

#include "postgres/schema.h"
#include "server_fixture.h"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace pipeline::store::postgres {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

class ServerInspectionTest : public ServerTest {
 protected:
  [[nodiscard]] std::unique_ptr<Inspection> inspect() { return inspect_server(address_, clock_); }
  void execute(std::string_view sql) { (void)connect(Mode::bare)->ask("prepare", sql); }
  // A store beside this one, which holds the products of an application's own store.
  void fill(const Address& address, std::string_view digest, std::int64_t run_at) {
    Connection store(address, Mode::read_write, clock_, nullptr, std::chrono::seconds(10));
    store.write([&](Transaction& transaction) {
      (void)transaction.commit(
          {{"remember", "INSERT INTO @state (key, bytes) VALUES ('store_digest/MY_STORE', sha256($1::text::bytea))",
            Values::of(digest)},
           {"note a run",
            "INSERT INTO @runs (run_id, trace_id, command, options, started_at, status) VALUES ('r', '', '', '', $1, "
            "'OK')",
            Values::of(run_at)}});
    });
  }
};

TEST_F(ServerInspectionTest, TellsOfAStoreThatIsNotThere) {
  EXPECT_EQ(inspect()->version().found, 0);
  EXPECT_EQ(inspect()->version().known, kSchemaVersion);
  EXPECT_EQ(inspect()->room().database, 0U);
  EXPECT_EQ(inspect()->holder(), std::nullopt);
  inspect()->check_writable();
  EXPECT_EQ(inspect()->version().found, 0) << "nothing was made";
}

TEST_F(ServerInspectionTest, TellsOfAStoreThatIs) {
  (void)connect();
  EXPECT_EQ(inspect()->version().found, kSchemaVersion);
  EXPECT_GT(inspect()->room().database, 0U);
  inspect()->check_writable();
  const ServerFacts server = inspect()->server();
  EXPECT_THAT(server.version, StartsWith("PostgreSQL 1"));
  EXPECT_FALSE(server.is_encrypted) << "on a socket";
  EXPECT_GT(server.free_connections, 0);
}

TEST_F(ServerInspectionTest, TellsHowFarTheClocksAreApart) {
  const WallTime real = SystemClock().wall();
  const auto ahead = inspect()->server().clock_ahead;
  EXPECT_LT(std::chrono::abs(ahead - (real - clock_.wall())), std::chrono::minutes(1));
}

TEST_F(ServerInspectionTest, WhoMayNotWriteIsTold) {
  (void)connect();
  const std::string role = address_.schema + "_reader";
  execute(fmt::format("CREATE ROLE {} LOGIN", role));
  Address reader = address_;
  for (auto& [key, value] : reader.options)
    if (key == "user") value = role;
  const std::string refusal = message_of([&] { inspect_server(reader, clock_)->check_writable(); });
  const std::string other =
      message_of([&] { inspect_server(reader.with_schema("nowhere"), clock_)->check_writable(); });
  execute(fmt::format("DROP ROLE {}", role));
  EXPECT_THAT(refusal, AllOf(HasSubstr(role), HasSubstr("may not write to the store's tables")));
  EXPECT_THAT(other, AllOf(HasSubstr(role), HasSubstr("may not make the store")));
}

TEST_F(ServerInspectionTest, FindsOtherStoresOfTheSameShop) {
  fill(address_, "ours", 1'000);
  const Address twin = address_.with_schema(address_.schema + "_twin");
  const Address other = address_.with_schema(address_.schema + "_other");
  fill(twin, "ours", 5'000);
  fill(other, "another's", 5'000);
  const auto twins = inspect()->twins("MY_STORE");
  for (const Address& made : {twin, other}) execute(fmt::format("DROP SCHEMA {} CASCADE", made.schema));
  ASSERT_EQ(twins.size(), 1U);
  EXPECT_EQ(twins[0].name, twin.name);
  EXPECT_EQ(twins[0].last_run, WallTime(std::chrono::milliseconds(5'000)));
  EXPECT_THAT(inspect()->twins("OTHER"), IsEmpty());
}

}  // namespace
}  // namespace pipeline::store::postgres
