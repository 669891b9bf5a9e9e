#include "store_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

namespace pipeline::store::sqlite {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

int shared_memory_code = SQLITE_OK;  // what mapping it answers
int lock_code = SQLITE_OK;           // what a lock answers

// The usual file system with one that lacks something in its place.
int map_nothing(sqlite3_file*, int, int, int, void volatile** memory) {
  *memory = nullptr;
  return shared_memory_code;
}
int lock_nothing(sqlite3_file*, int) {
  return lock_code;
}

sqlite3_vfs* usual = nullptr;
sqlite3_io_methods methods;

int open_file(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  const int code = usual->xOpen(usual, name, file, flags, out_flags);
  if (code != SQLITE_OK || (flags & SQLITE_OPEN_MAIN_DB) == 0) return code;
  methods = *file->pMethods;
  if (shared_memory_code != SQLITE_OK) methods.xShmMap = &map_nothing;
  if (lock_code != SQLITE_OK) methods.xLock = &lock_nothing;
  file->pMethods = &methods;
  return code;
}

class ConnectionShareTest : public StoreTest {
 protected:
  ConnectionShareTest() {
    usual = sqlite3_vfs_find(nullptr);
    share_ = *usual;
    share_.zName = "share";
    share_.xOpen = &open_file;
    sqlite3_vfs_register(&share_, 1);
  }
  ~ConnectionShareTest() override {
    sqlite3_vfs_unregister(&share_);
    shared_memory_code = lock_code = SQLITE_OK;
  }
  std::string refusal() {
    return message_of<UsageError>([&] { Connection(path_, Connection::Mode::read_write, clock_, &metrics_); });
  }

  sqlite3_vfs share_;
};

TEST_F(ConnectionShareTest, AFileSystemWithoutSharedMemoryIsNoPlace) {
  for (const int code : {SQLITE_IOERR_SHMMAP, SQLITE_IOERR_SHMSIZE, SQLITE_IOERR_SHMOPEN, SQLITE_IOERR_SHMLOCK}) {
    shared_memory_code = code;
    EXPECT_THAT(refusal(), AllOf(StartsWith(path_.string()), HasSubstr(std::to_string(code)),
                                 HasSubstr("network shares"), HasSubstr("put the database on a local disk")));
  }
}

TEST_F(ConnectionShareTest, NorIsOneWithoutLocks) {
  lock_code = SQLITE_IOERR_LOCK;
  EXPECT_THAT(refusal(), HasSubstr("put the database on a local disk"));
}

TEST_F(ConnectionShareTest, TheShimItselfIsHarmless) {
  Connection database(path_, Connection::Mode::read_write, clock_, &metrics_);
  EXPECT_FALSE(database.in_transaction());
}

}  // namespace
}  // namespace pipeline::store::sqlite
