#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

// A post as its author wrote it: a folder with post.json, images/ and video/ (docs/packages.md).
namespace pipeline::package {

// What is wrong with a post, and where: `$.images[2].alt`, `$.body`, or a file (`images/3.jpg`).
struct Fault {
  std::string place;
  std::string what;
};

struct PostImage {
  std::string file;            // relative to the post, without `./`: images/front.jpg
  std::filesystem::path path;  // of the file itself, without links
  std::string alt;             // the author's; empty: none
  std::string alt_place;       // `$.images[0].alt`; empty: none
};

struct PostVideo {
  std::string file;            // relative to the post: video/clip.mp4
  std::filesystem::path path;  // of the file itself, without links
};

enum class BodyFormat { html, markdown, text };

struct Post {
  struct Disclosure {
    bool required = false;
    std::string text;
  };
  struct CallToAction {
    std::string text;
    std::string url;
  };
  struct Question {
    std::string question;
    std::string answer;
  };
  struct Fact {
    std::string name;
    std::string value;  // as JSON
    std::string place;  // $.facts.무게
  };

  std::filesystem::path folder;
  // 1 to 64 of A-Z a-z 0-9 - _ . and neither - nor . first: it names the packages. Where the author gives none, made of
  // the folder's name.
  std::string content_id;
  std::vector<std::string> skus;  // what the author calls the products: a SKU or a seller code; at least one
  std::string title;
  std::string body;
  BodyFormat body_format = BodyFormat::html;
  std::string body_file;          // relative to the post; empty: the body stands in post.json
  std::size_t body_line = 1;      // of body_file, that the body begins on
  std::vector<std::string> tags;  // without #
  Disclosure disclosure;
  std::optional<CallToAction> cta;
  std::vector<Question> faq;
  std::vector<Fact> facts;                    // in the author's order
  std::vector<PostImage> images;              // those of post.json in its order, then the others by name
  std::vector<PostVideo> videos;              // by name
  std::vector<std::filesystem::path> inputs;  // every file the package is made of: post.json, body, images, videos
};

// What can be told of a post also where it can't be read whole.
struct PostNames {
  std::string content_id;  // or, where it can't be told, the folder's name
  bool has_content_id = false;
  std::vector<std::string> skus;
};

struct PostReading : PostNames {
  // Without faults there is a post. With faults it has what could be read: enough to look its pictures through, so that
  // the author gets to know all at once.
  std::optional<Post> post;
  std::vector<Fault> faults;       // all of them
  std::vector<std::string> notes;  // what the author should know
};

// Reads and checks a post whole; opens no picture and no video. A field whose name is nearly one of the known is a
// fault; other names are notes of the author and left alone. Throws nothing for what the author did.
[[nodiscard]] PostReading read_post(const std::filesystem::path& folder);
// The same names, of post.json alone.
[[nodiscard]] PostNames read_post_names(const std::filesystem::path& folder);

// Whether the folder, or one directly below it, seems to be the post of that name: its post.json has the name
// somewhere, or can't be read. False means that there is none.
[[nodiscard]] bool may_hold_post(const std::filesystem::path& folder, const std::string& content_id);

// The post folders among and directly below what was given (a post.json stands for its folder; hidden folders are left
// out), each once, in the order given and by name within a given folder. Throws UsageError
// naming what is neither a post nor a folder that holds one; it may be allowed to hold none.
enum class NoPosts { refused, allowed };
[[nodiscard]] std::vector<std::filesystem::path> find_posts(const std::vector<std::filesystem::path>& given,
                                                            NoPosts none = NoPosts::refused);

}  // namespace pipeline::package
