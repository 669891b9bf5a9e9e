#include "pipeline/archive/zip_writer.h"

#include "pipeline/base/error.h"
#include "pipeline/base/file.h"

#include "support/temp_dir.h"
#include "zip_reading.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <random>

namespace pipeline::archive {
namespace {

using test::TempDir;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::ThrowsMessage;

std::string noise(std::size_t size) {
  std::mt19937 random(7);
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

std::string text_of(std::size_t size) {
  std::string text;
  while (text.size() < size) text += "우리 가게의 사과 " + std::to_string(text.size()) + "\n";
  return text;
}

void write_post(const std::filesystem::path& target, Compression compression) {
  ZipWriter zip(target, compression);
  const std::string picture = noise(300'000);  // more than is copied
  zip.deflate("content.html", text_of(20'000));
  zip.store("images/01.jpg", picture, crc32_of(picture));
  zip.store("images/사과.jpg", "small", crc32_of("small"));
  zip.store("empty", "", crc32_of(""));
  zip.deflate("empty.txt", "");
  zip.commit();
}

TEST(ZipWriter, GivesBackEveryByteInTheOrderOfTheEntries) {
  const TempDir dir;
  for (const auto compression : {Compression::none, Compression::fast, Compression::standard, Compression::best}) {
    write_post(dir / "post.zip", compression);
    EXPECT_THAT(read_zip(dir / "post.zip"),
                ElementsAre(Pair("content.html", text_of(20'000)), Pair("images/01.jpg", noise(300'000)),
                            Pair("images/사과.jpg", "small"), Pair("empty", ""), Pair("empty.txt", "")));
  }
}

TEST(ZipWriter, AnArchiveOfNothingIsAnArchive) {
  const TempDir dir;
  ZipWriter zip(dir / "none.zip", Compression::standard);
  zip.commit();
  EXPECT_EQ(std::filesystem::file_size(dir / "none.zip"), 22U);
  EXPECT_THAT(read_zip(dir / "none.zip"), IsEmpty());
}

TEST(ZipWriter, TheSameEntriesGiveTheSameBytes) {
  const TempDir dir;
  write_post(dir / "a.zip", Compression::best);
  write_post(dir / "b.zip", Compression::best);
  EXPECT_EQ(read_file(dir / "a.zip"), read_file(dir / "b.zip"));
}

TEST(ZipWriter, AHigherLevelGivesNoLargerFile) {
  const TempDir dir;
  std::uint64_t before = UINT64_MAX;
  for (const auto compression : {Compression::none, Compression::fast, Compression::standard, Compression::best}) {
    ZipWriter zip(dir / "text.zip", compression);
    zip.deflate("text", text_of(200'000));
    EXPECT_LT(zip.size(), before);
    before = zip.size();
  }
}

TEST(ZipWriter, StoresWhatDeflatingDoesNotShorten) {
  const TempDir dir;
  const std::string bytes = noise(1000);
  ZipWriter zip(dir / "a.zip", Compression::best);
  zip.deflate("n", bytes);
  EXPECT_EQ(zip.size(), 30U + 1U + bytes.size());
  zip.commit();
  EXPECT_THAT(read_zip(dir / "a.zip"), ElementsAre(Pair("n", bytes)));
}

TEST(ZipWriter, KnowsItsSize) {
  const TempDir dir;
  ZipWriter zip(dir / "a.zip", Compression::none);
  EXPECT_EQ(zip.size(), 0U);
  zip.deflate("a", "123");
  EXPECT_EQ(zip.size(), 30U + 1U + 3U);
  zip.commit();
  EXPECT_EQ(zip.size(), std::filesystem::file_size(dir / "a.zip"));
}

TEST(ZipWriter, WithoutCommitNothingStays) {
  const TempDir dir;
  {
    ZipWriter zip(dir / "a.zip", Compression::none);
    zip.deflate("a", noise(200'000));
    const auto names = names_in(dir.path());
    ASSERT_EQ(names.size(), 1U);
    EXPECT_THAT(names.front(), AllOf(testing::StartsWith(".a.zip."), testing::EndsWith(".part")));
  }
  EXPECT_THAT(names_in(dir.path()), IsEmpty());
}

TEST(ZipWriter, ReplacesTheOldFileWholeAndOnlyAtCommit) {
  const TempDir dir;
  const std::string old(500'000, 'o');
  std::ofstream(dir / "a.zip") << old;
  ZipWriter zip(dir / "a.zip", Compression::none);
  zip.deflate("a", "new");
  EXPECT_EQ(read_file(dir / "a.zip"), old);
  zip.commit();
  EXPECT_THAT(read_zip(dir / "a.zip"), ElementsAre(Pair("a", "new")));
  EXPECT_THAT(names_in(dir.path()), ElementsAre("a.zip"));
}

TEST(ZipWriter, AcceptsATargetWithoutAFolder) {
  const TempDir dir;
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(dir.path());
  write_post("here.zip", Compression::fast);
  std::filesystem::current_path(before);
  EXPECT_THAT(names_in(dir.path()), ElementsAre("here.zip"));
}

TEST(ZipWriter, RefusesANameThatIsNoPlainRelativePath) {
  const TempDir dir;
  ZipWriter zip(dir / "a.zip", Compression::none);
  for (const std::string name :
       {"", "/etc/passwd", "..", "a/../b", "a//b", "a/", "./a", "a\\b", "C:a", "a\nb", "\xff", "\xed\xa0\x80"})
    EXPECT_THAT([&] { zip.deflate(name, "x"); }, ThrowsMessage<Error>(HasSubstr((dir / "a.zip").string()))) << name;
  EXPECT_THAT([&] { zip.deflate(std::string(70'000, 'n'), "x"); }, ThrowsMessage<Error>(HasSubstr("too long")));
  zip.deflate("..a", "x");
  zip.commit();
  EXPECT_THAT(read_zip(dir / "a.zip"), ElementsAre(Pair("..a", "x")));
}

TEST(ZipWriter, RefusesANameThatIsGivenTwice) {
  const TempDir dir;
  ZipWriter zip(dir / "a.zip", Compression::none);
  zip.deflate("a", "x");
  EXPECT_THAT([&] { zip.store("a", "y", crc32_of("y")); },
              ThrowsMessage<Error>(AllOf(HasSubstr("\"a\""), HasSubstr("twice"))));
  zip.commit();
  EXPECT_THAT(read_zip(dir / "a.zip"), ElementsAre(Pair("a", "x")));
}

TEST(Crc32, IsThatOfTheStandard) {
  EXPECT_EQ(crc32_of("123456789"), 0xCBF43926U);  // the check value of CRC-32/ISO-HDLC
  EXPECT_EQ(crc32_of(""), 0U);
}

}  // namespace
}  // namespace pipeline::archive
