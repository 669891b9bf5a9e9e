#include "pipeline/archive/zip_writer.h"
#include "pipeline/base/file.h"

#include "support/temp_dir.h"
#include "zip_reading.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

// What other programs make of our files.
namespace pipeline::archive {
namespace {

using test::Outcome;
using test::TempDir;
using testing::AllOf;
using testing::HasSubstr;

class ZipReaders : public testing::Test {
 protected:
  void SetUp() override {
    std::mt19937 random(3);
    std::string picture(200'000, '\0');
    for (char& byte : picture) byte = static_cast<char>(random());
    std::string text;
    for (int i = 0; i < 2000; ++i) text += fmt::format("<p>{} 번째 사과</p>\n", i);
    entries_ = {{"content.html", text}, {"images/01.jpg", picture}, {"images/맛있는 사과.jpg", picture}, {"empty", ""}};
    ZipWriter zip(zip_, Compression::standard);
    for (const auto& [name, bytes] : entries_)
      name == "content.html" ? zip.deflate(name, bytes) : zip.store(name, bytes, crc32_of(bytes));
    zip.commit();
    std::filesystem::create_directory(unpacked_);
  }

  [[nodiscard]] Outcome run(const std::vector<std::string>& command) const {
    return archive::run(command, dir_.path());
  }

  void expect_unpacked() const {
    for (const auto& [name, bytes] : entries_) EXPECT_EQ(read_file(unpacked_ / name), bytes) << name;
  }

  const TempDir dir_;
  const std::filesystem::path zip_ = dir_ / "a.zip";
  const std::filesystem::path unpacked_ = dir_ / "unpacked";
  Entries entries_;
};

TEST_F(ZipReaders, Unzip) {
  const Outcome tested = run({"unzip", "-t", zip_});
  EXPECT_EQ(tested.exit_code, 0) << tested.out << tested.err;
  EXPECT_THAT(tested.out, AllOf(HasSubstr("images/맛있는 사과.jpg"), HasSubstr("No errors detected")));
  EXPECT_EQ(tested.err, "");
  EXPECT_EQ(run({"unzip", "-q", zip_, "-d", unpacked_}).exit_code, 0);
  expect_unpacked();
}

TEST_F(ZipReaders, Zipinfo) {
  const Outcome listed = run({"zipinfo", zip_});
  EXPECT_EQ(listed.exit_code, 0) << listed.out << listed.err;
  EXPECT_THAT(listed.out, AllOf(HasSubstr("-rw-r--r--  3.0 unx   200000 b- stor 80-Jan-01 00:00 images/01.jpg"),
                                HasSubstr("images/맛있는 사과.jpg"), HasSubstr("defN"), HasSubstr("4 files")));
}

TEST_F(ZipReaders, Bsdtar) {
  const Outcome listed = run({"bsdtar", "-tf", zip_});
  EXPECT_EQ(listed.out, "content.html\nimages/01.jpg\nimages/맛있는 사과.jpg\nempty\n");
  EXPECT_EQ(listed.err, "");
  const Outcome unpacked = run({"bsdtar", "-xf", zip_, "-C", unpacked_});
  EXPECT_EQ(unpacked.exit_code, 0) << unpacked.err;
  expect_unpacked();
}

TEST_F(ZipReaders, PythonsZipfile) {
  const Outcome tested = run({"python3", "-c",
                              "import sys, zipfile\n"
                              "z = zipfile.ZipFile(sys.argv[1])\n"
                              "assert z.testzip() is None\n"
                              "z.extractall(sys.argv[2])\n"
                              "assert all(i.date_time == (1980, 1, 1, 0, 0, 0) for i in z.infolist())\n",
                              zip_, unpacked_});
  EXPECT_EQ(tested.exit_code, 0) << tested.err;
  expect_unpacked();
}

}  // namespace
}  // namespace pipeline::archive
