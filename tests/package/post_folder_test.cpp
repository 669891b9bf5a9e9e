#include "pipeline/package/post.h"

#include "base/child_process.h"
#include "post_stand.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <iostream>

// Which files a post may be made of.
namespace pipeline::package {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

class PostFolderTest : public testing::Test {
 protected:
  void SetUp() override { std::ofstream(outside_ / "secret.jpg") << "x"; }

  const test::TempDir outside_;
  PostStand stand_;
};

TEST_F(PostFolderTest, NoNameLeadsOut) {
  const std::string secret = outside_ / "secret.jpg";
  for (const std::string& name : {secret, "../" + outside_.path().filename().string() + "/secret.jpg",
                                  std::string("images/../../x.jpg"), std::string("images/../images/front.png")}) {
    stand_.json["images"][0]["file"] = name;
    EXPECT_THAT(stand_.faults(), ElementsAre("$.images[0].file: " + std::string(name) +
                                             " must be a path within the post's folder, without `..`"))
        << name;
  }
  stand_.json["images"].erase(0);
  stand_.json["body"] = "../body.html";
  EXPECT_THAT(stand_.faults(), ElementsAre(StartsWith("$.body: ../body.html must be a path within the post's folder")));
}

TEST_F(PostFolderTest, ALinkThatLeavesIsNamed) {
  fs::create_symlink(outside_ / "secret.jpg", stand_ / "images/link.jpg");
  EXPECT_THAT(stand_.faults(), ElementsAre("images/link.jpg: is a link that leaves the post's folder, to " +
                                           (outside_ / "secret.jpg").string()));
  fs::remove(stand_ / "images/link.jpg");
  fs::create_directory_symlink(outside_.path(), stand_ / "out");
  stand_.json["images"][0]["file"] = "out/secret.jpg";
  stand_.json["body"] = "out/body.html";
  EXPECT_THAT(stand_.faults(), ElementsAre(StartsWith("$.body: out/body.html is a link that leaves"),
                                           StartsWith("$.images[0].file: out/secret.jpg is a link that")));
}

TEST_F(PostFolderTest, TheFoldersAndPostJsonThemselvesMayBeNoSuchLinks) {
  fs::remove_all(stand_ / "video");
  fs::create_directory_symlink(outside_.path(), stand_ / "video");
  EXPECT_THAT(stand_.faults(), ElementsAre(StartsWith("video: is a link that leaves the post's folder")));
  fs::remove(stand_ / "video");
  fs::rename(stand_ / "post.json", outside_ / "post.json");
  fs::create_symlink(outside_ / "post.json", stand_ / "post.json");
  EXPECT_THAT(PostStand::lines_of(read_post(stand_.folder())),
              ElementsAre(StartsWith("post.json: is a link that leaves the post's folder")));
}

TEST_F(PostFolderTest, ALinkWithinThePostIsItsFile) {
  fs::create_symlink("2.jpg", stand_ / "images/1.jpg");
  stand_.json["images"] = {{{"file", "images/1.jpg"}}};
  const PostReading reading = stand_.read();
  EXPECT_THAT(PostStand::lines_of(reading), IsEmpty());
  ASSERT_EQ(reading.post.value().images.size(), 3U);  // 2.jpg is there once
  EXPECT_EQ(reading.post->images[0].file, "images/1.jpg");
  EXPECT_EQ(reading.post->images[0].path, stand_ / "images/2.jpg");
}

TEST_F(PostFolderTest, ThePostMayBeGivenThroughALink) {
  stand_.put("post.json", stand_.json.dump());
  fs::create_directory_symlink(stand_.folder(), outside_ / "post");
  const PostReading reading = read_post(outside_ / "post");
  EXPECT_THAT(PostStand::lines_of(reading), IsEmpty());
  EXPECT_EQ(reading.post.value().folder, outside_ / "post");
  EXPECT_EQ(reading.post->images[0].path, stand_ / "images/front.png");
}

TEST_F(PostFolderTest, LinksToNothingAndRoundInCirclesAreNamed) {
  fs::create_symlink("none.jpg", stand_ / "images/dangling.jpg");
  fs::create_symlink("round.jpg", stand_ / "images/round.jpg");
  EXPECT_THAT(stand_.faults(), ElementsAre("images/dangling.jpg: does not exist",
                                           "images/round.jpg: cannot be read: Too many levels of symbolic links"));
  fs::remove_all(stand_ / "images");
  fs::create_directory_symlink("none", stand_ / "images");
  stand_.json.erase("images");
  EXPECT_THAT(stand_.faults(), ElementsAre(StartsWith("images: cannot be read")));
}

TEST_F(PostFolderTest, AFileThatStandsInAFolderIsMeantByItsName) {
  stand_.json["images"] = {{{"file", "front.png"}}};
  EXPECT_THAT(stand_.faults(),
              ElementsAre("$.images[0].file: front.png does not exist: did you mean images/front.png?"));
}

TEST_F(PostFolderTest, WhatIsNoRegularFileIsNamed) {
  ASSERT_EQ(::mkfifo((stand_ / "images/pipe.jpg").c_str(), 0600), 0);
  fs::create_directory(stand_ / "images/folder.jpg");
  fs::create_directory(stand_ / "video/more");
  EXPECT_THAT(stand_.faults(), ElementsAre("images/pipe.jpg: is no regular file"));
  EXPECT_THAT(stand_.read().notes,
              ElementsAre("images/folder.jpg, video/more are neither picture nor film: left alone"));
  fs::remove_all(stand_ / "images");
  stand_.json.erase("images");
  stand_.put("images", "a file");
  fs::remove_all(stand_ / "video");
  EXPECT_THAT(stand_.faults(), ElementsAre("images: cannot be read: Not a directory"));
  fs::remove(stand_ / "post.json");
  ASSERT_EQ(::mkfifo((stand_ / "post.json").c_str(), 0600), 0);
  EXPECT_THAT(PostStand::lines_of(read_post(stand_.folder())), testing::Contains("post.json: is no regular file"));
}

TEST_F(PostFolderTest, UnreadableFilesAreNamed) {
  fs::permissions(stand_.folder(), fs::perms::all);
  (void)stand_.read();
  fs::permissions(stand_ / "images/2.jpg", fs::perms::none);
  fs::permissions(stand_ / "video", fs::perms::none);
  test::ChildProcess child([&] {
    if (::geteuid() == 0 && ::setuid(65534) != 0) return 2;  // permissions stop everyone but root
    for (const auto& line : PostStand::lines_of(read_post(stand_.folder()))) std::cerr << line << '\n';
    return 0;
  });
  EXPECT_EQ(child.read_all(),
            "images/2.jpg: cannot be read: Permission denied\nvideo: cannot be read: Permission denied\n");
  EXPECT_EQ(child.exit_code(), 0);
  fs::permissions(stand_ / "video", fs::perms::owner_all);
}

TEST_F(PostFolderTest, WhatSystemsLeaveIsIgnored) {
  for (const char* name : {"images/Thumbs.db", "images/.DS_Store", "images/._2.jpg", "video/desktop.ini", "video/.x"})
    stand_.put(name, "x");
  EXPECT_THAT(stand_.faults(), IsEmpty());
}

TEST_F(PostFolderTest, ANameThatIsNotUtf8IsNamed) {
  stand_.put("images/\xBB\xE7.jpg", "x");
  EXPECT_THAT(stand_.faults(), ElementsAre("images/\\xBB\\xE7.jpg: has a name that is not UTF-8; rename it"));
}

TEST_F(PostFolderTest, APictureIsListedOnce) {
  stand_.json["images"].push_back({{"file", "./images/front.png"}});
  EXPECT_THAT(stand_.faults(), ElementsAre("$.images[2].file: names a picture that is listed before"));
}

TEST_F(PostFolderTest, APictureMayLieElsewhereInThePost) {
  stand_.put("cover.jpg", "x");
  stand_.put("cover.txt", "x");
  stand_.json["images"] = {{{"file", "./cover.jpg"}}};
  EXPECT_EQ(stand_.read().post.value().images.front().file, "cover.jpg");
  stand_.json["images"] = {{{"file", "cover.txt"}}};
  EXPECT_THAT(stand_.faults(),
              ElementsAre("$.images[0].file: is no picture: jpg, png, webp, gif, heic and avif are taken"));
}

TEST_F(PostFolderTest, AllFormatsAreTakenByTheirExtensions) {
  for (const char* name :
       {"images/a.jpeg", "images/b.WebP", "images/c.gif", "video/a.MOV", "video/b.webm", "video/c.mkv", "video/d.avi"})
    stand_.put(name, "x");
  const PostReading reading = stand_.read();
  EXPECT_THAT(PostStand::lines_of(reading), IsEmpty());
  EXPECT_EQ(reading.post.value().images.size(), 6U);
  EXPECT_EQ(reading.post->videos.size(), 5U);
}

std::vector<std::string> names_of(const std::vector<PostVideo>& videos) {
  std::vector<std::string> names;
  for (const auto& video : videos) names.push_back(video.file);
  return names;
}

std::vector<std::string> names_of(const std::vector<PostImage>& images) {
  std::vector<std::string> names;
  for (const auto& image : images) names.push_back(image.file);
  return names;
}

TEST_F(PostFolderTest, WhatPhonesAndServersLayBesidePicturesIsLeftAlone) {
  for (const char* name : {"images/IMG_1.AAE", "images/IMG_1.xmp", "images/@eaDir/2.jpg/SYNOPHOTO_THUMB_M.jpg",
                           "images/__MACOSX/x", "images/memo.txt"})
    stand_.put(name, "x");
  const PostReading reading = stand_.read();
  EXPECT_THAT(PostStand::lines_of(reading), IsEmpty());
  EXPECT_EQ(reading.post.value().images.size(), 3U);
  EXPECT_THAT(reading.notes, ElementsAre("images/@eaDir, images/__MACOSX, images/IMG_1.AAE, images/IMG_1.xmp, "
                                         "images/memo.txt are neither picture nor film: left alone"));
}

TEST_F(PostFolderTest, ANameIsShownOnOneLine) {
  stand_.put("images/a\nb.txt", "x");
  EXPECT_THAT(stand_.read().notes, ElementsAre("images/a\\x0Ab.txt is neither picture nor film: left alone"));
}

TEST_F(PostFolderTest, APictureThatIsNotTakenIsCalledOne) {
  for (const char* name : {"images/big.TIFF", "images/logo.svg", "video/x.bmp"}) stand_.put(name, "x");
  EXPECT_THAT(stand_.read().notes, ElementsAre("images/big.TIFF is a TIFF picture, which is not taken: save it as JPEG",
                                               "images/logo.svg is an SVG drawing, which is not taken: save it as JPEG",
                                               "video/x.bmp is neither picture nor film: left alone"));
}

TEST_F(PostFolderTest, AFilmThatIsNotTakenIsCalledOne) {
  for (const char* name : {"video/a.OGV", "images/b.mxf"}) stand_.put(name, "x");
  EXPECT_THAT(stand_.read().notes, ElementsAre("images/b.mxf is a film of a kind that is not taken: save it as MP4",
                                               "video/a.OGV is a film of a kind that is not taken: save it as MP4"));
}

TEST_F(PostFolderTest, APictureAmongTheFilmsIsCalledOne) {
  stand_.put("video/cover.jpg", "x");
  EXPECT_THAT(stand_.read().notes, ElementsAre("video/cover.jpg is a picture in a folder of films, which is not taken: "
                                               "put it into images/"));
}

TEST_F(PostFolderTest, PicturesAndFilmsElsewhereAreTold) {
  for (const char* name : {"imges/1.jpg", "그림/2.PNG", "clips/a.mp4", "front.jpg", "notes/memo.txt", "@eaDir/1.jpg",
                           "__MACOSX/1.jpg", ".trash/1.jpg"})
    stand_.put(name, "x");
  const PostReading reading = stand_.read();
  EXPECT_EQ(reading.post.value().images.size(), 3U);
  EXPECT_THAT(reading.notes,
              ElementsAre("clips, front.jpg, imges, 그림: pictures and films there are not read: put them into images/ "
                          "or video/"));
}

TEST_F(PostFolderTest, AFilmAmongThePicturesIsTakenUnlessItBelongsToOne) {
  stand_.put("images/FRONT.MOV", "x");
  stand_.put("images/unboxing.mov", "x");
  const PostReading reading = stand_.read();
  EXPECT_THAT(names_of(reading.post.value().videos), ElementsAre("images/unboxing.mov", "video/clip.mp4"));
  EXPECT_THAT(reading.notes, ElementsAre("images/FRONT.MOV is the moving part of a picture (Live Photo): left alone"));
}

TEST_F(PostFolderTest, WhatANameDoesNotTellTheContentDoes) {
  stand_.put("images/scan", "\xFF\xD8\xFF\xE0");
  stand_.put("images/photo.jfif", "x");
  stand_.put("video/clip.bin", "\x1A\x45\xDF\xA3");
  stand_.put("video/camera.MTS", "x");
  const PostReading reading = stand_.read();
  EXPECT_THAT(names_of(reading.post.value().images), testing::IsSupersetOf({"images/scan", "images/photo.jfif"}));
  EXPECT_THAT(names_of(reading.post->videos), ElementsAre("video/camera.MTS", "video/clip.bin", "video/clip.mp4"));
}

TEST_F(PostFolderTest, FoldersMayBeCalledOtherwise) {
  fs::remove_all(stand_ / "images");
  fs::remove_all(stand_ / "video");
  stand_.json.erase("images");
  stand_.put("사진/1.jpg", "x");
  stand_.put("Videos/a.mp4", "x");
  const PostReading reading = stand_.read();
  EXPECT_THAT(PostStand::lines_of(reading), IsEmpty());
  EXPECT_THAT(names_of(reading.post.value().images), ElementsAre("사진/1.jpg"));
  EXPECT_THAT(names_of(reading.post->videos), ElementsAre("Videos/a.mp4"));
  EXPECT_THAT(reading.notes, IsEmpty());
}

TEST_F(PostFolderTest, TwoFoldersOfAKindAreReadAndNamed) {
  stand_.put("photos/9.jpg", "x");
  const PostReading reading = stand_.read();
  EXPECT_EQ(reading.post.value().images.size(), 4U);
  EXPECT_THAT(reading.notes, ElementsAre("images, photos are all folders of pictures: each was read"));
}

}  // namespace
}  // namespace pipeline::package
