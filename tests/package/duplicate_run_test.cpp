#include "pipeline/base/file.h"

#include "package_stand.h"
#include "support/pictures.h"
#include "support/sync_stand.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

namespace fs = std::filesystem;

namespace pipeline::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// One way in which a picture comes back.
struct Copy {
  const char* name;
  std::string (*make)(const Pixels& picture);
  bool equal = false;
};

class DuplicateRun : public testing::TestWithParam<Copy> {};

TEST_P(DuplicateRun, ACopyIsNamedAndLeftOutAndThePostIsBuilt) {
  const Pixels picture = draw({.seed = 1}, 640, 480);
  PackageStand stand;
  stand.post("A", {2, 3}).put("images/front.jpg", encode(picture));
  const auto later = stand.post("B", {4, 5}, "1002");
  later.put("images/copy.jpg", GetParam().make(picture));

  const auto summary = stand.build();
  ASSERT_THAT(statuses(summary), ElementsAre("A built", "B built")) << summary;
  EXPECT_THAT(notes_of(summary, "A"), IsEmpty());
  EXPECT_THAT(notes_of(summary, "B"),
              ElementsAre(AllOf(HasSubstr("images/copy.jpg"), HasSubstr("post A"), HasSubstr("left out"))));
  EXPECT_EQ(post_in(summary, "B")["images"], 2);
  EXPECT_EQ(metric(summary, "duplicate_images_total").sum, 1);

  const auto naver = stand.unpack(stand.naver("B"));
  const std::string shown = json_file(naver / "meta.json")["images"][2]["file"];
  EXPECT_TRUE(read_file(naver / shown) == read_file(later / "images/copy.jpg")) << "the blog shows it";
  const auto unique = stand.unpack(stand.unique("B"));
  EXPECT_THAT(names_in(unique / "selected_images"), ElementsAre("01.jpg", "02.jpg"));
  const auto report = json_file(unique / "uniqueness_report.json")["images"][2];
  EXPECT_EQ(report["source"], "images/copy.jpg");
  EXPECT_TRUE(report["file"].is_null());
  EXPECT_EQ(report["verdict"], "packed for another post");
  EXPECT_EQ(report["duplicate"]["packed_for"], "A");
  EXPECT_EQ(report["duplicate"]["likeness"], GetParam().equal ? "equal" : "nearly equal");
}

INSTANTIATE_TEST_SUITE_P(
    Copies, DuplicateRun,
    testing::Values(Copy{"Equal", [](const Pixels& p) { return encode(p); }, true},
                    Copy{"EncodedAnew", [](const Pixels& p) { return encode(p, {.quality = 60}); }},
                    Copy{"AsWebp", [](const Pixels& p) { return encode(p, {.type = media::ImageType::webp}); }},
                    Copy{"Halved", [](const Pixels& p) { return encode(resize(p, 320, 240)); }},
                    Copy{"Cropped", [](const Pixels& p) { return encode(crop(p, 0.01, 0.01, 0.02, 0.01)); }},
                    Copy{"TurnedByExif", [](const Pixels& p) { return encode(p, {.metadata = {.orientation = 6}}); }}),
    [](const auto& copy) { return copy.param.name; });

TEST(DuplicateInAPostRun, TheFirstOfEqualPicturesIsTaken) {
  PackageStand stand;
  (void)stand.post("A", {1, 2, 3, 2});
  const auto summary = stand.build();
  EXPECT_THAT(notes_of(summary, "A"), ElementsAre(HasSubstr("images/4.jpg shows the same as images/2.jpg")));
  const auto report = json_file(stand.unpack(stand.unique("A")) / "uniqueness_report.json")["images"];
  EXPECT_EQ(report[1]["verdict"], "selected");
  EXPECT_EQ(report[3]["verdict"], "duplicate in this post");
  EXPECT_EQ(report[3]["duplicate"]["of"], "images/2.jpg");
}

TEST(DuplicateOfAGonePostRun, TheMessageTellsThatTheFolderIsGoneAndWhatFreesItsPictures) {
  PackageStand stand;
  const auto gone = stand.post("GONE", {1, 2});
  (void)stand.build();
  fs::rename(gone.folder(), stand.folder() / "elsewhere");
  (void)stand.post("B", {1, 2, 3, 4, 5, 6}, "1002");
  const auto notes = notes_of(stand.build(), "B");
  ASSERT_EQ(notes.size(), 3U);
  EXPECT_THAT(notes[0], HasSubstr("a picture packed for post GONE: left out"));
  EXPECT_THAT(notes[2], AllOf(HasSubstr("the post GONE is not in"), HasSubstr("free them: pipeline post forget GONE")));

  const std::string behind_program =
      notes[2].substr(notes[2].find("pipeline post") + std::string_view("pipeline").size());
  const std::string advice = pipeline_binary() + behind_program + " --yes --quiet --out " + stand.out().string();
  ASSERT_EQ(std::system(advice.c_str()), 0) << advice;
  const auto freed = stand.build({"--force"});
  EXPECT_THAT(notes_of(freed, "B"), IsEmpty());
  EXPECT_EQ(post_in(freed, "B")["images"], 6);
}

TEST(DuplicateOfAGonePostRun, APostWhoseFolderHasAnotherNameIsNotGone) {
  PackageStand stand;
  const auto other = stand.post("A", {1, 2});
  (void)stand.build();
  fs::rename(other.folder(), other.folder().parent_path() / "renamed");
  (void)stand.post("B", {1, 2, 3, 4, 5, 6}, "1002");
  EXPECT_EQ(notes_of(stand.build(), "B").size(), 2U);
}

TEST(DuplicateInAPostRun, AViewFromElsewhereIsNoCopy) {
  PackageStand stand;
  const auto post = stand.post("A", {});
  for (std::uint64_t view = 0; view < 4; ++view)
    post.put("images/" + std::to_string(view) + ".jpg", photo({.seed = 1, .view = view}, 640, 480));
  const auto summary = stand.build();
  EXPECT_THAT(notes_of(summary, "A"), IsEmpty());
  EXPECT_EQ(post_in(summary, "A")["images"], 4);
}

TEST(DuplicateInAPostRun, APostDoesNotCompeteWithItsOwnEarlierBuild) {
  PackageStand stand;
  (void)stand.post("A", {1, 2});
  (void)stand.build();
  const auto summary = stand.build({"--force"});
  EXPECT_EQ(post_in(summary, "A")["images"], 2);
  EXPECT_THAT(notes_of(summary, "A"), IsEmpty());
}

}  // namespace
}  // namespace pipeline::test
