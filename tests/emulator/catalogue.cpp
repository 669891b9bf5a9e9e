#include "emulator/catalogue.h"

#include "emulator/random.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <limits>
#include <stdexcept>
#include <tuple>

namespace pipeline::emulator {

namespace {

constexpr std::array<std::string_view, 16> kLooks{"국내산", "프리미엄", "수제",   "대용량", "휴대용", "북유럽풍",
                                                  "빈티지", "무광",     "친환경", "순면",   "스텐",   "원목",
                                                  "접이식", "미니",     "사계절", "방수"};
constexpr std::array<std::string_view, 24> kThings{
    "머그컵",   "도마",     "텀블러",   "무릎담요", "수납함",     "욕실화", "앞치마",          "파우치",
    "에코백",   "양말세트", "쿠션커버", "벽시계",   "캠핑의자",   "랜턴",   "반찬통",          "행주",
    "키친타월", "고무장갑", "우산",     "독서대",   "노트북가방", "슬리퍼", "블루투스 스피커", "강아지 방석"};
constexpr std::array<std::string_view, 8> kTails{"1+1",        "3종 세트",   "5P",        "선물포장",
                                                 "(무료배송)", "[당일출고]", "리필 포함", "색상선택"};
constexpr std::array<std::string_view, 8> kColours{"블랙", "화이트", "네이비", "베이지",
                                                   "카키", "핑크",   "그레이", "브라운"};
constexpr std::array<std::string_view, 4> kEmoji{"🎁", "🔥✨", "👨‍👩‍👧‍👦", "🇰🇷"};
constexpr std::array<std::string_view, 4> kMarkup{"<b>특가</b> & \"한정\"", "'오늘만' <script>alert(1)</script>",
                                                  "경로\\이름\t탭 \x01 제어", "줄\u2028바꿈 &amp; %s {} ${price}"};

constexpr std::int64_t kWide = 9'007'199'254'740'993;  // 2^53 + 1: the first a double cannot hold
constexpr std::uint16_t kManyOptions = 200;

// 2024-01-01T00:00:00+09:00. Products follow one another in pairs of the same moment, as bulk uploads do.
constexpr WallTime kFirstDate{std::chrono::milliseconds(1'704'034'800'000)};
constexpr std::chrono::minutes kPairStep{22};

std::bitset<kTraits> traits_of(std::size_t index) {
  std::bitset<kTraits> traits;
  const auto mark = [&](Trait trait, std::size_t every, std::size_t at) {
    if (index % every == at) traits.set(static_cast<std::size_t>(trait));
  };
  mark(Trait::missing_seller_code, 20, 7);
  mark(Trait::doubled_seller_code, 25, 12);
  mark(Trait::two_channels, 40, 13);
  mark(Trait::wide_numbers, 50, 21);
  mark(Trait::emoji_name, 30, 5);
  mark(Trait::markup_name, 30, 9);
  mark(Trait::no_options, 10, 1);
  mark(Trait::many_options, 97, 3);
  mark(Trait::price_zero, 80, 22);
  mark(Trait::missing_fields, 25, 19);
  mark(Trait::missing_seller_code, 25, 19);
  mark(Trait::unknown_fields, 45, 23);
  mark(Trait::unmanaged_stock, 35, 29);
  mark(Trait::volatile_field, 16, 2);
  mark(Trait::moving_keys, 16, 6);
  return traits;
}

std::string make_name(Random& random, const Product& product) {
  std::string name =
      fmt::format("{} {} {} {:04}", kLooks[random.below(kLooks.size())], kThings[random.below(kThings.size())],
                  kTails[random.below(kTails.size())], random.below(10'000));
  if (product.has(Trait::emoji_name)) name = fmt::format("{} {}", kEmoji[random.below(kEmoji.size())], name);
  if (product.has(Trait::markup_name)) name = fmt::format("{} {}", kMarkup[product.index / 30 % kMarkup.size()], name);
  return name;
}

std::string make_status(Random& random, const Product& product) {
  if (product.has(Trait::unknown_fields)) return "PREORDER_WAIT";
  const std::uint64_t draw = random.below(100);
  if (draw < 86) return "SALE";
  if (draw < 93) return "OUTOFSTOCK";
  if (draw < 97) return "SUSPENSION";
  return draw < 99 ? "CLOSE" : "WAIT";
}

std::uint16_t make_option_count(Random& random, Product& product) {
  const auto drawn = static_cast<std::uint16_t>(random.below(100) < 35 ? 0 : 1 + random.below(20));
  if (product.has(Trait::many_options)) return kManyOptions;
  if (product.has(Trait::unmanaged_stock)) return std::max<std::uint16_t>(drawn, 3);
  return product.has(Trait::no_options) ? 0 : drawn;
}

std::int64_t first_option_id(const Product& product) {
  return product.origin_no * 100;
}

std::string seller_code_of(std::size_t index) {
  return fmt::format("SC-{:06}", index);
}

// The key an order sorts by, smallest first; equal keys fall back to newest first.
std::int64_t sort_number(const Product& product, Order order) {
  const auto drawn = [&](std::uint64_t salt) {
    return static_cast<std::int64_t>(Random::mix(product.index * 16 + salt) >> 1);
  };
  switch (order) {
    case Order::no:
      return -product.origin_no;
    case Order::low_price:
      return product.row().price;
    case Order::high_price:
      return -product.row().price;
    case Order::mod_date:
      return -product.modified_date.time_since_epoch().count();
    case Order::sale_end:
      return -sale_end(product).time_since_epoch().count();
    case Order::low_discount_price:
      return discounted_price(product, product.row().price).value_or(product.row().price);
    case Order::popularity:
    case Order::accumulate_sale:
    case Order::total_review_count:
    case Order::average_review_score:
      return drawn(static_cast<std::uint64_t>(order));
    default:
      return -product.reg_date.time_since_epoch().count();
  }
}

bool newer(const Product* a, const Product* b) {
  return std::tie(a->reg_date, a->origin_no) > std::tie(b->reg_date, b->origin_no);
}

}  // namespace

WallTime sale_end(const Product& product) noexcept {
  return product.reg_date + std::chrono::days(3650);
}

std::optional<std::int64_t> group_no(const Product& product) noexcept {
  if (product.index % 12 > 1) return std::nullopt;
  return 10'100'000'000 + static_cast<std::int64_t>(product.index / 12);
}

std::optional<std::int64_t> discounted_price(const Product& product, std::int64_t price) noexcept {
  if (product.index % 3 != 0) return std::nullopt;
  return price / 100 * 9 * 10;  // 10 % off, in whole tens of won
}

Catalogue::Catalogue(std::size_t products, std::uint64_t seed) : seed_(seed) {
  products_.reserve(products);
  by_channel_.reserve(products);
  by_origin_.reserve(products);
  for (std::size_t i = 0; i < products; ++i) insert(generate(next_index_++));
}

std::unique_ptr<Product> Catalogue::generate(std::size_t index) const {
  auto product = std::make_unique<Product>();
  Random random(seed_, index);
  product->index = index;
  product->traits = traits_of(index);
  const bool wide = product->has(Trait::wide_numbers);
  const auto serial = static_cast<std::int64_t>(index);
  product->origin_no = (wide ? kWide : 10'200'000'000) + 2 * serial;
  product->channels.push_back({.no = (wide ? 2 * kWide + 1 : 10'300'000'000) + 2 * serial});
  if (product->has(Trait::two_channels)) {
    product->channels.push_back({.no = product->channels[0].no + 1, .window = true});
  }
  product->facts.name = make_name(random, *product);
  product->facts.status = make_status(random, *product);
  product->facts.display_status = product->facts.status == "SALE" ? "ON" : "SUSPENSION";
  product->facts.price = static_cast<std::int64_t>(10 + random.below(990)) * 100;
  if (wide) product->facts.price = std::int64_t{std::numeric_limits<std::int32_t>::max()} + 1 + serial;
  if (product->has(Trait::price_zero)) product->facts.price = 0;
  product->facts.stock = product->facts.status == "OUTOFSTOCK" ? 0 : static_cast<std::int64_t>(1 + random.below(500));
  if (!product->has(Trait::missing_seller_code)) {
    product->seller_code = seller_code_of(product->has(Trait::doubled_seller_code) ? index - 1 : index);
  }
  product->option_count = make_option_count(random, *product);
  product->traits.set(static_cast<std::size_t>(Trait::no_options), product->option_count == 0);
  product->reg_date = kFirstDate + static_cast<std::int64_t>(index / 2) * kPairStep;
  product->modified_date = product->reg_date + std::chrono::milliseconds(random.below(40ULL * 24 * 3'600'000));
  return product;
}

Product& Catalogue::insert(std::unique_ptr<Product> product) {
  Product& inserted = *products_.emplace_back(std::move(product));
  for (const ChannelProduct& channel : inserted.channels) by_channel_[channel.no] = &inserted;
  by_origin_[inserted.origin_no] = &inserted;
  sorted_.clear();
  return inserted;
}

Catalogue::Found Catalogue::find_channel(std::int64_t channel_no) const {
  const auto found = by_channel_.find(channel_no);
  if (found == by_channel_.end()) return {};
  const auto& channels = found->second->channels;
  return {found->second, &*std::ranges::find(channels, channel_no, &ChannelProduct::no)};
}

Catalogue::Found Catalogue::find_origin(std::int64_t origin_no) const {
  const auto found = by_origin_.find(origin_no);
  if (found == by_origin_.end()) return {};
  const auto& channels = found->second->channels;
  return {found->second, channels.empty() ? nullptr : &channels.front()};
}

std::span<const Product* const> Catalogue::sorted(Order order) const {
  auto [entry, is_new] = sorted_.try_emplace(order);
  auto& rows = entry->second;
  if (!is_new) return rows;
  rows.reserve(products_.size());
  for (const auto& product : products_) rows.push_back(product.get());
  std::ranges::sort(rows, [order](const Product* a, const Product* b) {
    if (order == Order::name && a->row().name != b->row().name) return a->row().name < b->row().name;
    if (order == Order::seller_code && a->seller_code != b->seller_code) return a->seller_code < b->seller_code;
    const std::int64_t left = sort_number(*a, order);
    const std::int64_t right = sort_number(*b, order);
    return left != right ? left < right : newer(a, b);
  });
  return rows;
}

std::vector<ProductOption> Catalogue::options(const Product& product) const {
  if (product.edited_options) return *product.edited_options;
  std::vector<ProductOption> options;
  options.reserve(product.option_count);
  Random random(seed_ ^ 0x0f7, product.index);
  for (std::uint16_t i = 0; i < product.option_count; ++i) {
    ProductOption option;
    option.id = first_option_id(product) + i;
    option.name1 = kColours[i % kColours.size()];
    if (product.option_count > kColours.size()) option.name2 = fmt::format("{}호", i / kColours.size() + 1);
    option.stock = product.has(Trait::unmanaged_stock) ? 9'999 : static_cast<std::int64_t>(random.below(100));
    option.price = static_cast<std::int64_t>(random.below(6)) * 500;
    option.usable = random.below(20) != 0;
    if (product.seller_code) option.seller_code = fmt::format("{}-{:02}", *product.seller_code, i + 1);
    options.push_back(std::move(option));
  }
  return options;
}

Product& Catalogue::editable(std::int64_t channel_no) {
  const auto found = by_channel_.find(channel_no);
  if (found == by_channel_.end()) throw std::invalid_argument(fmt::format("no channel product {}", channel_no));
  return *found->second;
}

std::vector<ProductOption>& Catalogue::editable_options(Product& product) const {
  if (!product.edited_options) product.edited_options = std::make_unique<std::vector<ProductOption>>(options(product));
  return *product.edited_options;
}

void Catalogue::edit(const Edit& edit, WallTime now) {
  Product& product = editable(edit.channel_no);
  const auto option = [&]() -> ProductOption& {
    auto& options = editable_options(product);
    if (edit.option >= options.size()) {
      throw std::invalid_argument(fmt::format("channel product {} has no option {}", edit.channel_no, edit.option));
    }
    return options[edit.option];
  };
  const auto set_fact = [&](auto Facts::*fact, const auto& value) {
    if (!edit.shows_in_list && !product.stale_row) product.stale_row = std::make_unique<Facts>(product.facts);
    if (edit.shows_in_list && product.stale_row) (*product.stale_row).*fact = value;
    product.facts.*fact = value;
  };
  switch (edit.kind) {
    case Edit::Kind::set_price:
      set_fact(&Facts::price, edit.value);
      break;
    case Edit::Kind::set_stock:
      set_fact(&Facts::stock, edit.value);
      break;
    case Edit::Kind::set_name:
      set_fact(&Facts::name, edit.text);
      break;
    case Edit::Kind::set_status:
      set_fact(&Facts::status, edit.text);
      break;
    case Edit::Kind::set_display_status:
      set_fact(&Facts::display_status, edit.text);
      break;
    case Edit::Kind::set_detail_text:
      product.edited_text = std::make_unique<std::string>(edit.text);
      break;
    case Edit::Kind::set_option_stock:
      option().stock = edit.value;
      break;
    case Edit::Kind::set_option_price:
      option().price = edit.value;
      break;
    case Edit::Kind::add_option: {
      auto& options = editable_options(product);
      ProductOption added;
      added.id = options.empty() ? first_option_id(product) : options.back().id + 1;
      added.name1 = edit.text;
      added.stock = 10;
      options.push_back(std::move(added));
      break;
    }
    case Edit::Kind::remove_option: {
      option();
      auto& options = editable_options(product);
      options.erase(options.begin() + static_cast<std::ptrdiff_t>(edit.option));
      break;
    }
  }
  if (edit.moves_modified_date) {
    product.modified_date = std::max(now, product.modified_date + std::chrono::milliseconds(1));
  }
  ++product.version;
  // The two orders no edit touches stay: sorting 100,000 rows after each edit would be the slowest thing here.
  std::erase_if(sorted_, [](const auto& entry) { return entry.first != Order::reg_date && entry.first != Order::no; });
}

WallTime Catalogue::newest(WallTime now) const {
  const auto top = sorted(Order::reg_date);
  return top.empty() ? now : std::max(now, top.front()->reg_date + std::chrono::milliseconds(1));
}

std::vector<std::int64_t> Catalogue::add(std::size_t count, WallTime now) {
  const WallTime date = newest(now);
  std::vector<std::int64_t> numbers;
  for (std::size_t i = 0; i < count; ++i) {
    auto product = generate(next_index_++);
    product->reg_date = product->modified_date = date;
    for (const ChannelProduct& channel : insert(std::move(product)).channels) numbers.push_back(channel.no);
  }
  return numbers;
}

void Catalogue::remove_channel(std::int64_t channel_no) {
  Product& product = editable(channel_no);
  if (product.channels.size() == 1) {
    remove_origin(product.origin_no);
    return;
  }
  std::erase_if(product.channels, [&](const ChannelProduct& channel) { return channel.no == channel_no; });
  by_channel_.erase(channel_no);
  ++product.version;
}

void Catalogue::take_off_sale(std::int64_t channel_no) {
  Product& product = editable(channel_no);
  for (const ChannelProduct& channel : product.channels) by_channel_.erase(channel.no);
  product.channels.clear();
  ++product.version;
}

void Catalogue::remove_origin(std::int64_t origin_no) {
  const auto found = by_origin_.find(origin_no);
  if (found == by_origin_.end()) throw std::invalid_argument(fmt::format("no origin product {}", origin_no));
  const Product* const product = found->second;
  for (const ChannelProduct& channel : product->channels) by_channel_.erase(channel.no);
  by_origin_.erase(found);
  sorted_.clear();
  std::erase_if(products_, [&](const auto& held) { return held.get() == product; });
}

void Catalogue::make_newest(std::size_t count, WallTime now) {
  const auto rows = sorted(Order::reg_date);
  std::vector<std::int64_t> moved;
  for (const Product* product : rows.last(std::min(count, rows.size()))) moved.push_back(product->origin_no);
  const WallTime date = newest(now);
  for (const std::int64_t origin_no : moved) {
    Product& product = *by_origin_.at(origin_no);
    product.reg_date = date;
    ++product.version;
  }
  sorted_.clear();
}

}  // namespace pipeline::emulator
