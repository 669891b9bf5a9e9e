#include "pipeline/base/file.h"

#include "metrics/csv_parser.h"
#include "package_stand.h"
#include "support/pictures.h"
#include "support/sync_stand.h"
#include "support/videos.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <sstream>

namespace fs = std::filesystem;

namespace pipeline::test {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAreArray;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

// A post with three pictures of three types and a video, built by one run.
class BuildRun : public testing::Test {
 protected:
  BuildRun() {
    post_.json["body"] = "<p>먼저 <img src=\"images/뚜껑.png\"> 다음</p>";
    post_.json["images"] = {{{"file", "images/앞.jpg"}, {"alt", "창가에 놓인 파란 텀블러"}}};
    post_.json["facts"] = {{"용량", "500ml"}};
    post_.write()
        .put("images/앞.jpg", small_photo(1))
        .put("images/뚜껑.png", photo({.seed = 2}, 320, 240, {.type = media::ImageType::png}))
        .put("images/상자.webp", photo({.seed = 3}, 320, 240, {.type = media::ImageType::webp}));
    fs::create_directory(post_ / "video");
    make_video(post_ / "video/clip.mp4", {});
    outcome_ = stand_.run({"--trace-id", "4bf92f3577b34da6a3ce929d0e0e4736", post_.folder().string()});
    summary_ = summary_of(outcome_);
  }

