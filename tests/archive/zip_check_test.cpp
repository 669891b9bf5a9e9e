#include "zip_check.h"

#include "pipeline/archive/zip_writer.h"
#include "pipeline/base/error.h"
#include "pipeline/base/file.h"

#include "support/temp_dir.h"
#include "zip_reading.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

namespace pipeline::archive {
namespace {

using test::TempDir;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

// Puts bytes over those of a file.
void overwrite(const std::filesystem::path& path, std::streamoff at, std::string_view bytes) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(at);
  file << bytes;
}

class ZipCheck : public testing::Test {
 protected:
  void SetUp() override {
    ZipWriter zip(zip_, Compression::none);
    zip.deflate("first", "abc");
    zip.deflate("second", "def");
    zip.commit();
  }

  const TempDir dir_;
  const std::filesystem::path zip_ = dir_ / "a.zip";
};

TEST_F(ZipCheck, FindsNothingWrongWithASoundFile) {
  EXPECT_EQ(check_zip(zip_, 2), "");
}

TEST_F(ZipCheck, CountsTheEntries) {
  EXPECT_EQ(check_zip(zip_, 3), "2 of 3 entries are there");
}

TEST_F(ZipCheck, ComparesTheTwoHeadersOfAnEntry) {
  overwrite(zip_, 30, "f1rst");
  EXPECT_THAT(check_zip(zip_, 2), HasSubstr("inconsistent"));
}

TEST_F(ZipCheck, SeesThatTheEndIsMissing) {
  std::filesystem::resize_file(zip_, std::filesystem::file_size(zip_) - 30);
  EXPECT_NE(check_zip(zip_, 2), "");
}

TEST_F(ZipCheck, ADiskThatChangesWhatWasWrittenKeepsTheOldFile) {
  const std::string old = read_file(zip_);
  {
    ZipWriter zip(zip_, Compression::none);
    zip.deflate("large", std::string(100'000, 'x'));
    for (const auto& name : names_in(dir_.path()))
      if (name.ends_with(".part")) overwrite(dir_ / name, 0, "XX");
    EXPECT_THAT([&] { zip.commit(); },
                ThrowsMessage<Error>(AllOf(HasSubstr(zip_.string()), HasSubstr("no sound zip file"))));
  }
  EXPECT_EQ(read_file(zip_), old);
  EXPECT_THAT(names_in(dir_.path()), ElementsAre("a.zip"));
}

}  // namespace
}  // namespace pipeline::archive
