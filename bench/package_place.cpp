#include "package_place.h"

#include "product_rows.h"

#include <nlohmann/json.hpp>

#include <fstream>

namespace pipeline::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kParagraph =
    "<p>국내 공방에서 한 점씩 손으로 만들어 모양이 조금씩 다를 수 있습니다. 두께가 도톰해서 <b>사계절 내내</b> 쓰기 "
    "좋고, "
    "친환경 소재를 써서 아이가 있는 집에서도 안심할 수 있습니다. <a href=\"https://shop.example.com/1\">자세히 "
    "보기</a></p>\n";
constexpr int kParagraphs = 20;

// Without a sync, which ten thousand posts would wait for.
void write(const fs::path& path, std::string_view text) {
  std::ofstream(path, std::ios::binary) << text;
}

std::string post_json(const std::string& content_id, std::int64_t product) {
  const nlohmann::json post{
      {"content_id", content_id},
      {"sku", sku_of(product)},
      {"title", "손으로 만든 머그컵 이야기"},
      {"body", "body.html"},
      {"tags", {"머그컵", "공방", "선물"}},
      {"disclosure", {{"required", true}, {"text", "업체에서 제품을 받아 쓴 글입니다."}}},
      {"cta", {{"text", "스토어에서 보기"}, {"url", "https://shop.example.com/1"}}},
      {"faq", {{{"question", "식기세척기에 넣어도 되나요?"}, {"answer", "네, 다만 손으로 씻으면 더 오래 씁니다."}}}},
      {"facts", {{"무게", "320 g"}, {"원산지", "이천"}}}};
  return post.dump();
}

std::string body() {
  std::string html;
  for (int i = 0; i < kParagraphs; ++i) html += kParagraph;
  return html;
}

void link_into(const fs::path& folder, const std::vector<fs::path>& files) {
  fs::create_directories(folder);
  for (const auto& file : files) fs::create_hard_link(file, folder / file.filename());
}

}  // namespace

PackagePlace::PackagePlace(const std::string& executable, std::int64_t products) : place_(executable) {
  change(in_order(products), 0);
}

void PackagePlace::change(const std::vector<std::int64_t>& products, int version) const {
  const fs::path rows = place_ / "rows.jsonl";
  write_rows(rows, products, version);
  (void)place_.upsert(rows);
}

void PackagePlace::add_post(const std::string& content_id, const std::vector<fs::path>& pictures,
                            const std::vector<fs::path>& videos, std::int64_t product) const {
  const fs::path folder = posts() / content_id;
  link_into(folder / "images", pictures);
  link_into(folder / "video", videos);
  write(folder / "body.html", body());
  write(folder / "post.json", post_json(content_id, product));
}

Run PackagePlace::package(const std::vector<std::string>& arguments) const {
  return run({"package", posts().string()}, arguments);
}

Run PackagePlace::package_queue(const std::vector<std::string>& arguments) const {
  return run({"package", "--from-queue", "--posts", posts().string()}, arguments);
}

Run PackagePlace::run(std::vector<std::string> arguments, const std::vector<std::string>& more) const {
  for (const std::string& argument :
       {std::string("--db"), place_.db().string(), std::string("--out"), (*this / "packages").string()})
    arguments.push_back(argument);
  arguments.insert(arguments.end(), more.begin(), more.end());
  return PipelineProcess(arguments, place_.folder(), place_.executable()).wait();
}

double run_package_predecessor(const PackagePlace& place, const std::string& content_id) {
  const fs::path out = place / "predecessor";
  fs::remove_all(out);
  fs::create_directories(out);
  return run_script({PACKAGE_PREDECESSOR_SCRIPT, (place / "posts" / content_id).string(), out.string()},
                    place.folder());
}

}  // namespace pipeline::bench
