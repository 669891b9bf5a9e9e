#include "pipeline/package/documents.h"

#include "facts.h"
#include "json_output.h"

#include <algorithm>

namespace pipeline::package {
namespace {

std::string origin_of(const Post::Fact& fact) {
  return "post.json " + fact.place;
}
std::string origin_of(const CatalogueFact& fact) {
  return "products." + fact.column;
}

Json author_fact(const Post::Fact& fact) {
  return {{"name", fact.name}, {"value", Json::parse(fact.value)}, {"origin", origin_of(fact)}};
}

Json catalogue_fact(const CatalogueFact& fact, const catalogue::Product& product) {
  return {{"name", fact.column},       {"value", fact.value},
          {"origin", origin_of(fact)}, {"sku", product.sku},
          {"source", product.source},  {"modified_at", or_null(product.modified_at.value_or(""))}};
}

// What the catalogue says of the thing an author's fact names, when no product of the post agrees with the author.
Json contradictions(const Post::Fact& fact, const Content& content) {
  const Json value = Json::parse(fact.value);
  const std::string_view column = column_meant(fact.name);
  Json others = Json::array();
  for (const auto& product : content.products)
    for (const CatalogueFact& known : facts_of(product)) {
      if (known.column != column) continue;
      if (say_the_same(value, known.value)) return Json::array();
      others.push_back(catalogue_fact(known, product));
    }
  return others;
}

}  // namespace

std::string unique_facts_json(const Content& content) {
  Json facts = Json::array();
  Json conflicts = Json::array();
  for (const Post::Fact& fact : content.post.facts) {
    facts.push_back(author_fact(fact));
    if (Json others = contradictions(fact, content); !others.empty())
      conflicts.push_back({{"author", author_fact(fact)}, {"catalogue", std::move(others)}});
  }
  for (const auto& product : content.products)
    for (const CatalogueFact& fact : facts_of(product)) facts.push_back(catalogue_fact(fact, product));
  return document_of(
      {{"content_id", content.post.content_id}, {"facts", std::move(facts)}, {"conflicts", std::move(conflicts)}});
}

}  // namespace pipeline::package
