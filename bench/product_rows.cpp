#include "product_rows.h"

#include "pipeline/base/file.h"
#include "pipeline/base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <random>

namespace pipeline::bench {
namespace {

constexpr std::size_t kDescription = 1'500;  // bytes; the row as a whole comes to about 2.5 KB

constexpr std::array<std::string_view, 12> kGoods{"머그컵",    "면 티셔츠", "가죽 지갑", "원목 도마",
                                                  "캠핑 의자", "손뜨개 숄", "유리 화병", "세라믹 접시",
                                                  "린넨 커튼", "양모 러그", "향초",      "노트북 파우치"};
constexpr std::array<std::string_view, 8> kColours{"아이보리", "네이비", "차콜",   "올리브",
                                                   "버건디",   "민트",   "베이지", "블랙"};
constexpr std::array<std::string_view, 10> kSentences{
    "국내 공방에서 한 점씩 손으로 만들어 모양이 조금씩 다를 수 있습니다. ",
    "세탁은 찬물에 단독으로 하고 그늘에서 말려 주세요. ",
    "선물 포장을 원하시면 주문하실 때 배송 메모에 적어 주세요. ",
    "평일 오후 두 시 전에 주문하시면 그날 바로 보내 드립니다. ",
    "제주와 도서 산간 지역은 배송비가 더 붙습니다. ",
    "모니터에 따라 실제 색과 차이가 있을 수 있습니다. ",
    "교환과 반품은 받으신 날부터 이레 안에 가능합니다. ",
    "두께가 도톰해서 사계절 내내 쓰기 좋습니다. ",
    "친환경 소재를 써서 아이가 있는 집에서도 안심할 수 있습니다. ",
    "리뷰를 남겨 주시면 다음 주문에 쓸 적립금을 드립니다. "};

template <typename List>
std::string_view one_of(const List& list, std::mt19937_64& random) {
  return list[random() % list.size()];
}

std::string description(std::mt19937_64& random, int version) {
  std::string html = "<div class=\"detail\"><p>";
  if (version > 0) html += fmt::format("{}차 입고분입니다. ", version);
  while (html.size() < kDescription) html += one_of(kSentences, random);
  return html + "</p></div>";
}

std::string options(std::int64_t number, std::mt19937_64& random) {
  std::string json = "[";
  for (int i = 0; i < 3; ++i)
    json +=
        fmt::format(R"({}{{"id":{},"optionName1":"{}","stockQuantity":{},"price":{},"usable":true}})",
                    i == 0 ? "" : ",", number * 10 + i,
                    kColours[(random() + static_cast<std::uint64_t>(i)) % kColours.size()], random() % 500, i * 500);
  return json + "]";
}

}  // namespace

std::string sku_of(std::int64_t number) {
  return fmt::format("{}", 10'000'000'000 + number * 7);
}

std::string product_row(std::int64_t number, int version) {
  std::mt19937_64 random(static_cast<std::uint64_t>(number) + 1);
  const auto goods = one_of(kGoods, random);
  const auto price = static_cast<std::int64_t>(5'000 + random() % 200'000 / 100 * 100) + version * 100;
  std::string row = fmt::format(
      R"({{"sku":"{}","name":"{} {} {}","statusType":"SALE","channelProductDisplayStatusType":"ON","salePrice":{},)"
      R"("discountedPrice":{},"stockQuantity":{},"originProductNo":{},"channelProductNo":{},)"
      R"("sellerManagementCode":"SM-{:07}","categoryId":"{}","wholeCategoryName":"생활/건강>주방용품>{}",)"
      R"("brandName":"하루공방","manufacturerName":"하루공방 제{}공장","imageUrl":)"
      R"("https://shop-phinf.example.com/20260401_{}/{}.jpg","modifiedDate":"2026-04-{:02}T16:31:02.064+09:00",)",
      sku_of(number), one_of(kColours, random), goods, number, price, price * 9 / 10,
      random() % 1'000 + static_cast<std::uint64_t>(version), number * 3, 10'000'000'000 + number * 7, number,
      50'000'000 + random() % 4'000, goods, random() % 9 + 1, random() % 300, random(), random() % 28 + 1);
  row += fmt::format(R"("sellerTags":[{{"code":{},"text":"{}"}},{{"text":"{}"}}],"options":{},)"
                     R"("deliveryFee":{{"type":"CONDITIONAL_FREE","baseFee":3000,"freeOver":50000}},"detailContent":)",
                     random() % 100'000, goods, one_of(kColours, random), options(number, random));
  append_json_string(description(random, version), row);
  return row + "}";
}

void write_rows(const std::filesystem::path& path, const std::vector<std::int64_t>& numbers, int version) {
  AtomicFile file(path);
  for (const std::int64_t number : numbers) file.write(product_row(number, version) + "\n");
  file.commit();
}

std::vector<std::int64_t> in_order(std::int64_t count) {
  std::vector<std::int64_t> numbers(static_cast<std::size_t>(count));
  std::iota(numbers.begin(), numbers.end(), 0);
  return numbers;
}

std::vector<std::int64_t> at_random(std::int64_t count, std::int64_t picked) {
  auto numbers = in_order(count);
  std::mt19937_64 random(20'261'123);
  std::shuffle(numbers.begin(), numbers.end(), random);
  numbers.resize(static_cast<std::size_t>(picked));
  return numbers;
}

}  // namespace pipeline::bench
