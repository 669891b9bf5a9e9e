#include "emulator/emulator.h"

#include "emulator/control.h"
#include "emulator/emulator_impl.h"

namespace pipeline::emulator {

std::string_view Reply::header(std::string_view name) const noexcept {
  return find_header(headers, name);
}

Emulator::Emulator(const Clock& clock, Options options) : impl_(std::make_unique<Impl>(clock, std::move(options))) {}
Emulator::~Emulator() = default;

Reply Emulator::handle(const Call& call) {
  return call.path.starts_with(kControlPrefix) ? handle_control(*this, call) : impl_->handle(call);
}

Stats Emulator::stats() const {
  const std::scoped_lock lock(impl_->mutex_);
  return impl_->stats_.stats();
}

std::unordered_map<std::int64_t, std::uint64_t> Emulator::details_served() const {
  const std::scoped_lock lock(impl_->mutex_);
  return impl_->stats_.details();
}

void Emulator::reset_stats() {
  const std::scoped_lock lock(impl_->mutex_);
  impl_->stats_.reset();
}

std::size_t Emulator::size() const {
  const std::scoped_lock lock(impl_->mutex_);
  return impl_->catalogue_.channel_products();
}

std::vector<std::int64_t> Emulator::channel_nos() const {
  const std::scoped_lock lock(impl_->mutex_);
  std::vector<std::int64_t> numbers;
  for (const auto& product : impl_->catalogue_.products()) {
    for (const ChannelProduct& channel : product->channels) numbers.push_back(channel.no);
  }
  return numbers;
}

std::vector<std::int64_t> Emulator::channel_nos_with(Trait trait) const {
  const std::scoped_lock lock(impl_->mutex_);
  std::vector<std::int64_t> numbers;
  for (const auto& product : impl_->catalogue_.products()) {
    if (!product->has(trait)) continue;
    for (const ChannelProduct& channel : product->channels) numbers.push_back(channel.no);
  }
  return numbers;
}

std::optional<ProductView> Emulator::find(std::int64_t channel_no) const {
  const std::scoped_lock lock(impl_->mutex_);
  const Product* const product = impl_->catalogue_.find_channel(channel_no).product;
  if (product == nullptr) return std::nullopt;
  return ProductView{.channel_no = channel_no,
                     .origin_no = product->origin_no,
                     .name = product->facts.name,
                     .seller_code = product->seller_code,
                     .status = product->facts.status,
                     .display_status = product->facts.display_status,
                     .price = product->facts.price,
                     .stock = product->facts.stock,
                     .options = impl_->catalogue_.options(*product).size(),
                     .reg_date = product->reg_date,
                     .modified_date = product->modified_date};
}

void Emulator::edit(const Edit& edit) {
  const std::scoped_lock lock(impl_->mutex_);
  impl_->catalogue_.edit(edit, impl_->server_time());
}

std::vector<std::int64_t> Emulator::add_products(std::size_t count) {
  const std::scoped_lock lock(impl_->mutex_);
  return impl_->catalogue_.add(count, impl_->server_time());
}

void Emulator::take_off_sale(std::int64_t channel_no) {
  const std::scoped_lock lock(impl_->mutex_);
  impl_->catalogue_.take_off_sale(channel_no);
}

void Emulator::remove(std::int64_t channel_no) {
  const std::scoped_lock lock(impl_->mutex_);
  impl_->catalogue_.remove_channel(channel_no);
}

void Emulator::shift_list(const Shift& shift) {
  const std::scoped_lock lock(impl_->mutex_);
  impl_->shifts_.push_back(shift);
}

std::size_t Emulator::add_fault(FaultRule rule) {
  const std::scoped_lock lock(impl_->mutex_);
  return impl_->faults_.add(std::move(rule));
}

void Emulator::clear_faults() {
  const std::scoped_lock lock(impl_->mutex_);
  impl_->faults_.clear();
}

std::uint64_t Emulator::fault_hits(std::size_t rule) const {
  const std::scoped_lock lock(impl_->mutex_);
  return impl_->faults_.hits(rule);
}

std::vector<std::uint64_t> Emulator::fault_hits() const {
  const std::scoped_lock lock(impl_->mutex_);
  return impl_->faults_.hits();
}

void Emulator::set_rate(Target target, RateLimit limit) {
  const std::scoped_lock lock(impl_->mutex_);
  for (std::size_t i = 0; i < kLimitedEndpoints; ++i) {
    if (covers(target, static_cast<Endpoint>(i))) impl_->buckets_[i].set(limit, impl_->clock_.now());
  }
}

void Emulator::set_quota(std::optional<Quota> quota) {
  const std::scoped_lock lock(impl_->mutex_);
  impl_->quota_.reset();
  if (quota) impl_->quota_.emplace(*quota, impl_->clock_.now());
}

void Emulator::set_latency(Nanoseconds latency, Nanoseconds jitter) {
  const std::scoped_lock lock(impl_->mutex_);
  impl_->latency_ = latency;
  impl_->jitter_ = jitter;
}

void Emulator::set_clock_skew(std::chrono::milliseconds skew) {
  const std::scoped_lock lock(impl_->mutex_);
  impl_->skew_ = skew;
}

void Emulator::revoke_tokens() {
  const std::scoped_lock lock(impl_->mutex_);
  impl_->tokens_.revoke_all();
}

void Emulator::refuse_all_tokens(bool refuse) {
  const std::scoped_lock lock(impl_->mutex_);
  impl_->tokens_.refuse_all(refuse);
}

}  // namespace pipeline::emulator
