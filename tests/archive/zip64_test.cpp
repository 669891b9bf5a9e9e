#include "pipeline/base/file.h"

#include "support/temp_dir.h"
#include "zip_format.h"
#include "zip_reading.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace pipeline::archive {
namespace {

using test::Outcome;
using test::TempDir;
using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kZip64End("PK\x06\x06");
constexpr std::string_view kZip64Extra("\x01\x00", 2);

// Everything that reads a zip file here reads this one, to the last byte.
void expect_readable(const std::filesystem::path& zip, const Entries& entries, const TempDir& dir) {
  EXPECT_EQ(read_zip(zip), entries);
  for (const auto& command :
       std::vector<std::vector<std::string>>{{"unzip", "-tq", zip}, {"zipinfo", "-v", zip}, {"bsdtar", "-tf", zip}}) {
    const Outcome outcome = run(command, dir.path());
    EXPECT_EQ(outcome.exit_code, 0) << command.front() << ": " << outcome.err;
    EXPECT_EQ(outcome.err, "") << command.front();
  }
  for (const std::string tool : {"unzip", "bsdtar"}) {
    const auto folder = dir / (tool + "ped");
    std::filesystem::create_directory(folder);
    const Outcome outcome = tool == "unzip" ? run({"unzip", "-qo", zip, "-d", folder}, dir.path())
                                            : run({"bsdtar", "-xf", zip, "-C", folder}, dir.path());
    EXPECT_EQ(outcome.exit_code, 0) << tool << ": " << outcome.err;
    for (const auto& [name, bytes] : entries) EXPECT_EQ(read_file(folder / name), bytes) << tool << ' ' << name;
  }
}

Entries write_marked_zip(const std::filesystem::path& target, const Zip64Marks& marks) {
  ZipWriter zip(target, Compression::best, marks);
  Entries entries;
  for (const std::size_t size : {10U, 3000U, 0U, 200U, 5000U, 20U}) {
    entries.emplace_back(fmt::format("{}/사과", entries.size()), std::string(size, static_cast<char>('a' + size % 7)));
    const auto& [name, bytes] = entries.back();
    size == 5000 ? zip.deflate(name, bytes) : zip.store(name, bytes, crc32_of(bytes));
  }
  zip.commit();
  return entries;
}

TEST(Zip64, IsNotUsedWithoutNeed) {
  const TempDir dir;
  const Entries entries = write_marked_zip(dir / "a.zip", {});
  const std::string bytes = read_file(dir / "a.zip");
  EXPECT_THAT(bytes, Not(HasSubstr(kZip64End)));
  std::size_t records = 22;
  for (const auto& [name, content] : entries) records += 30 + 46 + 2 * name.size();
  std::size_t contents = 0;
  for (const auto& [name, content] : entries)
    if (content.size() != 5000) contents += content.size();
  EXPECT_LT(bytes.size() - records - contents, 100U);  // the deflated one: no extra field anywhere
}

struct Case {
  Zip64Marks marks;
  bool in_end_records;
};

TEST(Zip64, EachMarkThatIsReachedIsRead) {
  const std::vector<Case> cases = {
      {{.bytes = 0, .entries = 0}, true},  // every number
      {{.bytes = 250}, true},              // large entries, far ones, the directory's size and offset
      {{.bytes = 600}, true},              // the directory's size no more
      {{.bytes = 3010}, true},             // one size, which only the unpacked text reaches, and offsets
      {{.bytes = 4000}, false},            // that size alone
      {{.entries = 6}, true},              // the number of entries alone
  };
  for (const auto& [marks, in_end_records] : cases) {
    SCOPED_TRACE(fmt::format("{} bytes, {} entries", marks.bytes, marks.entries));
    const TempDir dir;
    const Entries entries = write_marked_zip(dir / "a.zip", marks);
    EXPECT_EQ(read_file(dir / "a.zip").find(kZip64End) != std::string::npos, in_end_records);
    expect_readable(dir / "a.zip", entries, dir);
  }
}

TEST(Zip64, ManyEntriesAreReallyMany) {
  constexpr int kMany = 70'000;
  const TempDir dir;
  ZipWriter zip(dir / "a.zip", Compression::none);
  Entries entries;
  for (int i = 0; i < kMany; ++i) {
    entries.emplace_back(fmt::format("{:05}", i), fmt::format("{}", i));
    zip.store(entries.back().first, entries.back().second, crc32_of(entries.back().second));
  }
  zip.commit();
  EXPECT_TRUE(read_zip(dir / "a.zip") == entries);
  const Outcome tested = run({"unzip", "-tq", dir / "a.zip"}, dir.path());
  EXPECT_EQ(tested.exit_code, 0) << tested.err;
  EXPECT_THAT(run({"zipinfo", "-h", dir / "a.zip"}, dir.path()).out, HasSubstr("entries: 70000"));
  const Outcome listed = run({"bsdtar", "-tf", dir / "a.zip"}, dir.path());
  EXPECT_EQ(std::ranges::count(listed.out, '\n'), kMany);
}

TEST(Zip64, TheLastNumberOfEntriesWithoutItAndTheFirstWithIt) {
  const TempDir dir;
  for (const std::size_t count : {0xFFFEU, 0xFFFFU}) {
    ZipWriter zip(dir / "a.zip", Compression::none);
    for (std::size_t i = 0; i < count; ++i) zip.store(fmt::format("{}", i), "", 0);
    zip.commit();
    EXPECT_EQ(read_zip(dir / "a.zip").size(), count);
    EXPECT_EQ(read_file(dir / "a.zip").find(kZip64End) != std::string::npos, count == 0xFFFF);
  }
}

// Numbers above 4 GiB, which a test cannot write in time.
TEST(Zip64, HoldsNumbersOf64Bits) {
  const Entry entry{.name = "n", .packed_size = 0x1'2345'6789, .size = 0x2'3456'789A, .offset = 0x3'4567'89AB};
  const std::string_view sizes("\x9A\x78\x56\x34\x02\0\0\0\x89\x67\x45\x23\x01\0\0\0", 16);
  const std::string_view offset("\xAB\x89\x67\x45\x03\0\0\0", 8);
  const auto field = [](std::string_view numbers) {
    return std::string(kZip64Extra) + static_cast<char>(numbers.size()) + '\0' + std::string(numbers);
  };
  EXPECT_THAT(local_header(entry, {}), testing::EndsWith("n" + field(sizes)));
  EXPECT_THAT(central_header(entry, {}), testing::EndsWith("n" + field(std::string(sizes) + std::string(offset))));
  EXPECT_THAT(end_records({.entries = 1, .size = 0x1'0000'0000, .offset = 0x3'4567'89AB}, {}),
              HasSubstr(std::string("\0\0\0\0\x01\0\0\0", 8) + std::string(offset)));
}

}  // namespace
}  // namespace pipeline::archive
