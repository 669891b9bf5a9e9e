#include "pipeline/archive/zip_writer.h"
#include "pipeline/base/error.h"
#include "pipeline/base/file.h"

#include "base/child_process.h"
#include "support/temp_dir.h"
#include "zip_reading.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <fstream>
#include <functional>

namespace pipeline::archive {
namespace {

namespace fs = std::filesystem;
using test::ChildProcess;
using test::TempDir;
using testing::AllOf;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;
using testing::ThrowsMessage;
using testing::UnorderedElementsAre;

// In a child: the file system takes no file above the limit, like a disk that is full.
void fill_disk_at(rlim_t bytes) {
  ::signal(SIGXFSZ, SIG_IGN);
  const rlimit limit{bytes, bytes};
  ::setrlimit(RLIMIT_FSIZE, &limit);
}

// The message of the Error that the call ends with, in a process of its own.
std::string error_of(const std::function<void()>& call) {
  ChildProcess child([&] {
    try {
      call();
    } catch (const Error& error) {
      fmt::print(stderr, "{}\n", error.what());
      return 1;
    }
    return 0;
  });
  std::string message = child.read_line();
  EXPECT_EQ(child.exit_code(), 1);
  return message;
}

void write_zip(const fs::path& target, std::size_t size) {
  ZipWriter zip(target, Compression::none);
  zip.deflate("content", std::string(size, 'x'));
  zip.commit();
}

TEST(ZipFailure, AFullDiskIsNamedAndLeavesTheOldFileAlone) {
  const TempDir dir;
  std::ofstream(dir / "a.zip") << "old";
  // In the middle of an entry; among the small ones written with the directory; in the directory's last bytes.
  for (const auto& [size, limit] : {std::pair<std::size_t, rlim_t>{1'000'000, 300'000}, {1000, 500}, {1000, 1100}}) {
    const std::string message = error_of([&, &size = size, &limit = limit] {
      fill_disk_at(limit);
      write_zip(dir / "a.zip", size);
    });
    EXPECT_THAT(message, AllOf(StartsWith("cannot write " + (dir / "a.zip").string() + ": File too large; "),
                               HasSubstr("run again")));
    EXPECT_EQ(read_file(dir / "a.zip"), "old");
    EXPECT_THAT(names_in(dir.path()), ElementsAre("a.zip"));
  }
}

TEST(ZipFailure, AfterAFullDiskTheWriterLeavesNothingThoughItLivesOn) {
  const TempDir dir;
  const std::string message = error_of([&] {
    fill_disk_at(300'000);
    ZipWriter zip(dir / "a.zip", Compression::none);
    EXPECT_THROW(zip.deflate("content", std::string(1'000'000, 'x')), Error);
    EXPECT_THAT(names_in(dir.path()), IsEmpty());
    fill_disk_at(RLIM_INFINITY);
    zip.commit();
  });
  EXPECT_THAT(message, StartsWith("cannot write " + (dir / "a.zip").string()));
  EXPECT_THAT(names_in(dir.path()), IsEmpty());
}

TEST(ZipFailure, AFolderThatMayNotBeWrittenIsNamed) {
  const TempDir dir;
  fs::permissions(dir.path(), fs::perms::owner_all | fs::perms::others_read | fs::perms::others_exec);
  const std::string message = error_of([&] {
    // Permissions stop everyone but root.
    if (::geteuid() == 0 && ::setuid(65534) != 0) ::_exit(2);
    if (::geteuid() != 65534) fs::permissions(dir.path(), fs::perms::owner_read | fs::perms::owner_exec);
    write_zip(dir / "a.zip", 10);
  });
  fs::permissions(dir.path(), fs::perms::owner_all);
  EXPECT_EQ(message, fmt::format("cannot write {}: Permission denied; let this user write to {}",
                                 (dir / "a.zip").string(), dir.path().string()));
  EXPECT_THAT(names_in(dir.path()), IsEmpty());
}

TEST(ZipFailure, AFolderThatIsNotThereIsNamed) {
  const TempDir dir;
  const auto target = dir.path() / "none" / "a.zip";
  EXPECT_THAT(
      [&] { write_zip(target, 10); },
      ThrowsMessage<Error>(AllOf(HasSubstr(target.string()), HasSubstr("No such file"), EndsWith("must be a folder"))));
  std::ofstream(dir / "file") << "x";
  EXPECT_THAT([&] { write_zip(dir.path() / "file" / "a.zip", 10); },
              ThrowsMessage<Error>(HasSubstr("Not a directory")));
}

TEST(ZipFailure, AFolderOfTheTargetsNameIsNamed) {
  const TempDir dir;
  fs::create_directory(dir / "a.zip");
  EXPECT_THAT([&] { write_zip(dir / "a.zip", 10); },
              ThrowsMessage<Error>(AllOf(HasSubstr((dir / "a.zip").string()), HasSubstr("folder"))));
  EXPECT_THAT(names_in(dir.path()), ElementsAre("a.zip"));
}

TEST(ZipFailure, OthersMayReadTheFileAsTheUmaskAllows) {
  const TempDir dir;
  const mode_t before = ::umask(027);
  write_zip(dir / "a.zip", 10);
  ::umask(before);
  struct stat status {};
  ASSERT_EQ(::stat((dir / "a.zip").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0640U);
}

TEST(RemoveLitter, TakesOnlyWhatWritersLeft) {
  const TempDir dir;
  const std::vector<std::string> kept = {"a.zip",
                                         ".a.zip.part",
                                         "..0123456789abcdef.part",
                                         ".a.zip.0123456789abcde.part",
                                         ".a.zip.0123456789abcdeF.part",
                                         ".a.zip.0123456789abcdef.party",
                                         "a.zip.0123456789abcdef.part"};
  for (const auto& name : kept) std::ofstream(dir / name) << "x";
  for (const char* litter : {".a.zip.0123456789abcdef.part", ".b.zip.0123456789abcdef.part"})
    std::ofstream(dir / litter) << "x";
  remove_litter(dir.path());
  EXPECT_THAT(names_in(dir.path()), testing::UnorderedElementsAreArray(kept));
}

TEST(RemoveLitter, LeavesAFileThatIsBeingWritten) {
  const TempDir dir;
  ZipWriter zip(dir / "a.zip", Compression::none);
  zip.deflate("content", "x");
  ChildProcess other([&] {
    remove_litter(dir.path());
    return 0;
  });
  EXPECT_EQ(other.exit_code(), 0);
  EXPECT_NO_THROW(zip.commit());
  EXPECT_THAT(names_in(dir.path()), ElementsAre("a.zip"));
}

TEST(RemoveLitter, AFolderThatIsNotThereHasNone) {
  const TempDir dir;
  EXPECT_NO_THROW(remove_litter(dir.path() / "none"));
}

}  // namespace
}  // namespace pipeline::archive