  PackageStand stand_;
  PostFiles post_ = stand_.post("POST001", {});
  Outcome outcome_;
  nlohmann::json summary_;
  // The pictures in the order of their numbers: the body's first, then post.json's, then the rest.
  const std::vector<std::string> sources_ = {"images/뚜껑.png", "images/앞.jpg", "images/상자.webp"};
  const std::vector<std::string> packed_ = {"01.png", "02.jpg", "03.webp"};
};

TEST_F(BuildRun, TheSummaryTellsWhatWasBuilt) {
  EXPECT_EQ(outcome_.exit_code, 0) << outcome_.err;
  EXPECT_EQ(summary_["status"], "ok");
  EXPECT_EQ(summary_["command"], "package");
  EXPECT_TRUE(summary_["stopped"].is_null());
  EXPECT_FALSE(summary_.contains("queue"));
  for (const auto& [status, count] : std::map<std::string, int>{{"posts", 1}, {"built", 1}, {"rejected", 0}})
    EXPECT_EQ(summary_[status], count) << status;
  const auto post = post_in(summary_, "POST001");
  EXPECT_EQ(post["sku"], "1001");
  EXPECT_EQ(post["status"], "built");
  EXPECT_EQ(post["folder"], post_.folder().string());
  EXPECT_EQ(post["naver_zip"], stand_.naver("POST001").string());
  EXPECT_EQ(post["unique_zip"], stand_.unique("POST001").string());
  EXPECT_EQ(post["images"], 3);
  EXPECT_EQ(post["keyframes"], 6);
  EXPECT_EQ(post["bytes"], fs::file_size(stand_.naver("POST001")) + fs::file_size(stand_.unique("POST001")));
  EXPECT_GT(post["seconds"], 0);
  EXPECT_THAT(post["reasons"], IsEmpty());
  EXPECT_THAT(names_in(stand_.out()), ElementsAre("naver_POST001.zip", "unique_POST001.zip"));
}

TEST_F(BuildRun, OtherProgramsReadTheZips) {
  for (const auto& zip : {stand_.naver("POST001"), stand_.unique("POST001")}) {
    SCOPED_TRACE(zip);
    const Outcome test = stand_.tool({"unzip", "-tq", zip.string()});
    EXPECT_EQ(test.exit_code, 0) << test.out << test.err;
    const Outcome tar = stand_.tool({"bsdtar", "-tf", zip.string()});
    EXPECT_EQ(tar.exit_code, 0) << tar.err;
    EXPECT_THAT(names_in(stand_.unpack(zip)), UnorderedElementsAreArray(lines_of(tar.out)));
  }
}

TEST_F(BuildRun, PicturesAreStoredTextsDeflatedAndNoEntryHasATimeOfItsOwn) {
  for (const auto& zip : {stand_.naver("POST001"), stand_.unique("POST001")}) {
    const Outcome info = stand_.tool({"zipinfo", "-s", "--h-t", zip.string()});
    ASSERT_EQ(info.exit_code, 0) << info.err;
    for (const auto& line : lines_of(info.out)) {
      EXPECT_THAT(line, HasSubstr(" 80-Jan-01 00:00 "));
      const bool is_text = line.ends_with(".html") || line.ends_with(".json");
      EXPECT_THAT(line, HasSubstr(is_text ? " def" : " stor")) << line;
    }
  }
}

TEST_F(BuildRun, TheManifestNamesEveryOtherFileAsItIs) {
  const auto folder = stand_.unpack(stand_.naver("POST001"));
  const auto manifest = json_file(folder / "manifest.json");
  EXPECT_EQ(manifest["content_id"], "POST001");
  std::vector<std::string> named;
  for (const auto& file : manifest["files"]) {
    const std::string name = file["name"];
    named.push_back(name);
    EXPECT_EQ(file["size"], fs::file_size(folder / name)) << name;
    const Outcome sum = stand_.tool({"sha256sum", (folder / name).string()});
    EXPECT_EQ(file["sha256"], sum.out.substr(0, 64)) << name;
  }
  named.emplace_back("manifest.json");
  EXPECT_THAT(names_in(folder), UnorderedElementsAreArray(named));
  EXPECT_THAT(named, Contains("meta.json"));
}

TEST_F(BuildRun, PicturesStandInTheirOrderToTheByte) {
  const auto naver = stand_.unpack(stand_.naver("POST001"));
  const auto unique = stand_.unpack(stand_.unique("POST001"));
  const auto meta = json_file(naver / "meta.json");
  ASSERT_THAT(meta["images"], SizeIs(3));
  for (std::size_t i = 0; i < 3; ++i) {
    const std::string source = read_file(post_ / sources_[i]);
    EXPECT_TRUE(read_file(naver / "images" / packed_[i]) == source) << sources_[i];
    EXPECT_TRUE(read_file(unique / "selected_images" / packed_[i]) == source) << sources_[i];
    EXPECT_EQ(meta["images"][i]["source"], sources_[i]);
    EXPECT_EQ(meta["images"][i]["width"], 320);
  }
  const std::string html = read_file(naver / "content.html");
  EXPECT_THAT(html, AllOf(HasSubstr("<h1>겨울 아침의 텀블러</h1>"), HasSubstr("창가에 놓인 파란 텀블러")));
  const auto first = html.find("images/01.png");
  EXPECT_LT(html.find("먼저"), first);
  EXPECT_LT(first, html.find("다음"));
  EXPECT_LT(html.find("다음"), html.find("images/02.jpg"));
}

TEST_F(BuildRun, KeyframesArePicturesToOtherPrograms) {
  const auto folder = stand_.unpack(stand_.unique("POST001")) / "keyframes";
  const auto frames = digests(folder);
  ASSERT_THAT(frames, SizeIs(6));
  std::set<std::string> contents;
  for (const auto& [name, digest] : frames) {
    const std::string file = (folder / name).string();
    contents.insert(digest);
    EXPECT_THAT(stand_.tool({"file", "-b", file}).out, AllOf(HasSubstr("JPEG image data"), HasSubstr("320x240")));
    const Outcome decoded = stand_.tool({"ffmpeg", "-v", "warning", "-xerror", "-i", file, "-f", "null", "-"});
    EXPECT_EQ(decoded.exit_code, 0);
    EXPECT_EQ(decoded.err, "") << name;
  }
  EXPECT_THAT(contents, SizeIs(6));
}

TEST_F(BuildRun, TheUniquePackTellsWhereEverythingComesFrom) {
  const auto folder = stand_.unpack(stand_.unique("POST001"));
  std::vector<std::string> expected = {"alt_texts.json", "unique_facts.json", "uniqueness_report.json"};
  for (const auto& name : packed_) expected.push_back("selected_images/" + name);
  for (int i = 1; i <= 6; ++i) expected.push_back("keyframes/0" + std::to_string(i) + ".jpg");
  EXPECT_THAT(names_in(folder), UnorderedElementsAreArray(expected));

  std::map<std::string, std::string> by;
  std::set<std::string> alts;
  const auto texts = json_file(folder / "alt_texts.json");
  for (const auto& text : texts["alt_texts"]) {
    by[text["file"]] = text["by"];
    alts.insert(text["alt"]);
  }
  EXPECT_THAT(by, SizeIs(9));
  EXPECT_THAT(alts, SizeIs(9)) << "each picture has its own";
  EXPECT_EQ(by["selected_images/02.jpg"], "author");
  EXPECT_EQ(by["keyframes/01.jpg"], "generated");
  alts.erase("창가에 놓인 파란 텀블러");
  EXPECT_THAT(alts, Each(HasSubstr("보냉 텀블러 1호")));

  std::map<std::string, nlohmann::json> facts;
  const auto told = json_file(folder / "unique_facts.json");
  for (const auto& fact : told["facts"]) facts[fact["origin"]] = fact["value"];
  EXPECT_EQ(facts["post.json $.facts.용량"], "500ml");
  EXPECT_EQ(facts["products.brand"], "온기");
  EXPECT_EQ(facts["products.sale_price"], 19000);

  const auto report = json_file(folder / "uniqueness_report.json");
  EXPECT_EQ(report["counts"]["selected_images"], 3);
  EXPECT_EQ(report["counts"]["selected_keyframes"], 6);
  for (const auto& rule : report["rules"]) EXPECT_EQ(rule["kept"], true) << rule;
}

TEST_F(BuildRun, TheDatabaseKnowsTheRunThePackageAndItsPictures) {
  EXPECT_EQ(stand_.query("SELECT run_id, trace_id, status, exit_code, json_extract(counts, '$.built') FROM runs "
                         "WHERE command = 'package'"),
            (SqlRows{{summary_["run_id"], "4bf92f3577b34da6a3ce929d0e0e4736", "OK", "0", "1"}}));
  EXPECT_EQ(stand_.query("SELECT content_id, naver_bytes, unique_bytes, images, keyframes, run_id FROM packages"),
            (SqlRows{{"POST001", std::to_string(fs::file_size(stand_.naver("POST001"))),
                      std::to_string(fs::file_size(stand_.unique("POST001"))), "3", "6", summary_["run_id"]}}));
  std::vector<std::string> packed;
  for (const char* part : {"selected_images", "keyframes"})
    for (const auto& [name, digest] : digests(stand_.unpack(stand_.unique("POST001")) / part)) packed.push_back(digest);
  std::vector<std::string> known;
  for (const auto& row : stand_.query("SELECT lower(hex(sha256)) FROM images WHERE content_id = 'POST001'"))
    known.push_back(row.front());
  EXPECT_THAT(known, UnorderedElementsAreArray(packed));
}

TEST_F(BuildRun, EveryStageIsMeasured) {
  EXPECT_EQ(metric(summary_, "package_total_seconds").count, 1);
  EXPECT_EQ(metric(summary_, "package_build_seconds").count, 1);
  EXPECT_EQ(metric(summary_, "image_hash_seconds").count, 3);
  EXPECT_EQ(metric(summary_, "image_copy_seconds").count, 3);
  EXPECT_EQ(metric(summary_, "keyframe_extract_seconds").count, 1);
  EXPECT_EQ(metric(summary_, "zip_seconds").count, 1);
  EXPECT_EQ(metric(summary_, "package_size_bytes", "package=naver").sum, fs::file_size(stand_.naver("POST001")));
  EXPECT_EQ(metric(summary_, "package_size_bytes", "package=unique").sum, fs::file_size(stand_.unique("POST001")));
  EXPECT_EQ(metric(summary_, "packages_total", "status=built").sum, 1);
  EXPECT_EQ(metric(summary_, "keyframes_total").sum, 6);

  const fs::path csv = summary_["metrics_csv"].get<std::string>();
  std::multiset<std::string> stages;
  for (const auto& line : CsvParser(read_file(csv.parent_path() / (csv.stem().string() + "-samples.csv"))).parse()) {
    if (line[0] == "trace_id" || line[1].empty()) continue;
    EXPECT_THAT(std::vector(line.begin(), line.begin() + 3),
                ElementsAre("4bf92f3577b34da6a3ce929d0e0e4736", "POST001", "1001"));
    stages.insert(line[3]);
  }
  EXPECT_EQ(stages.count("image_hash_seconds"), 3U);
  EXPECT_EQ(stages.count("package_build_seconds"), 1U);
  EXPECT_EQ(stages.count("keyframe_extract_seconds"), 1U);
}

TEST_F(BuildRun, WithoutJsonThereIsATableAndASummary) {
  (void)stand_.post("POOR", {4});
  const Outcome outcome =
      stand_.tool({pipeline_binary(), "package", "--force", "--db", stand_.db().string(), "--out",
                   stand_.out().string(), "--metrics-dir", stand_.metrics().string(), stand_.posts().string()});
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_THAT(outcome.out,
              AllOf(HasSubstr("package_build"), HasSubstr("POOR rejected:\n  images/: 1 picture of its own"),
                    HasSubstr("posts 2: 1 built, 0 unchanged, 1 rejected, 0 failed"), HasSubstr("package partial in")));
}

}  // namespace
}  // namespace pipeline::test
