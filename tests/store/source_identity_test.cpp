#include "pipeline/store/source_identity.h"

#include "store_fixture.h"

namespace pipeline::store {
namespace {

class SourceIdentityTest : public StoreTest {};

TEST_F(SourceIdentityTest, IsRememberedForEachSource) {
  Database database(path_, Database::Mode::read_write, clock_, metrics_);
  EXPECT_FALSE(read_identity(database, "MY_STORE"));
  Transaction transaction(database);
  remember_identity(database, "MY_STORE", {hash_of("one"), "aaaa", ""});
  remember_identity(database, "MY_STORE", {hash_of("two"), "bbbb", "cccc"});
  transaction.commit();
  const auto identity = read_identity(database, "MY_STORE");
  ASSERT_TRUE(identity);
  EXPECT_EQ(identity->digest, hash_of("two"));
  EXPECT_EQ(identity->client_id_end, "bbbb");
  EXPECT_EQ(identity->account_id_end, "cccc");
  EXPECT_FALSE(read_identity(database, "OTHER"));
}

TEST_F(SourceIdentityTest, ADigestOfAnotherKindIsNone) {
  Database database(path_, Database::Mode::read_write, clock_, metrics_);
  database.execute("test", "INSERT INTO state VALUES ('store_digest/MY_STORE', 'short')");
  EXPECT_FALSE(read_identity(database, "MY_STORE"));
}

TEST(SourceIdentity, IsToldByTheEndsOfTheIds) {
  EXPECT_EQ(to_text(SourceIdentity{{}, "aaaa", ""}), "application …aaaa");
  EXPECT_EQ(to_text(SourceIdentity{{}, "aaaa", "bbbb"}), "application …aaaa, account …bbbb");
}

}  // namespace
}  // namespace pipeline::store
