#include "pipeline/base/file.h"
#include "pipeline/package/documents.h"

#include "sample_post.h"
#include "support/browser.h"
#include "support/pictures.h"
#include "support/temp_dir.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <fstream>
#include <stdexcept>

namespace pipeline::package {
namespace {

using testing::AllOf;
using testing::HasSubstr;

// Stands in the page beside the preview and tells what the browser made of it.
constexpr std::string_view kHarness = R"(<!DOCTYPE html>
<meta charset="utf-8"><title>harness</title>
<iframe id="preview" src="preview.html" width="800" height="600"></iframe>
<pre id="said"></pre>
<script>
addEventListener('load', () => {
  const page = document.getElementById('preview').contentWindow;
  const said = [];
  for (const image of page.document.images) said.push(image.getAttribute('src') + ' ' + image.naturalWidth);
  said.push('wide ' + (page.document.documentElement.scrollWidth > page.innerWidth));
  said.push('script ' + (page.ran === true));
  document.getElementById('said').textContent = said.join('\n');
});
</script>
)";

void write(const std::filesystem::path& file, std::string_view bytes) {
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << bytes;
}

// A port that somebody may try to reach.
class Listener {
 public:
  Listener() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(socket_.get(), generic, size) != 0 || ::listen(socket_.get(), 8) != 0 ||
        ::getsockname(socket_.get(), generic, &size) != 0)
      throw std::runtime_error("cannot listen");
    port_ = ntohs(address.sin_port);
  }
  [[nodiscard]] int port() const noexcept { return port_; }
  [[nodiscard]] bool was_reached() const { return static_cast<bool>(Fd(::accept(socket_.get(), nullptr, nullptr))); }

 private:
  Fd socket_;
  int port_ = 0;
};

// The preview of an unpacked package in a real browser, without a network.
TEST(PreviewPage, ShowsEveryPictureInABrowserAndLoadsNothingElse) {
  const test::TempDir folder;
  const SamplePackage package(rich_post());
  for (std::size_t i = 0; i < package.images.size(); ++i)
    write(folder / package.images[i].name, test::photo({.seed = i + 1}, 640, 480));
  // What would run or load if it were let: the page forbids it by itself.
  std::string html = preview_html(package.content());
  const Listener network;
  html.insert(html.find("</main>"),
              fmt::format("<script>ran = true</script><img src=\"http://127.0.0.1:{}/x.png\" onerror=\"ran = true\">",
                          network.port()));
  write(folder / "preview.html", html);
  write(folder / "harness.html", kHarness);

  const auto outcome = test::browse(folder.path(), {"--dump-dom", (folder / "harness.html").string()});
  if (outcome.exit_code == 127) GTEST_SKIP() << "chromium is not installed";
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  for (const Picture& picture : package.images) EXPECT_THAT(outcome.out, HasSubstr(picture.name + " 640\n"));
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("x.png 0\n"), HasSubstr("wide false\n"), HasSubstr("script false")));
  EXPECT_FALSE(network.was_reached());
}

}  // namespace
}  // namespace pipeline::package
