#include "post_new_command.h"

#include "pipeline/package/new_post.h"
#include "pipeline/store/catalogue.h"

#include "option_kit.h"
#include "places.h"
#include "session.h"
#include "summary.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <utility>
#include <vector>

namespace pipeline::cli {
namespace {

// The one product that is meant. Throws UsageError.
store::FoundProduct product_of(const std::string& sku, store::Catalogue& products) {
  auto found = products.find(sku);
  if (found.empty())
    throw UsageError(
        fmt::format("no product has the SKU or seller code {}: sync the store first, or look for it in the "
                    "seller centre",
                    sku));
  if (found.size() > 1) {
    std::string names;
    for (const auto& one : found) names += (names.empty() ? "" : ", ") + one.name;
    throw UsageError(fmt::format("{} names {} products: name one of {}", sku, found.size(), names));
  }
  if (found.front().removed_at) throw UsageError(fmt::format("product {} was removed from the store", sku));
  return std::move(found.front());
}

}  // namespace

HelpText PostNewCommand::help() const {
  return {
      .notes =
          "Title, disclosure and link come from the catalogue; the body has places for the pictures that lie in\n"
          "DIR/images, or for 01.jpg and 02.jpg. README.txt tells, in Korean, what can be written. With its pictures\n"
          "the post builds. Nothing that is there is written over.\n",
      .examples =
          "pipeline post new posts/POST001 --sku 11900000001 --db store.db\n"
          "pipeline post new posts/mug --sku MUG-01\n"};
}

void PostNewCommand::add_options(CLI::App& app) {
  app.add_option("DIR", folder, "The post's folder, which is made")->type_name("")->required()->configurable(false);
  add_value(app, "--sku", "SKU", sku, "The product: its SKU, or its seller code")
      ->required()
      ->check(not_empty())
      ->configurable(false);
}

ExitCode PostNewCommand::run(Session& session) {
  session.begin(false);
  check_database(session.database(), "a post needs its product; ");
  const store::Store store = session.open_store(store::Opening::Mode::read);
  const store::FoundProduct found = product_of(sku, *store.catalogue);
  const auto written = package::write_new_post(folder, found.product, found.name);
  if (common.json) {
    auto json = session.head(ExitCode::ok);
    json["folder"] = folder.string();
    json["written"] = written;
    session.output().write(document(json));
  } else if (!common.quiet) {
    session.output().say(
        fmt::format("{}: wrote {}\nPut pictures into {}, write the body, then: pipeline post check {}\n",
                    folder.string(), fmt::join(written, ", "), (folder / "images").string(), folder.string()));
  }
  return ExitCode::ok;
}

}  // namespace pipeline::cli
