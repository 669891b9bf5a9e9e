#include "pipeline/base/file.h"

#include "pipeline/base/error.h"

#include "child_process.h"
#include "support/temp_dir.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace pipeline {
namespace {

using test::ChildProcess;
using test::TempDir;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::ThrowsMessage;

std::vector<std::string> names_in(const TempDir& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) names.push_back(entry.path().filename());
  return names;
}

void put(const std::filesystem::path& path, std::string_view content) {
  std::ofstream(path, std::ios::binary) << content;
}

// In a child: the file system takes no file above the limit, like a disk that is full.
void fill_disk_at(rlim_t bytes) {
  ::signal(SIGXFSZ, SIG_IGN);
  const rlimit limit{bytes, bytes};
  ::setrlimit(RLIMIT_FSIZE, &limit);
}

TEST(ReadFile, GivesAllBytes) {
  const TempDir dir;
  const std::string content = fmt::format("{}{}\r\nend", std::string(200'000, 'x'), '\0');
  put(dir / "in", content);
  EXPECT_EQ(read_file(dir / "in"), content);
}

TEST(ReadFile, NamesTheFileAndTheReason) {
  const TempDir dir;
  EXPECT_THAT([&] { (void)read_file(dir / "none"); },
              ThrowsMessage<Error>(AllOf(HasSubstr((dir / "none").string()), HasSubstr("No such file"))));
  EXPECT_THAT([&] { (void)read_file(dir.path()); }, ThrowsMessage<Error>(HasSubstr("Is a directory")));
}

TEST(WriteAll, NamesItsSubjectWhenTheDeviceIsFull) {
  const Fd full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  ASSERT_TRUE(full);
  EXPECT_THAT([&] { write_all(full.get(), "x", "the report"); },
              ThrowsMessage<Error>("cannot write the report: No space left on device"));
}

TEST(Fd, MovesItsDescriptor) {
  Fd first(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  const int number = first.get();
  Fd second(std::move(first));
  EXPECT_EQ(second.get(), number);
  Fd third;
  EXPECT_FALSE(third);
  third = std::move(second);
  EXPECT_EQ(third.get(), number);
  third.reset();
  EXPECT_EQ(::fcntl(number, F_GETFD), -1);
}

TEST(AtomicFile, CommitMakesTheFile) {
  const TempDir dir;
  AtomicFile file(dir / "out.csv");
  const std::string big(100'000, 'b');  // more than the buffer
  file.write("a,");
  file.write(big);
  file.commit();
  EXPECT_EQ(read_file(dir / "out.csv"), "a," + big);
  EXPECT_THAT(names_in(dir), ElementsAre("out.csv"));
}

TEST(AtomicFile, WithoutCommitNothingIsLeft) {
  const TempDir dir;
  {
    AtomicFile file(dir / "out.csv");
    file.write(std::string(100'000, 'b'));
  }
  EXPECT_THAT(names_in(dir), IsEmpty());
}

TEST(AtomicFile, ReplacesItsTargetWholeAndOnlyAtCommit) {
  const TempDir dir;
  put(dir / "out.csv", "the old one, which is longer");
  AtomicFile file(dir / "out.csv");
  file.write("new");
  EXPECT_EQ(read_file(dir / "out.csv"), "the old one, which is longer");
  file.commit();
  EXPECT_EQ(read_file(dir / "out.csv"), "new");
}

TEST(AtomicFile, OthersMayReadItAsTheUmaskAllows) {
  const TempDir dir;
  AtomicFile file(dir / "out.csv");
  file.commit();
  const mode_t mask = ::umask(0);
  ::umask(mask);
  struct stat status {};
  ASSERT_EQ(::stat((dir / "out.csv").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0666U & ~mask);
}

TEST(AtomicFile, ErrorNamesTheTarget) {
  const TempDir dir;
  const auto target = dir.path() / "missing" / "out.csv";
  EXPECT_THAT([&] { AtomicFile file(target); },
              ThrowsMessage<Error>(AllOf(HasSubstr(target.string()), HasSubstr("No such file"))));
  std::filesystem::create_directory(dir / "folder");
  AtomicFile onto_folder(dir / "folder");
  EXPECT_THAT([&] { onto_folder.commit(); }, ThrowsMessage<Error>(HasSubstr((dir / "folder").string())));
}

mode_t rights_of(const std::filesystem::path& path) {
  struct stat status {};
  EXPECT_EQ(::lstat(path.c_str(), &status), 0);
  return status.st_mode & 0777U;
}

TEST(AtomicFile, APipeIsWrittenIntoAndStays) {
  const TempDir dir;
  ASSERT_EQ(::mkfifo((dir / "pipe").c_str(), 0600), 0);
  EXPECT_THAT([&] { AtomicFile nobody_reads(dir / "pipe"); }, ThrowsMessage<Error>(HasSubstr("pipe")));
  const Fd reader(::open((dir / "pipe").c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  AtomicFile file(dir / "pipe");
  file.write("a row\n");
  file.commit();
  std::array<char, 16> got{};
  EXPECT_EQ(::read(reader.get(), got.data(), got.size()), 6);
  EXPECT_TRUE(std::filesystem::is_fifo(dir / "pipe"));
  EXPECT_THAT(names_in(dir), ElementsAre("pipe"));
}

// A terminal's, which needs no rights: what is written to it comes out at its other side.
TEST(AtomicFile, ADeviceIsWrittenIntoAndStays) {
  const Fd terminal(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
  ASSERT_TRUE(terminal && ::grantpt(terminal.get()) == 0 && ::unlockpt(terminal.get()) == 0);
  std::array<char, 64> name{};
  ASSERT_EQ(::ptsname_r(terminal.get(), name.data(), name.size()), 0);
  const Fd other_side(::open(name.data(), O_RDWR | O_NOCTTY | O_CLOEXEC));
  const TempDir dir;
  std::filesystem::create_symlink(name.data(), dir / "device");
  AtomicFile file(dir / "device");
  file.write("a row");
  file.commit();
  std::array<char, 16> got{};
  EXPECT_EQ(::read(terminal.get(), got.data(), got.size()), 5);
  EXPECT_TRUE(std::filesystem::is_character_file(name.data()));
  EXPECT_TRUE(std::filesystem::is_symlink(dir / "device"));
}

TEST(AtomicFile, WhatIsOpenAlreadyIsNotReplaced) {
  const TempDir dir;
  put(dir / "out.txt", "first\n");
  const Fd open(::open((dir / "out.txt").c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
  AtomicFile file(fmt::format("/proc/self/fd/{}", open.get()));
  file.write("second\n");
  file.commit();
  write_all(open.get(), "third\n", "out.txt");
  EXPECT_EQ(read_file(dir / "out.txt"), "first\nsecond\nthird\n");
}

TEST(AtomicFile, ALinkStaysAndItsFileIsReplaced) {
  const TempDir dir;
  std::filesystem::create_directory(dir / "shared");
  put(dir / "shared" / "page.html", "old");
  std::filesystem::create_symlink("shared/page.html", dir / "page.html");
  std::filesystem::create_symlink("shared/none.html", dir / "none.html");
  for (const char* const name : {"page.html", "none.html"}) {
    AtomicFile file(dir / name);
    file.write("new");
    file.commit();
    EXPECT_TRUE(std::filesystem::is_symlink(dir / name));
    EXPECT_EQ(read_file(dir / "shared" / name), "new");
  }
}

TEST(AtomicFile, WhoMightReadTheOldFileMayReadTheNewOneAndNobodyElse) {
  const TempDir dir;
  put(dir / "pipeline.toml", "old");
  std::filesystem::permissions(dir / "pipeline.toml", std::filesystem::perms(0640));
  AtomicFile file(dir / "pipeline.toml");
  file.write("new");
  file.commit();
  EXPECT_EQ(rights_of(dir / "pipeline.toml"), 0640U);
}

TEST(AtomicFile, AFullDiskLeavesTheOldFileAlone) {
  const TempDir dir;
  put(dir / "out.csv", "old");
  ChildProcess child([&] {
    fill_disk_at(1000);
    try {
      AtomicFile file(dir / "out.csv");
      file.write(std::string(2000, 'x'));
      file.commit();
    } catch (const Error& e) {
      fmt::print(stderr, "{}\n", e.what());
      return 1;
    }
    return 0;
  });
  EXPECT_EQ(child.read_line(), fmt::format("cannot write {}: File too large", (dir / "out.csv").string()));
  EXPECT_EQ(child.exit_code(), 1);
  EXPECT_EQ(read_file(dir / "out.csv"), "old");
  EXPECT_THAT(names_in(dir), ElementsAre("out.csv"));
}

TEST(AppendLocked, WritesTheHeaderOnce) {
  const TempDir dir;
  append_locked(dir / "history.csv", "h\r\n", "1\r\n");
  append_locked(dir / "history.csv", "h\r\n", "2\r\n");
  EXPECT_EQ(read_file(dir / "history.csv"), "h\r\n1\r\n2\r\n");
}

TEST(AppendLocked, AnEmptyFileGetsItsHeader) {
  const TempDir dir;
  put(dir / "history.csv", "");
  append_locked(dir / "history.csv", "h\r\n", "1\r\n");
  EXPECT_EQ(read_file(dir / "history.csv"), "h\r\n1\r\n");
}

TEST(AppendLocked, EndsATornLineFirst) {
  const TempDir dir;
  put(dir / "history.csv", "h\r\n1,to");
  append_locked(dir / "history.csv", "h\r\n", "2\r\n");
  EXPECT_EQ(read_file(dir / "history.csv"), "h\r\n1,to\r\n2\r\n");
}

TEST(AppendLocked, NamesTheFileItCannotOpen) {
  const TempDir dir;
  const auto path = dir.path() / "missing" / "history.csv";
  EXPECT_THAT([&] { append_locked(path, "", "x"); }, ThrowsMessage<Error>(HasSubstr(path.string())));
}

TEST(AppendLocked, PiecesOfSeveralProcessesStayWhole) {
  const TempDir dir;
  const auto path = dir / "history.csv";
  constexpr int kProcesses = 4;
  constexpr int kPieces = 50;
  const auto piece_of = [](int process) {  // three lines, above a page together
    const auto line = fmt::format("{}\n", std::string(1500, static_cast<char>('a' + process)));
    return line + line + line;
  };
  {
    std::vector<std::unique_ptr<ChildProcess>> children;
    for (int process = 0; process < kProcesses; ++process)
      children.push_back(std::make_unique<ChildProcess>([&, process] {
        for (int i = 0; i < kPieces; ++i) append_locked(path, "h\n", piece_of(process));
        return 0;
      }));
    for (auto& child : children) EXPECT_EQ(child->exit_code(), 0);
  }
  std::string content = read_file(path);
  ASSERT_TRUE(content.starts_with("h\n"));
  content.erase(0, 2);
  const std::size_t length = piece_of(0).size();
  ASSERT_EQ(content.size(), length * kProcesses * kPieces);
  for (std::size_t at = 0; at < content.size(); at += length)
    EXPECT_EQ(content.substr(at, length), piece_of(content.at(at) - 'a')) << "at " << at;
}

TEST(AppendLocked, AFullDiskLeavesNoHalfPiece) {
  const TempDir dir;
  const auto path = dir / "history.csv";
  append_locked(path, "h\n", "1\n");
  ChildProcess child([&] {
    fill_disk_at(10);
    try {
      append_locked(path, "h\n", "a piece of more than ten bytes\n");
    } catch (const Error& e) {
      fmt::print(stderr, "{}\n", e.what());
      return 1;
    }
    return 0;
  });
  EXPECT_EQ(child.read_line(), fmt::format("cannot write {}: File too large", path.string()));
  EXPECT_EQ(child.exit_code(), 1);
  EXPECT_EQ(read_file(path), "h\n1\n");
}

}  // namespace
}  // namespace pipeline
