#include "body.h"
#include "package/front_matter.h"

FUZZ_TARGET(markdown) {
  const pipeline::package::FrontMatter front = pipeline::package::read_front_matter(input);
  pipeline::fuzz::require(front.size <= input.size(), "front matter ends within the text");
  pipeline::fuzz::try_body(input, pipeline::package::BodyFormat::markdown);
}
