#include "pipeline/archive/zstd_file.h"

#include "pipeline/base/error.h"
#include "pipeline/base/file.h"

#include "support/forked.h"
#include "support/process.h"
#include "support/temp_dir.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <random>
#include <string>

namespace pipeline::archive {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

class ZstdFile : public ::testing::Test {
 protected:
  // Half of it can't be packed: blocks of several kinds.
  static std::string bytes_of(std::size_t size) {
    std::mt19937 random(7);
    std::string bytes(size, 'x');
    for (std::size_t i = 0; i < size; ++i)
      if ((i / 1000) % 2 == 0) bytes[i] = static_cast<char>(random());
    return bytes;
  }
  void put(const std::string& name, const std::string& bytes) const {
    std::ofstream(dir_ / name, std::ios::binary) << bytes;
  }
  [[nodiscard]] test::Outcome zstd(const std::vector<std::string>& arguments) const {
    std::vector<std::string> all{"/usr/bin/env", "zstd", "-q"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return test::Process(all, {}, dir_.path()).wait();
  }
  std::string message_of_unpacking() const {
    try {
      (void)unpack_file(dir_ / "packed", dir_ / "out");
    } catch (const Error& e) {
      return e.what();
    }
    return {};
  }
  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> all;
    for (const auto& entry : fs::directory_iterator(dir_.path())) all.push_back(entry.path().filename().string());
    std::ranges::sort(all);
    return all;
  }

  test::TempDir dir_;
};

TEST_F(ZstdFile, WhatIsPackedIsUnpackedByOursAndByTheTool) {
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{131'072}, std::size_t{131'073},
                                 std::size_t{262'144}, std::size_t{5'000'000}}) {
    SCOPED_TRACE(size);
    const std::string bytes = bytes_of(size);
    put("in", bytes);
    std::uint64_t told = 0;
    const std::uint64_t packed = pack_file(dir_ / "in", dir_ / "packed", [&](std::uint64_t n) { told = n; });
    EXPECT_EQ(packed, fs::file_size(dir_ / "packed"));
    EXPECT_EQ(told, size);
    EXPECT_TRUE(is_packed(dir_ / "packed"));
    EXPECT_FALSE(is_packed(dir_ / "in"));
    EXPECT_EQ(unpack_file(dir_ / "packed", dir_ / "out"), size);
    EXPECT_TRUE(read_file(dir_ / "out") == bytes);
    EXPECT_EQ(zstd({"-t", (dir_ / "packed").string()}).exit_code, 0);
    EXPECT_TRUE(zstd({"-d", "-c", (dir_ / "packed").string()}).out == bytes);
  }
}

TEST_F(ZstdFile, WhatTheToolPackedIsUnpacked) {
  const std::string bytes = bytes_of(1'000'000);
  put("in", bytes);
  ASSERT_EQ(zstd({"-19", "-o", (dir_ / "packed").string(), (dir_ / "in").string()}).exit_code, 0);
  EXPECT_EQ(unpack_file(dir_ / "packed", dir_ / "out"), bytes.size());
  EXPECT_TRUE(read_file(dir_ / "out") == bytes);
}

TEST_F(ZstdFile, OneThatIsCutAnywhereIsRefusedAndLeavesNothing) {
  put("in", bytes_of(400'000));
  (void)pack_file(dir_ / "in", dir_ / "packed");
  const std::string packed = read_file(dir_ / "packed");
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{5}, packed.size() / 2, packed.size() - 4, packed.size() - 1}) {
    put("packed", packed.substr(0, size));
    EXPECT_THAT(message_of_unpacking(), AllOf(HasSubstr((dir_ / "packed").string()), HasSubstr("is cut short")));
    EXPECT_THAT(names(), testing::ElementsAre("in", "packed")) << size;
  }
}

TEST_F(ZstdFile, OneThatIsDamagedAnywhereIsRefusedAndLeavesNothing) {
  put("in", bytes_of(400'000));
  (void)pack_file(dir_ / "in", dir_ / "packed");
  const std::string packed = read_file(dir_ / "packed");
  for (std::size_t at = 5; at < packed.size(); at += packed.size() / 37) {
    std::string damaged = packed;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    put("packed", damaged);
    EXPECT_THAT(message_of_unpacking(), HasSubstr((dir_ / "packed").string())) << at;
    EXPECT_THAT(names(), testing::ElementsAre("in", "packed")) << at;
  }
  put("packed", packed + "behind");
  EXPECT_THAT(message_of_unpacking(), HasSubstr("something else behind"));
}

TEST_F(ZstdFile, AFullDiskLeavesNothing) {
  put("in", bytes_of(4'000'000));
  const auto message_of = [&](const std::function<void()>& work) {
    return test::in_child([&]() -> std::string {
      ::signal(SIGXFSZ, SIG_IGN);
      const rlimit limit{200'000, 200'000};
      ::setrlimit(RLIMIT_FSIZE, &limit);
      work();
      return "it was written";
    });
  };
  EXPECT_THAT(message_of([&] { (void)pack_file(dir_ / "in", dir_ / "out"); }), HasSubstr("File too large"));
  EXPECT_THAT(names(), testing::ElementsAre("in"));
  (void)pack_file(dir_ / "in", dir_ / "packed");
  EXPECT_THAT(message_of([&] { (void)unpack_file(dir_ / "packed", dir_ / "out"); }), HasSubstr("File too large"));
  EXPECT_THAT(names(), testing::ElementsAre("in", "packed"));
}

TEST_F(ZstdFile, WhoListensMayEndIt) {
  put("in", bytes_of(4'000'000));
  put("packed", "of before");
  EXPECT_THROW((void)pack_file(dir_ / "in", dir_ / "packed", [](std::uint64_t) { throw Error("enough"); }), Error);
  EXPECT_EQ(read_file(dir_ / "packed"), "of before");
  EXPECT_THAT(names(), testing::ElementsAre("in", "packed"));
}

}  // namespace
}  // namespace pipeline::archive
