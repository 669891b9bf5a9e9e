#include "server_run_test.h"
#include "support/pictures.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

// Posts of a store on a server, from the queue to the morning's list.
namespace pipeline::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class PackageServerRun : public ServerRunTest {
 protected:
  [[nodiscard]] fs::path posts() { return stand().folder() / "posts"; }
  void post(const std::string& content_id, const std::string& sku, int scene, const std::string& body) {
    const fs::path folder = posts() / content_id;
    fs::create_directories(folder / "images");
    std::ofstream(folder / "post.json") << json(
        {{"content_id", content_id}, {"sku", sku}, {"title", "겨울 아침의 텀블러"}, {"body", "<p>" + body + "</p>"}});
    for (int i = 1; i <= 2; ++i)
      std::ofstream(folder / fmt::format("images/{}.jpg", i), std::ios::binary)
          << photo({.seed = static_cast<std::uint64_t>(scene + i)}, 320, 240);
  }
  [[nodiscard]] std::vector<std::string> package() {
    const json summary = stand().json(
        {"package", "--from-queue", "--posts", posts().string(), "--out", (stand().folder() / "packages").string()});
    std::vector<std::string> all;
    for (const auto& one : summary.at("packages"))
      all.push_back(one["content_id"].get<std::string>() + " " + one["status"].get<std::string>());
    return all;
  }
  // `upload A`, …
  [[nodiscard]] std::vector<std::string> todo() {
    std::vector<std::string> all;
    const json status = stand().json({"status"});
    for (const char* kind : {"write", "upload", "take_down", "mend"})
      for (const auto& one : status["todo"][kind])
        all.push_back(fmt::format("{} {}", kind, one["content_id"].get<std::string>()));
    return all;
  }
  [[nodiscard]] std::string queue(const std::string& status) {
    return stand().value(fmt::format("SELECT count(*) FROM refresh_queue WHERE status = '{}'", status));
  }
};

TEST_F(PackageServerRun, FromAChangedPriceToAPostThatIsTakenDown) {
  ASSERT_EQ(stand().upsert(ServerStand::products(2, 20'000)).exit_code, 0);
  post("A", "1", 10, "가격은 20,000원입니다.");
  post("B", "2", 20, "따뜻해요.");
  EXPECT_THAT(package(), ElementsAre("A built", "B built"));
  EXPECT_EQ(queue("DONE"), "2");
  EXPECT_THAT(todo(), ElementsAre("upload A", "upload B"));
  EXPECT_TRUE(fs::exists(stand().folder() / "packages/naver_A.zip"));
  for (const char* id : {"A", "B"}) EXPECT_EQ(stand().run({"post", "published", id}).exit_code, 0);
  EXPECT_THAT(todo(), IsEmpty());

  ASSERT_EQ(stand().upsert(ServerStand::products(1, 55'500)).exit_code, 0);
  EXPECT_THAT(package(), ElementsAre("A built"));
  EXPECT_THAT(todo(), ElementsAre("write A"));

  ASSERT_EQ(stand().upsert("{\"sku\":\"2\",\"stock_quantity\":0}\n").exit_code, 0);
  EXPECT_THAT(todo(), ElementsAre("write A", "take_down B"));

  EXPECT_EQ(stand().run({"post", "forget", "B", "--yes", "--out", (stand().folder() / "packages").string()}).exit_code,
            0);
  EXPECT_EQ(stand().value("SELECT count(*) FROM images WHERE content_id = 'B'"), "0");
  EXPECT_EQ(stand().value("SELECT count(*) FROM posts"), "1");
}

TEST_F(PackageServerRun, APictureBelongsToTheFirstPostThatHasIt) {
  ASSERT_EQ(stand().upsert(ServerStand::products(2, 20'000)).exit_code, 0);
  post("A", "1", 10, "하나");
  EXPECT_THAT(package(), ElementsAre("A built"));
  post("B", "2", 10, "둘");
  ASSERT_EQ(stand().upsert(ServerStand::products(2, 30'000)).exit_code, 0);
  EXPECT_THAT(package(), ElementsAre("A built", "B rejected"));
}

}  // namespace
}  // namespace pipeline::test
