#include "source_identity.h"

#include "store_fixture.h"

namespace pipeline::store::sqlite {
namespace {

class SourceIdentityTest : public StoreTest {};

TEST_F(SourceIdentityTest, ADigestOfAnotherKindIsNone) {
  Connection database(path_, Connection::Mode::read_write, clock_, &metrics_);
  database.execute("test", "INSERT INTO state VALUES ('store_digest/MY_STORE', 'short')");
  EXPECT_FALSE(read_identity(database, "MY_STORE"));
}

}  // namespace
}  // namespace pipeline::store::sqlite
