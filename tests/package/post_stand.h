#pragma once

#include "pipeline/package/post.h"

#include "support/temp_dir.h"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::package {

using Json = nlohmann::ordered_json;

// A post with all that a post may have, in a folder of its own, to be changed and read.
class PostStand {
 public:
  PostStand() {
    for (const char* name : {"images/2.jpg", "images/10.JPG", "images/front.png", "video/clip.mp4"}) put(name, "bytes");
  }

  Json json = {
      {"content_id", "POST001"},
      {"sku", "1000001"},
      {"title", "사과 한 상자"},
      {"body", "<p>맛있는 사과</p>"},
      {"tags", {"사과", "#과일"}},
      {"disclosure", {{"required", true}, {"text", "광고입니다"}}},
      {"cta", {{"text", "사러 가기"}, {"url", "https://example.com/사과?a=1"}}},
      {"faq", {{{"question", "언제 와요?"}, {"answer", "내일\n옵니다"}}}},
      {"facts", {{"무게", "5kg"}, {"개수", 20}, {"당도", 13.5}, {"국산", true}, {"색", {"빨강", 3}}}},
      {"images", {{{"file", "images/front.png"}, {"alt", "앞에서 본 사과 상자"}}, {{"file", "images/10.JPG"}}}}};

  [[nodiscard]] const std::filesystem::path& folder() const noexcept { return dir_.path(); }
  [[nodiscard]] std::filesystem::path operator/(std::string_view name) const { return dir_.path() / name; }

  void put(std::string_view name, std::string_view bytes) const {
    std::filesystem::create_directories((dir_ / name).parent_path());
    std::filesystem::remove(dir_ / name);  // some file systems sync what is written over
    std::ofstream(dir_ / name, std::ios::binary) << bytes;
  }
  [[nodiscard]] PostReading read() const { return read_text(json.dump()); }
  [[nodiscard]] PostReading read_text(std::string_view post_json) const {
    put("post.json", post_json);
    return read_post(folder());
  }
  // What is wrong, a line each: `$.title: is empty`.
  [[nodiscard]] std::vector<std::string> faults() const { return lines_of(read()); }
  [[nodiscard]] std::vector<std::string> faults_of(std::string_view post_json) const {
    return lines_of(read_text(post_json));
  }

  [[nodiscard]] static std::vector<std::string> lines_of(const PostReading& reading) {
    std::vector<std::string> lines;
    for (const Fault& fault : reading.faults) lines.push_back(fault.place + ": " + fault.what);
    return lines;
  }

 private:
  test::TempDir dir_;
};

}  // namespace pipeline::package
