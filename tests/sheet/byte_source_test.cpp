#include "pipeline/base/error.h"
#include "pipeline/sheet/row_reader.h"

#include "inputs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <thread>

namespace pipeline::sheet {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

// Puts a descriptor in the place of standard input while it lives.
class AsStandardInput {
 public:
  explicit AsStandardInput(const Fd& fd) : kept_(::dup(STDIN_FILENO)) { ::dup2(fd.get(), STDIN_FILENO); }
  ~AsStandardInput() {
    if (kept_)
      ::dup2(kept_.get(), STDIN_FILENO);
    else
      ::close(STDIN_FILENO);
  }
  AsStandardInput(const AsStandardInput&) = delete;
  AsStandardInput& operator=(const AsStandardInput&) = delete;

 private:
  Fd kept_;
};

// Root may read everything; the test is somebody else while this lives.
class NotRoot {
 public:
  NotRoot() {
    constexpr uid_t kNobody = 65534;
    if (was_root_ && ::seteuid(kNobody) != 0) throw std::runtime_error("seteuid");
  }
  ~NotRoot() {
    if (was_root_ && ::seteuid(0) != 0) std::abort();
  }
  NotRoot(const NotRoot&) = delete;
  NotRoot& operator=(const NotRoot&) = delete;

 private:
  const bool was_root_ = ::geteuid() == 0;
};

std::string read_all(ByteSource& source) {
  std::string all;
  std::array<char, 7> room{};
  for (;;) {
    std::size_t size = 0;
    switch (source.read(room, size)) {
      case ByteSource::Got::bytes:
        all.append(room.data(), size);
        break;
      case ByteSource::Got::nothing_yet:
        break;
      case ByteSource::Got::end:
        return all;
    }
  }
}

TEST(ByteSource, GivesAFilesBytesAndCountsThem) {
  const InputFile file("one\ntwo\r\nthree");
  ByteSource source(file.path());
  EXPECT_EQ(source.name(), file.path());
  EXPECT_EQ(source.size(), 14U);
  EXPECT_EQ(source.bytes_read(), 0U);
  EXPECT_EQ(read_all(source), "one\ntwo\r\nthree");
  EXPECT_EQ(source.bytes_read(), 14U);
}

TEST(ByteSource, AMissingFileIsNamed) {
  const test::TempDir dir;
  EXPECT_THAT([&] { ByteSource source((dir / "none.csv").string()); },
              ThrowsMessage<Error>(AllOf(HasSubstr((dir / "none.csv").string()), HasSubstr("No such file"),
                                         HasSubstr("check the path"))));
}

TEST(ByteSource, AFolderIsNamed) {
  const test::TempDir dir;
  EXPECT_THAT([&] { ByteSource source(dir.path().string()); },
              ThrowsMessage<Error>(AllOf(HasSubstr(dir.path().string()), HasSubstr("Is a directory"),
                                         HasSubstr("name the files in it"))));
}

TEST(ByteSource, AnUnreadableFileIsNamed) {
  const InputFile file("x");
  std::filesystem::permissions(std::filesystem::path(file.path()).parent_path(), std::filesystem::perms(0755));
  std::filesystem::permissions(file.path(), std::filesystem::perms::none);
  const NotRoot user;
  EXPECT_THAT(
      [&] { ByteSource source(file.path()); },
      ThrowsMessage<Error>(AllOf(HasSubstr(file.path()), HasSubstr("Permission denied"), HasSubstr("readable"))));
}

TEST(ByteSource, AFailureWhileReadingIsNamed) {
  const test::TempDir dir;
  Fd write_only(::open((dir / "out").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  ByteSource source(std::move(write_only), "a source");
  std::array<char, 4> room{};
  std::size_t size = 0;
  EXPECT_THAT([&] { source.read(room, size); }, ThrowsMessage<Error>(HasSubstr("cannot read a source: Bad file")));
}

TEST(ByteSource, APipeThatHasNothingIsLeftForNow) {
  InputPipe pipe;
  ByteSource source = pipe.source();
  EXPECT_EQ(source.size(), 0U);
  std::array<char, 16> room{};
  std::size_t size = 1;
  EXPECT_EQ(source.read(room, size), ByteSource::Got::nothing_yet);
  EXPECT_EQ(size, 0U);
  pipe.write("abc");
  EXPECT_EQ(source.read(room, size), ByteSource::Got::bytes);
  EXPECT_EQ(std::string_view(room.data(), size), "abc");
  EXPECT_EQ(source.read(room, size), ByteSource::Got::nothing_yet);
  pipe.close();
  EXPECT_EQ(source.read(room, size), ByteSource::Got::end);
}

TEST(ByteSource, ANamedPipeIsOpenedBeforeItsWriterComes) {
  const test::TempDir dir;
  const std::string path = (dir / "fifo").string();
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  ByteSource source(path);
  std::array<char, 16> room{};
  std::size_t size = 0;
  EXPECT_EQ(source.read(room, size), ByteSource::Got::nothing_yet);
  std::thread writer([&] {
    const Fd fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    write_all(fd.get(), "from the other side", "the pipe");
  });
  EXPECT_EQ(read_all(source), "from the other side");
  writer.join();
}

TEST(ByteSource, AMinusIsStandardInput) {
  const InputFile file("skipped, then read");
  const Fd fd(::open(file.path().c_str(), O_RDONLY | O_CLOEXEC));
  ASSERT_EQ(::lseek(fd.get(), 9, SEEK_SET), 9);
  const AsStandardInput standard_input(fd);
  ByteSource source("-");
  EXPECT_EQ(source.name(), "standard input");
  EXPECT_EQ(source.size(), 9U);
  EXPECT_EQ(read_all(source), "then read");
}

TEST(ByteSource, AStandardInputThatIsAFolderOrClosedIsNamed) {
  const test::TempDir dir;
  {
    const AsStandardInput folder(Fd(::open(dir.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)));
    EXPECT_THAT([] { ByteSource source("-"); }, ThrowsMessage<Error>(HasSubstr("standard input: Is a directory")));
  }
  const AsStandardInput closed(Fd(::open("/dev/null", O_RDONLY | O_CLOEXEC)));
  ::close(STDIN_FILENO);
  EXPECT_THAT([] { ByteSource source("-"); }, ThrowsMessage<Error>(HasSubstr("standard input: Bad file descriptor")));
}

}  // namespace
}  // namespace pipeline::sheet
