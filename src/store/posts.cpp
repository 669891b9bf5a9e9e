#include "pipeline/store/posts.h"

namespace pipeline::store {

std::string_view to_string(PostState state) noexcept {
  switch (state) {
    case PostState::built:
      return "BUILT";
    case PostState::rejected:
      return "REJECTED";
    case PostState::failed:
      return "FAILED";
  }
  return "FAILED";
}

PostState post_state_named(std::string_view name) noexcept {
  for (const PostState state : {PostState::built, PostState::rejected})
    if (to_string(state) == name) return state;
  return PostState::failed;
}

PostNeed PostRecord::need() const noexcept {
  if (state != PostState::built) return PostNeed::mend;
  if (!stale.empty()) return PostNeed::write;
  return built && built != published ? PostNeed::upload : PostNeed::nothing;
}

}  // namespace pipeline::store
